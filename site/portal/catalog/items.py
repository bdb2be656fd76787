"""The catalog as frozen values. Yen are whole, tax included."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from portal.catalog.products import AnyProduct, Plan, Server
from portal.enums import BookAccount

USUAL_ACCOUNTS: Mapping[BookAccount, str] = {account: account.label for account in BookAccount}


@dataclass(frozen=True)
class Company:
    """The seller. The texts are rows of 特定商取引法に基づく表記 and parts of the final confirmation."""

    name: str
    service_name: str
    representative: str
    manager: str
    address: str
    phone: str
    phone_hours: str
    email: str
    invoice_number: str
    price_text: str
    transfer_fee: str
    other_fees: str
    payment_time: str
    start_text: str
    start_text_bank: str
    order_period: str
    renewal_text: str
    stop_text: str
    refund_policy: str
    liability: str
    environment: str
    special_conditions: str
    brand_color: str
    brand_mark: str = ""
    url: str = ""


@dataclass(frozen=True)
class Document:
    """One version of the terms of a product. `html` comes from the company and is trusted."""

    id: str
    title: str
    version: str
    path: Path
    sha256: str
    html: str


@dataclass(frozen=True)
class BankAccount:
    """With `until`, the numbers from `number` to that: one for each customer (専用口座)."""

    bank: str
    bank_code: str
    branch: str
    branch_code: str
    kind: str
    number: str
    holder: str
    until: str = ""


def payable_to(accounts: tuple[BankAccount, ...], own: Callable[[str], str | None]) -> tuple[BankAccount, ...]:
    """What a customer is told to transfer to: the number of their own, where there are such and they have one, else the common accounts.

    `own`: the customer's number at a branch (models.Account.virtual_number). With `until` a row is the range of such numbers.
    """
    common = tuple(account for account in accounts if not account.until)
    for numbers in (account for account in accounts if account.until):
        if number := own(numbers.branch_code):
            return (replace(numbers, number=number, until=""),)
    return common


@dataclass(frozen=True)
class PayoutSender:
    """Who pays refunds by a 総合振込 file. `client_code`: 振込依頼人コード of the bank. `name`: in the bank's half-width kana."""

    client_code: str
    name: str
    account: BankAccount


@dataclass(frozen=True)
class RenewalNumbers:
    """Days of the month of term ends, and days ahead for renewal notices. The defaults are the company's guide."""

    card_day: int = 5
    wallet_days: tuple[int, ...] = (5, 10, 15, 20, 25)
    charge_days: tuple[int, ...] = (5, 10, 15, 20, 25, 28)
    notice_days: tuple[int, ...] = (30, 7)
    stopped_days: int = 14


@dataclass(frozen=True)
class RetentionNumbers:
    """How long personal data are kept (rules/privacy/retention). `records_years`: of money and contracts, after the year of the last one.

    `sign_ins_hours`: after the end of a session. `logs_days`: what the operator's log is set to; the program keeps none.
    """

    records_years: int = 10
    mails_months: int = 24
    messages_months: int = 13
    sign_ins_hours: int = 24
    logs_days: int = 180


@dataclass(frozen=True, eq=False)
class Catalog:
    """`products` in the order of the contract form, the server first, withdrawn products included. `accepted_difference_yen`: the most
    that staff may accept as missing in a transfer. `accounting`: 勘定科目 of the company's books. `payouts`: None where
    refunds are not paid by a file for the bank.

    Compared by identity, so that values computed from a catalog can be cached.
    """

    company: Company
    products: tuple[AnyProduct, ...]
    documents: tuple[Document, ...]
    old_documents: tuple[Document, ...]
    bank_accounts: tuple[BankAccount, ...]
    tax_percent: int
    closed_days: frozenset[date]
    renewal: RenewalNumbers
    accepted_difference_yen: int = 0
    retention: RetentionNumbers = RetentionNumbers()
    accounting: Mapping[BookAccount, str] = field(default_factory=lambda: USUAL_ACCOUNTS)
    payouts: PayoutSender | None = None
    virtual_accounts: BankAccount | None = None

    @property
    def payable_accounts(self) -> tuple[BankAccount, ...]:
        """For `payable_to`: the company's accounts, and the range of numbers of which each customer gets one."""
        return self.bank_accounts + ((self.virtual_accounts,) if self.virtual_accounts else ())

    @cached_property
    def server(self) -> Server:
        return next(product for product in self.products if isinstance(product, Server))

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans on sale."""
        return self.server.plans if self.server.is_sold else ()

    @cached_property
    def sold(self) -> tuple[AnyProduct, ...]:
        """What a new customer can choose."""
        return tuple(product for product in self.products if product.is_sold)

    @property
    def not_by_default(self) -> tuple[str, ...]:
        """Names of products that are not set to renew after payment by card or wallet."""
        return tuple(product.name for product in self.sold if not product.renews)

    def product(self, product_id: str) -> AnyProduct | None:
        """None if it is no longer in the file; a customer may still have it."""
        return next((product for product in self.products if product.id == product_id), None)

    def plan(self, plan_id: str) -> Plan:
        """Raises KeyError for a plan that is not sold."""
        return {plan.id: plan for plan in self.plans}[plan_id]

    def document_of(self, product_id: str) -> Document:
        """The version that customers agree to now. Raises KeyError for an unknown product."""
        wanted = {product.id: product.document for product in self.products}[product_id]
        return {document.id: document for document in self.documents}[wanted]

    def versions(self, document_id: str) -> tuple[Document, ...]:
        """Of one document: the version that customers agree to now, then the older ones in the order of the file, which is newest first."""
        return tuple(found for found in self.documents + self.old_documents if found.id == document_id)

    def around(self, document: Document) -> tuple[Document | None, Document | None]:
        """The version that customers agree to now, if it is another one, and the version before this one."""
        versions = self.versions(document.id)
        place = versions.index(document)
        return versions[0] if place else None, versions[place + 1] if place + 1 < len(versions) else None

    def document(self, document_id: str, version: str) -> Document | None:
        """Any version, also old ones."""
        every = self.documents + self.old_documents
        return next((found for found in every if (found.id, found.version) == (document_id, version)), None)
