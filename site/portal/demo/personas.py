"""The customers of the demo, each in the state that its name says, made by pressing the portal's own buttons."""

from dataclasses import dataclass

from flask import Flask

import models
from models import Account
from portal.actions.accounts import add_account
from portal.catalog import Catalog
from portal.demo.visitor import Lost, Visitor
from portal.sandbox.published import TEST_CARDS
from portal.words import Product

PASSWORD = "demo-pass"


@dataclass(frozen=True)
class Persona:
    login: str
    name: str
    story: str


PERSONAS = (
    Persona("new", "見本 新", "まだ契約がない"),
    Persona("card", "見本 花", "サーバーをカードで契約、自動更新あり（バックアップ、デバイスセキュリティも）"),
)
STATES = {persona.login: persona.story for persona in PERSONAS}


def make(app: Flask, base_url: str) -> None:
    """Make the personas that are not there yet; what a visitor of the demo did with the others stays."""
    catalog: Catalog = app.extensions["catalog"]
    models.ensure_connection()
    for persona in PERSONAS:
        if Account.by_login(persona.login):
            continue
        _add(persona, catalog)
        if persona.login == "card":
            _contract_by_card(Visitor(app, base_url), persona, catalog)


def _add(persona: Persona, catalog: Catalog) -> None:
    email = f"{persona.login}@example.jp"
    add_account(login=persona.login, password=PASSWORD, name=persona.name, email=email, plan=catalog.plans[1].id, actor="demo")


def _contract_by_card(visitor: Visitor, persona: Persona, catalog: Catalog) -> None:
    visitor.visit("/login")
    visitor.send(login=persona.login, password=PASSWORD)
    visitor.visit("/contract")
    visitor.send("/orders")
    products = (Product.SERVER, Product.BACKUP, Product.DEVICE)
    agreed = {f"agree_{product.value}": catalog.document_of(product).version for product in products}
    visitor.send(do="next", months="12", ssl="", backup="12", device_months="12", devices="3", **agreed)
    visitor.send(do="next", method="card")
    number = TEST_CARDS[0].number
    visitor.send(number=number, expiry="12/35", code="123", name="HANA MIHON")
    visitor.send()
    if "入金確認済" not in visitor.page:
        raise Lost(f"{persona.login} could not pay")
