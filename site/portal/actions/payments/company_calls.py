"""The calls to each method's company, through its Protocol. All raise ValueError for a method without a company."""

from typing import assert_never

from portal.enums import Method
from portal.gateways.card import Card, CardCompany, Customer, Declined, Failed, Page, Paid, Pending, Unknown
from portal.gateways.wallet import CompanyUnreachable, Link, LinkRemoved, Shortfall, WalletCompany

MoneyCompany = CardCompany | WalletCompany
NOT_ENOUGH = "insufficient"  # the decline code of a wallet without enough points


def begin_setup(method: Method, company: MoneyCompany, reference: str, return_url: str, customer: Customer) -> Page:
    """Start a setup: the company's page where the customer enters a card or links a wallet. Raises CompanyUnreachable."""
    match method:
        case Method.CARD:
            return company.begin_setup(reference, return_url, customer)
        case Method.WALLET:
            return company.begin_link(reference, return_url, customer)
        case Method.BANK:
            raise _no_company(method)
        case _:
            assert_never(method)


def finish_setup(method: Method, company: MoneyCompany, key: str, code: str) -> Card | Link | Pending | Failed:
    """The result of a setup, for the one-time `code` of the browser that finished it. May be called repeatedly.

    Raises CompanyUnreachable.
    """
    match method:
        case Method.CARD:
            return company.finish_setup(key, code)
        case Method.WALLET:
            return company.finish_link(key, code)
        case Method.BANK:
            raise _no_company(method)
        case _:
            assert_never(method)


def end_setup(method: Method, company: MoneyCompany, key: str) -> None:
    """Make the company end a setup and drop what it stored. Idempotent. Raises CompanyUnreachable."""
    match method:
        case Method.CARD:
            company.end_setup(key)
        case Method.WALLET:
            company.end_link(key)
        case Method.BANK:
            raise _no_company(method)
        case _:
            assert_never(method)


def charge(method: Method, company: MoneyCompany, token: str, yen: int, key: str) -> Paid | Declined | Unknown:
    """Charge `yen`. `key` is the idempotency key: one key charges once. Raises KeyReused."""
    match method:
        case Method.CARD:
            return company.charge(token, yen, key)
        case Method.WALLET:
            return company.debit(token, yen, key)
        case Method.BANK:
            raise _no_company(method)
        case _:
            assert_never(method)


def detach(method: Method, company: MoneyCompany, token: str) -> None:
    """Make the company delete the card or unlink the wallet. Idempotent. Raises CompanyUnreachable."""
    match method:
        case Method.CARD:
            company.detach(token)
        case Method.WALLET:
            company.unlink(token)
        case Method.BANK:
            raise _no_company(method)
        case _:
            assert_never(method)


def shortfall(company: MoneyCompany, answer: object, token: str, yen: int, back: str) -> Shortfall | None:
    """What the wallet lacked when it declined `yen`, and where to buy points (`back`: our page to return to). None for other answers."""
    if not (isinstance(answer, Declined) and answer.code == NOT_ENOUGH):
        return None
    try:
        missing = max(yen - company.balance(token), 0) or None
    except (CompanyUnreachable, LinkRemoved):
        missing = None
    return Shortfall(missing, company.points_page(back).url)


def _no_company(method: Method) -> ValueError:
    return ValueError(f"{method.label} has no company")
