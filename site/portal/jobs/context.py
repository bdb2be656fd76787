"""What the jobs need to run."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from portal.actions.renewals.billing_context import BillingContext
from portal.catalog import Catalog, load_catalog
from portal.gateways.companies import Companies, CompaniesByMethod
from portal.gateways.hosting import Hosting, hosting_for
from portal.gateways.smtp import MAILBOX, Mailer, mailer_for
from portal.runtime.settings import Settings

T = TypeVar("T")


class Watch(Protocol):
    def __call__(self, rows: Iterable[T], total: int, /) -> Iterable[T]:
        """Passes the rows through, and shows the progress of the job."""


def unwatched(rows: Iterable[T], _total: int) -> Iterable[T]:
    return rows


@dataclass(frozen=True)
class JobContext:
    """`hosting` and `mailer` are None if not configured: rows then wait. `accounts_a_pass`: None for all due accounts.

    `alert_mail`: who is told of trouble.
    """

    catalog: Catalog
    catalog_sha256: str
    companies: CompaniesByMethod
    installation_id: str
    hosting: Hosting | None
    mailer: Mailer | None
    alert_mail: str = ""
    sandbox_jobs: tuple[Callable[[], int], ...] = ()
    accounts_a_pass: int | None = None
    watch: Watch = unwatched

    @property
    def billing(self) -> BillingContext:
        return BillingContext(self.catalog, self.companies, self.installation_id)


def context_for(settings: Settings, companies: Companies, *, accounts_a_pass: int | None = None, watch: Watch = unwatched) -> JobContext:
    return JobContext(
        catalog=_catalog(settings.company_folder),
        catalog_sha256=_catalog_sha256(settings.company_folder),
        companies=companies,
        installation_id=settings.installation_id,
        hosting=hosting_for(settings.provision_url, settings.provision_secret),
        alert_mail=settings.alert_mail or _catalog(settings.company_folder).company.email,
        mailer=mailer_for(settings.smtp_url, mailbox=settings.data_folder / MAILBOX if settings.demo else None),
        sandbox_jobs=companies.sandbox_jobs,
        accounts_a_pass=accounts_a_pass,
        watch=watch,
    )


@cache
def _catalog(folder: Path) -> Catalog:
    """Read once per process. After a change of the catalog, restart the worker."""
    return load_catalog(folder)


@cache
def _catalog_sha256(folder: Path) -> str:
    return hashlib.sha256((folder / "catalog.toml").read_bytes()).hexdigest()
