"""The history says whose each change is."""

import pytest

from models import Account, Event, Mail
from portal.sandbox.books.outcomes import Outcome

pytestmark = pytest.mark.store


def test_every_change_of_a_customers_things_is_that_customers(shop):
    order = shop.place_for_transfer(shop.draft("first"))
    shop.buy("second", Outcome.REFUSED)
    shop.buy("second")

    owners = {event.account_id for event in Event.select().where(~Event.entity.startswith("staff"))}
    assert owners == {order.account_id, Account.by_login("second").id}
    assert {event.account_id for event in Event.select().where(Event.entity == f"order {order.number}")} == {order.account_id}
    assert Mail.select().where(Mail.account.is_null()).count() == 0
