"""One more certificate, for a common name of its own: an order beside that of the contract."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models import Order
from portal.actions.certificates.common_names import HAS_ONE
from portal.catalog import Certificate
from portal.forms.certificates import NewCertificateForm
from portal.screens import additions
from portal.screens.added_certificate import NewCertificate, new_certificate
from portal.screens.order_status import OrderStatus, status_of_order
from portal.web.current import catalog, current_account
from portal.web.view_marks import keeps_input

blueprint = Blueprint("new_certificate", __name__)
ADDRESS = "/ssl/new/<sold>"


@blueprint.get(ADDRESS)
def show(sold: str) -> ResponseReturnValue:
    found = _found(sold)
    return _page(found, found.form())


@blueprint.post(ADDRESS)
@keeps_input("new_certificate.show")
def add(sold: str) -> ResponseReturnValue:
    found = _found(sold)
    if found.obstacle:
        return redirect(url_for("new_certificate.show", sold=sold), code=303)
    form = found.form()
    if form.agreed is None:
        return _page(found, form, 422)
    if form.common_name.data in {each.common_name.name for each in found.choices if each.is_taken}:
        form.common_name.errors = [HAS_ONE]
        return _page(found, form, 422)
    adds = f"{found.product.id} {form.common_name.data}"
    placed = _status(current_account().placed_addition(adds))
    if placed and placed.is_undecided:
        return redirect(url_for("orders.show", number=placed.order.number), code=303)
    return redirect(url_for("payment.choose", number=additions.begin(adds, form.typed()).number), code=303)


def _found(sold: str) -> NewCertificate:
    found = catalog().product(sold)
    return new_certificate(found, current_account()) if isinstance(found, Certificate) else abort(404)


def _status(order: Order | None) -> OrderStatus | None:
    return order and status_of_order(order, order.latest_payment)


def _page(found: NewCertificate, form: NewCertificateForm, status: int = 200) -> ResponseReturnValue:
    context = {"found": found, "form": form, "mistakes": form.mistakes, "document": form.document}
    return render_template("certificates/new.html", **context), status
