"""The second look of staff: what running an action and rolling it back says is what the action then does, on both databases."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from models import TABLES, Account, Allocation, Deposit, Order
from portal import clock
from portal.actions.documents import papers
from portal.actions.payments import refunds
from portal.actions.payments.refundable import refundable
from portal.actions.payments.reissued_papers import reissue
from portal.actions.renewals import closing, due_dates, method_reset
from portal.actions.renewals.paid_cancellation import cancel_paid
from portal.actions.staff.consequences import Action, Consequences, NotAsShown, carry_out, consequences_of
from portal.actions.transfers import allocation, bank_files, cancellation, deposits, difference, held_money, line_decisions, returns, undo
from portal.enums import MoneyStatus, RefundState
from tests.bank_files import Paid, as_bytes, zengin01
from tests.purchase import CATALOG

pytestmark = pytest.mark.store(postgresql=3)
YEN = 13_200
WHY = "番号と金額が一致"
Made = tuple[Action, Order, Deposit]


def allocates(shop, order: Order, deposit: Deposit, yen: int) -> Action:
    return lambda: allocation.allocate(deposit, order, yen, shop.staff, WHY, catalog=CATALOG)


def undoes(shop, order: Order) -> Action:
    made = Allocation.select().where(Allocation.order == order).order_by(Allocation.id.desc()).get()
    return lambda: undo.undo_allocation(made, shop.staff, "別のお客様の入金", catalog=CATALOG)


def a_whole_allocation(shop) -> Made:
    order, deposit = shop.place_for_transfer(shop.draft()), shop.deposit(20_000)
    return allocates(shop, order, deposit, YEN), order, deposit


def a_part(shop) -> Made:
    order, deposit = shop.place_for_transfer(shop.draft()), shop.deposit(13_000)
    return allocates(shop, order, deposit, 13_000), order, deposit


def an_undo_of_a_paid_order(shop) -> Made:
    allocate, order, deposit = a_whole_allocation(shop)
    allocate()
    return undoes(shop, order), order, deposit


def an_undo_of_a_part(shop) -> Made:
    allocate, order, deposit = a_part(shop)
    allocate()
    return undoes(shop, order), order, deposit


def a_deposit_that_the_bank_takes_back(shop) -> Made:
    allocate, order, deposit = a_whole_allocation(shop)
    allocate()
    day = clock.today()
    content = as_bytes(zengin01([Paid(deposit.yen, deposit.payer, day, is_cancelled=True)]))
    file = bank_files.keep(content, "今日.txt", shop.staff, CATALOG.bank_accounts)
    bank_files.import_file(file, shop.staff, CATALOG.bank_accounts, is_as_shown=lambda plan: True)
    take_back = line_decisions.take_back
    return lambda: take_back(file.lines.get(), deposit, shop.staff, "組戻し", "test", catalog=CATALOG), order, deposit


MADE = (a_whole_allocation, a_part, an_undo_of_a_paid_order, an_undo_of_a_part, a_deposit_that_the_bank_takes_back)
ACTIONS = {made.__name__: made for made in MADE}


def rows() -> dict[str, list[dict]]:
    return {table.__name__: list(table.select().order_by(table._meta.primary_key).dicts()) for table in TABLES}


@pytest.mark.parametrize("made", ACTIONS.values(), ids=ACTIONS)
def test_what_is_shown_is_what_happens(shop, made: Callable[..., Made]):
    action, order, deposit = made(shop)
    before = rows()
    shown = consequences_of(action, order.account, CATALOG, deposit=deposit)
    assert rows() == before, "a look changes nothing"

    happened = carry_out(action, order.account, CATALOG, deposit=deposit, is_as_shown=lambda found: found == shown)

    assert happened == shown
    assert rows() != before
    assert shown.rest
    assert shown.orders[0].after.missing_yen == Order.get_by_id(order.id).missing_yen
    order_before, order_after = shown.orders[0].before, shown.orders[0].after
    assert (len(shown.new_papers), len(shown.void_papers)) == (order_after.status.was_paid, order_before.status.was_paid)


def closing_an_account(shop) -> tuple[Action, Account]:
    account = shop.buy().account
    return lambda: closing.close(account, "staff keiri", "約款違反", CATALOG), account


def opening_it_again(shop) -> tuple[Action, Account]:
    close, account = closing_an_account(shop)
    close()
    return lambda: closing.reopen(account, "staff keiri", "確認が取れた", CATALOG), account


def stopping_a_renewal(shop) -> tuple[Action, Account]:
    account = shop.buy().account
    return lambda: method_reset.stop(account, CATALOG, shop.staff, "お電話でのご依頼"), account


def cancelling_a_part_paid_order(shop) -> tuple[Action, Account]:
    allocate, order, _ = a_part(shop)
    allocate()
    return lambda: cancellation.cancel_order(order, shop.staff, "重複"), order.account


def moving_a_due_date(shop) -> tuple[Action, Account]:
    order = shop.place_for_transfer(shop.draft())
    return lambda: due_dates.move(order, order.due_on + timedelta(days=7), shop.staff, "お電話でのご依頼", CATALOG), order.account


def accepting_a_difference(shop) -> tuple[Action, Account]:
    allocate, order, _ = a_part(shop)
    allocate()
    return lambda: difference.accept_difference(order, shop.staff, "振込手数料", catalog=CATALOG), order.account


def moving_the_due_date_of_an_undone_order(shop) -> tuple[Action, Account]:
    take_back, order, _ = an_undo_of_a_paid_order(shop)
    take_back()
    order = Order.get_by_id(order.id)
    return lambda: due_dates.move(order, order.due_on + timedelta(days=7), shop.staff, "お電話でのご依頼", CATALOG), order.account


def holding_money_for_a_customer(shop) -> tuple[Action, Account]:
    order, deposit = shop.place_for_transfer(shop.draft()), shop.deposit(500)
    return lambda: held_money.hold_for_customer(deposit, order, shop.staff, "追って連絡"), order.account


def writing_about_held_money(shop) -> tuple[Action, Account]:
    hold, account = holding_money_for_a_customer(shop)
    hold()
    deposit = account.unallocated.get().deposit
    return lambda: held_money.write_to(deposit, account, shop.staff, "お振込先をお知らせください。"), account


def recording_a_return_of_an_order(shop) -> tuple[Action, Account]:
    allocate, order, _ = a_whole_allocation(shop)
    allocate()
    sent, found = returns.Sent(1_000, clock.today(), "不具合"), refundable(Order.get_by_id(order.id))
    return lambda: returns.return_of_order(found, sent, shop.staff, "test"), order.account


def recording_a_return_of_a_rest(shop) -> tuple[Action, Account]:
    allocate, order, deposit = a_whole_allocation(shop)
    allocate()
    sent, found = returns.Sent(1_000, clock.today(), "払い過ぎ"), returns.rest_of(deposit)
    return lambda: returns.return_rest(found, sent, shop.staff, "test"), order.account


def cancelling_a_paid_order(shop) -> tuple[Action, Account]:
    order = shop.buy()
    until = clock.today() + timedelta(days=3)
    return lambda: cancel_paid(order, until, shop.staff, "誤ったお申し込み", shop.companies, "test"), order.account


def reissuing_a_receipt(shop) -> tuple[Action, Account]:
    order = shop.buy()
    stored = order.invoices.get()
    papers.open_first(stored, "株式会社ミホソ 御中")
    return lambda: reissue(stored, "staff keiri", "宛名の誤り"), order.account


CHANGES = (
    reissuing_a_receipt,
    cancelling_a_paid_order,
    closing_an_account,
    opening_it_again,
    stopping_a_renewal,
    cancelling_a_part_paid_order,
    moving_a_due_date,
    moving_the_due_date_of_an_undone_order,
    accepting_a_difference,
    holding_money_for_a_customer,
    recording_a_return_of_an_order,
    recording_a_return_of_a_rest,
)


@pytest.mark.parametrize("made", CHANGES)
def test_what_is_shown_of_a_change_is_what_happens_once(shop, made: Callable[..., tuple[Action, Account]]):
    action, account = made(shop)
    before = rows()
    shown = consequences_of(action, account, CATALOG)
    assert rows() == before, "a look changes nothing"

    happened = carry_out(action, account, CATALOG, is_as_shown=lambda found: found == shown)

    assert happened == shown
    assert len(shown.mails) == 1
    assert shown.coming or shown.orders or shown.held or shown.refunds or shown.new_papers
    after = rows()
    with suppress(deposits.NotPossible):
        action()
    assert rows() == after, "a second time nothing happens"


def test_the_look_of_a_refund_names_it_and_asks_no_company(shop):
    """The company is asked after the commit; the mail follows its answer."""
    order = shop.buy()
    begin = lambda: refunds.begin(refundable(order), 1_000, shop.staff, "不具合", shop.companies, "test")  # noqa: E731
    before = rows()

    shown = consequences_of(begin, order.account, CATALOG)

    assert rows() == before
    [refund] = shown.refunds
    assert (refund.after.yen, refund.after.state, shown.mails) == (1_000, RefundState.CREATED, ())


def test_nothing_is_done_if_it_would_be_something_else(shop):
    action, order, deposit = a_whole_allocation(shop)
    shown = consequences_of(action, order.account, CATALOG, deposit=deposit)
    allocates(shop, shop.place_for_transfer(shop.draft("other")), deposit, 100)()
    before = rows()

    with pytest.raises(NotAsShown) as changed:
        carry_out(action, order.account, CATALOG, deposit=deposit, is_as_shown=lambda found: found == shown)

    assert rows() == before
    found: Consequences = changed.value.consequences
    assert (found.rest.before, found.rest.after) == (19_900, 6_700)
    assert found.orders[0].after.status is MoneyStatus.CONFIRMED


def test_a_refusal_is_raised_and_changes_nothing(shop):
    action, order, deposit = a_whole_allocation(shop)
    action()
    before = rows()

    with pytest.raises(deposits.NotPossible):
        consequences_of(action, order.account, CATALOG, deposit=deposit)

    assert rows() == before
