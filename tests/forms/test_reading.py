"""What people type, paste and let their browsers fill in: from forms, statements, IMEs, phones, Macs and PDF files."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.forms import reading
from portal.rules.transfers.order_numbers import order_numbers

DAY = date(2026, 11, 22)
BOM, NBSP, ZERO_WIDTH, SOFT_HYPHEN = "\ufeff", "\u00a0", "\u200b", "\u00ad"

NUMBERS = {
    "0": 0, "1": 1, "20": 20, "１２": 12, "　３ ": 3, " 7\n": 7, "1,000": 1000, "１，０００": 1000, "007": 7, "999999": 999_999,
    f"{NBSP}5{NBSP}": 5, f"{BOM}3": 3, f"1{ZERO_WIDTH}2": 12, "999,999": 999_999,
}  # fmt: skip
NO_NUMBERS = [
    None, "", " ", "　", "-1", "−1", "－１", "+1", "1.5", "１．５", "1e3", "0x10", "１台", "一", "½", "²", "①", "Ⅳ", "1000000", "1,23",
    "1000000000", "1" * 100_000, "NaN", "inf", "1 2", "🍣", "𠮷", "٣", "१", "１２３４５６７", "--1", "1_0", "1️⃣", "十二",
    "1,0000", "\ud800",
]  # fmt: skip

AMOUNTS = [
    "13200", "13,200", "１３２００", "１３，２００", "¥13,200", "￥13,200", "\\13,200", "＼13,200", "13,200円", "13,200 円",
    "１３，２００円",
    "¥13,200-", "¥13,200－", "13,200-", "13,200.-", "金13,200円", "金１３，２００円也", "¥ 13,200", f"13,200{NBSP}円", "13、200",
    f"{BOM}13,200", " 13,200\t", f"13,2{ZERO_WIDTH}00円", "０１３２００", "13,200ポイント", "¥13,200ー",
]  # fmt: skip
NO_AMOUNTS = [
    None, "", "円", "¥", "12.5", "−1", "-13,200", "▲13,200", "△13200", "1,23", "13.200", "1,3200", "13,20", "10¹²", "１万", "1万3,200円",
    "13 200", "13,200円13,200円", "13200円?", "abc", "①③", "٣", "9" * 16, "1" * 100_000, "(13,200)", "13,200+440", "税込13,200",
]  # fmt: skip

DATES = [
    "2026-11-22", "2026/11/22", "2026.11.22", "2026年11月22日", "2026年11月22", "20261122", "２０２６１１２２", "２０２６年１１月２２日",
    "２０２６／１１／２２", "２０２６－１１－２２", "2026‐11‐22", "2026‑11‑22", "2026‒11‒22", "2026–11–22", "2026—11—22", "2026―11―22",
    "2026−11−22", "2026ー11ー22", "2026ｰ11ｰ22", "2026─11─22", " 2026 - 11 - 22 ", "2026年 11月 22日", "2026年11月22日（日）",
    "2026/11/22(日)", "2026年11月22日日曜日", "2026.11.22（日曜）", "令和8年11月22日", "令和８年１１月２２日", "令和 8年 11月 22日",
    "令和08年11月22日", "R8.11.22", "r8.11.22", "R8/11/22", "R08-11-22", "Ｒ８．１１．２２", "㋿8年11月22日", "R8年11月22日",
    f"2026-11-22{NBSP}", f"{BOM}2026-11-22", f"2026{ZERO_WIDTH}-11-22", "\u202a2026-11-22\u202c", "2026/11/22\r\n",
]  # fmt: skip
OLDER_DATES = {
    "令和元年5月1日": date(2019, 5, 1), "令和1年12月31日": date(2019, 12, 31), "平成31年4月30日": date(2019, 4, 30),
    "H31.4.30": date(2019, 4, 30), "昭和64年1月7日": date(1989, 1, 7), "S64.1.7": date(1989, 1, 7), "平成元年1月8日": date(1989, 1, 8),
    "2026-1-2": date(2026, 1, 2), "2028年2月29日": date(2028, 2, 29), "20260102": date(2026, 1, 2),
}  # fmt: skip
NO_DATES = [
    "9999-12-31", "0001-01-01",  # whoever counts days from them counts too far
    None, "", "11-22", "11/22", "26-11-22", "8.11.22", "8年11月22日", "261122", "081122", "22/11/2026", "Nov 22 2026", "2026-13-01",
    "2026-02-29", "2026-11-31", "20261131", "2026-11/22", "2026-11", "2026年11月", "昨日", "令和元年4月30日", "令和0年1月1日",
    "明治45年7月30日",
    "2026-11-22-01", "0000-01-01", "2026年11月22日（月）", "2026-1１-²2", "9" * 100_000, "2026-11-22 10:00", "２０２６一１１一２２",
]  # fmt: skip

ORDER_NUMBERS = [
    "26131912", "２６１３１９１２", "#26131912", "＃26131912", "No.26131912", "№26131912", "ＮＯ．２６１３１９１２", "2613-1912",
    "２６１３－１９１２", "2613ー1912", "2613−1912", "2613 1912", "お申し込み番号：26131912", "申し込み 26131912 です",
    "26131912 ﾐﾎﾝ ﾀﾛｳ",
    "26131912ﾐﾎﾝﾀﾛｳ", "ﾐﾎﾝ ﾀﾛｳ 26131912", "ﾌﾘｺﾐ 26131912 ﾐﾎﾝ ﾀﾛｳ", "  26131912\n",
    f"26131912{NBSP}見本 太郎", f"2613{ZERO_WIDTH}1912",
    "2613-19-12", "1件目 26131912", "26131912 26131912", "2026-11 26131912",
]  # fmt: skip
NO_ORDER_NUMBERS = [None, "", "1234567", "123456789", "1234 5678 9012", "見本 太郎", "26131912 87654321", "２６１３", "①②③④⑤⑥⑦⑧", "1" * 500]

NAMES = {
    "見本 花": "見本 花", " 見本　花 ": "見本 花", f"見本{NBSP}花": "見本 花", "見本\t花": "見本 花", "見本\n花": "見本 花",
    "見本  　 花": "見本 花",
    f"見本{ZERO_WIDTH}花": "見本花", f"{BOM}見本 花": "見本 花", f"見{SOFT_HYPHEN}本": "見本",
    "カ\u3099ス": "ガス", f"カ{ZERO_WIDTH}\u3099ス": "ガス", "ハ\u309aン": "パン",
    "e\u0301": "é", "髙﨑 𠮷": "髙﨑 𠮷", "葛\U000e0100城": "葛\U000e0100城", "ﾐﾎﾝ ﾀﾛｳ": "ﾐﾎﾝ ﾀﾛｳ",
    "見本\0花": "見本花", "\u202e見本\u202c": "見本",
    "ミホン　タロウ\r\n": "ミホン タロウ", "O'Brien": "O'Brien", "": "", " 　\u200b": "", "見本\ud800": "見本",
    "\u3164\u3164": "", "\u115f\u2800\uffa0": "", "見\u3164本\u034f": "見本", "\ufe0f \U000e0100": "", "\u0301": "",
    "見本\U0010ffff\ue000": "見本", "（株）見本": "（株）見本",
}  # fmt: skip

LOGINS = {
    "card": "card", "Card": "card", "ｃａｒｄ": "card", " card ": "card", "ＣＡＲＤ－０１": "card-01", "card‐01": "card-01",
    "cardー01": "card-01",
    f"card{ZERO_WIDTH}": "card", f"{NBSP}card": "card", "card@example.jp": "card@example.jp",
    "ｃａｒｄ＠ｅｘａｍｐｌｅ．ｊｐ": "card@example.jp",
    "a b": "a b", "": "",
}  # fmt: skip

EXPIRIES = [
    "12/28", "1228", "12/2028", "122028", "１２／２８", "１２２８", "12-28", "12 / 28", " 12/28 ", "12−28", "１２ー２８", "12.28",
    "2028-12",
    "2028/12", "202812", "２０２８－１２", "2028年12月", "12月2028年", "12月28年", "2028‐12", "12–28", f"12{NBSP}/{NBSP}28",
    "2028.12", "12/28\n",
]  # fmt: skip
NO_EXPIRIES = [
    None, "", "12", "128", "12/2", "12/028", "ab/cd", "12/28/30", "🎉", "1 2 2 8 9", "4242 4242 4242 4242", "1" * 100_000, "28年",
    "²/28", "2028-12-01", "302812",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "number"), NUMBERS.items())
def test_a_number_is_accepted_in_any_usual_notation(typed: str, number: int) -> None:
    assert reading.whole_number(typed) == number


def test_what_is_no_whole_number_is_refused() -> None:
    assert [typed for typed in NO_NUMBERS if reading.whole_number(typed) is not None] == []


def test_yen_are_read_as_people_write_them() -> None:
    assert [typed for typed in AMOUNTS if reading.yen_amount(typed) != 13_200] == []
    assert [typed for typed in NO_AMOUNTS if reading.yen_amount(typed) is not None] == []


@pytest.mark.parametrize("typed", DATES)
def test_a_date_is_read_in_every_usual_notation(typed: str) -> None:
    assert reading.calendar_date(typed) == DAY


def test_older_dates_have_older_eras() -> None:
    assert {typed: reading.calendar_date(typed) for typed in OLDER_DATES} == OLDER_DATES


def test_a_date_that_could_be_another_is_refused() -> None:
    assert [typed for typed in NO_DATES if reading.calendar_date(typed) is not None] == []


def test_the_order_number_is_found_in_what_is_copied_around_it() -> None:
    assert [typed for typed in ORDER_NUMBERS if reading.order_number(typed) != "26131912"] == []
    assert [typed for typed in NO_ORDER_NUMBERS if reading.order_number(typed)] == []
    assert order_numbers("87654321 ﾐﾎﾝ 1234-5678") == ("87654321", "12345678")


@pytest.mark.parametrize(("typed", "name"), NAMES.items())
def test_a_name_keeps_its_letters_and_loses_what_cannot_be_seen(typed: str, name: str) -> None:
    assert reading.one_line(typed) == name


def test_an_id_may_be_typed_with_the_input_method_on() -> None:
    assert {typed: reading.login_id(typed) for typed in LOGINS} == LOGINS


def test_a_mail_address_may_be_typed_with_the_input_method_on() -> None:
    typed = [" ｈａｎａ＠ｅｘａｍｐｌｅ．ｊｐ　", f"hana@{ZERO_WIDTH}example.jp", "hana@example。jp", "ｈａｎａ＠ｅｘａｍｐｌｅ｡ｊｐ"]

    assert [text for text in typed if reading.mail_address(text) != "hana@example.jp"] == []


def test_an_expiry_is_read_in_the_orders_that_people_and_browsers_use() -> None:
    assert [typed for typed in EXPIRIES if reading.card_expiry(typed) != (12, 2028)] == []
    assert [typed for typed in NO_EXPIRIES if reading.card_expiry(typed) is not None] == []
    assert reading.card_expiry("1/29") == (1, 2029)


READERS = [
    reading.whole_number, reading.yen_amount, reading.calendar_date, reading.order_number, reading.one_line, reading.login_id,
    reading.card_expiry, reading.digits,
]  # fmt: skip
TYPED = st.text(st.one_of(st.characters(), st.sampled_from("0123456789０１２-ー−/.,，年月日令和元RＲ¥￥円 　\u200b\u00a0")), max_size=40)


@given(TYPED)
@example("1" * 300)
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in READERS:
        read(text)


@given(st.dates(date(2019, 5, 1), date(2099, 12, 31)))
def test_a_date_is_read_back_from_each_notation(day: date) -> None:
    era = f"令和{day.year - 2018}年{day.month}月{day.day}日".replace("令和1年", "令和元年")
    for text in (day.isoformat(), f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日（{'月火水木金土日'[day.weekday()]}）", era):
        assert reading.calendar_date(text) == day


@given(st.integers(0, 999_999_999))
def test_an_amount_is_read_back_as_it_was_printed(yen: int) -> None:
    assert reading.yen_amount(f"{yen:,}円") == reading.yen_amount(f"¥{yen:,}-") == reading.yen_amount(str(yen)) == yen
