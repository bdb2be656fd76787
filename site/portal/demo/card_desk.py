"""The demo's side of the card company: refunds made on its own pages, and disputes. The portal hears of them by webhooks. No page of it."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Account, Order, Payment
from portal import clock
from portal.actions.transfers import remittances
from portal.enums import Method, PaymentState
from portal.gateways.card import Remittance
from portal.gateways.card.sandbox import SandboxCardCompany
from portal.sandbox.books import Books, bank, charges, disputes
from portal.web.view_marks import public, types_nothing

blueprint = Blueprint("demo_card", __name__)
MOST, A_PART = 20, 1000
PAYER, LOOKS_BACK = "ｻﾝﾄﾞｶ-ﾄﾞｹﾂｻｲ(ｶ", timedelta(days=60)
STATES = {"": "お支払い済み", "open": "不審請求の申請中", "won": "申請は認められず、当社の勝ち", "lost": "申請が認められ、当社の負け"}
DONE = "「要確認」とお客様の画面に、数秒で届きます。"


@dataclass(frozen=True)
class Taken:
    """A charge at the company with what is left of it. `ways`: what the presenter can do with it: name -> label."""

    order: Order
    reference: str
    yen: int
    left_yen: int
    state: str
    ways: dict[str, str]


@blueprint.get("/demo/card")
@public
def show() -> ResponseReturnValue:
    arriving = [one for one in _remittances() if not _has_arrived(one)]
    return render_template("demo/card.html", taken=[_taken(payment) for payment in _payments()], done=DONE, arriving=arriving)


@blueprint.post("/demo/card")
@public
@types_nothing
def act() -> ResponseReturnValue:
    payment = _payments(Payment.company_reference == request.form.get("reference", "")).first()
    taken = payment and _taken(payment)
    label = taken and taken.ways.get(request.form.get("way", ""))
    if label:
        _do(taken, request.form["way"])
        flash(f"{label}：申し込み {taken.order.number}（{taken.order.account.name}様）。{DONE}")
    return redirect(url_for("demo_card.show"), code=303)


@blueprint.post("/demo/card/arrival")
@public
@types_nothing
def arrive() -> ResponseReturnValue:
    """The remittance reaches our bank account: a line of its statement, once. The company tells of it, as it would a few hours later."""
    found = next((one for one in _remittances() if one.number == request.form.get("number", "") and not _has_arrived(one)), None)
    if found:
        remittances.keep(Method.CARD, _company(), found.arrives_on, found.arrives_on)
        bank.pay_in(_books(), found.yen, PAYER, on=found.arrives_on)
        flash(f"{found.yen:,}円が、デモの銀行の口座に着きました。ファイルに入っています。")
    return redirect(url_for("demo_card.show"), code=303)


def _remittances() -> list[Remittance]:
    """Those of the last two months that have come by today."""
    today = clock.today()
    return [one for one in _company().remittances(today - LOOKS_BACK, today) if one.yen > 0]


def _has_arrived(one: Remittance) -> bool:
    about = (one.yen, one.arrives_on.isoformat(), PAYER)
    return any((line["yen"], line["booked_on"], line["payer"]) == about for line in bank.lines(_books()))


def _do(taken: Taken, way: str) -> None:
    match way:
        case "all":
            disputes.refund_here(_books(), taken.reference, taken.left_yen)
        case "part":
            disputes.refund_here(_books(), taken.reference, A_PART)
        case "dispute":
            disputes.dispute(_books(), taken.reference)
        case "won" | "lost":
            disputes.decide(_books(), taken.reference, way)


def _payments(*conditions):
    paid = Payment.select(Payment, Order, Account).join(Order).join(Account)
    paid = paid.where(Payment.method == Method.CARD, Payment.state == PaymentState.SUCCEEDED, *conditions)
    return paid.order_by(Payment.id.desc()).limit(MOST)


def _taken(payment: Payment) -> Taken:
    reference, books = payment.company_reference, _books()
    left, found = charges.ledger(books).left_yen(reference), disputes.of_charge(books, reference)
    state = found["state"] if found else ""
    return Taken(payment.order, reference, payment.yen, left, STATES[state], _ways(left, state))


def _ways(left_yen: int, state: str) -> dict[str, str]:
    if state == "open":
        return {"won": "申請は認められない（当社の勝ち）", "lost": "申請が認められる（当社の負け）"}
    if not left_yen:
        return {}
    ways = {"all": "全額を返金する"} | ({"part": f"{A_PART:,}円を返金する"} if left_yen > A_PART else {})
    return ways if state else ways | {"dispute": "不審請求の申請を受ける"}


def _company() -> SandboxCardCompany:
    return SandboxCardCompany(_books(), "")


def _books() -> Books:
    return current_app.extensions["books"]
