"""What the company sells and says about itself: company/catalog.toml and company/documents, read and checked once at the start."""

from portal.catalog.items import BackupOption, BankAccount, Catalog, Company, DeviceOption, Document, Plan, RenewalNumbers, SslKind
from portal.catalog.load import load_catalog
from portal.catalog.mistakes import CatalogError

__all__ = [
    "BackupOption",
    "BankAccount",
    "Catalog",
    "CatalogError",
    "Company",
    "DeviceOption",
    "Document",
    "Plan",
    "RenewalNumbers",
    "SslKind",
    "load_catalog",
]
