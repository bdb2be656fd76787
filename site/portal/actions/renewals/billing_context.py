"""The configuration of a billing run."""

from dataclasses import dataclass

from portal.catalog import Catalog
from portal.gateways.companies import CompaniesByMethod


@dataclass(frozen=True)
class BillingContext:
    """The catalog, the payment companies, and the installation's id, which prefixes the key of every payment.

    `charges_at_once`: how many charges wait for their company's answer at the same time.
    """

    catalog: Catalog
    companies: CompaniesByMethod
    installation_id: str
    charges_at_once: int = 1
