"""Orders of kind `add`: what each one adds, and the page of its own where that is chosen. From there on it is paid like any order.

To sell something on a page of its own: `begin()` with what was typed there, then redirect to `payment.choose`; its row in `_KINDS` says
how the draft is read.
"""

from datetime import date
from typing import Protocol

from flask import url_for

from models import Order
from portal.actions.orders import drafts
from portal.catalog import Document
from portal.enums import OrderKind, ProductKind
from portal.rules.orders.quote import Quote
from portal.screens.added_certificate import AddedCertificate
from portal.screens.added_option import AddedOption
from portal.web.current import catalog, current_account

NO_LONGER_SOLD = "この商品のお取り扱いは終了しました。お問い合わせ窓口へご連絡ください。"


class Addition(Protocol):
    """Reads a draft of kind `add` as it stands today."""

    def quote(self, order: Order, today: date) -> Quote | None:
        """Lines and price, if it were paid today; None while the choices are not complete, or nothing can be added any more."""

    def documents(self, order: Order) -> tuple[Document, ...]:
        """What was agreed to."""

    def page(self, order: Order) -> str:
        """The address of its own page, where it can be chosen anew."""

    def obstacle(self, order: Order) -> str | None:
        """Why it cannot be ordered now, in Japanese; None if it can."""


class Gone:
    """A draft for a product that the catalog does not know any more."""

    def quote(self, order: Order, today: date) -> Quote | None:
        return None

    def documents(self, order: Order) -> tuple[Document, ...]:
        return ()

    def page(self, order: Order) -> str:
        return url_for("contract.show")

    def obstacle(self, order: Order) -> str | None:
        return NO_LONGER_SOLD


_KINDS: dict[ProductKind, Addition] = {
    ProductKind.OPTION: AddedOption(),
    ProductKind.PER_DEVICE: AddedOption(),
    ProductKind.CERTIFICATE: AddedCertificate(),
}


def begin(adds: str, typed: dict[str, str]) -> Order:
    """The account's draft for this thing, with these choices. `adds`: the id of a product, or of a certificate's and its common name."""
    draft = drafts.open_draft(current_account(), OrderKind.ADD, adds)
    drafts.remember(draft, typed)
    return draft


def of(order: Order) -> Addition:
    product = catalog().product(order.adds.partition(" ")[0])
    return _KINDS.get(product.kind, Gone()) if product else Gone()
