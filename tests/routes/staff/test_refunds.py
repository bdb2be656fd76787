"""返金: staff give money back, each with a second look, once; what was shown is what is done."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models import Allocation, Mail, Order, Refund
from portal import clock
from portal.actions.payments import refund_lookups
from portal.actions.payments.results import record_answer
from portal.actions.renewals.closing import close
from portal.formats import date_ja
from portal.gateways.companies import Companies
from portal.sandbox.books.outcomes import Outcome
from tests.browser import Browser
from tests.factories import Workshop, a_customer
from tests.purchase import later
from tests.staff_desk import Clerk, a_bank_order, a_deposit, allocate

WHY = "機器の不具合"


@pytest.fixture
def paid(workshop: Workshop) -> Callable[..., Order]:
    def order(outcome: Outcome = Outcome.PAYS) -> Order:
        return workshop.order(a_customer(), outcome)

    return order


def to_the_look(desk: Browser, address: str, yen: str | None = "3000", *, on: str | None = None) -> Browser:
    desk.visit(address)
    if yen is not None:
        desk.fill("返金する金額", yen)
    if on is not None:
        desk.fill("返金した日", on)
    return desk.fill("理由", WHY).press("確認へ進む")


def of(order: Order) -> str:
    return f"/staff/orders/{order.number}/refund"


def returned() -> list[int]:
    return [row.yen for row in Allocation.select().where(Allocation.source == "returned").order_by(Allocation.id)]


def test_staff_give_back_a_part_of_a_card_payment(desk: Browser, paid) -> None:
    order = paid()
    desk.visit(f"/staff/orders/{order.number}").follow("契約はそのままで返金する")
    assert desk.says("カード会社を通して、お支払いに使われたクレジットカード（Visa 下4桁 4242）に返金します")
    desk.fill("返金する金額", "３，０００円").fill("理由", WHY).press("確認へ進む")

    assert desk.says("契約はそのままです")
    assert desk.says("3,000円（返金できる金額：13,200円）")
    assert returned() == []
    desk.press("OK（3,000円を返金する）")

    assert desk.says("3,000円を返金しました")
    assert desk.says("返金済み")
    assert returned() == [-3_000]
    assert Mail.select().where(Mail.kind == "money_returned").count() == 1
    assert to_the_look(desk, of(order), None).says("10,200円")


@pytest.mark.parametrize("yen", ["0", "-1", "13,201", "12.5", "", "全部"])
def test_an_amount_that_does_not_fit_is_refused_at_its_field(desk: Browser, paid, yen: str) -> None:
    to_the_look(desk, of(paid()), yen)

    assert desk.status == 422
    assert desk.value("返金する金額") == yen
    assert desk.value("理由") == WHY
    assert not Refund.select().exists()


def test_pressed_twice_it_goes_back_once_and_says_so(desk: Browser, paid) -> None:
    order = paid()
    to_the_look(desk, of(order)).press("OK")
    to_the_look(desk, of(order), "200").press("OK", forged={"ordinal": "1", "yen": "3000"})

    assert desk.says("3,000円を返金しました"), "the answer of the first press"
    assert returned() == [-3_000]


def test_two_of_staff_at_once_give_back_once(desk: Browser, other_desk: Browser, paid) -> None:
    order = paid()
    to_the_look(desk, of(order))
    to_the_look(other_desk, of(order))
    desk.press("OK")

    assert other_desk.press("OK").says("すでに受け付けられています")
    assert returned() == [-3_000]


def test_a_refusal_of_the_company_is_said_in_words_and_may_be_tried_again(desk: Browser, paid, companies: Companies) -> None:
    order = paid()
    companies.card.refund(order.latest_payment.company_reference, 13_000, "by hand at the company")
    to_the_look(desk, of(order)).press("OK")

    assert desk.says("カード会社が返金を受け付けませんでした（返金できる残りがない）。3,000円は返金されていません")
    assert desk.says("返金できませんでした")
    assert desk.visit("/staff/attention").says("返金できる残りがない")
    assert to_the_look(desk, of(order), "200").press("OK").says("200円を返金しました")
    assert not desk.visit("/staff/attention").says("返金できませんでした")


def test_money_of_a_closed_account_goes_back_as_well(desk: Browser, catalog, paid) -> None:
    order = paid()
    close(order.account, "staff keiri", "約款違反", catalog)

    assert to_the_look(desk, of(order)).press("OK").says("3,000円を返金しました")
    assert Mail.select().where(Mail.kind == "money_returned").count() == 1


@pytest.mark.parametrize("forged", [{"yen": "1"}, {"reason": "別の理由"}, {"shown": "0" * 64}])
def test_what_was_not_shown_is_not_done(desk: Browser, paid, forged: dict[str, str]) -> None:
    assert to_the_look(desk, of(paid())).press("OK", forged=forged).status == 409
    assert not Refund.select().exists()


def test_without_an_answer_staff_and_customer_read_that_it_is_under_way(desk: Browser, paid, companies: Companies, catalog) -> None:
    order = paid(Outcome.ANSWER_LOST)
    found = companies.card.lookup(order.latest_payment.key)
    record_answer(order.latest_payment, found, actor="card company", catalog=catalog)
    to_the_look(desk, of(order)).press("OK")

    assert desk.says("3,000円の返金を依頼しました。カード会社からの返事を待っています（返金手続き中）")
    assert desk.visit("/staff/attention").says("返金手続き中")
    assert desk.visit(of(order)).says("次の返金はできません")
    assert desk.sign_in("new").visit(f"/orders/{order.number}").says("3,000円　返金手続き中です")

    with later(minutes=2):
        assert len(list(refund_lookups.ask_about_refunds(companies))) == 1
    assert desk.visit(f"/orders/{order.number}").says("返金しました（クレジットカード）")


def test_a_transfer_is_recorded_with_its_day(desk: Browser, clerk: Clerk, catalog) -> None:
    order = a_bank_order(catalog)
    allocate(desk, a_deposit(clerk), order)
    to_the_look(desk, of(order), "13,200")

    assert desk.says("この画面から振り込まれることはありません")
    assert desk.says("返金のお知らせ"), "the mail"
    desk.press("OK（13,200円の返金を記録する）")
    assert returned() == [-13_200]
    assert desk.visit(of(order)).says("返金できるお金が残っていません")


@pytest.mark.parametrize(("days", "says"), [(1, "より後の日付"), (-1, "より前の日付"), (None, "年・月・日で")])
def test_a_day_that_cannot_be_is_refused(desk: Browser, clerk: Clerk, catalog, days: int | None, says: str) -> None:
    deposit = a_deposit(clerk)
    day = "きのう" if days is None else (clock.today() + timedelta(days=days)).isoformat()
    to_the_look(desk, f"/staff/deposits/{deposit.number}/return", "100", on=day)

    assert desk.status == 422
    assert desk.says(says, ".error")
    assert returned() == []


def test_the_rest_of_a_deposit_is_recorded_as_returned(desk: Browser, clerk: Clerk, catalog) -> None:
    order, deposit = a_bank_order(catalog), a_deposit(clerk, 20_000)
    allocate(desk, deposit, order)
    desk.visit(f"/staff/deposits/{deposit.number}").follow("残りの返金を記録する")
    desk.fill("返金する金額", "6,800").fill("理由", WHY).press("確認へ進む")
    assert desk.says("6,800円 → 0円")
    desk.press("OK")

    assert desk.says("6,800円を返金しました")
    assert desk.says("残り（未充当）0円")
    assert returned() == [-6_800]
    assert "20,000" not in desk.visit("/staff/attention").text()


def test_an_order_that_is_not_paid_has_nothing_to_give_back(desk: Browser, catalog) -> None:
    order = a_bank_order(catalog)

    assert desk.visit(of(order)).says("返金できるお金が残っていません")
    assert desk.visit("/staff/orders/00000000/refund").status == 404
    assert desk.visit(f"/staff/orders/{order.number}/payments/1/refund").says("返金できるお金が残っていません")


def to_cancel(desk: Browser, order: Order, day: str | None = None) -> Browser:
    desk.visit(f"/staff/orders/{order.number}").follow("申し込みを取り消して返金する")
    if day is not None:
        desk.fill("利用できる最後の日", day)
    return desk.fill("理由", WHY).press("確認へ進む")


def test_a_paid_order_is_cancelled_and_its_money_goes_back(desk: Browser, paid) -> None:
    order, today = paid(), clock.today()
    to_cancel(desk, order)

    assert desk.says("13,200円は、カード会社を通してクレジットカードに返金します")
    assert desk.says("入金確認済 → 取消")
    assert desk.says("自動更新：あり → なし")
    assert desk.says(f"{date_ja(today)}まで利用できます")
    assert desk.says("お申し込みを取り消しました"), "the mail"
    assert Order.get_by_id(order.id).is_paid
    desk.press("OK（申し込みを取り消して返金する）")

    assert desk.says("申し込みを取り消しました")
    assert desk.says("返金済み")
    assert returned() == [-13_200]
    desk.sign_in("new")
    assert desk.visit(f"/orders/{order.number}").says("13,200円")
    assert desk.visit("/contract").says(f"お申し込みを取り消しました。{date_ja(today)}までご利用いただけます")
    assert not desk.says("ご入金の確認をやり直しています")


@pytest.mark.parametrize(("days", "says"), [(-1, "より前の日"), (800, "契約期間の終わり"), (None, "年・月・日で")])
def test_a_last_day_that_cannot_be_is_refused(desk: Browser, paid, days: int | None, says: str) -> None:
    day = "あした" if days is None else (clock.today() + timedelta(days=days)).isoformat()
    to_cancel(desk, paid(), day)

    assert desk.status == 422
    assert desk.says(says, ".error")
    assert not Refund.select().exists()


def test_an_unpaid_order_is_not_cancelled_here(desk: Browser, catalog) -> None:
    order = a_bank_order(catalog)
    desk.visit(f"/staff/orders/{order.number}/cancel-and-refund").fill("理由", WHY).press("確認へ進む")

    assert desk.status == 409
    assert desk.says("支払い済みではありません")
