"""An awaited transfer: reports, cancellation, change of method and expiry, each also racing a confirmation by staff."""

from contextlib import suppress
from datetime import date, timedelta

import pytest

from models import Account, Event, Mail, Order, TransferReport
from portal import clock
from portal.actions.orders import drafts
from portal.actions.orders.drafts import OutOfStep
from portal.actions.transfers import allocation, bank_orders
from portal.actions.transfers.deposits import NotPossible
from portal.enums import MailKind, MailState, Method, OrderState
from portal.rules.accounts.limits import TooMany
from portal.sandbox.books.outcomes import Outcome
from tests.companies import Interrupted
from tests.concurrency import at_once
from tests.passes import expire_unpaid
from tests.purchase import CATALOG

pytestmark = pytest.mark.store
TIMES = 4
YEN = 13_200


@pytest.fixture
def order(shop) -> Order:
    return shop.place_for_transfer(shop.draft())


def confirming(shop, order, yen: int = YEN):
    """Staff confirm the transfer; False if refused."""
    deposit, staff = shop.deposit(yen, on=order.placed_at.date()), shop.staff

    def press() -> bool:
        try:
            allocation.allocate(deposit, order, yen, staff, "番号が一致", catalog=CATALOG)
        except NotPossible:
            return False
        return True

    return press


def state(order: Order) -> str:
    return str(Order.get_by_id(order.id).state)


def mail_text(kind: MailKind) -> str:
    return "".join(Mail.select().where(Mail.kind == kind).order_by(Mail.id.desc()).get().body.split())


def mails(kind: str) -> list[str]:
    return [mail.entity for mail in Mail.select().where(Mail.kind == kind).order_by(Mail.id)]


def test_the_latest_transfer_report_replaces_the_earlier_one(shop, order):
    at_once(*[lambda number=number: bank_orders.report(order, f"ﾐﾎﾝ {number}", date(2026, 11, 22)) for number in range(6)])
    bank_orders.report(order, "別の名義", date(2026, 11, 23))

    report = TransferReport.get()
    assert (report.payer, report.paid_on) == ("別の名義", date(2026, 11, 23))
    assert state(order) == "placed"
    shop.ledger.prove()


def test_a_report_on_an_order_that_awaits_no_transfer_is_refused(shop, order):
    confirming(shop, order)()

    for each in (order, shop.buy("card", Outcome.REFUSED), shop.draft("draft")):
        with pytest.raises(OutOfStep):
            bank_orders.report(each, "ﾐﾎﾝ", clock.today())

    assert TransferReport.select().count() == 0


def test_a_customer_cancels_an_order_once_and_not_after_money_arrived(shop, order):
    part = shop.place_for_transfer(shop.draft("part"))
    confirming(shop, part, 1_000)()

    assert at_once(*[lambda: bank_orders.give_up(order)] * 6) == [True] * 6, "every press is answered as the first"
    assert Event.select().where(Event.entity == f"order {order.number}", Event.to_state == "cancelled").count() == 1
    assert not bank_orders.give_up(part)

    assert (state(order), state(part)) == ("cancelled", "placed")
    shop.ledger.prove()


@pytest.mark.parametrize("other", [bank_orders.give_up, lambda _order: expire_unpaid() == 1], ids=["give_up", "expire"])
@pytest.mark.parametrize("yen", [YEN, 1_000], ids=["all", "part"])
def test_of_a_cancellation_and_a_confirmation_at_once_one_wins(shop, business_day, other, yen):
    today = clock.today()
    for time in range(TIMES):
        business_day(today)
        order = shop.place_for_transfer(shop.draft(f"c{time}"))
        press = confirming(shop, order, yen)
        business_day(today + timedelta(days=40))

        confirmed, ended = at_once(press, lambda order=order: other(order))

        now = Order.get_by_id(order.id)
        if ended and now.state == OrderState.CANCELLED:
            assert not confirmed
            assert now.received_yen == 0
        else:
            assert confirmed, "money in time is taken by an expired order as well"
            counts = now.state != OrderState.EXPIRED  # expired after the part came: the part is a rest. Before: the part opened it again.
            assert (now.state == OrderState.PAID) == (yen == YEN)
            assert (now.received_yen, Account.get_by_id(now.account_id).held_yen) == ((yen, 0) if counts else (0, yen))
    shop.ledger.prove()


def test_negative_control_without_a_check_under_the_lock_money_lands_on_a_cancelled_order(shop, order, monkeypatch):
    """The negative control: staff confirm between the customer's look and the write, with nobody holding the order."""
    press = confirming(shop, order, 1_000)

    def cancel_as_seen(seen: Order) -> bool:
        may = not seen.received_yen
        at_once(press)
        return may and seen.move(OrderState.CANCELLED, came_from=[OrderState.PLACED])

    assert cancel_as_seen(order)

    now = Order.get_by_id(order.id)
    assert (now.state, now.received_yen) == ("cancelled", 1_000)


def test_many_workers_expire_an_order_once(shop, order, business_day):
    business_day(order.due_on + timedelta(days=20))

    assert sum(at_once(*[expire_unpaid] * 6)) == 1
    assert expire_unpaid() == 0

    assert (state(order), mails("order_expired")) == ("expired", [f"order {order.number}"])
    shop.ledger.prove()


def test_a_partly_paid_order_expires_and_its_part_is_the_customers_rest(shop, order, business_day):
    confirming(shop, order, 1_000)()
    business_day(order.due_on + timedelta(days=20))

    assert expire_unpaid() == 1
    assert (state(order), order.received_yen, order.account.held_yen) == ("expired", 0, 1_000)
    assert "いただいた1,000円は、お預かりしています" in mail_text(MailKind.ORDER_EXPIRED)
    shop.ledger.prove()


def test_ok_pressed_concurrently_places_one_order_with_one_mail(shop):
    draft = shop.draft()

    def press() -> bool:
        with suppress(OutOfStep):
            shop.place_for_transfer(draft)
            return True
        return False

    assert sum(at_once(*[press] * 8)) == 1
    assert not press()
    assert mails("order_accepted") == [f"order {draft.number}"]
    shop.ledger.prove()


def test_the_payment_information_is_mailed_again_three_times_an_hour(shop, order):
    again = lambda: bank_orders.mail_again(Order.get_by_id(order.id), shop.catalog.bank_accounts, ())  # noqa: E731

    assert at_once(*[again] * 8) == [None] * 8
    assert len(mails("order_accepted")) == 1, "all of them in one moment are one press"
    for is_refused in (False, False, False, True, True):
        Mail.update(state=MailState.SENT, sent_at=clock.now(), created_at=clock.now() - timedelta(minutes=1)).execute()
        assert isinstance(again(), TooMany) is is_refused

    assert len(set(mails("order_accepted"))) == 4


@pytest.mark.parametrize("method", [Method.CARD, Method.WALLET])
def test_a_pending_card_payment_blocks_a_bank_transfer(shop, method):
    order = shop.by(method).buy(outcome=Outcome.ANSWER_LOST)

    with pytest.raises(OutOfStep):
        shop.place_for_transfer(order)

    shop.by(method).work_later(minutes=2)
    assert (state(order), mails("order_accepted")) == ("paid", [])
    shop.ledger.prove()


@pytest.mark.parametrize("method", [Method.CARD, Method.WALLET])
def test_a_partially_transferred_order_cannot_be_paid_by_another_method(shop, order, method):
    confirming(shop, order, 1_000)()
    shop = shop.by(method)
    setup = shop.setup(order)

    with pytest.raises(OutOfStep):
        shop.press_ok(order, setup)

    assert (Order.get_by_id(order.id).method, shop.ledger.prove().taken) == ("bank", [])


@pytest.mark.parametrize("method", [Method.CARD, Method.WALLET])
def test_staff_cannot_confirm_a_transfer_while_another_method_is_pending(shop, order, method):
    """The customer switches to a payment company; the transfer arrives while that attempt is pending."""
    confirmed, shop = [], shop.by(method)
    press = confirming(shop, order)

    shop.asking(Interrupted(shop.company, before=lambda: confirmed.append(press()))).pay_again(order)

    assert (confirmed, state(order), press()) == ([False], "paid", False)
    assert shop.ledger.prove().taken_for(order.number) == YEN


def test_an_order_switched_back_to_transfer_keeps_its_due_date_and_is_mailed_again(shop, order, business_day):
    """Bank, then a declined card, then the bank again some days later."""
    named = order.due_on
    business_day(clock.today() + timedelta(days=3))
    shop.pay_again(order, Outcome.REFUSED)
    shop.place_for_transfer(order)

    order = Order.get_by_id(order.id)
    newest = Mail.select().where(Mail.kind == "order_accepted").order_by(Mail.id.desc()).first()
    assert order.due_on == named
    assert f"{order.due_on.month}月{order.due_on.day}日" in newest.body
    assert mails("order_accepted") == [f"order {order.number}", f"order {order.number} again 1"]


def test_of_two_methods_chosen_at_once_one_is_kept(shop):
    def trying(act, *values):
        def run() -> bool:
            with suppress(OutOfStep):
                act(*values)
                return True
            return False

        return run

    for time in range(TIMES):
        order = shop.draft(f"c{time}")
        setup = shop.setup(order)
        done = at_once(trying(shop.press_ok, order, setup), trying(shop.place_for_transfer, order))
        assert any(done)
        assert shop.ledger.prove().taken_for(order.number) in (0, YEN)
        assert drafts.cancel(Order.get_by_id(order.id), "test", "") == (not done[0])
