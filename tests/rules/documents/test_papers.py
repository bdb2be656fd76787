"""What a paper says: the fields of an 適格請求書, one rounding, and its text that is stored and read back."""

from dataclasses import replace
from datetime import date

import pytest

from portal.catalog import BankAccount
from portal.enums import InvoiceKind, Method
from portal.rules.documents import papers
from portal.rules.documents.papers import Issuer, Item, Paper

TODAY, PAID_ON = date(2026, 11, 5), date(2026, 11, 4)
ISSUER = Issuer("株式会社サンプルサーバー", "T7123456789012", "東京都千代田区", "03-0000-0000")
SERVER = Item("サーバー（ライトプラン）", 1, 12, date(2026, 11, 4), date(2027, 11, 30), 13_200)


def a_receipt(*yen: int, waived_yen: int = 0, percent: int = 10) -> Paper:
    items = tuple(replace(SERVER, yen=each) for each in yen)
    return papers.receipt(1, TODAY, ISSUER, "12345678", Method.BANK, PAID_ON, items, waived_yen, percent)


@pytest.mark.parametrize(
    ("lines", "waived", "total", "tax"),
    [
        ((13_200,), 0, 13_200, 1_200),
        ((13_200,), 440, 12_760, 1_160),
        ((550,), 0, 550, 50),
        ((11,), 0, 11, 1),
        ((1,), 0, 1, 0),
        ((1_357, 2_579, 3_801), 0, 7_737, 703),  # by line it would be 123 + 234 + 345 = 702
        ((0,), 0, 0, 0),
    ],
)
def test_the_tax_is_rounded_once_of_what_came_in(lines, waived, total, tax):
    paper = a_receipt(*lines, waived_yen=waived)

    assert (paper.total_yen, paper.tax_yen, paper.discount_yen) == (total, tax, waived)


def test_a_receipt_has_every_field_of_the_law():
    paper = a_receipt(13_200)

    assert (paper.kind, paper.issuer, paper.traded_on, paper.tax_percent) == (InvoiceKind.RECEIPT, ISSUER, PAID_ON, 10)
    assert (paper.items, paper.method, paper.order_number) == ((SERVER,), "銀行振込", "12345678")


@pytest.mark.parametrize("paper", [a_receipt(13_200, 550, waived_yen=440), replace(a_receipt(1), receipt=7, paid_on=PAID_ON)])
def test_a_stored_paper_reads_as_it_was_issued(paper):
    assert Paper.read(paper.text) == paper
    assert paper.text == Paper.read(paper.text).text


def test_a_return_names_the_receipt_that_it_corrects_and_takes_its_tax_from_what_went_back():
    paper = papers.return_of(9, date(2027, 1, 8), a_receipt(13_200, 550), 10_010, date(2027, 1, 7))

    assert (paper.kind, paper.number, paper.issued_on, paper.traded_on) == (InvoiceKind.RETURN, 9, date(2027, 1, 8), date(2027, 1, 7))
    assert (paper.receipt, paper.paid_on, paper.total_yen, paper.tax_yen) == (1, PAID_ON, 10_010, 910)
    assert paper.issuer == ISSUER
    assert Paper.read(paper.text) == paper


def test_a_return_of_a_receipt_that_was_issued_again_takes_the_place_of_no_paper():
    again = papers.again(2, TODAY, a_receipt(13_200))
    paper = papers.return_of(9, TODAY, again, 10_010, TODAY)

    assert (again.instead_of, paper.receipt, paper.instead_of) == (1, 2, None)
    assert papers.again(10, TODAY, paper).instead_of == 9


def test_an_invoice_says_until_when_and_where_to_pay_and_is_no_qualified_one():
    account = BankAccount("見本銀行", "0000", "本店", "000", "普通", "1234567", "カ）ミホン")
    paper = papers.invoice(3, TODAY, ISSUER, "12345678", (SERVER,), 10, date(2026, 11, 19), (account,))

    assert (paper.kind, paper.total_yen, paper.tax_yen, paper.due_on) == (InvoiceKind.INVOICE, 13_200, 1_200, date(2026, 11, 19))
    assert (paper.transfer_to, paper.issuer.registration) == (("見本銀行 本店 普通 1234567 カ）ミホン",), "")
    assert Paper.read(paper.text) == paper


@pytest.mark.parametrize(
    ("name", "word"),
    [("見本 太郎", "様"), ("株式会社見本", "御中"), ("（株）見本", "御中"), ("見本㈱", "御中"), ("NPO法人見本", "御中"), ("", "様")],
)
def test_the_honorific_that_is_offered(name, word):
    assert papers.honorific(name) == word


def test_each_method_has_its_words():
    assert papers.METHODS.keys() == set(Method)
