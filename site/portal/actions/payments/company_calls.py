"""What each method's company is asked, by its own Protocol. A method without a company is a mistake in the program here."""

from typing import assert_never

from portal.enums import Method
from portal.gateways.card import Card, CardCompany, Declined, Failed, Page, Paid, Pending, Unknown
from portal.gateways.wallet import Link, WalletCompany

MoneyCompany = CardCompany | WalletCompany


def begin_visit(method: Method, company: MoneyCompany, reference: str, return_url: str) -> Page:
    """The company's page on which a card is typed or a wallet linked. Raises CompanyUnreachable."""
    match method:
        case Method.CARD:
            return company.begin_setup(reference, return_url)
        case Method.WALLET:
            return company.begin_link(reference, return_url)
        case Method.BANK:
            raise _no_company(method)
        case _:
            assert_never(method)


def finish_visit(method: Method, company: MoneyCompany, reference: str) -> Card | Link | Pending | Failed:
    """What came of the visit; may be asked again and again. Raises CompanyUnreachable."""
    match method:
        case Method.CARD:
            return company.finish_setup(reference)
        case Method.WALLET:
            return company.finish_link(reference)
        case Method.BANK:
            raise _no_company(method)
        case _:
            assert_never(method)


def take(method: Method, company: MoneyCompany, token: str, yen: int, key: str) -> Paid | Declined | Unknown:
    """Take the money, once for each key. Raises KeyReused."""
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
    """OwnedProducts the company delete what it keeps for us; twice is the same as once. Raises CompanyUnreachable."""
    match method:
        case Method.CARD:
            company.detach(token)
        case Method.WALLET:
            company.unlink(token)
        case Method.BANK:
            raise _no_company(method)
        case _:
            assert_never(method)


def _no_company(method: Method) -> ValueError:
    return ValueError(f"{method.label} has no company")
