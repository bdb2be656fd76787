"""The demo's bank page: the presenter pays in, and staff read the statement. Not part of the portal."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Order
from portal import clock
from portal.demo import scenarios
from portal.demo.bank_file import KINDS, statement_file
from portal.demo.bank_ways import Way, ways
from portal.demo.scenarios import scenarios_of
from portal.demo.turn_lock import Busy
from portal.demo.turning import in_own_context
from portal.demo.visitor import Lost
from portal.enums import Method, OrderState
from portal.forms.reading import whole_number
from portal.sandbox.books import bank
from portal.web.current import catalog
from portal.web.view_marks import no_page, public, types_nothing

blueprint = Blueprint("demo_bank", __name__)
LOST = "お客様の申し込みを作れませんでした。「最初からやり直す」のあとで、もう一度押してください。"
CHANGED = "明細は、この画面を開いたあとで変わりました。振り込んでいません。もう一度選んでください。"


@blueprint.get("/demo/bank")
@public
def show() -> ResponseReturnValue:
    waiting = Order.select().where(Order.method == Method.BANK, Order.state.in_([OrderState.PLACED, OrderState.EXPIRED]))
    orders = [(order, ways(order)) for order in waiting.order_by(Order.due_on).limit(50)]
    about = {"lines": bank.lines(_books()), "newest": bank.newest(_books()), "kinds": KINDS}
    about |= {"scenarios": scenarios_of(catalog()), "turn": scenarios.next_turn()}
    return render_template("demo/bank.html", orders=orders, has_numbers=catalog().virtual_accounts is not None, **about)


@blueprint.get("/demo/bank/<any('01', '03', csv):kind>")
@public
@no_page
def file(kind: str) -> ResponseReturnValue:
    """The statement as staff would download it from a real bank."""
    lines = list(reversed(bank.lines(_books())))
    content = statement_file(kind, lines, catalog().bank_accounts[0], clock.today())
    name = "meisai.csv" if kind == "csv" else f"zengin{kind}.txt"
    return Response(content, mimetype="application/octet-stream", headers={"Content-Disposition": f"attachment; filename={name}"})


@blueprint.post("/demo/bank/day")
@public
@types_nothing
def load_day() -> ResponseReturnValue:
    """One press: new customers, their transfers, the bank's file, imported; then the desk."""
    kind, seen, found = request.form.get("kind", ""), whole_number(request.form.get("turn")), []
    if kind not in KINDS or seen is None:
        return redirect(url_for("demo_bank.show"), code=303)
    try:
        in_own_context(scenarios.load, current_app._get_current_object(), kind, seen, found)
    except (Busy, Lost) as refusal:
        flash(str(refusal) if isinstance(refusal, Busy) else LOST)
        return redirect(url_for("demo_bank.show"), code=303)
    return redirect(url_for("staff.bank.show", number=found[0].number), code=303)


@blueprint.post("/demo/bank")
@public
@types_nothing
def pay_in() -> ResponseReturnValue:
    order = Order.get_or_none(Order.number == request.form.get("number", ""), Order.total_yen.is_null(False))
    way = order and ways(order).get(request.form.get("way", ""))
    seen = whole_number(request.form.get("seen"))
    if way and seen is not None:
        is_done = bank.pay_in(_books(), way.yen, way.payer, times=way.times, seen=seen) or _was_done(way, seen)
        flash(f"{way.label}：{way.yen:,}円を {way.payer} の名前で振り込みました。" if is_done else CHANGED)
    return redirect(url_for("demo_bank.show"), code=303)


def _was_done(way: Way, seen: int) -> bool:
    """The second of two clicks: what came after the page was shown is what its button says, and nothing else."""
    came = [(line["yen"], line["payer"]) for line in bank.lines(_books()) if line["id"] > seen]
    return came == [(way.yen, way.payer)] * way.times


def _books() -> bank.Books:
    return current_app.extensions["books"]
