"""The configuration of a billing run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from models import PaymentMethod
from portal.catalog import Catalog
from portal.gateways.companies import CompaniesByMethod


@dataclass(frozen=True)
class BillingContext:
    """The catalog, the payment companies, and the installation's id, which prefixes the key of every payment.

    `charges_at_once`: how many charges wait for their company's answer at the same time. `renewing_with`: the cards and wallets that the
    accounts of this transaction renew with, by account, read when the first is asked for.
    """

    catalog: Catalog
    companies: CompaniesByMethod
    installation_id: str
    charges_at_once: int = 1
    renewing_with: Callable[[], Mapping[int, PaymentMethod]] | None = None
