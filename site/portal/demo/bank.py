"""The demo's bank page: the presenter pays in, and staff read the statement. Not part of the portal."""

from dataclasses import dataclass

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Order
from portal import clock
from portal.demo.bank_file import KINDS, statement_file
from portal.enums import Method, OrderState
from portal.sandbox.books import bank
from portal.web.current import catalog
from portal.web.view_marks import no_page, public, types_nothing

blueprint = Blueprint("demo_bank", __name__)


@dataclass(frozen=True)
class Way:
    """One way in which a transfer can arrive for an order. Yen, and the name as the bank prints it."""

    label: str
    yen: int
    payer: str
    times: int = 1


@blueprint.get("/demo/bank")
@public
def show() -> ResponseReturnValue:
    waiting = Order.select().where(Order.method == Method.BANK, Order.state.in_([OrderState.PLACED, OrderState.EXPIRED]))
    orders = [(order, ways(order)) for order in waiting.order_by(Order.due_on).limit(50)]
    return render_template("demo/bank.html", orders=orders, lines=bank.lines(_books()), kinds=KINDS)


@blueprint.get("/demo/bank/<any('01', '03', csv):kind>")
@public
@no_page
def file(kind: str) -> ResponseReturnValue:
    """The statement as staff would download it from a real bank."""
    lines = list(reversed(bank.lines(_books())))
    content = statement_file(kind, lines, catalog().bank_accounts[0], clock.today())
    name = "meisai.csv" if kind == "csv" else f"zengin{kind}.txt"
    return Response(content, mimetype="application/octet-stream", headers={"Content-Disposition": f"attachment; filename={name}"})


@blueprint.post("/demo/bank")
@public
@types_nothing
def pay_in() -> ResponseReturnValue:
    order = Order.get_or_none(Order.number == request.form.get("number", ""), Order.total_yen.is_null(False))
    way = order and ways(order).get(request.form.get("way", ""))
    if way:
        for _ in range(way.times):
            bank.pay_in(_books(), way.yen, way.payer)
        flash(f"{way.label}：{way.yen:,}円を {way.payer} の名前で振り込みました。")
    return redirect(url_for("demo_bank.show"), code=303)


def ways(order: Order) -> dict[str, Way]:
    """The payments that the presenter can choose."""
    named = f"{order.number} ﾐﾎﾝ ﾀﾛｳ"
    return {
        "exact": Way("ちょうど", order.total_yen, named),
        "short": Way("440円足りない", max(order.total_yen - 440, 1), named),
        "over": Way("1,000円多い", order.total_yen + 1000, named),
        "other": Way("番号のない別の名前", order.total_yen, "ﾖｿﾉ ﾊﾅｺ"),
        "twice": Way("2回", order.total_yen, named, times=2),
    }


def _books() -> bank.Books:
    return current_app.extensions["books"]
