"""What a paper says. 領収書 is the 適格請求書 of its order: issuer with 登録番号, day, what for, yen and tax by rate, addressee.

Source: 消費税法57条の4. Whole yen, tax included; dates in Japan. One tax rate, and so one rounding, for each paper.
"""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from portal.catalog import BankAccount, Company
from portal.enums import InvoiceKind, Method
from portal.rules.orders.tax import tax_inside

RETURN_FROM_YEN = 10_000  # 消費税法施行令70条の9: 適格返還請求書 below this is not asked for
METHODS = {Method.CARD: "クレジットカード決済", Method.WALLET: "おさいぽ!ポイント", Method.BANK: "銀行振込"}
TOTAL_WORDS = {InvoiceKind.RECEIPT: "領収金額", InvoiceKind.INVOICE: "ご請求金額", InvoiceKind.RETURN: "返還金額"}
LEADS = {
    InvoiceKind.RECEIPT: "上記の金額を、下記の代金として領収しました。",
    InvoiceKind.INVOICE: "下記のとおりご請求申し上げます。",
    InvoiceKind.RETURN: "下記の代金のうち、上記の金額を返還しました。",
}
BODIES = re.compile(
    r"(株式|有限|合同|合資|合名)会社|[（(][株有][）)]|[㈱㈲]|法人|協会|組合|学校|大学|病院|財団|社団|事務所|商店|商会|市役所|委員会"
)


@dataclass(frozen=True)
class Issuer:
    name: str
    registration: str
    address: str
    phone: str

    @classmethod
    def of(cls, company: Company) -> Self:
        return cls(company.name, company.invoice_number, company.address, company.phone)


@dataclass(frozen=True)
class Item:
    """A line of the order, with the days of its term (both inclusive)."""

    name: str
    quantity: int
    months: int
    starts_on: date
    ends_on: date
    yen: int


@dataclass(frozen=True)
class Paper:
    """`discount_yen`: what never came of the lines' sum, because staff accepted that. `method`: how it was paid; of a 請求書, how to.

    A 適格返還請求書 names the receipt that it corrects: `receipt` its number, `paid_on` its day. A 請求書 says until when and where to pay,
    as it was on its day; it is no 適格請求書 (that is the 領収書), and so its issuer's `registration` is empty. `instead_of`: the number of
    the void paper in whose place it was issued.
    """

    number: int
    kind: InvoiceKind
    issued_on: date
    traded_on: date
    issuer: Issuer
    order_number: str
    method: str
    items: tuple[Item, ...]
    discount_yen: int
    total_yen: int
    tax_percent: int
    tax_yen: int
    receipt: int | None = None
    paid_on: date | None = None
    due_on: date | None = None
    transfer_to: tuple[str, ...] = ()
    instead_of: int | None = None

    @property
    def total_word(self) -> str:
        return TOTAL_WORDS[self.kind]

    @property
    def lead(self) -> str:
        return LEADS[self.kind]

    @property
    def text(self) -> str:
        """What is stored: JSON, always the same for the same paper."""
        known = vars(self) | {"issuer": vars(self.issuer), "items": [vars(item) for item in self.items]}
        return json.dumps(known, ensure_ascii=False, sort_keys=True, default=str)

    @classmethod
    def read(cls, text: str) -> Self:
        known = json.loads(text)
        days = {name: _day(known.get(name)) for name in ("issued_on", "traded_on", "paid_on", "due_on")}
        known["transfer_to"] = tuple(known.get("transfer_to", ()))
        items = tuple(Item(**item | {name: _day(item[name]) for name in ("starts_on", "ends_on")}) for item in known["items"])
        return cls(**known | days | {"kind": InvoiceKind(known["kind"]), "issuer": Issuer(**known["issuer"]), "items": items})


def receipt(number: int, today: date, issuer: Issuer, order_number: str, method: Method, paid_on: date, items: tuple[Item, ...],
            waived_yen: int, tax_percent: int) -> Paper:  # fmt: skip
    """領収書 of what came in: the lines, less what staff accepted as missing."""
    total = sum(item.yen for item in items) - waived_yen
    tax = tax_inside(total, tax_percent)
    about = (issuer, order_number, METHODS[method], items, waived_yen, total, tax_percent, tax)
    return Paper(number, InvoiceKind.RECEIPT, today, paid_on, *about)


def invoice(number: int, today: date, issuer: Issuer, order_number: str, items: tuple[Item, ...], tax_percent: int,
            due_on: date, accounts: tuple[BankAccount, ...]) -> Paper:  # fmt: skip
    """請求書 of an order that waits for a transfer."""
    total = sum(item.yen for item in items)
    about = (replace(issuer, registration=""), order_number, METHODS[Method.BANK], items, 0, total, tax_percent)
    places = tuple(f"{each.bank} {each.branch} {each.kind} {each.number} {each.holder}" for each in accounts)
    tax = tax_inside(total, tax_percent)
    return Paper(number, InvoiceKind.INVOICE, today, today, *about, tax, due_on=due_on, transfer_to=places)


def return_of(number: int, today: date, receipt: Paper, yen: int, returned_on: date) -> Paper:
    """適格返還請求書 of money of this receipt that went back."""
    about = {"number": number, "kind": InvoiceKind.RETURN, "issued_on": today, "traded_on": returned_on, "discount_yen": 0}
    about |= {"total_yen": yen, "tax_yen": tax_inside(yen, receipt.tax_percent), "instead_of": None}
    return replace(receipt, **about, receipt=receipt.number, paid_on=receipt.traded_on)


def again(number: int, today: date, void: Paper) -> Paper:
    """The same paper with another number, in place of one that is void."""
    return replace(void, number=number, issued_on=today, instead_of=void.number)


def file_name(paper: Paper) -> str:
    """As 国税庁 names such files: 20261104_株式会社○○_13200円_領収書. Without what no file name may have."""
    name = f"{paper.traded_on:%Y%m%d}_{paper.issuer.name}_{paper.total_yen}円_{paper.kind.label}"
    return re.sub(r'[\\/:*?"<>|\s]', "", name)


def honorific(name: str) -> str:
    """御中 for a company or another body, 様 for a person."""
    return "御中" if BODIES.search(name) else "様"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
