"""The customer's snapshot, read once per request."""

from flask import g

from models import Consent, Order, Term
from portal import clock
from portal.actions.renewals.snapshot import contents_of, snapshot_of
from portal.forms.owned_products import OwnedProducts
from portal.rules.renewals.by_hand import obstacle
from portal.rules.renewals.change_window import Closed
from portal.rules.renewals.snapshot import Entitlement, Snapshot
from portal.screens.deadlines import too_late
from portal.web.current import catalog, current_account

ORDERED = "お申し込み {} で申し込み済みのため、ここでは選べません。"


def snapshot() -> Snapshot:
    """With everything that decides what can be renewed, and until when."""
    if "snapshot" not in g:
        g.snapshot = snapshot_of(current_account(), terms=terms())
    return g.snapshot


def terms() -> list[Term]:
    """The customer's terms, with line and order."""
    if "terms" not in g:
        g.terms = current_account().terms
    return g.terms


def contents() -> Snapshot:
    """A smaller snapshot: subscriptions and how they renew. Enough for a placed order."""
    if "snapshot" in g:
        return g.snapshot
    if "contents" not in g:
        g.contents = contents_of(current_account())
    return g.contents


def owned_products() -> OwnedProducts:
    if "owned_products" not in g:
        obstacles = {entitlement.subscription: sentence for entitlement in snapshot().entitlements if (sentence := _obstacle(entitlement))}
        server = snapshot().server
        is_over = server is not None and server.ends_on < clock.today()
        by_themselves = frozenset(each.subscription for each in snapshot().entitlements if each.renews and snapshot().renewal_method)
        g.owned_products = OwnedProducts(snapshot(), obstacles, _has_agreed(), is_over, by_themselves, _ordered_beside())
    return g.owned_products


def _ordered_beside() -> dict[str, str]:
    """What an open order of kind `add` buys: in another order it would be bought twice, and refused at OK."""
    return {product: ORDERED.format(order.number) for order in snapshot().beside for product in order.buys}


def _obstacle(entitlement: Entitlement) -> str | None:
    found = obstacle(snapshot(), entitlement, clock.today(), catalog())
    return too_late(found) if isinstance(found, Closed) else found


def _has_agreed() -> bool:
    """True if the customer agreed to today's version of the server's terms, or if there has only been one version."""
    now = catalog().document_of(catalog().server.id)
    if now.id not in [old.id for old in catalog().old_documents]:
        return True
    agreed = Consent.select().join(Order).where(Order.account == current_account(), Consent.document == now.id)
    return agreed.where(Consent.version == now.version).exists()
