"""The signed-in customer or staff member of this request, and the objects that the app was created with."""

from typing import Any

from flask import abort, current_app, request, session
from peewee import ModelSelect

from models import Account, Staff
from portal.catalog import Catalog
from portal.enums import Method
from portal.gateways.card import CardCompany
from portal.gateways.companies import Companies
from portal.gateways.wallet import WalletCompany
from portal.rules.accounts import passwords
from portal.runtime.settings import Settings


def current_account() -> Account:
    """The signed-in customer. web/guard.py makes sure that there is one."""
    return session.account


def current_staff() -> Staff:
    """The signed-in staff member, after both factors. web/guard.py makes sure that there is one."""
    return session.staff


def catalog() -> Catalog:
    return current_app.extensions["catalog"]


def settings() -> Settings:
    return current_app.extensions["settings"]


def companies() -> Companies:
    return current_app.extensions["companies"]


def metrics_text(gauges: dict[str, float]) -> str:
    """What all web processes have counted, with these values of the moment."""
    return current_app.extensions["metrics"](gauges)


def site_texts() -> tuple[str, ...]:
    """What everybody knows of the company: no password is made of it."""
    return passwords.site_texts(catalog(), settings().public_url)


def card_company() -> CardCompany | None:
    return companies().card


def wallet_company() -> WalletCompany | None:
    return companies().wallet


def company_of(method: Method) -> CardCompany | WalletCompany | None:
    """The company that takes payments by this method. None if there is none."""
    return companies().get(method)


def company_named(name: str) -> CardCompany | WalletCompany | None:
    """The company of the method with this name. None if the name is unknown or no company is configured."""
    return companies().get(name) if name in {*Method} else None


def get_or_404(rows: ModelSelect, **wanted: object) -> Any:
    """One row from a query of the customer's own rows. 404 for anything else."""
    found = rows.filter(**wanted).first()
    return found or abort(404)


def client_address() -> str:
    return request.remote_addr or ""


def client_browser() -> str:
    return request.user_agent.string[:255]
