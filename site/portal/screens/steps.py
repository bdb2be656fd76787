"""Which screens each order state may show: one table, one check. A step out of order shows the order's real state."""

from typing import Any

from flask import Blueprint, abort, flash, g, request, url_for

from models import Account, Order, Payment
from portal import clock
from portal.actions.orders.drafts import OutOfStep
from portal.enums import OrderKind
from portal.rules.accounts.limits import TooMany
from portal.rules.payments.order_status import Stage, may_be_cancelled, stage
from portal.rules.renewals.by_hand import kind_by_hand
from portal.rules.renewals.change_window import Closed, change_window
from portal.rules.renewals.open_orders import OpenOrder
from portal.rules.renewals.quote import is_sold
from portal.screens import additions
from portal.screens.deadlines import too_late
from portal.screens.instead_of_waiting import instead_of_waiting
from portal.screens.offers import plan_of
from portal.screens.owned import owned_products, snapshot
from portal.web.current import catalog, current_account
from portal.web.errors import too_many
from portal.web.fragments import lead_to

SCREENS: dict[str, set[Stage]] = {
    "orders.show": set(Stage),
    "orders.choose": {Stage.FORM},
    "orders.estimate": {Stage.FORM},
    "payment.choose": {Stage.FORM, Stage.PAYABLE, Stage.AWAITED},
    "payment.pick": {Stage.FORM, Stage.PAYABLE, Stage.AWAITED},
    "card.confirm": {Stage.FORM, Stage.PAYABLE, Stage.AWAITED},
    "card.pay_now": {Stage.FORM, Stage.PAYABLE, Stage.AWAITED},
    "wallet.show": {Stage.FORM, Stage.PAYABLE, Stage.AWAITED},
    "wallet.confirm": {Stage.FORM, Stage.PAYABLE, Stage.AWAITED},
    "wallet.pay_now": {Stage.FORM, Stage.PAYABLE, Stage.AWAITED},
    "bank.confirm": {Stage.FORM, Stage.PAYABLE},
    "bank.place": {Stage.FORM, Stage.PAYABLE},
    "bank.report": {Stage.AWAITED, Stage.PARTLY},
    "bank.send_report": {Stage.AWAITED, Stage.PARTLY},
    "bank.send_mail": {Stage.AWAITED, Stage.PARTLY},
    "bank.confirm_giving_up": {Stage.PAYABLE, Stage.AWAITED},
    "bank.give_up": {Stage.PAYABLE, Stage.AWAITED},
}

PAYS = tuple(screen for screen, stages in SCREENS.items() if {Stage.FORM, Stage.PAYABLE} <= stages and screen != "orders.show")
CANCELS = ("bank.confirm_giving_up", "bank.give_up")
OF_THE_FORM = ("orders.choose", "orders.estimate")  # an order of kind `add` is chosen on a page of its own
CHOOSES = ("orders.show", "orders.choose", "payment.choose", "payment.pick")
HAS_SERVER = "サーバーはすでにご契約いただいています。"
NO_SERVER = "更新できるサーバーのご契約がありません。新規契約をお申し込みください。"
SWITCHED = "自動更新の設定が変わりました。お手数ですが、もう一度お手続きを始めてください。まだお申し込みは行われていません。"
NOTHING_TO_CHOOSE = "いまお手続きいただけるものがありません。次回のご契約はお支払い済みです。"
UNDECIDED = "お支払いの結果を確認中のお申し込みがあります。結果が出るまで、新しいお申し込みはできません。"
PARTLY_PAID = "ご入金の一部を確認しているため、お申し込みは変更できません。変更をご希望の場合は、お問い合わせ窓口へご連絡ください。"
NO_PLAN = "現在お申し込みいただけるプランがありません。お問い合わせ窓口へご連絡ください。"


def enforce(blueprint: Blueprint) -> None:
    """Before every view of `blueprint`: load the order from the customer's own, and redirect steps out of order."""
    load_order(blueprint)

    @blueprint.before_request
    def right_step() -> Any:
        if "number" not in (request.view_args or {}):
            return None
        if g.order.is_addition and request.endpoint in OF_THE_FORM:
            return to_order(g.order)
        if g.stage not in SCREENS[request.endpoint] or (request.endpoint in CANCELS and not _may_cancel()):
            return to_order(g.order)
        return _not_now() if g.order.is_draft else None


def load_order(blueprint: Blueprint) -> None:
    """Before every view of `blueprint`: the order, the customer's own, with its newest attempt and its stage. What cannot be done leads to
    the order; what was tried too often says how long to wait.
    """
    blueprint.register_error_handler(OutOfStep, lambda _: to_order(g.order))
    blueprint.register_error_handler(TooMany, lambda refusal: too_many(refusal, *instead_of_waiting(g.order, g.stage)))

    @blueprint.before_request
    def load() -> None:
        if "number" in (request.view_args or {}):
            g.order = current_account().order(request.view_args["number"]) or abort(404)
            g.payment = None if g.order.is_draft else g.order.latest_payment
            g.stage = stage_of(g.order, g.payment)


def _may_cancel() -> bool:
    is_held = g.payment is not None and g.payment.is_held
    return may_be_cancelled(g.stage, is_automatic=g.order.is_automatic, is_held=is_held)


def _not_now() -> Any:
    """Redirect a draft that cannot go on: its plan is withdrawn, or another payment has no result yet."""
    account = current_account()
    if g.order.is_addition:
        found = additions.of(g.order)
        return _to(found.page(g.order), obstacle) if (obstacle := found.obstacle(g.order)) else None
    if g.order.is_new and plan_of(account) is None:
        return without_plan()
    if not g.order.is_new:
        return no_renewal(OrderKind(g.order.kind)) or (to_undecided_renewal() if request.endpoint in PAYS else None)
    if request.endpoint in CHOOSES and account.server:
        return to_contract(HAS_SERVER)
    return to_undecided(account) if request.endpoint in PAYS else None


def no_renewal(kind: OrderKind | None = None) -> Any:
    """Redirect with the reason if nothing can be renewed or changed by hand now (as `kind`, if given). None if it can."""
    server = snapshot().server
    if server is None:
        return to_contract(NO_SERVER)
    if kind not in (None, kind_by_hand(snapshot())):
        return to_contract(SWITCHED)
    if owned_products().is_over and not is_sold(snapshot(), server, catalog()):
        return without_plan()
    window = change_window(snapshot(), clock.today(), catalog(), server.ends_on)
    if isinstance(window, Closed):
        return to_contract(too_late(window).striptags())
    return to_contract(NOTHING_TO_CHOOSE) if owned_products().is_complete(catalog()) else None


def stage_of(order: Order, payment: Payment | None) -> Stage:
    received = order.received_yen if order.is_placed and order.is_by_transfer else 0
    return stage(order.state, payment and payment.state, order.method, received)


def to_undecided(account: Account) -> Any:
    """Redirect to the order whose payment has no result yet. None if there is none. Until then nothing else is sold."""
    order = account.placed_order
    found = order and stage_of(order, order.latest_payment)
    if found in (None, Stage.PAYABLE, Stage.AWAITED):
        return None
    flash(PARTLY_PAID if found is Stage.PARTLY else UNDECIDED)
    return to_order(order)


def to_undecided_renewal() -> Any:
    """The same for a customer with a contract, from the snapshot that is already loaded."""
    order = snapshot().open_order
    if order is None or not order.is_on_its_way:
        return None
    flash(UNDECIDED if order.is_undecided else PARTLY_PAID)
    return to_order(order)


def without_plan() -> Any:
    return to_contract(NO_PLAN)


def to_contract(sentence: str) -> Any:
    return _to(url_for("contract.show"), sentence)


def _to(address: str, sentence: str) -> Any:
    flash(sentence)
    return lead_to(address)


def to_order(order: Order | OpenOrder) -> Any:
    return lead_to(url_for("orders.show", number=order.number))
