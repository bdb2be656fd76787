"""Who is asking, and what the program was made with."""

from typing import Any

from flask import abort, current_app, request, session
from peewee import ModelSelect

from models import Account, Staff
from portal.catalog import Catalog
from portal.enums import Method
from portal.gateways.card import CardCompany
from portal.gateways.companies import Companies
from portal.gateways.wallet import WalletCompany
from portal.runtime.settings import Settings


def current_account() -> Account:
    """The customer who has signed in; web/guard.py has made sure that there is one."""
    return session.account


def current_staff() -> Staff:
    """Who of the staff has signed in, with both factors; the guard has made sure that there is one."""
    return session.staff


def catalog() -> Catalog:
    return current_app.extensions["catalog"]


def settings() -> Settings:
    return current_app.extensions["settings"]


def companies() -> Companies:
    return current_app.extensions["companies"]


def card_company() -> CardCompany | None:
    return companies().card


def wallet_company() -> WalletCompany | None:
    return companies().wallet


def company_of(method: Method) -> CardCompany | WalletCompany | None:
    """Who takes the money by that method; None where nobody does."""
    return companies().get(method)


def company_named(name: str) -> CardCompany | WalletCompany | None:
    """The company of the method with that name, if there is such a method and it has one."""
    return companies().get(name) if name in {*Method} else None


def get_or_404(rows: ModelSelect, **wanted: object) -> Any:
    """The one row among the customer's own; what is not theirs is not there."""
    found = rows.filter(**wanted).first()
    return found or abort(404)


def client_address() -> str:
    return request.remote_addr or ""


def client_browser() -> str:
    return request.user_agent.string[:255]
