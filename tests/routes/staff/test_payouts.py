"""振込での返金: staff type the customer's account, make one file of what is planned, and say what the bank made of it."""

from collections.abc import Callable
from datetime import date

import pytest

from models import Account, Event, Mail, Order, Payout, PayoutFile
from portal.catalog import Catalog
from portal.enums import MailKind, StaffRole
from tests.browser import Browser
from tests.factories import a_customer
from tests.routes.staff.test_held_list import TODAY, hold
from tests.staff_desk import YEN, Clerk, a_bank_order, a_clerk, a_deposit, allocate, sign_in

TYPED = {"銀行コード": "０００１", "支店コード": "012", "口座番号": "1234567", "口座名義": "やまだ　タロー"}
WHY = "お客様のご希望"


@pytest.fixture(autouse=True)
def today(business_day: Callable) -> None:
    business_day(TODAY)


def type_account(desk: Browser, **typed: str) -> Browser:
    for label, text in (TYPED | typed).items():
        desk.fill(label, text)
    return desk.fill("理由", WHY)


@pytest.fixture
def planned(desk: Browser, clerk: Clerk) -> Payout:
    deposit = hold(clerk, a_customer(), 13_000, 3).deposit
    type_account(desk.visit(f"/staff/deposits/{deposit.number}").follow("振込で返金する")).press("確認へ進む").press("OK")
    return Payout.get()


def to_the_file(desk: Browser) -> Browser:
    return desk.visit("/staff/payouts").follow("総合振込のファイルを作る").fill("メモ", "今週分").press("確認へ進む")


def test_from_held_money_to_the_customers_mail(desk: Browser, clerk: Clerk) -> None:
    deposit = hold(clerk, a_customer(), 13_000, 3).deposit
    type_account(desk.visit("/staff/held").follow("振込で返金する")).press("確認へ進む")
    assert desk.says("銀行 0001　支店 012　普通 1234567")
    assert desk.says("ﾔﾏﾀﾞ ﾀﾛ-")
    assert desk.says("入金の残り 13,000円 → 0円")
    assert desk.says("返金（銀行振込） 13,000円：返金予定")
    desk.press("OK（返金の予定にする）")
    assert desk.says("返金の予定にしました。")
    assert desk.visit(f"/staff/deposits/{deposit.number}").says("13,000円（残りには入っていません）")
    desk.sign_in("new")
    assert desk.visit("/contract").says("13,000円をお預かりしています（うち13,000円は、お振込でのご返金を準備しています）")

    to_the_file(desk)
    assert desk.says("合計 13,000円")
    desk.press("OK（ファイルを作る）")
    file = PayoutFile.get()
    desk.follow(file.number)
    assert desk.says("0001-012 普通 ****567 ﾔﾏ…")
    assert "1234567" not in desk.html
    assert desk.says("ファイル作成済")
    assert desk.says("銀行が振り込む2026年11月17日（火）から、返金済にできます。")
    assert not desk.says("もう一度振り込まれます")
    assert not desk.offers("銀行が振り込んだので、返金済にする")
    desk.visit(f"/staff/payouts/files/{file.number}/paid").fill("メモ", "明細で確認").press("確認へ進む")
    assert desk.says("振込指定日（2026-11-17）より前に、返金済にはできません。")


def test_the_bank_has_paid(desk: Browser, planned: Payout, business_day: Callable) -> None:
    to_the_file(desk).press("OK")
    business_day(date(2026, 11, 17))
    number = PayoutFile.get().number
    desk.visit(f"/staff/payouts/files/{number}/paid").fill("メモ", "明細で確認").press("確認へ進む")
    assert desk.says("返金日 2026-11-17")
    desk.press("OK（返金済にする）")

    assert desk.says("返金済にしました。")
    [told] = Mail.select().where(Mail.kind == MailKind.MONEY_RETURNED)
    assert "金額：13,000円\n返金日：2026年11月17日（火）" in told.body
    assert Account.by_login("new").held_yen == 0
    assert not desk.offers("銀行が振り込んだので、返金済にする")


def test_what_waits_for_staff_is_at_what_needs_attention_until_it_is_done(desk: Browser, planned: Payout, business_day: Callable) -> None:
    def attention() -> str:
        return desk.visit("/staff/attention").text("main")

    assert "銀行のファイルを作る" in attention()
    assert desk.says("要確認 1")
    to_the_file(desk).press("OK")
    assert planned.number not in attention()
    assert not desk.says("要確認 1")

    business_day(date(2026, 11, 17))
    assert "銀行が2026年11月17日（火）に振り込んだかを確かめ、返金済か振込不能にする" in "".join(attention().split("\n"))
    desk.follow("銀行が").follow("銀行が振り込んだので、返金済にする").fill("メモ", "明細").press("確認へ進む").press("OK")
    assert planned.number not in attention()


def test_the_file_is_saved_by_those_who_may_act_with_a_fresh_code_the_same_each_time(desk: Browser, planned: Payout) -> None:
    to_the_file(desk).press("OK").follow(PayoutFile.get().number)
    where = desk.url
    first = desk.press("ファイルを保存する").html
    assert desk.visit(where).press("ファイルを保存する").html == first
    assert first.split("\r\n")[1].startswith("20001")
    assert "sofuri-20261117-" in desk.headers["Content-Disposition"]
    told = Event.select().where(Event.entity.startswith("payout-file")).order_by(Event.id)
    assert [event.reason for event in told] == ["今週分", "ファイルを保存"], "the note, and who has it"

    looker = a_clerk("miru", "閲覧 一郎")
    type(looker.staff).update(role=StaffRole.VIEWING).where(type(looker.staff).id == looker.staff.id).execute()
    sign_in(desk.visit(where).press("ログアウト"), looker).visit(where)
    assert not desk.offers("ファイルを保存する")
    assert desk.post_raw(f"{where}/saving", {}).status == 403


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("銀行コード", "123", "銀行コードは、0も略さず4けたの数字で"),
        ("支店コード", "12A", "支店コードは、0も略さず3けたの数字で"),
        ("口座番号", "", "口座番号は、0も略さず7けたの数字で"),
        ("口座番号", "12345678", "口座番号は、0も略さず7けたの数字で"),
        ("口座名義", "山田太郎", "「山田太郎」は、銀行のファイルに書けません"),
        ("口座名義", "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホガ", "30文字まで"),
        ("口座名義", "", "口座名義（カナ）を入力してください"),
        ("返金する金額", "13,001", "返金できるのは13,000円まで"),
        ("返金する金額", "0", "1円から"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_changes_nothing(desk: Browser, clerk: Clerk, field: str, text: str, says: str) -> None:
    deposit = hold(clerk, a_customer(), 13_000, 3).deposit
    type_account(desk.visit(f"/staff/deposits/{deposit.number}/payout"), **{field: text}).press("確認へ進む")

    assert desk.status == 422
    assert desk.says(says, ".error")
    assert desk.value(field) == text
    assert not Payout.select().exists()


def test_another_account_for_what_is_planned_already_is_not_answered_as_done(desk: Browser, other_desk: Browser, clerk: Clerk) -> None:
    deposit = hold(clerk, a_customer(), 13_000, 3).deposit
    type_account(desk.visit(f"/staff/deposits/{deposit.number}/payout")).press("確認へ進む")
    again = desk.new_tab()
    desk.press("OK")
    again.press("OK", forged={"account_number": "7654321"})

    assert again.status == 422, "nothing is left to give back"
    assert [payout.account_number for payout in Payout.select()] == ["1234567"]


def test_a_file_asked_for_twice_and_a_day_that_is_no_business_day(desk: Browser, other_desk: Browser, planned: Payout) -> None:
    desk.visit("/staff/payouts/file").fill("振込指定日", "2026-11-23").fill("メモ", "x").press("確認へ進む")
    assert desk.says("振込指定日は、銀行の営業日", ".error")
    to_the_file(desk), to_the_file(other_desk)
    desk.press("OK")

    other_desk.press("OK")
    assert other_desk.status == 409
    assert desk.visit("/staff/payouts/file").says("ファイルにする返金の予定がありません。")
    assert PayoutFile.select().count() == 1


def test_a_plan_is_taken_back_and_a_failed_transfer_gives_the_money_back(desk: Browser, planned: Payout) -> None:
    desk.visit("/staff/payouts").follow("取りやめる").fill("理由", WHY).press("確認へ進む")
    assert desk.says("入金の残り 0円 → 13,000円")
    desk.press("OK")
    assert desk.says("返金の予定を取りやめました。")
    type_account(desk.visit(f"/staff/deposits/{planned.deposit.number}/payout")).press("確認へ進む").press("OK")
    to_the_file(desk).press("OK").follow(PayoutFile.get().number).follow("振込不能にする")
    desk.fill("理由", "口座番号違い").press("確認へ進む").press("OK")

    assert [payout.state for payout in Payout.select().order_by(Payout.id)] == ["withdrawn", "failed"]
    assert planned.deposit.rest_yen == 13_000
    assert desk.visit(f"/staff/payouts/files/{PayoutFile.get().number}").says("ファイルを銀行に渡すと、その返金ももう一度振り込まれます。")


def test_money_of_an_order_goes_back_the_same_way(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    allocate(desk, a_deposit(clerk, YEN, on=TODAY), order)
    desk.visit(f"/staff/orders/{order.number}").follow("契約はそのままで、振込で返金する")
    type_account(desk.fill("返金する金額", "3,000")).press("確認へ進む").press("OK")

    assert Payout.get().order == order
    assert desk.visit(f"/staff/orders/{order.number}/refund").says("3,000円は、振込で返金する予定です")
    assert Order.get_by_id(order.id).is_paid
