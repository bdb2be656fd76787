"""Banks' own CSV: known by the header, read by the names of the columns, refused whole with the line and the reason."""

from dataclasses import replace
from datetime import date

import pytest

from portal.catalog import Catalog
from portal.enums import LineKind
from portal.rules.transfers.bank_files.csv_profiles import PROFILES
from portal.rules.transfers.bank_files.reading import read_bank_file
from portal.rules.transfers.bank_files.statement import StatementFile, Unreadable

TODAY = date(2026, 11, 22)
DAY = date(2026, 9, 1)
RAKUTEN = "取引日,入出金(円),残高(円),入出金先内容"
SUMISHIN = "日付,内容,出金金額(円),入金金額(円),残高(円),メモ"
FILES = {
    "楽天銀行": (RAKUTEN, "20260901,13200,113200,ﾔﾏﾀﾞ ﾀﾛｳ", "20260901,-440,112760,振込手数料", "cp932"),
    "GMOあおぞらネット銀行": (
        "日付,摘要,入金金額,出金金額,残高,メモ",
        '20260901,振込 ﾔﾏﾀﾞ ﾀﾛｳ,"13,200",,113200,',
        "20260901,手数料,,440,112760,",
        "cp932",
    ),
    "SBI新生銀行": (
        "取引日,摘要,出金金額,入金金額,残高,メモ",
        "2026/09/01,振込　ﾔﾏﾀﾞ ﾀﾛｳ,,13200,113200,",
        "2026/09/01,手数料,440,,112760,",
        "utf-8-sig",
    ),
    "住信SBIネット銀行": (
        SUMISHIN,
        '"2026/09/01","振込＊ﾔﾏﾀﾞ ﾀﾛｳ","","13,200","113,200",""',
        '"2026/09/01","手数料","440","","112,760",""',
        "cp932",
    ),
    "PayPay銀行": (
        PROFILES[4].header,
        "2026,9,1,10,20,30,12345,振込 ﾔﾏﾀﾞ ﾀﾛｳ,,13200,113200,",
        "2026,9,1,10,20,31,12346,手数料,440,,112760,",
        "cp932",
    ),
    "三菱UFJ銀行": (PROFILES[5].header, '2026/9/1,振込１,ﾔﾏﾀﾞ ﾀﾛｳ,,"13,200","113,200",,,', "2026/9/1,手数料,,440,,112760,,,", "cp932"),
    "三菱UFJ銀行 BizSTATION": (
        PROFILES[6].header,
        "9999,テスト,999,本店,普通,9000001,カ）サンプル,260901,入金,振込,13200,0,,,9999000001,ﾔﾏﾀﾞ ﾀﾛｳ,テスト,本店,,",
        "9999,テスト,999,本店,普通,9000001,カ）サンプル,260901,出金,振替,440,0,,,,テスウリヨウ,,,,",
        "cp932",
    ),
    "三井住友銀行": (PROFILES[7].header, "2026/09/01,,13200,振込　ﾔﾏﾀﾞ ﾀﾛｳ,113200,,", "2026/09/01,440,,手数料,112760,,", "cp932"),
    "ゆうちょ銀行": (
        PROFILES[8].header,
        "20260901,000042,振込,ﾔﾏﾀﾞ ﾀﾛｳ,,13200,,,113200,,,",
        "20260901,000043,料金,,440,,,,112760,,,",
        "utf-8",
    ),
}


def read(text: str, catalog: Catalog, encoding: str = "utf-8") -> StatementFile:
    return read_bank_file(text.encode(encoding), catalog.bank_accounts, TODAY)


@pytest.mark.parametrize("bank", FILES)
def test_each_bank_s_file_gives_exactly_its_lines(bank: str, catalog: Catalog):
    header, came, went, encoding = FILES[bank]

    found = read("\r\n".join(["口座情報,普通 9000001", "", header, came, went, ""]), catalog, encoding)

    (line,) = found.lines
    assert (line.yen, line.payer, line.booked_on, line.kind) == (13_200, "ﾔﾏﾀﾞ ﾀﾛｳ", DAY, LineKind.TRANSFER)
    assert line.account == "9999-999-1-9000001"
    assert (found.format, found.outgoing, found.outgoing_yen, found.warnings) == (f"{bank} CSV", 1, 440, ())
    assert bool(line.reference) == (bank != "三菱UFJ銀行 BizSTATION")


def test_every_profile_is_tried():
    assert [profile.bank for profile in PROFILES] == list(FILES)


def test_what_is_no_transfer_or_takes_one_back_is_said(catalog: Catalog):
    rows = ("20260901,13200,113200,組戻 ﾔﾏﾀﾞ", "20260901,12,113212,利息", "20260901,-13200,100012,組戻　ﾔﾏﾀﾞ")

    kinds = [line.kind for line in read("\n".join([RAKUTEN, *rows]), catalog).lines]

    assert kinds == [LineKind.CORRECTION, LineKind.OTHER, LineKind.CORRECTION]


def test_balances_that_do_not_follow_are_a_warning(catalog: Catalog):
    rows = ("20260901,13200,113200,ﾔﾏﾀﾞ", "20260901,500,500000,ｽｽﾞｷ")

    assert "残高がつながりません" in read("\n".join([RAKUTEN, *rows]), catalog).warnings[0]
    newest_first = ("20260902,500,113700,ｽｽﾞｷ", "20260901,13200,113200,ﾔﾏﾀﾞ")
    assert not read("\n".join([RAKUTEN, *newest_first, ""]), catalog).warnings


@pytest.mark.parametrize(
    ("what", "payer"),
    [
        ("振込12345678ｽｽﾞｷ", "12345678ｽｽﾞｷ"),
        ("振込１ ﾔﾏﾀﾞ", "ﾔﾏﾀﾞ"),
        ("ﾌﾘｺﾐ2 ﾔﾏﾀﾞ", "ﾔﾏﾀﾞ"),
        ("11345678 ﾔﾏﾀﾞ", "11345678 ﾔﾏﾀﾞ"),
        ("11 ﾔﾏﾀﾞ", "ﾔﾏﾀﾞ"),
    ],
)
def test_a_number_that_the_payer_typed_keeps_all_its_digits(catalog: Catalog, what: str, payer: str):
    assert read(f"{RAKUTEN}\n20260901,13200,113200,{what}\n", catalog).lines[0].payer == payer


def test_a_last_name_that_may_be_cut_is_a_warning(catalog: Catalog):
    assert "途中で切れて" in read(f"{RAKUTEN}\n20260901,13200,113200,ﾔﾏ", catalog).warnings[0]
    assert not read(f"{SUMISHIN}\n2026/09/01,振込 ﾔﾏﾀﾞ,,13200,113200,", catalog).warnings, "its last column is a note"


ROW = "20260901,13200,113200,ﾔﾏﾀﾞ"
MISTAKES = {
    "unknown header": ("日付,金額\n20260901,1", "この銀行の形式を知りません"),
    "a header that comes too late": ("x\n" * 20 + RAKUTEN + "\n" + ROW, "この銀行の形式を知りません"),
    "a cell too few": (f"{RAKUTEN}\n20260901,13200,113200", "2件目のレコード：項目の数が3個"),
    "a cell too many": (f"{RAKUTEN}\n{ROW}\n{ROW},x", "3件目のレコード：項目の数が5個"),
    "no yen": (f"{RAKUTEN}\n20260901,,113200,ﾔﾏﾀﾞ", "入金と出金のどちらか"),
    "0 yen": (f"{RAKUTEN}\n20260901,0,113200,ﾔﾏﾀﾞ", "入金と出金のどちらか"),
    "yen and sen": (f"{RAKUTEN}\n20260901,13200.5,113200,ﾔﾏﾀﾞ", "入出金(円)「13200.5」を金額として読めません"),
    "commas in wrong places": (f'{RAKUTEN}\n20260901,"1,32,00",113200,ﾔﾏﾀﾞ', "金額として読めません"),
    "came and went": (f"{SUMISHIN}\n2026/09/01,x,1,1,100,", "入金と出金のどちらか"),
    "a date of next month": (f"{RAKUTEN}\n20261201,13200,113200,ﾔﾏﾀﾞ", "400日の中にありません"),
    "no date": (f"{RAKUTEN}\n,13200,113200,ﾔﾏﾀﾞ", "日付「」を読めません"),
    "an open quote": (f'{RAKUTEN}\n20260901,"13200,113200,ﾔﾏﾀﾞ', "引用符が閉じていません"),
    "a row twice, with the balance": (f"{RAKUTEN}\n{ROW}\n{ROW}", "3件目のレコード：前の行と、残高まで同じ"),
    "another account": (f"{PROFILES[6].header}\n0001,,1,,普通,1,,260901,入金,振込,1,0,,,,x,,,,", "口座 0001-001-1-0000001 は"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_csv_with_a_mistake_is_refused_whole_with_the_reason(mistake: str, catalog: Catalog):
    text, reason = MISTAKES[mistake]

    with pytest.raises(Unreadable) as refused:
        read(text, catalog)

    assert reason in str(refused.value)


def test_with_several_accounts_somebody_says_whose_it_is(catalog: Catalog):
    accounts = (*catalog.bank_accounts, replace(catalog.bank_accounts[0], number="9000002"))
    content = f"{RAKUTEN}\n{ROW}".encode()

    with pytest.raises(Unreadable, match="口座を選んでください"):
        read_bank_file(content, accounts, TODAY)
    assert read_bank_file(content, accounts, TODAY, account=accounts[1]).lines[0].account == "9999-999-1-9000002"
