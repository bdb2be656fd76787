"""Two employees at the same moment, on both databases, with a negative control without row locks."""

import threading
from collections.abc import Callable
from functools import partial

import pytest

from models import Allocation, Deposit, Order, Staff, new_number
from portal import clock
from portal.actions.accounts import staff_members
from portal.actions.transfers import allocation
from portal.actions.transfers.allocation import Seen
from portal.actions.transfers.deposits import NotPossible
from portal.actions.transfers.undo import undo_allocation
from portal.catalog import Catalog
from portal.runtime.settings import Settings
from tests import balance
from tests.balance import an_allocation
from tests.browser import Browser
from tests.concurrency import at_once
from tests.purchase import CATALOG
from tests.staff_desk import YEN, Clerk, a_bank_order, a_clerk, a_deposit, allocate, sign_in, to_the_review

pytestmark = pytest.mark.store
TIMES = 5


def allocating(deposit: Deposit, order: Order, staff: Staff, seen: Seen | None = None) -> Callable[[], bool]:
    """Press OK; False if refused."""
    return partial(attempt, allocation.allocate, deposit, order, YEN, staff, "x", seen, catalog=CATALOG)


def attempt(action: Callable[..., None], *values: object, **named: object) -> bool:
    try:
        action(*values, **named)
    except NotPossible:
        return False
    return True


def test_two_employees_confirming_one_deposit_confirm_it_once(clerk: Clerk, catalog: Catalog) -> None:
    other = a_clerk("soumu").staff
    for time in range(TIMES):
        order, deposit = a_bank_order(catalog, f"c{time}"), a_deposit(clerk)
        presses = [allocating(deposit, order, staff, Seen(YEN, YEN)) for staff in (clerk.staff, other)]

        assert sorted(at_once(*presses)) == [False, True]

    assert balance.states() == ["paid"] * TIMES
    assert len(balance.terms()) == TIMES


def test_one_deposit_is_not_spent_on_two_orders(clerk: Clerk, catalog: Catalog) -> None:
    for time in range(TIMES):
        deposit = a_deposit(clerk, 20_000)
        orders = [a_bank_order(catalog, f"{name}{time}") for name in "ab"]

        assert sorted(at_once(*[allocating(deposit, order, clerk.staff) for order in orders])) == [False, True]


def test_one_order_is_not_paid_by_two_deposits(clerk: Clerk, catalog: Catalog) -> None:
    for time in range(TIMES):
        order, both = a_bank_order(catalog, f"c{time}"), [a_deposit(clerk), a_deposit(clerk)]

        assert sorted(at_once(*[allocating(deposit, order, clerk.staff) for deposit in both])) == [False, True]


def test_two_concurrent_undos_undo_once(clerk: Clerk, catalog: Catalog) -> None:
    for time in range(TIMES):
        order, deposit = a_bank_order(catalog, f"c{time}"), a_deposit(clerk)
        allocation.allocate(deposit, order, YEN, clerk.staff, "x", catalog=CATALOG)
        undo = partial(attempt, undo_allocation, an_allocation(), clerk.staff, "x", catalog=catalog)

        assert sorted(at_once(undo, undo)) == [False, True]

    assert balance.states() == ["placed"] * TIMES


def test_ok_pressed_in_two_browsers_at_once_allocates_once(app: object, settings: Settings, clerk: Clerk, catalog: Catalog) -> None:
    order, deposit = a_bank_order(catalog), a_deposit(clerk, 30_000)
    desks = [to_the_review(sign_in(Browser(app, settings.public_url), each), deposit, order) for each in (clerk, a_clerk("soumu"))]

    pages = at_once(*[lambda desk=desk: desk.press("OK") for desk in desks])

    assert balance.received() == [YEN]
    assert all(page.says("申し込みは入金確認済になりました") for page in pages)
    assert all(page.says("残り（未充当）16,800円") for page in pages), "both see the true state"


def test_one_code_signs_in_one_of_two_at_once(clerk: Clerk, settings: Settings) -> None:
    code = clerk.code()
    ask = lambda: staff_members.check_code(clerk.staff, code, address="127.0.0.1", device=None, secret=settings.secret_key)  # noqa: E731

    answers = at_once(ask, ask, ask, ask)

    assert sum(isinstance(answer, staff_members.Passed) for answer in answers) == 1


def test_one_recovery_code_signs_in_one_of_two_at_once(clerk: Clerk, settings: Settings) -> None:
    code = clerk.recovery_codes[0]
    ask = lambda: staff_members.check_code(clerk.staff, code, address="127.0.0.1", device=None, secret=settings.secret_key)  # noqa: E731

    answers = at_once(ask, ask, ask, ask)

    assert sum(isinstance(answer, staff_members.Passed) for answer in answers) == 1


def test_negative_control_without_row_locks_money_is_allocated_twice(clerk: Clerk, catalog: Catalog) -> None:
    """The negative control: a check before the write without a lock spends the deposit twice."""
    deposit, meet = a_deposit(clerk), threading.Barrier(2)
    orders = [a_bank_order(catalog, name) for name in ("one", "two")]

    def careless(order: Order) -> bool:
        rest = Deposit.get_by_id(deposit.id).rest_yen
        meet.wait(30)
        if rest < YEN:
            return False
        values = {"source": "bank", "company_reference": f"D{deposit.number}", "yen": YEN, "order": order, "deposit": deposit}
        Allocation.create(number=new_number(10), received_on=clock.today(), created_at=clock.now(), **values)
        return True

    assert at_once(*[lambda order=order: careless(order) for order in orders]) == [True, True]
    assert Deposit.get_by_id(deposit.id).rest_yen == -YEN, "the balance that conftest proves after every test would be broken"
    Allocation.delete().execute()
    Deposit.delete().execute()


def test_staff_pages_work_on_both_databases(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order, deposit = a_bank_order(catalog), a_deposit(clerk, 30_000, f"{1} ﾐﾎﾝ ﾀﾛｳ")
    allocate(desk, deposit, order)
    a_bank_order(catalog, "waits")

    for address in ("", "deposits", "orders", "accounts", "history", "attention", "files"):
        assert desk.visit(f"/staff/{address}").status == 200
        assert desk.visit(f"/staff/{address}?q=見本&rest=yes").status == 200
        assert desk.visit(f"/staff/{address}?q=13,200").status == 200
    for address in (f"orders/{order.number}", f"deposits/{deposit.number}", "accounts/new", f"orders/{order.number}/confirmations/1"):
        assert desk.visit(f"/staff/{address}").status == 200
