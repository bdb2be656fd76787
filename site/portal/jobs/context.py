"""What the jobs need to run."""

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from portal import clock
from portal.actions.renewals.billing_context import BillingContext
from portal.catalog import Catalog, load_catalog
from portal.gateways.companies import Companies, CompaniesByMethod
from portal.gateways.hosting import Hosting, hosting_for
from portal.gateways.smtp import MAILBOX, Mailer, mailer_for
from portal.runtime.settings import Settings

T = TypeVar("T")
COUNTING = ("products", "renewal", "closed_days", "tax_percent")  # parts of catalog.toml


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
    catalog_read_at: datetime
    companies: CompaniesByMethod
    installation_id: str
    charges_at_once: int
    hosting: Hosting | None
    mailer: Mailer | None
    alert_mail: str = ""
    sandbox_jobs: tuple[Callable[[], int], ...] = ()
    accounts_a_pass: int | None = None
    watch: Watch = unwatched

    @property
    def billing(self) -> BillingContext:
        return BillingContext(self.catalog, self.companies, self.installation_id, self.charges_at_once)


def context_for(settings: Settings, companies: Companies, *, accounts_a_pass: int | None = None, watch: Watch = unwatched) -> JobContext:
    version = catalog_version(settings.company_folder)
    return JobContext(
        catalog=_catalog(settings.company_folder),
        catalog_sha256=version.sha256,
        catalog_read_at=version.read_at,
        companies=companies,
        installation_id=settings.installation_id,
        charges_at_once=settings.charges_at_once,
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


@dataclass(frozen=True)
class CatalogVersion:
    """`sha256`: of what counts for charges and days; a comment or a telephone number does not. `read_at`: real time."""

    sha256: str
    read_at: datetime


@cache
def catalog_version(folder: Path) -> CatalogVersion:
    written = tomllib.loads((folder / "catalog.toml").read_text(encoding="utf-8-sig"))
    counting = json.dumps({name: written.get(name) for name in COUNTING}, sort_keys=True, default=str)
    return CatalogVersion(hashlib.sha256(counting.encode()).hexdigest(), clock.real_now())
