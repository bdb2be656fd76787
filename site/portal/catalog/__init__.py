"""The catalog: what the company sells and says about itself, from company/catalog.toml and company/documents. Checked at start."""

from portal.catalog.items import BankAccount, Catalog, Company, Document, PayoutSender, RenewalNumbers, RetentionNumbers, payable_to
from portal.catalog.load import load_catalog
from portal.catalog.mistakes import CatalogError
from portal.catalog.products import AnyProduct, Certificate, Option, PerDevice, Plan, Server, Variant

__all__ = [
    "AnyProduct",
    "BankAccount",
    "Catalog",
    "CatalogError",
    "Certificate",
    "Company",
    "Document",
    "Option",
    "PayoutSender",
    "PerDevice",
    "Plan",
    "RenewalNumbers",
    "RetentionNumbers",
    "Server",
    "Variant",
    "load_catalog",
    "payable_to",
]
