"""The final confirmation, the same for every method: one text that is shown, compared when OK is pressed, and kept as evidence."""

import hashlib

from flask import flash, g, render_template
from flask.typing import ResponseReturnValue

from models import PaymentMethodSetup
from portal.actions.orders.confirmations import ConfirmedScreen
from portal.actions.orders.placement import AcceptedOrder
from portal.enums import Method, SetupState
from portal.rules.renewals.offer import Offer
from portal.rules.renewals.snapshot import OpenOrder
from portal.screens.offers import documents_of
from portal.screens.owned import snapshot
from portal.screens.payment_information import planned_transfer
from portal.web.current import catalog, client_address, client_browser, current_account

CHANGED = (
    "表示したあとで内容が変わりました。新しい内容と金額をご確認のうえ、もう一度 OK を押してください。まだお申し込みは行われていません。"
)
OVERTAKEN = "ほかの画面での操作が先に行われたため、この画面からのお申し込みは行われていません。いまの状態をご確認ください。"


def content_of(offer: Offer, setup: PaymentMethodSetup | None = None) -> str:
    transfer = planned_transfer(g.order, offer.quote) if offer.method is Method.BANK else None
    context = {"offer": offer, "order": g.order, "setup": setup, "catalog": catalog(), "transfer": transfer}
    return render_template("orders/_confirmation.html", replaced=_replaced(), **context)


def _replaced() -> OpenOrder | None:
    """The order that this one cancels. A new contract has said so before its form."""
    return snapshot().open_order if g.order.is_draft and not g.order.is_new else None


def final_screen(offer: Offer, action: str, *, setup: PaymentMethodSetup | None = None, notice: str | None = None) -> ResponseReturnValue:
    """The page whose button obliges; `action` is where its [OK] goes. With a `notice`, it stands in the place of what was shown before."""
    content = content_of(offer, setup)
    context = {"content": content, "shown": sha256(content), "offer": offer, "order": g.order, "action": action, "notice": notice}
    return render_template("orders/confirm.html", **context), 409 if notice else 200


def confirmed_screen(content: str) -> ConfirmedScreen:
    """The evidence of an OK that no order comes of."""
    return ConfirmedScreen(content, sha256(content), client_address(), client_browser())


def accepted(offer: Offer, content: str) -> AcceptedOrder:
    evidence = (content, sha256(content), client_address(), client_browser())
    return AcceptedOrder(*evidence, offer, current_account().plan, documents_of(g.order), g.order.revision)


def say_unless_pressed_twice(setup: PaymentMethodSetup) -> None:
    """An earlier press of the same button did it: its result is the answer. Otherwise something else was first."""
    if PaymentMethodSetup.get_by_id(setup.id).state == SetupState.READY:
        flash(OVERTAKEN)


def sha256(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
