"""申し込み: every confirmed order, and the details of one."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from models import Order
from portal.actions.staff import details, held, lists
from portal.actions.transfers.order_rows import order_row
from portal.screens.staff.list_page import list_page, search, search_query
from portal.web.current import catalog

blueprint = Blueprint("orders", __name__)


@blueprint.get("/orders")
def index() -> ResponseReturnValue:
    form = search()
    return list_page("staff/orders/list.html", form, lists.orders(search_query(form)))


@blueprint.get("/orders/<number>")
def show(number: str) -> ResponseReturnValue:
    order, refunds = details.order_with_refunds(number) or abort(404)
    if order.is_draft:
        abort(404)
    payments, disputes = details.payments_of(order)
    entities = [
        f"order {order.number}",
        *(f"payment {payment.key}" for payment in payments),
        *(f"refund {refund.key}" for refund in refunds),
        *(f"dispute {dispute.reference}" for dispute in disputes),
    ]
    parts = {"lines": details.lines_of(order), "allocations": details.allocations_to_order(order), "payments": payments}
    parts |= {"confirmations": details.confirmations_of(order), "refunds": refunds}
    parts |= {"disputes": disputes, "is_to_check": details.is_to_check(disputes, refunds)}
    parts |= {"most_accepted_yen": catalog().accepted_difference_yen}
    parts["pays_by_file"] = catalog().payouts is not None
    parts["held"] = held.held_of(order.account) if order.is_placed else []
    row, events = order_row(order), details.events_of(entities)
    return render_template("staff/orders/show.html", row=row, order=order, events=events, **parts)


@blueprint.get("/orders/<number>/confirmations/<int(max=9999):which>")
def confirmation(number: str, which: int) -> ResponseReturnValue:
    """The exact text on the customer's screen, and the documents that were agreed to."""
    order = _order(number)
    found = details.confirmation_of(order, which) or abort(404)
    consents = details.consents_of(order)
    return render_template("staff/orders/confirmation.html", order=order, confirmation=found, consents=consents)


def _order(number: str) -> Order:
    order = details.order_by_number(number) or abort(404)
    return abort(404) if order.is_draft else order
