"""Pages that follow the state of one order while they are open.

What depends on the state is rendered first, as `content`. Its hash goes out with the page and comes back with each question. Equal: nothing
is replaced, so focus and selection stay. Different: the whole <main> is replaced, so the open page is what a reload would show.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from flask import render_template, url_for

from models import Account, Order, Payment
from portal.actions.orders.stored_lines import placed_quote
from portal.actions.payments.refundable import given_back
from portal.catalog import AnyProduct
from portal.enums import MoneyStatus, ProductKind
from portal.rules.payments.order_status import Stage
from portal.screens.contract_card import ContractCard
from portal.screens.order_status import FIRST_WAIT, LONGEST_WAIT, OrderStatus, status_of_order
from portal.screens.overview import Overview
from portal.screens.refusals import newest_refusal
from portal.web.current import catalog

OWN_PAGES = (ProductKind.OPTION, ProductKind.PER_DEVICE)


@dataclass(frozen=True)
class LivePage:
    """`name`: which page it is, for the question. `wait`: seconds until it asks. `is_watching`: False if the customer stopped that.

    `options`: what has a page of its own in the menu.
    """

    name: str
    template: str
    content: str
    order_status: OrderStatus | None
    spoken: str
    is_watching: bool = True
    wait: int = FIRST_WAIT
    options: tuple[AnyProduct, ...] = ()

    @cached_property
    def state(self) -> str:
        """Of all that stands on the page."""
        return hashlib.sha256(self.content.encode()).hexdigest()[:16]

    def begin_anew(self) -> "LivePage":
        """After a change: as a page that has just been opened."""
        return replace(self, wait=FIRST_WAIT)

    @property
    def is_asking(self) -> bool:
        return self.is_watching and self.order_status is not None and self.order_status.is_awaited

    @property
    def address(self) -> str:
        """What it asks: is this order, on this page, still in the state that is shown?"""
        number, wait = self.order_status.order.number, min(2 * self.wait, LONGEST_WAIT)
        return url_for("contract.status", page=self.name, order=number, state=self.state, wait=wait)


def contract_page(account: Account, *, is_watching: bool = True, wait: int = FIRST_WAIT) -> LivePage:
    contract = Overview(account)
    card, here = ContractCard(contract), url_for("contract.show")
    content = render_template("renewals/_contract.html", contract=contract, card=card, here=here, is_live=is_watching)
    return LivePage("contract", "renewals/contract.html", content, contract.order_status, card.spoken, is_watching, wait)


def panel_page(account: Account, *, wait: int = FIRST_WAIT) -> LivePage:
    contract = Overview(account)
    card = ContractCard(contract)
    content = render_template("renewals/_glance.html", contract=contract, card=card, bounced=account.bounced_mail)
    return LivePage("panel", "renewals/panel.html", content, contract.order_status, card.spoken, wait=wait, options=_options(contract))


def _options(contract: Overview) -> tuple[AnyProduct, ...]:
    owned = {row.term.subscription.product for row in contract.rows}
    products = [product for product in catalog().products if product.kind in OWN_PAGES and (product.is_sold or product.id in owned)]
    return tuple(products) if contract.rows else ()


def order_page(order: Order, payment: Payment | None, *, wait: int = FIRST_WAIT) -> LivePage:
    """`payment`: the newest attempt."""
    status, lines = status_of_order(order, payment), placed_quote(order).lines
    here = url_for("orders.show", number=order.number)
    refunds = [] if order.is_placed else given_back(order)
    taken_back = [refund for refund in refunds if refund.dispute_id] if status.money is MoneyStatus.TAKEN_BACK else []
    parts = {"lines": lines, "refunds": refunds, "taken_back": taken_back, "here": here, "is_live": True}
    parts["gives_days_back"] = any(line.is_undone for line in lines)
    parts["refusal"] = newest_refusal(order, payment) if status.stage is Stage.PAYABLE else ""
    content = render_template("orders/_order.html", order_status=status, order=order, **parts)
    return LivePage("order", "orders/show.html", content, status, status.spoken, wait=wait)


def page_about(account: Account, name: str, number: str, wait: int) -> LivePage | None:
    """The page that an open one asks about. None if that order is not this account's, or is not what such a page shows any more."""
    if name == "order":
        order = account.confirmed_order(number)
        return order and order_page(order, order.latest_payment, wait=wait)
    make: Callable[..., LivePage] = panel_page if name == "panel" else contract_page
    page = make(account, wait=wait)
    is_same = page.order_status is not None and page.order_status.order.number == number
    return page if is_same else None
