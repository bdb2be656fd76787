"""The people of the demo, each in the state that the name says, made by pressing the portal's own buttons."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

import models
from models import Account, Staff
from portal.actions.accounts import add_account
from portal.actions.staff_accounts import add_staff
from portal.catalog import Catalog
from portal.demo import stories
from portal.demo.visitor import Visitor

PASSWORD = "demo-pass"


@dataclass(frozen=True)
class Persona:
    login: str
    name: str
    story: str
    play: Callable[[Visitor, Catalog], None] | None = None


PERSONAS = (
    Persona("new", "見本 新", "まだ契約がない"),
    Persona("card", "見本 花", "サーバーをカードで契約、自動更新あり（バックアップ、デバイスセキュリティも）", stories.contract_by_card),
    Persona("osaipo", "見本 次郎", "サーバーをおさいぽ!で契約、自動更新日は15日", stories.contract_by_wallet),
    Persona("bank", "見本 太郎", "銀行振込で申し込み済み、入金待ち", stories.order_by_transfer),
)
STAFF = Persona("staff", "見本 係", "担当者（/staff/login から。確認コードは画面に出ます）")
STATES = {persona.login: persona.story for persona in (*PERSONAS, STAFF)}


def make(app: Flask, base_url: str) -> None:
    """Make the personas that are not there yet; what a visitor of the demo did with the others stays."""
    catalog: Catalog = app.extensions["catalog"]
    models.ensure_connection()
    for persona in PERSONAS:
        account = Account.by_login(persona.login) or _add(persona, catalog)
        if persona.play and account.latest_order is None:
            _play(persona, Visitor(app, base_url), catalog)
    if not Staff.by_login(STAFF.login):
        add_staff(STAFF.login, PASSWORD, STAFF.name, actor="demo")


def _add(persona: Persona, catalog: Catalog) -> Account:
    email = f"{persona.login}@example.jp"
    return add_account(login=persona.login, password=PASSWORD, name=persona.name, email=email, plan=catalog.plans[1].id, actor="demo")


def _play(persona: Persona, visitor: Visitor, catalog: Catalog) -> None:
    visitor.visit("/login")
    visitor.send(login=persona.login, password=PASSWORD)
    visitor.visit("/contract")
    visitor.send("/orders")
    persona.play(visitor, catalog)
