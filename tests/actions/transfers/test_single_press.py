"""One press on a line that waits: all of what its row said, or nothing; whoever presses at the same moment."""

from contextlib import suppress

import pytest

from models import Allocation, Deposit, Mail, Order
from portal import clock
from portal.actions.transfers import allocation, deposits, matching_runs, proposing, single_press
from portal.actions.transfers.deposits import Entered, NotPossible
from portal.actions.transfers.proposing import Proposed, line_of, proposals, waiting_deposits
from portal.enums import MailKind, OrderKind, OrderState, ProposalKind
from tests.concurrency import at_once
from tests.purchase import CATALOG, Shop

on_both = pytest.mark.store
YEN = 13_200


@pytest.fixture(autouse=True)
def balance(shop: Shop):
    yield
    shop.ledger.prove()


def an_order(shop: Shop, login: str) -> Order:
    return shop.place_for_transfer(shop.draft(login))


def pay(shop: Shop, payer: str, yen: int = YEN) -> Deposit:
    day = clock.today()
    return deposits.enter(Entered(day, day, yen, payer), shop.staff, f"form{Deposit.select().count()}")


def rows() -> list[Proposed]:
    return proposals([line_of(deposit) for deposit in waiting_deposits()])


def press(shop: Shop, row: Proposed) -> bool:
    """True if it was done."""
    with suppress(NotPossible):
        single_press.press(row.line.deposit.number, row.fingerprint, shop.staff, catalog=CATALOG)
        return True
    return False


def states() -> list[str]:
    return [order.state for order in Order.select().order_by(Order.id)]


SAID = [(YEN, ProposalKind.EXACT), (YEN - 440, ProposalKind.FEE), (YEN - 5_000, ProposalKind.SHORT), (YEN + 1, ProposalKind.OVER)]


@pytest.mark.parametrize(("yen", "kind"), SAID)
def test_what_the_row_says_happens(shop: Shop, yen: int, kind: ProposalKind) -> None:
    order = an_order(shop, "one")
    deposit = pay(shop, f"{order.number} ﾐﾎﾝ", yen)
    (row,) = rows()

    assert press(shop, row)

    found = row.proposal
    assert (found.kind, Order.get().missing_yen, deposit.rest_yen) == (kind, found.short_yen, found.over_yen)
    assert (Order.get().state == OrderState.PAID) == (found.short_yen == 0)
    assert rows() == [], "what is left is a customer's"


@on_both
def test_two_of_the_staff_press_at_once_and_somebody_confirms_all(shop: Shop) -> None:
    for login in ("one", "two", "three"):
        pay(shop, f"{an_order(shop, login).number} ﾐﾎﾝ")
    lines, pairs = rows(), matching_runs.sure_pairs()

    def confirm_all() -> None:
        matching_runs.carry_out(matching_runs.begin(pairs, shop.staff), shop.staff, catalog=CATALOG)

    at_once(*[lambda: [press(shop, row) for row in lines], lambda: [press(shop, row) for row in reversed(lines)], confirm_all])

    assert states() == [OrderState.PAID] * 3
    assert Allocation.select().where(Allocation.order.is_null(False)).count() == 3


@on_both
def test_two_orders_in_one_sum_are_paid_both_or_neither(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control does the same in two transactions: half of it stays when it breaks off."""
    one, two = an_order(shop, "one"), an_order(shop, "two")
    deposit = pay(shop, f"{one.number} {two.number}", 2 * YEN)
    (row,) = rows()
    assert row.proposal.kind is ProposalKind.COMBINED
    calls, allocate = [], allocation.allocate

    def breaks(*arguments: object, **named: object) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        allocate(*arguments, **named)

    monkeypatch.setattr(single_press, "allocate", breaks)
    with pytest.raises(KeyboardInterrupt):
        press(shop, row)
    assert states() == [OrderState.PLACED] * 2
    shop.ledger.prove()
    monkeypatch.undo()
    assert press(shop, row)
    assert (states(), deposit.rest_yen) == ([OrderState.PAID] * 2, 0)


def test_control_parts_in_transactions_of_their_own_can_be_half_done(shop: Shop) -> None:
    """The negative control."""
    one, two = an_order(shop, "one"), an_order(shop, "two")
    pay(shop, f"{one.number} {two.number}", 2 * YEN)
    part = rows()[0].proposal.parts[0]

    allocation.allocate(Deposit.get(), Order.get_by_id(part.order), part.yen, shop.staff, "x", catalog=CATALOG)

    assert sorted(states()) == [OrderState.PAID, OrderState.PLACED]


@on_both
def test_an_order_of_a_sum_is_paid_by_somebody_else_at_the_same_moment(shop: Shop) -> None:
    one, two = an_order(shop, "one"), an_order(shop, "two")
    pay(shop, f"{one.number} {two.number}", 2 * YEN)
    other = pay(shop, f"{one.number} ﾐﾎﾝ")
    both = next(row for row in rows() if row.proposal.kind is ProposalKind.COMBINED)

    def by_hand() -> None:
        with suppress(NotPossible):
            allocation.allocate(other, one, YEN, shop.staff, "x", catalog=CATALOG)

    is_done, _ = at_once(lambda: press(shop, both), by_hand)

    assert states() == ([OrderState.PAID] * 2 if is_done else [OrderState.PAID, OrderState.PLACED])
    assert Deposit.get_by_id(other.id).rest_yen == (YEN if is_done else 0)


def test_the_pair_that_others_lose_is_two_lines(shop: Shop) -> None:
    """Two payers of one kana name, the same yen, the same day: nothing is dropped, and nothing is guessed."""
    for login in ("one", "two"):
        order = an_order(shop, login)
        order.account.name_key = "ヤマダタロウ"
        order.account.save()
    pay(shop, "ﾔﾏﾀﾞ ﾀﾛｳ")
    pay(shop, "ﾔﾏﾀﾞ ﾀﾛｳ")

    assert [row.proposal.kind for row in rows()] == [ProposalKind.NAMESAKES] * 2
    assert matching_runs.sure_pairs() == []


def test_last_year_s_number_leads_to_the_order_that_the_same_customer_has_open(shop: Shop) -> None:
    paid = an_order(shop, "one")
    pay(shop, f"{paid.number} ﾐﾎﾝ")
    assert press(shop, rows()[0])
    renewal = shop.place_for_transfer(shop.draft("one", OrderKind.RENEW))

    pay(shop, f"{paid.number} ﾐﾎﾝ", renewal.total_yen)

    (row,) = rows()
    assert (row.proposal.kind, row.proposal.orders) == (ProposalKind.OLD_NUMBER, (renewal.id,))
    assert matching_runs.sure_pairs() == []
    assert press(shop, row)
    assert Order.get_by_id(renewal.id).state == OrderState.PAID


@on_both
def test_of_a_name_that_many_have_an_order_that_is_over_counts_by_its_yen(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposing, "FEW", 1)
    paid, other = an_order(shop, "one"), an_order(shop, "two")
    for order in (paid, other):
        pay(shop, f"{order.number} ﾐﾎﾝ")
        assert press(shop, rows()[0])

    pay(shop, "ﾐﾎﾝ", YEN - 1)
    assert [(row.proposal.kind, row.rows) for row in rows()] == [(ProposalKind.NOTHING_OPEN, ())]
    pay(shop, "ﾐﾎﾝ", YEN)
    assert [(row.proposal.kind, len(row.rows)) for row in rows()] == [(ProposalKind.NOTHING_OPEN, 2), (ProposalKind.PAID, 2)]


def test_of_a_short_transfer_there_is_one_mail_however_often_it_is_pressed(shop: Shop) -> None:
    order = an_order(shop, "one")
    pay(shop, f"{order.number} ﾐﾎﾝ", YEN - 440)
    (row,) = rows()

    assert [press(shop, row), press(shop, row)] == [True, False]

    assert Mail.select().where(Mail.kind == MailKind.PART_RECEIVED).count() == 1
