"""Which companies take the money, and which of them the settings name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, assert_never

from portal.enums import Method
from portal.gateways.card import CardCompany
from portal.gateways.wallet import WalletCompany
from portal.runtime.settings import Settings


class CompaniesByMethod(Protocol):
    """What the actions ask of `Companies`; a dict of them will do."""

    def get(self, method: str, /) -> CardCompany | WalletCompany | None:
        """Who takes money by that method; None for a bank transfer, and where no company is configured."""


@dataclass(frozen=True)
class Companies:
    """A method whose company is None is not offered. `sandbox_jobs` are what the demo's pretend companies ask of the worker."""

    card: CardCompany | None = None
    wallet: WalletCompany | None = None
    sandbox_jobs: tuple[Callable[[], int], ...] = ()

    def get(self, method: str) -> CardCompany | WalletCompany | None:
        """Who takes money by that method; None for a bank transfer, and where no company is configured."""
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
    """In real use. No real company is built in yet: the settings refuse every name, and the demo brings companies of its own."""
    if settings.card_company:
        raise ValueError(f"no such company: {settings.card_company}")
    return Companies()
