"""「まとめて充当する」: all sure matches in one press; each once, whoever presses, and whatever breaks in the middle."""

from datetime import date, timedelta

import pytest

from models import Allocation, Deposit, Event, MatchingRun, Order, PayerAlias
from portal import clock
from portal.actions.orders import drafts
from portal.actions.payments import settle as settling
from portal.actions.transfers import aliases, allocation, deposits, matching_runs, undo
from portal.actions.transfers.bank_orders import report
from portal.actions.transfers.deposits import Entered
from portal.actions.transfers.matching import matches
from portal.enums import OrderState
from tests.concurrency import at_once
from tests.purchase import CATALOG, Shop

on_both = pytest.mark.store
YEN = 13_200


@pytest.fixture(autouse=True)
def balance(shop):
    yield
    shop.ledger.prove()


def an_order(shop: Shop, login: str, name_key: str = "") -> Order:
    order = shop.place_for_transfer(shop.draft(login))
    order.account.name_key = name_key or order.account.name_key
    order.account.save()
    return Order.get_by_id(order.id)


def pay(shop: Shop, payer: str, yen: int = YEN, on: date | None = None) -> Deposit:
    day = on or clock.today()
    return deposits.enter(Entered(day, day, yen, payer), shop.staff, f"form{Deposit.select().count()}")


def sure() -> list[tuple[int, int]]:
    return [(pair.deposit, pair.order) for pair in matching_runs.sure_pairs()]


def press(shop: Shop) -> matching_runs.Done:
    return matching_runs.carry_out(matching_runs.begin(matching_runs.sure_pairs(), shop.staff), shop.staff, catalog=CATALOG)


def states() -> list[str]:
    return [order.state for order in Order.select().order_by(Order.id)]


@on_both
def test_numbers_are_allocated_in_one_press_and_names_once_they_are_confirmed(shop: Shop) -> None:
    one, two = an_order(shop, "one"), an_order(shop, "two", "スズキハナコ")
    pay(shop, f"{one.number} ﾍﾞﾂﾉﾋﾄ")
    named = pay(shop, "ｽｽﾞｷ ﾊﾅｺ")
    pay(shop, "ﾀﾞﾚｶ", 500)
    aliases.learn(named, two.account, shop.staff)

    done = press(shop)

    assert (done.count, done.yen, done.left, states()) == (1, YEN, 0, [OrderState.PAID, OrderState.PLACED])
    assert sure() == [(named.id, two.id)], "no other order waits for that yen any more"
    assert press(shop).count == 1
    reasons = [event.reason for event in Event.select().where(Event.to_state == "allocated").order_by(Event.id)]
    assert [reason.partition("まとめて充当：")[2] for reason in reasons] == [
        "番号一致・金額一致・名義不一致",
        "番号不一致・金額一致・名義一致",
    ]
    assert sure() == []


def test_an_own_name_is_confirmed_by_a_number_beside_it(shop: Shop) -> None:
    order, other = an_order(shop, "one", "スズキハナコ"), an_order(shop, "two")
    pay(shop, "ｽｽﾞｷ ﾊﾅｺ")
    assert sure() == [], "the payer may be somebody of that sound"
    pay(shop, f"{order.number} ｽｽﾞｷ ﾊﾅｺ")
    pay(shop, f"{other.number} ｽｽﾞｷ ﾊﾅｺ")

    press(shop)

    assert [alias.account for alias in PayerAlias.select()] == [order.account]


def test_what_is_not_sure_stays_for_a_person(shop: Shop) -> None:
    over, twin, another = an_order(shop, "over"), an_order(shop, "twin", "ヤマダタロウ"), an_order(shop, "another", "ヤマダタロウ")
    reported = an_order(shop, "reported", "スズキハナコ")
    report(an_order(shop, "wife"), "ｽｽﾞｷ ﾊﾅｺ", clock.today())
    drafts.cancel(over, "test", "x")
    payers = (f"{over.number} ﾐﾎﾝ", "ﾔﾏﾀﾞ ﾀﾛｳ", "ｽｽﾞｷ ﾊﾅｺ", f"{twin.number} {another.number}")

    for payer in payers:
        pay(shop, payer)
    pay(shop, f"{reported.number}", YEN - 440)

    assert sure() == []


def test_money_that_is_a_customer_s_is_never_used_by_itself(shop: Shop) -> None:
    order = an_order(shop, "one")
    deposit = pay(shop, f"{order.number} ﾐﾎﾝ")
    allocation.allocate(deposit, order, YEN, shop.staff, "x", catalog=CATALOG)
    undo.undo_allocation(Allocation.get(Allocation.order == order), shop.staff, "別のお客様の入金", catalog=CATALOG)

    assert deposit.rest_owner == order.account
    assert sure() == []


@on_both
def test_pressed_by_two_at_once_and_again_each_is_allocated_once(shop: Shop) -> None:
    for login in ("one", "two", "three"):
        pay(shop, f"{an_order(shop, login).number} ﾐﾎﾝ")
    pairs = matching_runs.sure_pairs()

    def run() -> matching_runs.Done:
        return matching_runs.carry_out(matching_runs.begin(pairs, shop.staff), shop.staff, catalog=CATALOG)

    answers = [*at_once(run, run), run()]

    assert [(done.count, done.left) for done in answers] == [(3, 0)] * 3
    assert Allocation.select().where(Allocation.order.is_null(False)).count() == MatchingRun.select().count() * 3 == 3


@on_both
def test_a_press_that_dies_in_the_middle_goes_on_when_it_is_pressed_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """As kill -9 does: nothing after it is done, and half of a deposit never is."""
    for login in ("one", "two", "three"):
        pay(shop, f"{an_order(shop, login).number} ﾐﾎﾝ")
    run, calls, make_paid = matching_runs.begin(matching_runs.sure_pairs(), shop.staff), [], settling._make_paid

    def dies(*arguments: object, **named: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return make_paid(*arguments, **named)

    monkeypatch.setattr(settling, "_make_paid", dies)
    with pytest.raises(KeyboardInterrupt):
        matching_runs.carry_out(run, shop.staff, catalog=CATALOG)
    assert sorted(states()) == [OrderState.PAID, OrderState.PLACED, OrderState.PLACED]
    shop.ledger.prove()
    monkeypatch.undo()

    assert matching_runs.carry_out(run, shop.staff, catalog=CATALOG).count == 3
    assert states() == [OrderState.PAID] * 3


def test_an_old_press_does_not_undo_an_undo(shop: Shop) -> None:
    """Control: with the row that waits now, the same pair would be allocated again."""
    order = an_order(shop, "one")
    deposit = pay(shop, f"{order.number} ﾐﾎﾝ")
    run = matching_runs.begin(matching_runs.sure_pairs(), shop.staff)
    matching_runs.carry_out(run, shop.staff, catalog=CATALOG)
    undo.undo_allocation(Allocation.get(Allocation.order == order), shop.staff, "別のお客様の入金", catalog=CATALOG)

    done = matching_runs.carry_out(run, shop.staff, catalog=CATALOG)

    assert (done.count, done.left, deposit.rest_yen) == (0, 1, YEN)
    now = matching_runs.Pair(Allocation.get(Allocation.deposit == deposit).id, deposit.id, order.id, YEN)
    assert matching_runs.carry_out(matching_runs.begin([now], shop.staff), shop.staff, catalog=CATALOG).count == 1


def test_what_changed_since_it_was_shown_is_left(shop: Shop) -> None:
    one, two = an_order(shop, "one"), an_order(shop, "two")
    pay(shop, f"{one.number} ﾐﾎﾝ")
    pay(shop, f"{two.number} ﾐﾎﾝ")
    run = matching_runs.begin(matching_runs.sure_pairs(), shop.staff)
    drafts.cancel(one, "test", "x")

    done = matching_runs.carry_out(run, shop.staff, catalog=CATALOG)

    assert (done.count, done.left) == (1, 1)
    assert states() == [OrderState.CANCELLED, OrderState.PAID]


@on_both
def test_a_confirmed_payer_is_known_until_it_is_forgotten(shop: Shop) -> None:
    order = an_order(shop, "one", "見本太郎")
    first = pay(shop, "ﾐﾎﾝ ﾀﾛｳ")
    assert sure() == []
    assert [match.why for match in matches(first, YEN)] == ["番号不一致・金額一致・名義不一致"]

    aliases.learn(first, order.account, shop.staff)
    assert sure() == [(first.id, order.id)]
    assert [match.why for match in matches(first, YEN)] == ["番号不一致・金額一致・名義一致"]

    an_order(shop, "namesake", "見本太郎")
    assert sure() == []

    aliases.forget(PayerAlias.get(), shop.staff)
    assert not PayerAlias.select().exists()
    assert Event.select().where(Event.reason.contains("振込名義")).count() == 2


def test_late_money_and_money_from_before_the_order_is_not_sure(shop: Shop) -> None:
    order = an_order(shop, "one")
    pay(shop, f"{order.number} ﾐﾎﾝ", on=order.due_on + timedelta(days=1))
    pay(shop, f"{order.number} ﾐﾎﾝ", on=clock.today() - timedelta(days=1))

    assert sure() == []
