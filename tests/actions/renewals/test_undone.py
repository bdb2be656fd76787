"""Undo of an allocation is a correction: the service runs on, the order is awaited again, and paid again everything is as it was."""

from datetime import date, timedelta

import pytest

from models import Allocation, Deposit, HostingEvent, Mail, Order, OrderLine, Subscription, Term
from portal.actions.orders.can_take_money import takes_money
from portal.actions.renewals import due_dates
from portal.actions.renewals.snapshot import snapshot_of
from portal.actions.transfers import allocation, bank_orders, undo
from portal.actions.transfers.deposits import NotPossible
from portal.enums import MailKind, OrderKind, OrderState, PaymentState
from portal.rules.renewals.scheduled_event import EventKind
from portal.rules.renewals.timeline import timeline
from portal.sandbox.books.outcomes import Outcome
from tests.actions.renewals.contract import CHARGE, Contract
from tests.choices import a_selection
from tests.purchase import CATALOG

WITH_BACKUP = a_selection(months=3, backup_months=3)
CONFIRMED_ON = date(2026, 11, 24)
UNDONE_ON = date(2026, 12, 8)
DUE_ON = date(2026, 12, 22)
EXPIRES_ON = date(2026, 12, 28)  # the fourth bank business day after the due date
RUNS_UNTIL = date(2026, 12, 27)
BACK_ON = date(2026, 12, 15)
TERM = (CONFIRMED_ON, date(2027, 2, 28))


def allocate(shop, deposit: Deposit, order: Order) -> None:
    order = Order.get_by_id(order.id)
    allocation.allocate(deposit, order, order.missing_yen, shop.staff, "一致", catalog=CATALOG)


def take_back(shop, order: Order, reason: str = "別のお客様の入金") -> None:
    undo.undo_allocation(Allocation.get(Allocation.order == order), shop.staff, reason, catalog=CATALOG)


def told(shop) -> list[tuple[str, date | None, date | None]]:
    """What the hosting side is told of the server."""
    events = HostingEvent.select().join(Subscription).where(Subscription.kind == "server").order_by(HostingEvent.id)
    return [(event.kind, event.starts_on, event.ends_on) for event in events]


def terms() -> list[tuple[date, date]]:
    return [(term.starts_on, term.ends_on) for term in Term.select().order_by(Term.id)]


@pytest.fixture
def balance(shop):
    yield
    shop.ledger.prove()


@pytest.fixture
def bought(shop, calendar, balance):
    """A new contract by transfer, ordered on 2026-11-22, confirmed on 11-24 and undone on 12-08."""
    order = shop.place_for_transfer(shop.draft(), a_selection(months=3))
    deposit = shop.deposit(order.total_yen)
    calendar.jump(CONFIRMED_ON)
    allocate(shop, deposit, order)
    calendar.jump(UNDONE_ON)
    take_back(shop, order)
    return Order.get_by_id(order.id)


def test_a_new_contract_runs_on_while_its_order_is_awaited_again(shop, calendar, bought):
    server = Subscription.get()

    assert (bought.state, bought.method, bought.due_on, bought.paid_on) == (OrderState.PLACED, "bank", DUE_ON, None)
    assert (server.runs_until, server.stopped_on, server.ended_on) == (RUNS_UNTIL, None, None)
    assert terms() == []
    assert told(shop) == [("start", *TERM), ("correct", None, RUNS_UNTIL)]
    [mail] = Mail.select().where(Mail.kind == MailKind.ALLOCATION_UNDONE)
    for words in ("別のお客様の入金", "2026年12月27日（日）までご利用いただけます", "お支払い期限：2026年12月22日（火）", bought.number):
        assert words in mail.body


def test_paid_again_the_term_comes_back_with_the_days_that_it_had(shop, calendar, bought):
    calendar.turn(shop, BACK_ON)

    allocate(shop, shop.deposit(bought.total_yen), bought)

    server = Subscription.get()
    assert terms() == [TERM]
    assert (server.runs_until, OrderLine.get().undone_subscription) == (None, None)
    assert told(shop) == [("start", *TERM), ("correct", None, RUNS_UNTIL), ("correct", *TERM)]
    calendar.hurry(shop, date(2027, 2, 28))
    assert calendar.days_of(EventKind.STOP) == []


def test_paid_by_card_instead_it_comes_back_as_well_and_renews(shop, calendar, bought):
    calendar.turn(shop, BACK_ON)

    shop.pay_again(bought, selection=a_selection(months=3))

    assert terms() == [TERM]
    assert Subscription.get().renews


def test_without_the_money_it_stops_on_the_day_after_and_is_deleted_14_days_later(shop, calendar, bought):
    forecast = {event.kind: event.on for event in timeline(snapshot_of(bought.account), UNDONE_ON, CATALOG)}

    calendar.turn(shop, date(2027, 1, 20))

    days = {kind: calendar.days_of(kind) for kind in (EventKind.BY_HAND, EventKind.END, EventKind.STOP, EventKind.DELETION)}
    assert days == {EventKind.BY_HAND: [], EventKind.END: [], EventKind.STOP: [EXPIRES_ON], EventKind.DELETION: [date(2027, 1, 11)]}
    assert (forecast[EventKind.STOP], forecast[EventKind.DELETION]) == (EXPIRES_ON, date(2027, 1, 11))
    assert Order.get_by_id(bought.id).state == OrderState.EXPIRED
    assert told(shop)[2:] == [("stop", None, RUNS_UNTIL), ("end", None, RUNS_UNTIL)]
    assert "取り消したご入金を、あらためて確認できなかったため" in Mail.get(Mail.kind == "contract_stopped").body
    assert "続けてご利用になるには、更新のお手続きが必要です" in Mail.get(Mail.kind == "order_expired").body
    assert not takes_money(Order.get_by_id(bought.id), bought.account, bought.lines_in_order, DUE_ON), "it is 解約済"


def test_what_has_stopped_stays_so_and_is_deleted_when_its_order_is_over(shop, calendar, balance):
    """It had run to the end of its term, and nobody renewed it. No more days are given, and none are promised."""
    order = shop.place_for_transfer(shop.draft(), a_selection(months=1))
    allocate(shop, shop.deposit(order.total_yen), order)
    calendar.turn(shop, date(2027, 1, 5))
    take_back(shop, order)
    due_on, expires_on = date(2027, 1, 19), date(2027, 1, 25)

    server = Subscription.get()
    assert (server.stopped_on, server.runs_until) == (date(2027, 1, 1), date(2026, 12, 31))
    [mail] = Mail.select().where(Mail.kind == MailKind.ALLOCATION_UNDONE)
    assert "停止中のままです" in mail.body
    assert "ご利用いただけます" not in mail.body
    due_dates.move(Order.get_by_id(order.id), due_on - timedelta(days=1), shop.staff, "ご希望", CATALOG)
    due_dates.move(Order.get_by_id(order.id), due_on, shop.staff, "ご希望", CATALOG)
    forecast = [event.on for event in timeline(snapshot_of(order.account), date(2027, 1, 5), CATALOG) if event.kind is EventKind.DELETION]
    calendar.turn(shop, date(2027, 2, 10))
    assert (calendar.days_of(EventKind.DELETION), forecast) == ([expires_on], [expires_on])


def test_money_dated_in_time_resumes_it_after_its_order_expired(shop, calendar, bought):
    calendar.turn(shop, date(2027, 1, 5))

    allocate(shop, shop.deposit(bought.total_yen, on=DUE_ON), bought)

    assert terms() == [TERM]
    assert [kind for kind, *_ in told(shop)] == ["start", "correct", "stop", "resume"]


def test_a_customer_who_cancels_the_order_has_the_service_until_the_day_that_was_told(shop, calendar, bought):
    assert bank_orders.give_up(bought)

    calendar.turn(shop, EXPIRES_ON)

    assert calendar.days_of(EventKind.STOP) == [EXPIRES_ON]


def test_after_that_a_renewal_by_hand_begins_on_the_day_after_it(shop, calendar, bought):
    bank_orders.give_up(bought)
    calendar.turn(shop, date(2026, 12, 30))

    shop.renew(selection=a_selection(months=3))

    assert terms() == [(EXPIRES_ON, date(2027, 3, 31))]
    assert Subscription.get().runs_until is None


def test_undo_of_an_undo_and_once_more(shop, calendar, bought):
    deposit = Deposit.get()
    allocate(shop, deposit, bought)
    calendar.turn(shop, BACK_ON)
    take_back(shop, bought, "もう一度")

    later = date(2027, 1, 5)
    assert Subscription.get().runs_until == later
    assert told(shop) == [("start", *TERM), ("correct", None, RUNS_UNTIL), ("correct", *TERM), ("correct", None, later)]
    assert Mail.select().where(Mail.kind == MailKind.ALLOCATION_UNDONE).count() == 2
    allocate(shop, deposit, bought)
    assert terms() == [TERM]


def test_everything_that_the_order_bought_runs_on(shop, calendar, balance):
    order = shop.place_for_transfer(shop.draft(), WITH_BACKUP)
    allocate(shop, shop.deposit(order.total_yen), order)
    calendar.jump(UNDONE_ON)
    take_back(shop, order)
    assert [bought.runs_until for bought in Subscription.select()] == [RUNS_UNTIL, RUNS_UNTIL]
    assert [entitlement.name for entitlement in snapshot_of(order.account).entitlements] == ["スタンダードプラン", "バックアップオプション"]

    calendar.turn(shop, date(2027, 1, 20))

    assert [bought.ended_on for bought in Subscription.select()] == [date(2027, 1, 11)] * 2


@pytest.mark.parametrize(
    ("renewed_on", "undone_on", "runs_until", "stopped_on"),
    [
        (date(2027, 1, 25), date(2027, 2, 1), date(2027, 2, 28), date(2027, 3, 1)),
        (date(2027, 2, 20), date(2027, 2, 25), date(2027, 3, 16), date(2027, 3, 17)),
        (date(2027, 3, 5), date(2027, 3, 20), date(2027, 4, 7), date(2027, 4, 8)),
    ],
    ids=["long before the end", "before the end", "in the new term"],
)
def test_a_renewal_runs_on_and_the_term_before_stays(shop, calendar, balance, renewed_on, undone_on, runs_until, stopped_on):
    """At least until the end of the term before; the due date is 14 days later."""
    first = shop.place_for_transfer(shop.draft(), a_selection(months=3))
    allocate(shop, shop.deposit(first.total_yen), first)
    calendar.hurry(shop, renewed_on)
    renewal = shop.place_for_transfer(shop.draft(kind=OrderKind.RENEW), a_selection(months=3))
    allocate(shop, shop.deposit(renewal.total_yen), renewal)
    ends_on, end = date(2027, 2, 28), date(2027, 5, 31)
    assert terms()[-1] == (date(2027, 3, 1), end)
    calendar.hurry(shop, undone_on)

    take_back(shop, renewal)

    assert Subscription.get().runs_until == runs_until
    assert Order.get_by_id(renewal.id).due_on == undone_on + timedelta(days=14)
    assert terms() == [(date(2026, 11, 22), ends_on)]
    assert told(shop)[-1] == ("correct", None, runs_until)
    calendar.turn(shop, stopped_on)
    assert calendar.days_of(EventKind.STOP) in ([stopped_on], [date(2027, 3, 1), stopped_on])
    allocate(shop, shop.deposit(renewal.total_yen, on=undone_on), renewal)
    assert terms()[-1] == (date(2027, 3, 1), end)


def test_after_the_due_date_the_order_waits_for_another_14_days(shop, calendar, bought):
    calendar.turn(shop, EXPIRES_ON)
    allocate(shop, shop.deposit(bought.total_yen, on=DUE_ON), bought)
    calendar.turn(shop, date(2027, 1, 7))
    take_back(shop, bought)

    calendar.turn(shop, date(2027, 1, 10))

    again = Order.get_by_id(bought.id)
    assert (again.state, again.due_on) == (OrderState.PLACED, date(2027, 1, 21))
    assert calendar.days_of(EventKind.STOP) == [EXPIRES_ON], "not once more"


def test_a_part_that_is_taken_back_after_the_due_date_does_not_let_the_order_expire_at_once(shop, calendar, balance):
    order = shop.place_for_transfer(shop.draft(), a_selection(months=3))
    allocation.allocate(shop.deposit(100), order, 100, shop.staff, "一部", catalog=CATALOG)
    calendar.turn(shop, UNDONE_ON)
    take_back(shop, order)

    calendar.turn(shop, BACK_ON)

    again = Order.get_by_id(order.id)
    assert (again.state, again.due_on, again.received_yen) == (OrderState.PLACED, DUE_ON, 0)
    assert Mail.select().where(Mail.kind == MailKind.ALLOCATION_UNDONE).count() == 1


def is_paid_again(shop, order: Order) -> None:
    shop.renew(selection=a_selection(months=3))


def has_another_order(shop, order: Order) -> None:
    shop.place_for_transfer(shop.draft(kind=OrderKind.RENEW), a_selection(months=3))


def has_an_unknown_payment(shop, order: Order) -> None:
    """Of an order that was over before its answer came."""
    other = shop.buy("other", outcome=Outcome.REFUSED)
    other.payments.get().move(PaymentState.UNKNOWN, came_from=[PaymentState.DECLINED], at=order.placed_at)
    Order.update(account=order.account, state=OrderState.CANCELLED).where(Order.id == other.id).execute()


def was_given_back(shop, order: Order) -> None:
    values = {"source": "returned", "company_reference": "bank:D1", "received_on": CONFIRMED_ON, "created_at": order.placed_at}
    Allocation.create(number="1", yen=-100, order=order, **values)


def has_ended(shop, order: Order) -> None:
    Subscription.update(ended_on=CONFIRMED_ON).execute()


REFUSALS = {
    is_paid_again: undo.LATER_TERM,
    has_another_order: undo.ANOTHER_ORDER,
    has_an_unknown_payment: undo.UNDECIDED,
    was_given_back: undo.RETURNED,
    has_ended: undo.ENDED,
}


@pytest.mark.parametrize(("obstacle", "reason"), REFUSALS.items(), ids=[obstacle.__name__ for obstacle in REFUSALS])
def test_it_is_refused_with_the_reason(shop, calendar, obstacle, reason):
    order = shop.place_for_transfer(shop.draft(), a_selection(months=3))
    allocate(shop, shop.deposit(order.total_yen), order)
    obstacle(shop, order)
    before = terms()

    with pytest.raises(NotPossible, match=reason[:20]):
        undo.undo_allocation(Allocation.get(Allocation.order == order, Allocation.yen > 0), shop.staff, "x", catalog=CATALOG)

    assert terms() == before
    assert Order.get_by_id(order.id).is_paid


def test_an_automatic_order_that_a_transfer_had_paid_is_awaited_and_then_over(shop, calendar, balance):
    """The server runs until the day that was told, is stopped, and can still be renewed by hand."""
    contract = Contract(shop, calendar, "new")
    contract.buy(Outcome.PAYS_ONCE)
    calendar.jump(CHARGE)
    contract.look()
    contract.let_staff_allocate()
    calendar.turn(shop, UNDONE_ON)
    order = contract.order
    take_back(shop, order)
    assert (Order.get_by_id(order.id).due_on, Subscription.get().runs_until) == (DUE_ON, date(2026, 12, 31))

    calendar.turn(shop, date(2027, 1, 2))

    assert calendar.days_of(EventKind.STOP) == [date(2027, 1, 1)]
    assert Order.get_by_id(order.id).state == OrderState.EXPIRED
    shop.renew(selection=a_selection(months=3))
    assert terms()[-1] == (date(2027, 1, 1), date(2027, 3, 31))
