"""Why a planned charge was not made is in the history of the account, once per change."""

from datetime import date

import pytest

from models import Event, Mail, PaymentMethod
from portal.actions.orders.drafts import cancel
from portal.actions.renewals import billing_run
from portal.actions.renewals.billing_context import BillingContext
from portal.enums import ChargeSkip, OrderKind
from portal.sandbox.books.outcomes import Outcome
from tests.choices import a_selection


def december(day: int) -> date:
    return date(2026, 12, day)


def reasons() -> list[tuple[str, str]]:
    rows = Event.select().where(Event.entity == "auto new 2026-12-31").order_by(Event.id)
    return [(row.to_state, row.reason) for row in rows]


@pytest.fixture
def bought(shop, calendar):
    """A server by card until the end of December, charged on the 5th."""
    shop.buy(selection=a_selection(months=1))
    calendar.turn(shop, december(1))
    return shop


def test_an_open_transfer_is_named_once_however_often_the_worker_comes(bought, calendar):
    order = bought.place_for_transfer(bought.draft("new", OrderKind.RENEW), a_selection(backup_months=3))

    calendar.turn(bought, december(9), passes=3)

    assert reasons() == [(ChargeSkip.OPEN_ORDER, f"申し込み {order.number} の結果を待っているため")]

    cancel(order, "test", "test")
    calendar.turn(bought, december(15))
    assert len(reasons()) == 1, "it was charged"


def test_a_charge_without_a_company_is_named(bought, calendar):
    nobody = BillingContext(bought.catalog, {}, calendar.settings.installation_id)

    for day in (5, 6):
        calendar.jump(december(day))
        list(billing_run.process_due_accounts(nobody))

    assert [skip for skip, _ in reasons()] == [ChargeSkip.NO_COMPANY]


def test_a_removed_card_is_named(bought, calendar):
    PaymentMethod.update(state="detached", token=None).execute()

    calendar.turn(bought, december(6))

    assert [skip for skip, _ in reasons()] == [ChargeSkip.METHOD_REMOVED]


def test_a_refusal_for_good_is_named_when_no_retry_follows(bought, calendar):
    with bought.books.write() as connection:
        connection.execute("UPDATE card SET is_removed = 1")

    calendar.turn(bought, december(20))

    assert reasons() == [(ChargeSkip.REFUSED, "2026-12-05に使えないと分かったため、自動では再手続きしません")]


def test_the_end_of_the_retries_is_named(shop, calendar):
    shop.buy(outcome=Outcome.PAYS_ONCE, selection=a_selection(months=1))

    calendar.turn(shop, date(2027, 1, 2))

    assert [skip for skip, _ in reasons()] == [ChargeSkip.NO_DAY_LEFT]
    assert Mail.select().where(Mail.kind == "renewal_failed").count() == 6


def test_a_charge_that_is_made_leaves_no_reason(bought, calendar):
    calendar.turn(bought, december(7))

    assert reasons() == []
