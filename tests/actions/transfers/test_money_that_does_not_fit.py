"""Transfers that are short, over, late or for an order that is over: what becomes of the money, and what the customer is told."""

from datetime import date, timedelta

import pytest

from models import Allocation, Event, Mail, Order, Term
from portal import clock
from portal.actions.transfers import allocation, bank_orders, held_money, reminders
from portal.actions.transfers.deposits import NotPossible
from portal.actions.transfers.difference import accept_difference
from portal.catalog import Catalog
from portal.enums import MailKind, Method, OrderState
from portal.rules.transfers.due_dates import expiry_day
from portal.sandbox.books.outcomes import Outcome
from tests.passes import expire_unpaid
from tests.purchase import CATALOG

YEN, PART = 13_200, 12_760


@pytest.fixture
def order(shop) -> Order:
    return shop.place_for_transfer(shop.draft())


@pytest.fixture(autouse=True)
def balance(shop):
    yield
    shop.ledger.prove()


def allocate(shop, order: Order, yen: int, *, of: int | None = None, on: date | None = None, deposit=None) -> None:
    deposit = deposit or shop.deposit(of or yen, on=on)
    allocation.allocate(deposit, order, yen, shop.staff, "番号が一致", catalog=CATALOG)


def refused(shop, order: Order, yen: int, **about) -> str:
    with pytest.raises(NotPossible) as problem:
        allocate(shop, order, yen, **about)
    return str(problem.value)


def now(order: Order) -> Order:
    return Order.get_by_id(order.id)


def standing(order: Order) -> tuple[str, int, int]:
    """State, yen that count for it, yen that are held for the customer."""
    order = now(order)
    return str(order.state), order.received_yen, order.account.held_yen


def mails(kind: MailKind) -> list[str]:
    return ["".join(mail.body.split()) for mail in Mail.select().where(Mail.kind == kind).order_by(Mail.id)]


@pytest.fixture
def expired(shop, order, business_day) -> Order:
    """It had a part of its money."""
    allocate(shop, order, PART)
    business_day(expiry_day(order.due_on, CATALOG.closed_days))
    assert expire_unpaid() == 1
    return now(order)


def test_a_short_transfer_is_told_at_once_and_once_more_after_the_due_date(shop, order, business_day):
    allocate(shop, order, PART)

    [told] = mails(MailKind.PART_RECEIVED)
    assert "あと440円のお振り込みが必要です" in told
    assert "お振込金額：440円（すでに12,760円のご入金を確認しています）" in told
    assert f"番号{order.number}を付けてください" in told
    assert "全額のご入金を確認した日から、サービスをご利用いただけます" in told
    business_day(order.due_on)
    assert not list(reminders.remind_of_parts(CATALOG.bank_accounts, frozenset()))
    for _ in range(2):
        business_day(order.due_on + timedelta(days=1))
        list(reminders.remind_of_parts(CATALOG.bank_accounts, frozenset()))
    [reminded] = mails(MailKind.PART_OVERDUE)
    assert "過ぎましたが、ご入金が440円不足しています" in reminded


def test_a_part_that_came_after_the_due_date_says_so(shop, order, business_day):
    business_day(order.due_on + timedelta(days=1))
    allocate(shop, order, PART)

    assert "お支払い期限は過ぎています" in mails(MailKind.PART_RECEIVED)[0]


def test_what_is_left_of_a_deposit_is_held_for_the_customer(shop, order):
    allocate(shop, order, YEN, of=YEN + 1_000)

    assert standing(order) == ("paid", YEN, 1_000)
    [told] = mails(MailKind.MONEY_HELD)
    assert "1,000円をお預かりしています" in told
    assert "より多く" in told


def test_a_later_part_reopens_an_expired_order_with_what_came_before(shop, expired):
    assert standing(expired) == ("expired", 0, PART)

    allocate(shop, expired, 100)

    assert standing(expired) == ("placed", PART + 100, 0)
    assert now(expired).due_on == clock.today() + timedelta(days=14)
    assert "もう一度お待ちしています" in mails(MailKind.PART_RECEIVED)[-1]
    moved = Event.select().where(Event.entity == f"order {expired.number}", Event.from_state == "expired")
    assert [event.to_state for event in moved] == ["placed"]


def test_the_missing_yen_pay_an_expired_order_and_bring_the_first_part_along(shop, expired):
    assert refused(shop, expired, 441) == "申し込みの不足額を超えて充当することはできません。"
    allocate(shop, expired, 440)

    assert standing(expired) == ("paid", YEN, 0)
    assert Term.get().starts_on == clock.today()


def test_an_order_reopens_once(shop, expired, business_day):
    allocate(shop, expired, 100)
    business_day(expiry_day(now(expired).due_on, CATALOG.closed_days))
    assert expire_unpaid() == 1

    assert "一度再開しています" in refused(shop, expired, 100)
    assert standing(expired) == ("expired", 0, PART + 100)


def test_a_part_that_was_used_elsewhere_does_not_come_along(shop, expired):
    other = shop.place_for_transfer(shop.draft("other"))
    allocate(shop, other, PART, deposit=Allocation.get(Allocation.account == expired.account).deposit)

    allocate(shop, expired, 440)

    assert standing(expired) == ("placed", 440, 0)


def test_a_newer_order_stands_in_the_way_of_reopening(shop, expired):
    shop.place_for_transfer(shop.draft())

    assert "別の申し込みがある" in refused(shop, expired, 440)
    assert standing(expired) == ("expired", 0, PART)


def test_a_deposit_that_is_the_whole_price_does_not_reopen_a_late_order(shop, expired):
    assert "期限のあとの入金です" in refused(shop, expired, 440, of=YEN)


@pytest.mark.parametrize(
    ("state", "says"), [(OrderState.CANCELLED, "すでに取り消されています"), (OrderState.EXPIRED, "すでに期限切れになっています")]
)
def test_money_for_an_order_that_is_over_is_held_after_a_press(shop, order, business_day, state, says):
    if state == OrderState.CANCELLED:
        bank_orders.give_up(order)
    else:
        business_day(expiry_day(order.due_on, CATALOG.closed_days))
        expire_unpaid()
    deposit = shop.deposit(YEN)
    assert refused(shop, order, YEN, deposit=deposit)
    assert standing(order) == (str(state), 0, 0)

    held_money.hold_for_customer(deposit, order, shop.staff, "番号が一致")

    assert standing(order) == (str(state), 0, YEN)
    assert says in mails(MailKind.MONEY_HELD)[0]
    with pytest.raises(NotPossible):
        held_money.hold_for_customer(deposit, order, shop.staff, "もう一度")
    assert len(mails(MailKind.MONEY_HELD)) == 1


def test_held_money_counts_later_with_its_own_date(shop, order, business_day):
    bank_orders.give_up(order)
    came_on = clock.today()
    deposit = shop.deposit(YEN)
    held_money.hold_for_customer(deposit, order, shop.staff, "番号が一致")
    business_day(came_on + timedelta(days=5))
    newer = shop.place_for_transfer(shop.draft())

    allocate(shop, newer, YEN, deposit=deposit)

    assert standing(newer) == ("paid", YEN, 0)
    assert (now(newer).paid_on, Term.get().starts_on) == (came_on, clock.today())


def test_a_part_makes_a_refused_card_order_a_transfer_and_says_so(shop):
    order = shop.buy(outcome=Outcome.REFUSED)

    allocate(shop, order, PART)

    assert now(order).method == Method.BANK
    [told] = mails(MailKind.PART_RECEIVED)
    assert "クレジットカードから銀行振込に変わりました" in told
    assert "口座：" in told


def with_limit(yen: int) -> Catalog:
    changed = {name: getattr(CATALOG, name) for name in Catalog.__dataclass_fields__}
    return Catalog(**(changed | {"accepted_difference_yen": yen}))


def test_staff_accept_a_difference_up_to_the_limit_once(shop, order):
    with pytest.raises(NotPossible):
        accept_difference(order, shop.staff, "手数料", catalog=with_limit(YEN))
    allocate(shop, order, PART)
    with pytest.raises(NotPossible, match="439円まで"):
        accept_difference(order, shop.staff, "手数料", catalog=with_limit(439))
    accept_difference(order, shop.staff, "手数料", catalog=with_limit(440))
    with pytest.raises(NotPossible):
        accept_difference(order, shop.staff, "手数料", catalog=with_limit(440))

    assert standing(order) == ("paid", YEN, 0)
    waived = [row for row in shop.ledger.allocations if row["source"] == "waived"]
    assert [(row["yen"], row["order_number"], row["company_reference"]) for row in waived] == [
        (440, order.number, f"waived:{order.number}")
    ]
    assert "不足していた440円は、お支払いいただかなくて結構です" in mails(MailKind.PAYMENT_CONFIRMED)[0]
    assert Event.select().where(Event.reason.contains("差額 440円を了承：手数料")).exists()
    assert Event.get(Event.to_state == "paid").reason == "12760円の入金を確認"


def test_a_mail_about_missing_yen_that_waits_is_not_sent_once_they_came(shop, order):
    allocate(shop, order, PART)
    allocate(shop, order, 440)

    [told] = Mail.select().where(Mail.kind == MailKind.PART_RECEIVED)
    assert (told.state, told.untrue_since is None) == ("withdrawn", False)
