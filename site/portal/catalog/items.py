"""The catalog as frozen values. Yen are whole and with tax; `monthly_yen` is months of the term -> yen for one month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portal.enums import Product


@dataclass(frozen=True)
class Company:
    """Who sells. The texts are the rows of 特定商取引法に基づく表記 and parts of the final confirmation."""

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
    url: str = ""


class PricedByMonths:
    """Sold for some numbers of months, each with its price for one month."""

    monthly_yen: Mapping[int, int]

    @property
    def months(self) -> tuple[int, ...]:
        return tuple(self.monthly_yen)


@dataclass(frozen=True)
class Plan(PricedByMonths):
    id: str
    name: str
    description: str
    features: tuple[str, ...]
    monthly_yen: Mapping[int, int]

    def total_yen(self, months: int) -> int:
        return self.monthly_yen[months] * months


@dataclass(frozen=True)
class SslKind:
    """A certificate, sold as a whole: `yen` is the price of all its months."""

    id: str
    name: str
    description: str
    months: int
    yen: int


@dataclass(frozen=True)
class BackupOption(PricedByMonths):
    name: str
    description: str
    monthly_yen: Mapping[int, int]

    def total_yen(self, months: int) -> int:
        return self.monthly_yen[months] * months


@dataclass(frozen=True)
class DeviceOption(PricedByMonths):
    """`monthly_yen` is for one device."""

    name: str
    description: str
    max_devices: int
    monthly_yen: Mapping[int, int]

    def total_yen(self, devices: int, months: int) -> int:
        return self.monthly_yen[months] * months * devices


@dataclass(frozen=True)
class Document:
    """One version of the terms of one product. `html` is the company's own and trusted."""

    id: str
    product: Product
    title: str
    version: str
    path: Path
    sha256: str
    html: str


@dataclass(frozen=True)
class BankAccount:
    bank: str
    bank_code: str
    branch: str
    branch_code: str
    kind: str
    number: str
    holder: str


@dataclass(frozen=True)
class RenewalNumbers:
    """Days of the month in which a term ends, and how many days ahead a renewal is announced. The defaults are the company's guide."""

    card_day: int = 5
    wallet_days: tuple[int, ...] = (5, 10, 15, 20, 25)
    charge_days: tuple[int, ...] = (5, 10, 15, 20, 25, 28)
    notice_days: tuple[int, ...] = (30, 7)


@dataclass(frozen=True)
class Catalog:
    company: Company
    plans: tuple[Plan, ...]
    ssl_kinds: tuple[SslKind, ...]
    backup: BackupOption
    device: DeviceOption
    documents: tuple[Document, ...]
    old_documents: tuple[Document, ...]
    bank_accounts: tuple[BankAccount, ...]
    tax_percent: int
    closed_days: frozenset[date]
    renewal: RenewalNumbers

    def plan(self, plan_id: str) -> Plan:
        """Raises KeyError for a plan that is not sold."""
        return {plan.id: plan for plan in self.plans}[plan_id]

    def ssl_kind(self, kind_id: str) -> SslKind:
        """Raises KeyError for a kind that is not sold."""
        return {kind.id: kind for kind in self.ssl_kinds}[kind_id]

    def document_of(self, product: Product) -> Document:
        """The version that a customer agrees to now."""
        return {document.product: document for document in self.documents}[product]

    def document(self, document_id: str, version: str) -> Document | None:
        """Any version, also one that was agreed to long ago."""
        every = self.documents + self.old_documents
        return next((found for found in every if (found.id, found.version) == (document_id, version)), None)
