"""The CSV of customers: what it may look like, and what each mistake is told."""

from datetime import date

import pytest

from portal.catalog import Catalog
from portal.rules.renewals.account_file import Contract, Mistaken, read

TODAY = date(2026, 11, 22)
HEADER = "login,name,kana,email,plan"
LINE = "yamada,山田 太郎,ヤマダ タロウ,yamada@example.jp,standard"
WITH_CONTRACT = f"{HEADER},second_email,server_ends_on,months,yen"


def sentences(text: str | bytes, catalog: Catalog) -> str:
    with pytest.raises(Mistaken) as refused:
        read(text.encode() if isinstance(text, str) else text, catalog, TODAY)
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_customers_are_read_in_either_encoding(catalog: Catalog, encoding: str, end: str) -> None:
    [person] = read(f"{HEADER}{end}{LINE.replace('yamada,', 'Yamada,')}{end}{end}".encode(encoding), catalog, TODAY)

    assert (person.line, person.login, person.name, person.name_key) == (2, "yamada", "山田 太郎", "ヤマダタロウ")
    assert (person.plan.id, person.second_email, person.contract) == ("standard", None, None)


def test_a_contract_has_its_end_and_the_months_and_yen_of_the_next_renewal(catalog: Catalog) -> None:
    text = f"{WITH_CONTRACT}\n{LINE},k@example.jp,2027-03-31,12,9900\n{LINE.replace('yamada', 'suzuki')},,2027/03/31,12,\n"
    first, second = read(text.encode(), catalog, TODAY)

    assert (first.second_email, first.contract) == ("k@example.jp", Contract(date(2027, 3, 31), 12, 9_900))
    assert second.contract == Contract(date(2027, 3, 31), 12, catalog.plan("standard").total_yen(12))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1行目：見出しに login、name、kana、email、plan がありません"),
        (LINE, "1行目：見出しに login"),
        (f"{HEADER}\n", "1行目：見出しのあとに、お客様の行がありません"),
        (f"{HEADER},phone\n{LINE},03", "1行目：見出しの phone は、知らない列です"),
        (f"{HEADER},plan\n{LINE},x", "1行目：見出しに、同じ列が2つあります"),
        (f"{HEADER}\n{LINE},x", "2行目：列が6個あります。見出しと同じ5個に"),
        (f"{HEADER}\n\n{LINE}\n{LINE.replace('yamada', 'YAMADA', 1)}", "4行目：login「yamada」は、3行目にもあります"),
        (f"{HEADER}\n{LINE.replace('yamada,', '山田,')}", "2行目：login：ログインIDは48文字まで"),
        (f"{HEADER}\n{LINE.replace('山田', '=山田')}", "2行目：name：= + - @ で始まるお名前は"),
        (f"{HEADER}\n{LINE.replace('山田 太郎', '')}", "2行目：name：お名前は"),
        (f"{HEADER}\n{LINE.replace('ヤマダ タロウ', '山田')}", "2行目：kana：お名前の読みを、カタカナで"),
        (f"{HEADER}\n{LINE.replace('@example.jp', '')}", "2行目：email：メールアドレスの形が正しくない"),
        (f"{HEADER}\n{LINE.replace('standard', 'gold')}", "2行目：plan「gold」はありません。light、standard"),
        (f'{HEADER}\n{LINE}\n"x,{LINE}', "3行目：CSV として読めません"),
        (f"{HEADER}\n{LINE}{'x' * 1_000_000}", "2行目：行が長すぎます"),
        (f"{HEADER}\n{LINE}\0", "2行目：文字でないもの（NUL）"),
        (f"{WITH_CONTRACT}\n{LINE},,2027-03-30,12,9900", "2行目：server_ends_on：契約は月の末日に終わります。2027-03-30 は"),
        (f"{WITH_CONTRACT}\n{LINE},,2026-10-31,12,9900", "2行目：server_ends_on：2026-10-31 は過ぎています"),
        (f"{WITH_CONTRACT}\n{LINE},,31.3.2027,12,9900", "2行目：server_ends_on：契約終了日を 2027-03-31 の形で"),
        (f"{WITH_CONTRACT}\n{LINE},,,12,", "2行目：server_ends_on：契約終了日を"),
        (f"{WITH_CONTRACT}\n{LINE},,2027-03-31,2,9900", "2行目：months：次回の契約期間を 1、3、6、12"),
        (f"{WITH_CONTRACT}\n{LINE},,2027-03-31,12,-1", "2行目：yen：次回の更新の金額"),
        (f"{WITH_CONTRACT}\n{LINE},x,2027-03-31,12,1", "2行目：second_email：メールアドレスの形が"),
    ],
)
def test_each_mistake_is_told_with_its_line(catalog: Catalog, text: str, said: str) -> None:
    assert said in sentences(text, catalog)


def test_every_bad_line_is_named_at_once(catalog: Catalog) -> None:
    said = sentences(f"{HEADER}\n,,,,\n{LINE}\nx y,=1,a,b,c\n", catalog).splitlines()

    assert [line.partition("：")[0] for line in said] == ["4行目"] * 5


def test_what_is_neither_encoding_or_too_large_is_refused(catalog: Catalog) -> None:
    assert "2行目：UTF-8 でも Shift_JIS でもない" in sentences(f"{HEADER}\n".encode() + b"\x81", catalog)
    assert "1行目：ファイルが大きすぎます" in sentences(b"x" * (8 * 1024 * 1024 + 1), catalog)
