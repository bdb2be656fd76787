"""総合振込: every byte of a file, and the names that banks take."""

from dataclasses import replace
from datetime import date

import pytest

from portal.rules.transfers.bank_names import bank_name, is_bank_name
from portal.rules.transfers.payout_files import Sender, Transfer, masked, payout_file

SENDER = Sender("0000012345", "ｶ)ｻﾝﾌﾟﾙｻ-ﾊﾞ-", "9999", "999", "1", "9000001")
ROW = Transfer("0001", "012", "1", "1234567", "ﾔﾏﾀﾞ ﾀﾛｳ", 12_760, "10000001")
DAY = date(2026, 12, 1)

# (場所, けた, 中身): the layout of the banks' sheets, written by hand
HEADER = "12100000012345" + "ｶ)ｻﾝﾌﾟﾙｻ-ﾊﾞ-".ljust(40) + "12019999" + " " * 15 + "999" + " " * 15 + "19000001" + " " * 17
DATA = "20001" + " " * 15 + "012" + " " * 15 + "000011234567" + "ﾔﾏﾀﾞ ﾀﾛｳ".ljust(30) + "00000127600001000000100000000007" + " " * 8
TRAILER = "8000002000000025860" + " " * 101
END = "9" + " " * 119


def test_every_byte_of_a_file_is_as_the_banks_say() -> None:
    other = replace(ROW, yen=13_100, kind="2", number="0000001", reference="10000002")
    content = payout_file(SENDER, DAY, [ROW, other])

    records = content.decode("shift_jis").split("\r\n")
    assert records[:2] == [HEADER, DATA]
    assert records[3:] == [TRAILER, END, ""]
    assert {len(record.encode("shift_jis")) for record in records[:-1]} == {120}
    assert len(content) == 5 * 122
    assert payout_file(SENDER, DAY, [ROW, other]) == content


@pytest.mark.parametrize(
    "row", [replace(ROW, name="ｱ" * 31), replace(ROW, yen=10_000_000_000), replace(ROW, bank_code="00011"), replace(ROW, name="山田")]
)
def test_what_does_not_fit_makes_no_file(row: Transfer) -> None:
    with pytest.raises(ValueError, match=r"longer|120 bytes"):
        payout_file(SENDER, DAY, [row])


@pytest.mark.parametrize(
    ("typed", "written", "unknown"),
    [
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ﾔﾏﾀﾞ ﾀﾛｳ", ""),
        ("ヤマダ　タロー", "ﾔﾏﾀﾞ ﾀﾛ-", ""),
        ("やまだ たろう", "ﾔﾏﾀﾞ ﾀﾛｳ", ""),
        ("カ）キャッチャー", "ｶ)ｷﾔﾂﾁﾔ-", ""),
        ("ｶ)ｷｬｯﾁｬｰ", "ｶ)ｷﾔﾂﾁﾔ-", ""),
        ("ヲヱヰヴパ", "ｵｴｲｳﾞﾊﾟ", ""),
        ("ａｂｃ　１２３．－", "ABC 123.-", ""),
        ("アート・サン", "ｱ-ﾄ ｻﾝ", ""),
        ("山田 タロウ", "ﾀﾛｳ", "山田"),
        ("A&B,", "AB", "&,"),
        ("髙橋", "", "髙橋"),
        ("", "", ""),
    ],
)
def test_a_name_is_written_in_the_characters_of_banks(typed: str, written: str, unknown: str) -> None:
    assert bank_name(typed) == (written, unknown)
    assert bank_name(written) == (written, "")


def test_only_a_name_in_those_characters_is_one() -> None:
    assert is_bank_name("ﾔﾏﾀﾞ ﾀﾛｳ")
    assert not any(is_bank_name(name) for name in ("", "ヤマダ", "ｷｬ", "ﾔﾏﾀﾞｰ", "ｱ" * 31, " ｱ"))


def test_an_account_is_shown_masked() -> None:
    assert masked("9999", "001", "1", "1234567", "ﾔﾏﾀﾞ ﾀﾛｳ") == "9999-001 普通 ****567 ﾔﾏ…"
    assert masked("9999", "001", "1", "", "") == "消去済み"
