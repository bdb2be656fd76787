"""The demo's table of contents: personas, their pages, orders by state, mails, the bank and the clock."""

from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from models import Account, Mail, Order, RenewalSetting, Subscription
from portal import clock
from portal.actions.transfers.order_rows import order_row, orders_with_money
from portal.demo.personas import PASSWORD, PERSONAS, STAFF
from portal.demo.sent_mails import as_sent, with_links
from portal.web.current import catalog, settings
from portal.web.view_marks import public

blueprint = Blueprint("demo", __name__)
MOST = 100
ALWAYS = (
    ("コントロールパネル", "/"),
    ("サーバー契約・更新", "/contract"),
    ("送信済みメール", "/mails"),
    ("アカウント設定", "/account"),
)
WITH_CONTRACT = (("今後の予定", "/contract/timeline"),)
WITH_RENEWAL = (
    ("次回ご契約内容を変更する", "/renewal/change"),
    ("支払い方法をリセットする", "/renewal/reset"),
    ("お支払い方法だけを変更する", "/renewal/method"),
)
WITHOUT_RENEWAL = (("自動更新は止まっています", "/renewal/stopped"),)


@dataclass(frozen=True)
class Customer:
    """A persona with links to its pages: label and address."""

    account: Account
    story: str
    screens: list[tuple[str, str]]


@blueprint.get("/demo")
@public
def show() -> ResponseReturnValue:
    people = {"customers": _customers(), "staff_story": STAFF.story, "password": PASSWORD}
    is_new = request.args.get("restarted") == "yes"
    return render_template("demo/show.html", is_new=is_new, today=clock.today(), **people)


@blueprint.get("/demo/mails")
@public
def mails() -> ResponseReturnValue:
    """The newest mails, without their text."""
    columns = (Mail.id, Mail.subject, Mail.recipient, Mail.created_at, Mail.state)
    return render_template("demo/mails.html", mails=list(Mail.select(*columns).order_by(Mail.id.desc()).limit(MOST)))


@blueprint.get("/demo/mails/<int:number>")
@public
def mail(number: int) -> ResponseReturnValue:
    """As its reader has it: with the link that the stored text leaves out."""
    found = Mail.get_or_none(Mail.id == number) or abort(404)
    return render_template("demo/mail.html", mail=found, body=with_links(as_sent(found, settings().data_folder)))


def _customers() -> list[Customer]:
    """Accounts with a known password, so that one click opens a page as its owner. Four queries in total."""
    accounts = {account.login: account for account in Account.select().where(Account.login.in_([each.login for each in PERSONAS]))}
    has_contract = {row.account_id for row in Subscription.select(Subscription.account).where(Subscription.ended_on.is_null())}
    renews = {row.account_id for row in RenewalSetting.select(RenewalSetting.account)}
    orders = _orders(list(accounts.values()))
    found = []
    for persona in PERSONAS:
        if account := accounts.get(persona.login):
            screens = [*ALWAYS, *_of_a_contract(account.id in has_contract, account.id in renews), *orders.get(account.id, ())]
            found.append(Customer(account, persona.described(catalog()), screens))
    return found


def _of_a_contract(is_there: bool, renews: bool) -> tuple[tuple[str, str], ...]:
    if not is_there:
        return ()
    return (*WITH_CONTRACT, *(WITH_RENEWAL if renews else WITHOUT_RENEWAL))


def _orders(accounts: list[Account]) -> dict[int, list[tuple[str, str]]]:
    """Orders with their state, by account, the newest first."""
    screens: dict[int, list[tuple[str, str]]] = {}
    for order in orders_with_money().where(Order.account.in_(accounts)).order_by(Order.id.desc()).limit(MOST):
        row = order_row(order)
        label = f"申し込み {order.number}（{row.money.label if row.money else order.kind_label}）"
        screens.setdefault(order.account_id, []).append((label, f"/orders/{order.number}"))
    return screens
