"""Which payment companies are configured."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, assert_never

from portal.enums import Method
from portal.gateways.card import CardCompany
from portal.gateways.wallet import WalletCompany
from portal.runtime.card_companies import CARD_COMPANIES
from portal.runtime.settings import Settings


class CompaniesByMethod(Protocol):
    """What the actions need of `Companies`. A dict works too."""

    def get(self, method: str, /) -> CardCompany | WalletCompany | None:
        """The company for that method. None for bank transfer, and if none is configured."""


@dataclass(frozen=True)
class Companies:
    """A method without a company is not offered. `sandbox_jobs`: extra jobs of the demo's sandbox companies."""

    card: CardCompany | None = None
    wallet: WalletCompany | None = None
    sandbox_jobs: tuple[Callable[[], int], ...] = ()

    @property
    def origins(self) -> tuple[str, ...]:
        """Where our forms may lead: the companies' pages that are not under our own address."""
        return tuple(company.origin for company in (self.card, self.wallet) if company and company.origin)

    def get(self, method: str) -> CardCompany | WalletCompany | None:
        """The company for that method. None for bank transfer, and if none is configured."""
        match Method(method):
            case Method.CARD:
                return self.card
            case Method.WALLET:
                return self.wallet
            case Method.BANK:
                return None
            case never:
                assert_never(never)


def companies_for(settings: Settings) -> Companies:
    """For production, as the settings say; the demo has its own companies. Only what is configured is loaded."""
    if settings.card_company is None:
        return Companies()
    row = CARD_COMPANIES.get(settings.card_company)
    if row is None:
        raise ValueError(f"no such company: {settings.card_company}")
    return Companies(card=import_module(row.module).company_from(settings))
