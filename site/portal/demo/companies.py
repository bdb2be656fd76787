"""The sandbox companies of a demo, and its clock, which is stored in their books."""

from dataclasses import replace
from functools import partial

from portal import clock
from portal.demo.hosting_side import answer_what_is_asked
from portal.gateways.card.sandbox import SandboxCardCompany
from portal.gateways.companies import Companies, companies_for
from portal.gateways.wallet.sandbox import SandboxWalletCompany
from portal.runtime.settings import Settings
from portal.sandbox.books import Books
from portal.sandbox.webhooks import deliver, post_to


def sandbox_companies(settings: Settings) -> tuple[Companies, Books]:
    """Both sandbox companies and their books. The worker delivers their webhooks to the portal on this machine."""
    books, secret = Books(settings.data_folder / "sandbox.db"), settings.notice_secret
    card, wallet = SandboxCardCompany(books, secret), SandboxWalletCompany(books, secret)
    deliver_webhooks = partial(deliver, books, secret, post_to(settings.host, settings.port))
    return Companies(card, wallet, sandbox_jobs=(deliver_webhooks, answer_what_is_asked)), books


def demo_companies(settings: Settings) -> tuple[Companies, Books]:
    """The same, but the card company that the settings name, with its test key."""
    companies, books = sandbox_companies(settings)
    if settings.card_company == "sandbox":
        return companies, books
    return replace(companies, card=companies_for(settings).card), books


def follow_demo_clock(books: Books) -> None:
    """From now on this process uses the demo's clock."""
    clock.turn_by(books.offset_days)
