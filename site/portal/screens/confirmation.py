"""The final confirmation of an order, the same for every method. The text that was shown is stored as evidence."""

from flask import flash, g, render_template, request
from flask.typing import ResponseReturnValue

from models import PaymentMethodSetup
from portal.actions.orders.placement import AcceptedOrder
from portal.enums import Method
from portal.rules.renewals.offer import Offer
from portal.screens import steps
from portal.screens.offers import documents_of
from portal.screens.payment_information import planned_transfer
from portal.screens.replaced import AGREE, FIELD, replaced_by
from portal.screens.second_look import SecondLook
from portal.web.current import catalog, current_account

CHANGED = (
    "表示したあとで内容が変わりました。新しい内容と金額をご確認のうえ、もう一度 OK を押してください。まだお申し込みは行われていません。"
)
SINCE = "お支払い方法の画面を表示したあとで、内容が変わりました。下の新しい内容と金額をご確認ください。"
OVERTAKEN = "ほかの画面での操作が先に行われたため、この画面からのお申し込みは行われていません。いまの状態をご確認ください。"


def look_at(offer: Offer, setup: PaymentMethodSetup | None = None) -> SecondLook:
    transfer = planned_transfer(g.order, offer.quote) if offer.method is Method.BANK else None
    context = {"offer": offer, "order": g.order, "setup": setup, "catalog": catalog(), "transfer": transfer}
    return SecondLook(render_template("orders/_confirmation.html", replaced=replaced_by(g.order, offer.method), **context))


def must_look_again(offer: Offer, look: SecondLook) -> str | None:
    """Why OK does nothing yet: the content changed since it was shown, or a box is not ticked. None if it may be done."""
    replaced = replaced_by(g.order, offer.method)
    if not look.was_shown:
        return CHANGED
    return None if replaced is None or replaced.is_agreed else AGREE


def final_screen(offer: Offer, action: str, *, setup: PaymentMethodSetup | None = None, notice: str | None = None) -> ResponseReturnValue:
    """The final confirmation page; it says if お支払い方法 had shown other content. `action` is the address that [OK] posts to."""
    about = {"offer": offer, "order": g.order, "action": action, "replaced": replaced_by(g.order, offer.method), "box": FIELD}
    seen = setup.seen if setup else request.args.get("seen", "")
    about["since"] = SINCE if seen not in ("", offer.quote.mark) else None
    look = look_at(offer, setup)
    if notice == CHANGED and look.was_accepted:
        return steps.to_order(g.order)
    if notice == AGREE:
        return look.page("orders/confirm.html", status=422, unticked=notice, **about)
    return look.page("orders/confirm.html", notice=notice, unticked=None, **about)


def accepted(offer: Offer, look: SecondLook) -> AcceptedOrder:
    replaced = replaced_by(g.order, offer.method)
    about = {"quote": offer.quote, "method": offer.method, "plan": current_account().plan}
    about["gives_up_transfer"] = replaced is not None and replaced.report is not None and replaced.is_agreed
    about["keeps_method"] = g.order.is_addition and offer.changes_method
    return AcceptedOrder(**vars(look.evidence), **about, documents=documents_of(g.order), revision=g.order.revision)


def say_unless_pressed_twice(look: SecondLook) -> None:
    """Warn only if another operation came first. After a double click the first result is shown without a warning."""
    if not look.was_accepted:
        flash(OVERTAKEN)
