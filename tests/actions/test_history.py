"""Every history row names its account."""

import pytest

from models import Account, Event, Mail
from portal.sandbox.books.outcomes import Outcome

pytestmark = pytest.mark.store


def test_every_history_row_belongs_to_the_customer_it_concerns(shop):
    order = shop.place_for_transfer(shop.draft("first"))
    shop.buy("second", Outcome.REFUSED)
    shop.buy("second")

    owners = {event.account_id for event in Event.select().where(~Event.entity.startswith("staff"))}
    assert owners == {order.account_id, Account.by_login("second").id}
    assert {event.account_id for event in Event.select().where(Event.entity == f"order {order.number}")} == {order.account_id}
    assert Mail.select().where(Mail.account.is_null()).count() == 0
