"""「お支払い履歴・領収書」: every order of the customer with its state and papers, a search, and a year as CSV."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.actions.documents import papers, payment_history
from portal.actions.documents.payment_history import Sought
from portal.forms.documents import PaymentHistoryForm
from portal.web.current import catalog, current_account, get_or_404
from portal.web.view_marks import types_nothing

blueprint = Blueprint("history", __name__)
NOT_AWAITED = "このお申し込みは、お振り込みをお待ちしていません。請求書は発行できません。"


@blueprint.get("/history")
def index() -> ResponseReturnValue:
    form = PaymentHistoryForm(formdata=request.args)
    is_right = form.validate()
    sought = Sought(form.first_day, form.last_day, form.yen_amount, form.chosen_kind, form.page_number) if is_right else Sought()
    found = payment_history.history(current_account(), sought)
    years = payment_history.years(current_account())
    return render_template("documents/payment_history.html", form=form, found=found, years=years), 200 if is_right else 422


@blueprint.post("/history/<number>/invoice")
@types_nothing
def issue_invoice(number: str) -> ResponseReturnValue:
    """請求書 of an order that waits for a transfer; pressed again it leads to the same one."""
    order = get_or_404(current_account().orders, number=number)
    invoice = papers.issue_invoice(order, catalog().payable_accounts, catalog().company)
    if invoice is None:
        flash(NOT_AWAITED)
        return redirect(url_for("history.index"), code=303)
    return redirect(url_for("papers.show", number=invoice.number), code=303)


@blueprint.get("/history/<int(max=9999):year>.csv")
def annual(year: int) -> Response:
    if year not in payment_history.years(current_account()):
        abort(404)
    response = Response(payment_history.year_as_csv(current_account(), year), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"payments-{year}.csv")
    response.headers["Cache-Control"] = "no-store"
    return response
