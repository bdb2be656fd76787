"""Money that goes back by a file for the bank: kept from the first day, in one file, recorded once, whatever happens at the same time."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from models import Account, Deposit, Event, Invoice, Mail, Order, Payout, PayoutFile, Refund
from portal import clock
from portal.actions.payments.money import assign_rest
from portal.actions.payments.refundable import refundable
from portal.actions.renewals.paid_cancellation import cancel_paid
from portal.actions.staff import figures, lists
from portal.actions.staff.searching import SearchQuery
from portal.actions.transfers import allocation, bank_orders, held_money, payout_files, payouts, returns, undo
from portal.actions.transfers.deposits import NotPossible
from portal.actions.transfers.payouts import Payee
from portal.enums import InvoiceKind, MailKind, PayoutState
from portal.store import database as store
from tests.concurrency import at_once
from tests.purchase import CATALOG, Shop
from tests.races.careless import make_file

on_both = pytest.mark.store
YEN = 13_200
PAYEE = Payee("0001", "012", "1", "1234567", "ﾔﾏﾀﾞ ﾀﾛｳ")
TIMES = 4


@pytest.fixture(autouse=True)
def balance(shop):
    yield
    shop.ledger.prove()


def kept(shop: Shop, login: str = "new", yen: int = YEN) -> Deposit:
    """お預かり of a customer."""
    order, deposit = shop.place_for_transfer(shop.draft(login)), shop.deposit(yen)
    bank_orders.give_up(order)
    held_money.hold_for_customer(deposit, order, shop.staff, "取り消したお申し込みへのお振り込み")
    return deposit


def plan(shop: Shop, deposit: Deposit, yen: int = YEN) -> Payout:
    return payouts.plan_rest(returns.rest_of(deposit), yen, PAYEE, shop.staff, "お客様のご希望")


def make(shop: Shop, shown: list[Payout] | None = None) -> PayoutFile:
    sender = payout_files.sender_of(CATALOG.payouts)
    return payout_files.make(payout_files.planned() if shown is None else shown, clock.today(), sender, shop.staff)


def attempt(action: Callable[..., object], *values: object, **named: object) -> bool:
    try:
        action(*values, **named)
    except NotPossible:
        return False
    return True


def states() -> list[str]:
    return [payout.state for payout in Payout.select().order_by(Payout.id)]


def shown_rests() -> tuple[list[Deposit], int, int]:
    """The list of deposits of which something is left, and the figure above 入金待ち."""
    listed, figure = lists.deposits(SearchQuery(), only_with_rest=True).rows, figures.of_transfers(clock.today()).rests
    return [row.deposit for row in listed], figure.rows, figure.yen


def returned() -> list[int]:
    return [refund.yen for refund in Refund.select().order_by(Refund.id)]


@on_both
def test_money_goes_back_by_one_file_and_is_told_when_the_bank_has_paid(shop: Shop) -> None:
    one, two = kept(shop, "one"), kept(shop, "two", 500)
    plan(shop, one, 13_000), plan(shop, two, 500)
    assert (one.rest_yen, two.rest_yen) == (200, 0)
    assert shown_rests() == ([one], 1, 200)
    assert Account.by_login("one").held_yen == YEN, "until the bank has paid"

    file = make(shop)
    assert (states(), file.transfers, file.yen, returned()) == (["filed"] * 2, 2, 13_500, [])
    assert payout_files.mark_paid(file, shop.staff, "test") == 2

    assert (states(), returned()) == (["paid"] * 2, [13_000, 500])
    assert [Account.by_login(login).held_yen for login in ("one", "two")] == [200, 0]
    assert shown_rests() == ([one], 1, 200)
    assert Mail.select().where(Mail.kind == MailKind.MONEY_RETURNED).count() == 2
    assert payout_files.mark_paid(file, shop.staff, "test") == 0
    assert [payout.refund.deposit_id for payout in file.payouts.order_by(Payout.id)] == [one.id, two.id]


@on_both
def test_bank_data_are_encrypted_and_the_file_is_the_same_byte_by_byte(shop: Shop) -> None:
    payout = plan(shop, kept(shop))
    file = make(shop)
    before = payout_files.content_of(file)
    payout_files.mark_paid(file, shop.staff, "test")

    stored = store.database.execute_sql("SELECT account_number, account_name FROM payout").fetchone()
    assert all(PAYEE.account_number not in text and PAYEE.account_name not in text for text in stored)
    assert payout_files.content_of(PayoutFile.get_by_id(file.id)) == before
    assert before.split(b"\r\n")[1].decode("shift_jis")[42:90] == "11234567" + "ﾔﾏﾀﾞ ﾀﾛｳ".ljust(30) + "0000013200"
    Payout.update(account_number="", account_name="").where(Payout.id == payout.id).execute()
    assert payout_files.content_of(file) is None


def test_what_is_kept_can_be_used_for_nothing_else(shop: Shop) -> None:
    deposit = kept(shop)
    plan(shop, deposit, 13_000)
    order = shop.place_for_transfer(shop.draft())
    other = shop.place_for_transfer(shop.draft("other"))

    assert not attempt(allocation.allocate, deposit, order, 201, shop.staff, "x", catalog=CATALOG)
    assert not attempt(plan, shop, deposit, 200), "one at a time"
    assert not attempt(allocation.allocate, deposit, other, 200, shop.staff, "x", catalog=CATALOG), "another customer's"
    assert not attempt(returns.return_rest, returns.rest_of(deposit), returns.Sent(201, clock.today(), "x"), shop.staff, "test")
    assert attempt(allocation.allocate, deposit, order, 200, shop.staff, "x", catalog=CATALOG)
    assert deposit.rest_yen == 0


@pytest.mark.parametrize(("yen", "says"), [(0, "残りは"), (-1, "残りは"), (YEN + 1, "残りは 13,200円")])
def test_more_than_is_held_is_refused(shop: Shop, yen: int, says: str) -> None:
    deposit = kept(shop)
    with pytest.raises(NotPossible, match=says):
        plan(shop, deposit, yen)
    assert not Payout.select().exists()


def test_money_of_nobody_is_refused_and_so_is_a_changed_owner(shop: Shop) -> None:
    nobodys, deposit = shop.deposit(100), kept(shop)
    seen = returns.rest_of(deposit)
    assign_rest(deposit, shop.draft("other").account)

    assert not attempt(plan, shop, nobodys, 100)
    assert not attempt(payouts.plan_rest, seen, 100, PAYEE, shop.staff, "x")


@on_both
def test_a_plan_is_taken_back_and_a_transfer_that_failed_may_be_planned_anew(shop: Shop) -> None:
    deposit = kept(shop)
    payouts.withdraw(plan(shop, deposit), shop.staff, "お客様のご希望")
    assert deposit.rest_yen == YEN
    failed = plan(shop, deposit)
    file = make(shop)
    assert not attempt(payouts.withdraw, failed, shop.staff, "x"), "it is in a file"
    payouts.fail(failed, shop.staff, "口座番号違い")
    assert (deposit.rest_yen, payout_files.mark_paid(file, shop.staff, "test")) == (YEN, 0)

    plan(shop, deposit)
    payout_files.mark_paid(make(shop), shop.staff, "test")

    assert (states(), returned()) == (["withdrawn", "failed", "paid"], [YEN])
    assert not any(attempt(act, failed, shop.staff, "x") for act in (payouts.withdraw, payouts.fail))
    moved = Event.select().where(Event.entity == f"payout {failed.number}").order_by(Event.id)
    assert [event.to_state for event in moved] == ["planned", "filed", "failed"]


def test_money_of_a_paid_order_goes_back_with_its_paper_and_the_order_stays(shop: Shop) -> None:
    order = shop.place_for_transfer(shop.draft())
    deposit = shop.deposit(YEN)
    allocation.allocate(deposit, order, YEN, shop.staff, "x", catalog=CATALOG)
    order = Order.get_by_id(order.id)
    planned = payouts.plan_of_order(refundable(order), 10_000, PAYEE, shop.staff, "機器の不具合")

    assert "返金する予定" in refundable(order).refusal({})
    assert not attempt(cancel_paid, order, clock.today(), shop.staff, "x", shop.companies, "test")
    assert not attempt(undo.undo_allocation, order.allocations.get(), shop.staff, "x", catalog=CATALOG)
    payout_files.mark_paid(make(shop), shop.staff, "test")

    assert Order.get_by_id(order.id).is_paid
    paper = Invoice.get(Invoice.kind == InvoiceKind.RETURN)
    assert (paper.total_yen, paper.refund_id) == (10_000, Payout.get_by_id(planned.id).refund_id)


def test_a_file_is_not_paid_before_its_day(shop: Shop) -> None:
    plan(shop, kept(shop))
    sender, later = payout_files.sender_of(CATALOG.payouts), clock.today() + timedelta(days=3)
    file = payout_files.make(payout_files.planned(), later, sender, shop.staff)

    with pytest.raises(NotPossible, match="振込指定日"):
        payout_files.begin_paying(file, shop.staff, "x")


def test_one_refund_is_never_in_two_files(shop: Shop) -> None:
    plan(shop, kept(shop))
    shown = payout_files.planned()
    make(shop, shown)

    assert not attempt(make, shop, shown)
    assert not attempt(make, shop, [])
    assert PayoutFile.select().count() == 1


@on_both
def test_two_who_make_a_file_at_once_make_one(shop: Shop) -> None:
    for time in range(TIMES):
        plan(shop, kept(shop, f"c{time}"))
        shown = payout_files.planned()
        assert sorted(at_once(*[partial(attempt, make, shop, shown)] * 2)) == [False, True]

    assert [file.transfers for file in PayoutFile.select()] == [1] * TIMES


def test_negative_control_a_file_of_what_was_looked_at_before_pays_twice(shop: Shop) -> None:
    """The second who looks before the first has written makes a file of the same transfer."""
    shown = [plan(shop, kept(shop))]
    make_file(shown, shop.staff, meanwhile=lambda: make_file(shown, shop.staff, tuple))

    assert [file.transfers for file in PayoutFile.select()] == [1, 1]
    assert Payout.select().count() == 1


@on_both
def test_of_what_happens_to_the_same_money_at_once_one_thing_happens(shop: Shop) -> None:
    """Planned and used for an order; taken back and put into a file; paid and failed, and paid twice."""
    for time in range(TIMES):
        deposit = kept(shop, f"c{time}")
        order = shop.place_for_transfer(shop.draft(f"c{time}"))
        use = partial(attempt, allocation.allocate, deposit, order, YEN, shop.staff, "x", catalog=CATALOG)
        assert sorted(at_once(partial(attempt, plan, shop, deposit), use)) == [False, True]
        assert deposit.rest_yen == 0

    for payout in [*payout_files.planned(), plan(shop, kept(shop, "filed"))]:
        back = partial(attempt, payouts.withdraw, payout, shop.staff, "x")
        assert sorted(at_once(back, partial(attempt, make, shop, [payout]))) == [False, True]

    file = make(shop, [plan(shop, kept(shop, "paid"))])
    [payout] = file.payouts
    fail = partial(attempt, payouts.fail, payout, shop.staff, "x")
    pay = partial(payout_files.mark_paid, file, shop.staff, "test")
    failed, *paid = at_once(fail, pay, pay)
    assert (failed, sum(paid)) in [(True, 0), (False, 1)]
    assert len(returned()) == sum(paid)


@on_both
def test_negative_control_without_the_locks_the_same_money_is_used_twice(shop: Shop) -> None:
    """Planned by a look of the rest that nobody has locked."""
    deposit = kept(shop)
    order = shop.place_for_transfer(shop.draft())
    seen = returns.rest_of(deposit)
    allocation.allocate(deposit, order, YEN, shop.staff, "x", catalog=CATALOG)

    assert not attempt(payouts.plan_rest, seen, YEN, PAYEE, shop.staff, "x"), "with care"
    with store.database.atomic() as transaction:
        about = {"number": "1", "yen": YEN, "reason": "x", "staff": shop.staff, "created_at": clock.now(), "updated_at": clock.now()}
        Payout.create(account=order.account, deposit=deposit, state=PayoutState.PLANNED, **about, **vars(PAYEE))
        assert deposit.rest_yen == -YEN
        transaction.rollback()


def test_a_press_that_was_interrupted_goes_on_where_it_broke_off(shop: Shop) -> None:
    for login in ("one", "two", "three"):
        plan(shop, kept(shop, login))
    file = make(shop)
    payouts.pay(payout_files.waiting(file)[0], file.pays_on, shop.staff, "test")  # then the process died

    assert payout_files.mark_paid(file, shop.staff, "test") == 2
    assert (returned(), Mail.select().where(Mail.kind == MailKind.MONEY_RETURNED).count()) == ([YEN] * 3, 3)
