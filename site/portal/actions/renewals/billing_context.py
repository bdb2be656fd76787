"""The configuration of a billing run."""

from dataclasses import dataclass

from portal.catalog import Catalog
from portal.gateways.companies import CompaniesByMethod


@dataclass(frozen=True)
class BillingContext:
    """The catalog, the payment companies, and the installation's id, which prefixes the key of every payment."""

    catalog: Catalog
    companies: CompaniesByMethod
    installation_id: str
