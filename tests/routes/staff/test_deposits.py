"""Recording a line of the bank statement: input is checked strictly, and a duplicate needs a confirmation."""

from collections.abc import Callable
from datetime import date

import pytest

from models import Deposit, Event
from portal.catalog import Catalog
from portal.forms.reading import yen_amount
from tests.browser import Browser
from tests.staff_desk import Clerk, a_bank_order, a_deposit, a_report

MONDAY = date(2026, 11, 16)
FORMULAS = ["=HYPERLINK(1)", "+1", "-1", "@x", "＝1+1"]


@pytest.fixture(autouse=True)
def monday(app: object, business_day: Callable) -> None:
    business_day(MONDAY)


def typed(desk: Browser, **fields: str) -> Browser:
    form = {"取扱日": "2026-11-16", "起算日": "", "金額": "13,200", "振込依頼人名": "ﾐﾎﾝ ﾀﾛｳ"} | fields
    desk.visit("/staff/deposits/new")
    for label, text in form.items():
        desk.fill(label, text)
    return desk.press("入力する")


def test_a_recorded_deposit_waits_for_its_allocation(desk: Browser) -> None:
    typed(desk)

    deposit = Deposit.get()
    assert (deposit.yen, deposit.booked_on, deposit.valued_on, deposit.payer) == (13_200, MONDAY, MONDAY, "ﾐﾎﾝ ﾀﾛｳ")
    assert desk.url == f"/staff/deposits/{deposit.number}"
    assert desk.says("残り（未充当）13,200円")
    assert Event.get(Event.entity == f"deposit {deposit.number}").actor == "staff keiri"


@pytest.mark.parametrize("text", ["１，２３４", "1,234", "１２３４", "1234円", "￥1,234", " 1234 "])
def test_an_amount_may_be_typed_full_width(desk: Browser, text: str) -> None:
    typed(desk, 金額=text)

    assert Deposit.get().yen == 1_234


def test_what_cannot_be_seen_is_not_shown_again(desk: Browser) -> None:
    """The browser proves the page sound: no control characters."""
    typed(desk, 金額="x\x07\ufffe", 振込依頼人名="ﾐﾎﾝ\x85")

    assert (desk.status, desk.value("金額"), desk.value("振込依頼人名")) == (422, "x", "ﾐﾎﾝ")


NO_YEN = ["12.5", "−1", "-1", "10¹²", "1000000000000", "0", "", "1,23", "12,34,567", "一万", "1e3", "²", "१२", "1 234", "=1"]


@pytest.mark.parametrize("text", NO_YEN)
def test_an_amount_that_is_no_whole_yen_is_refused(desk: Browser, text: str) -> None:
    typed(desk, 金額=text)

    assert desk.status == 422
    assert desk.says("1円から999,999,999円までの整数で入力してください", ".error")
    assert desk.value("金額") == text
    assert not Deposit.select().exists()


@pytest.mark.parametrize(("text", "yen"), [("１２．５", None), ("1,000,000", 1_000_000), ("1,0000", None), ("", None), ("9" * 16, None)])
def test_an_amount_in_yen_is_read_or_refused(text: str, yen: int | None) -> None:
    assert yen_amount(text) == yen


@pytest.mark.parametrize("day", ["2026-11-17", "2026-02-30", "16日", "", "2025-11-01", "0001-01-01", "9999-12-31"])
def test_an_impossible_date_is_refused(desk: Browser, day: str) -> None:
    typed(desk, 取扱日=day)

    assert desk.status == 422
    assert desk.page.soup.select_one("#booked_on-error")
    assert not Deposit.select().exists()


@pytest.mark.parametrize("day", ["2026-11-17", "2026-10-01", "明日"])
def test_an_impossible_value_date_is_refused(desk: Browser, day: str) -> None:
    typed(desk, 起算日=day)

    assert desk.status == 422
    assert desk.page.soup.select_one("#valued_on-error")


def test_dates_are_accepted_in_any_usual_notation(desk: Browser) -> None:
    typed(desk, 取扱日="２０２６年１１月１６日", 起算日="2026/11/13")

    assert (Deposit.get().booked_on, Deposit.get().valued_on, Deposit.get().counts_on) == (MONDAY, date(2026, 11, 13), date(2026, 11, 13))


@pytest.mark.parametrize("name", ["", "　", "\u200b", "x" * 101])
def test_an_empty_or_overlong_payer_name_is_refused(desk: Browser, name: str) -> None:
    desk.visit("/staff/deposits/new").press("入力する", forged={"payer": name, "yen": "100"})

    assert desk.status == 422
    assert not Deposit.select().exists()


@pytest.mark.parametrize("name", ["ヤマダ タロウ", "ｶ)ﾔﾏﾀﾞ", *FORMULAS, "<b>山田</b>"])
def test_a_payer_name_is_stored_as_the_bank_wrote_it(desk: Browser, name: str) -> None:
    typed(desk, 振込依頼人名=name)

    assert Deposit.get().payer == name
    assert desk.says(name)


PASTED = ["ヤマダ　タロウ", "ヤマダ\nタロウ", " ヤマダ\u00a0タロウ\u200b", "\u202eヤマダ\u202c  タロウ", "ヤマタ\u3099 タロウ"]


@pytest.mark.parametrize("name", PASTED)
def test_a_pasted_payer_name_becomes_one_visible_line(desk: Browser, name: str) -> None:
    typed(desk, 振込依頼人名=name)

    assert Deposit.get().payer == "ヤマダ タロウ"


def test_a_possible_duplicate_deposit_needs_a_confirmation(desk: Browser, clerk: Clerk) -> None:
    first = a_deposit(clerk)

    typed(desk)
    assert desk.status == 409
    assert desk.h1 == "同じ入金がすでにあります"
    assert desk.offers(first.number)
    assert Deposit.select().count() == 1
    desk.press("OK")

    assert Deposit.select().count() == 2


def test_the_same_name_and_amount_for_another_order_is_no_duplicate(desk: Browser, clerk: Clerk) -> None:
    a_deposit(clerk, payer="12345678 ﾐﾎﾝ ﾀﾛｳ")

    assert typed(desk, 振込依頼人名="ミホン タロウ 12345678").status == 409
    assert typed(desk, 振込依頼人名="87654321 ﾐﾎﾝ ﾀﾛｳ").status == 200


def test_the_same_form_sent_twice_records_one_deposit(desk: Browser) -> None:
    typed(desk)
    number = Deposit.get().number

    desk.back().press("入力する")

    assert desk.url == f"/staff/deposits/{number}"
    assert desk.says("入金を入力しました")
    assert Deposit.select().count() == 1


def test_a_form_without_its_form_token_is_refused(desk: Browser) -> None:
    for mark in (None, "", "x" * 65):
        desk.visit("/staff/deposits/new").fill("金額", "100").fill("振込依頼人名", "x").press("入力する", forged={"form_token": mark})
        assert desk.status == 422

    assert not Deposit.select().exists()


def test_the_best_matching_order_is_listed_first(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    by_amount = a_bank_order(catalog, "amount", name="別人 一")
    by_name = a_bank_order(catalog, "name", months=1, name="別人 二")
    a_report(by_name, "ヤマダ タロウ")
    by_number = a_bank_order(catalog, "number", months=3, name="別人 三")
    stranger = a_bank_order(catalog, "stranger", months=6, name="別人 四")

    desk.visit(f"/staff/deposits/{a_deposit(clerk, 13_200, f'{by_number.number} ﾔﾏﾀﾞ ﾀﾛｳ').number}")

    rows = [row.get_text(" ") for row in desk.page.soup.select("tbody tr")]
    assert [by_number.number in rows[0], by_amount.number in desk.html, by_name.number in desk.html] == [True, True, True]
    assert "番号" in rows[0]
    assert stranger.number not in desk.html


def test_an_order_is_found_by_its_number_typed_full_width(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    wide = order.number.translate(str.maketrans("0123456789", "０１２３４５６７８９"))

    desk.visit(f"/staff/deposits/{a_deposit(clerk, 500, 'X').number}").fill("ほかの申し込みの番号", wide).press("この申し込みに進む")

    assert desk.h1 == "入金を申し込みに充当する"
    assert desk.value("充当する金額") == "500"


def test_an_unknown_order_is_said_to_be_unknown(desk: Browser, clerk: Clerk) -> None:
    address = f"/staff/deposits/{a_deposit(clerk, 500, 'X').number}"
    for search_query in ("00000000", "%", "' OR 1=1", "", "x" * 5000):
        desk.visit(address).fill("ほかの申し込みの番号", search_query).press("この申し込みに進む")
        assert desk.says("は見つかりません")


def test_the_list_of_deposits_shows_unallocated_amounts_and_can_be_searched(desk: Browser, clerk: Clerk) -> None:
    a_deposit(clerk, 1_234, "ﾔﾏﾀﾞ")
    a_deposit(clerk, 5_000, "ｽｽﾞｷ")

    for search_query in ("１，２３４", "ヤマダ", "やまだ"):
        desk.visit("/staff/deposits").fill("検索", search_query).press("検索する")
        assert (desk.says("ﾔﾏﾀﾞ", "tbody"), desk.says("ｽｽﾞｷ", "tbody")) == (True, False)

    desk.visit("/staff/deposits").tick("残りがあるものだけ").press("検索する")
    assert desk.says("ｽｽﾞｷ", "tbody")


@pytest.mark.parametrize(
    ("reported", "printed", "is_found"),
    [
        ("キョウコ　ショウジ", "ｷﾖｳｺ ｼﾖｳｼﾞ", True),
        ("ミホン商事（株）", "12345678 ﾐﾎﾝ商事", True),
        ("カブシキガイシャ　ミホンショウジホールディングス", "ｶ)ﾐﾎﾝｼﾖｳｼﾞﾎ-ﾙﾃﾞｲﾝ", True),
        ("ミホン タロウ", "ﾐﾎﾝ ｼﾞﾛｳ", False),
    ],
)
def test_an_order_is_suggested_by_the_name_as_the_bank_prints_it(
    desk: Browser, clerk: Clerk, catalog: Catalog, reported: str, printed: str, is_found: bool
) -> None:
    order = a_bank_order(catalog)
    a_report(order, reported)
    deposit = a_deposit(clerk, 999, printed)

    desk.visit(f"/staff/deposits/{deposit.number}")

    assert desk.says(order.number) is is_found
    assert desk.says("名義", "tbody") is is_found
