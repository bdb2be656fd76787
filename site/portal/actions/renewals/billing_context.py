"""What a billing run works with."""

from dataclasses import dataclass

from portal.catalog import Catalog
from portal.gateways.companies import CompaniesByMethod


@dataclass(frozen=True)
class BillingContext:
    """The prices and documents, who takes money, and whose installation this is (it begins the key of every payment)."""

    catalog: Catalog
    companies: CompaniesByMethod
    installation_id: str
