"""The contents of the demo: its people, their screens, every order in its state, the mails, the bank and the clock."""

from dataclasses import dataclass

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from models import Account, Mail, Order
from portal import clock
from portal.actions.staff_lists import order_row, orders_with_money
from portal.demo.personas import PASSWORD, PERSONAS, STAFF
from portal.sandbox.books import turns
from portal.web.current import catalog
from portal.web.marks import public
from portal.words import OrderState

blueprint = Blueprint("demo", __name__)
MOST = 100
ALWAYS = (
    ("コントロールパネル", "/"),
    ("サーバー契約・更新", "/contract"),
    ("送信済みメール", "/mails"),
    ("アカウント設定", "/account"),
)
WITH_RENEWAL = (
    ("今後の予定", "/contract/timeline"),
    ("次回ご契約内容を変更する", "/renewal/change"),
    ("お支払い方法の変更", "/renewal/method"),
    ("支払い方法をリセットする", "/renewal/reset"),
)


@dataclass(frozen=True)
class Customer:
    """A persona, and the screens that are open to it: label and address."""

    account: Account
    story: str
    screens: list[tuple[str, str]]


@blueprint.get("/demo")
@public
def show() -> ResponseReturnValue:
    days = {"today": clock.today(), "real_today": clock.day_of(clock.real_now())}
    days["first_day"] = turns.first_day(current_app.extensions["books"])
    mails = list(Mail.select(Mail.id, Mail.subject, Mail.recipient, Mail.created_at, Mail.state).order_by(Mail.id.desc()).limit(MOST))
    people = {"customers": _customers(), "staff_story": STAFF.story, "password": PASSWORD}
    is_new = request.args.get("restarted") == "yes"
    return render_template("demo/show.html", mails=mails, documents=catalog().documents, is_new=is_new, **days, **people)


@blueprint.get("/demo/mails/<int:number>")
@public
def mail(number: int) -> ResponseReturnValue:
    return render_template("demo/mail.html", mail=Mail.get_or_none(Mail.id == number) or abort(404))


def _customers() -> list[Customer]:
    """Those whose password is known, so that one press opens a screen as its owner."""
    accounts = {account.login: account for account in Account.select()}
    there = [(persona, accounts[persona.login]) for persona in PERSONAS if persona.login in accounts]
    return [Customer(account, persona.story, _screens(account)) for persona, account in there]


def _screens(account: Account) -> list[tuple[str, str]]:
    """Label and address."""
    screens = [*ALWAYS, *(WITH_RENEWAL if account.renewal_setting else ())]
    for order in account.orders.where(Order.state == OrderState.DRAFT):
        screens.append(("契約内容の選択", f"/orders/{order.number}"))
    for order in orders_with_money().where(Order.account == account, Order.state != OrderState.DRAFT).order_by(Order.id.desc()).limit(10):
        row = order_row(order)
        screens.append((f"申し込み {order.number}（{row.money.label}）", f"/orders/{order.number}"))
    return screens
