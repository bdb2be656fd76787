"""The catalog as frozen values. Yen are whole and with tax."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from portal.catalog.products import AnyProduct, Plan, Server


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


@dataclass(frozen=True)
class Document:
    """One version of the terms of a product. `html` is the company's own and trusted."""

    id: str
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
    stopped_days: int = 14


@dataclass(frozen=True, eq=False)
class Catalog:
    """`products` are in the order of the contract form, the server first; among them those that are withdrawn.

    A catalog is equal to itself alone, so that what is made of it can be kept.
    """

    company: Company
    products: tuple[AnyProduct, ...]
    documents: tuple[Document, ...]
    old_documents: tuple[Document, ...]
    bank_accounts: tuple[BankAccount, ...]
    tax_percent: int
    closed_days: frozenset[date]
    renewal: RenewalNumbers

    @cached_property
    def server(self) -> Server:
        return next(product for product in self.products if isinstance(product, Server))

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans that are sold."""
        return self.server.plans if self.server.is_sold else ()

    @cached_property
    def sold(self) -> tuple[AnyProduct, ...]:
        """What a new customer can choose from."""
        return tuple(product for product in self.products if product.is_sold)

    @property
    def not_by_default(self) -> tuple[str, ...]:
        """The names of what a payment by card or wallet does not set to renew."""
        return tuple(product.name for product in self.sold if not product.renews)

    def product(self, product_id: str) -> AnyProduct | None:
        """None for one that has left the file; a customer may still have it."""
        return next((product for product in self.products if product.id == product_id), None)

    def plan(self, plan_id: str) -> Plan:
        """Raises KeyError for a plan that is not sold."""
        return {plan.id: plan for plan in self.plans}[plan_id]

    def document_of(self, product_id: str) -> Document:
        """The version that a customer agrees to now. Raises KeyError for a product that is not in the catalog."""
        wanted = {product.id: product.document for product in self.products}[product_id]
        return {document.id: document for document in self.documents}[wanted]

    def document(self, document_id: str, version: str) -> Document | None:
        """Any version, also one that was agreed to long ago."""
        every = self.documents + self.old_documents
        return next((found for found in every if (found.id, found.version) == (document_id, version)), None)
