"""What a customer may renew by hand today, and how the form is filled at first. Dates are inclusive dates in Japan."""

from collections.abc import Iterable
from datetime import date

from portal.catalog import Catalog
from portal.enums import OrderKind
from portal.rules.renewals.change_window import Closed, change_window
from portal.rules.renewals.quote import is_sold
from portal.rules.renewals.snapshot import Entitlement, Snapshot

PAID_AHEAD = "次回のご契約はお支払い済みです。"
NOT_SOLD = "お取り扱いを終了したため、更新できません。続けてのご利用については、お問い合わせ窓口へご連絡ください。"


def kind_by_hand(snapshot: Snapshot) -> OrderKind:
    """契約更新 without a renewal method; with one, the order changes what would be renewed automatically."""
    return OrderKind.RENEW if snapshot.renewal_method is None else OrderKind.CHANGE


def obstacle(snapshot: Snapshot, entitlement: Entitlement, today: date, catalog: Catalog) -> Closed | str | None:
    """Why it cannot be renewed by hand today; None if it can. `Closed`: too late to change its automatic charge; else a Japanese sentence.

    At most one term may be paid ahead (the company's guide).
    """
    if entitlement.is_paid_ahead(today):
        return PAID_AHEAD
    if not is_sold(snapshot, entitlement, catalog):
        return NOT_SOLD
    window = change_window(snapshot, today, catalog, entitlement.ends_on)
    return window if entitlement.renews and isinstance(window, Closed) else None


def nearest_months(months: int, offered: Iterable[int]) -> int:
    """The offered period nearest to `months`; of two equally near, the shorter one."""
    return min(offered, key=lambda each: (abs(each - months), each))


def is_preselected(entitlement: Entitlement, server: Entitlement | None) -> bool:
    """True if the form selects its renewal at first: it ends with the server or earlier."""
    return server is None or entitlement.ends_on <= server.ends_on
