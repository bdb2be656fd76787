"""One account's contract, for コントロールパネル, 「サーバー契約・更新」 and the renewal pages."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from models import Account, Subscription, Term
from portal import clock
from portal.actions.renewals.snapshot import snapshot_of
from portal.catalog import Plan
from portal.enums import OrderKind, ProductKind
from portal.rules.renewals.change_window import Closed, Open, change_window
from portal.rules.renewals.forecast import ByHand, Forecast, forecasts, without_renewal
from portal.rules.renewals.open_orders import OpenOrder
from portal.rules.renewals.snapshot import Entitlement, Snapshot
from portal.screens.order_status import CurrentOrders, OrderStatus, current_orders
from portal.web.current import catalog


@dataclass(frozen=True)
class Row:
    """One subscription: its current (or last) term, and the next paid term."""

    term: Term
    following: Term | None

    @property
    def name(self) -> str:
        return self.term.name

    @property
    def label(self) -> str:
        return self.term.label

    @property
    def kind(self) -> str:
        return self.term.kind

    @property
    def quantity(self) -> int:
        """Devices in this term, those that were added during it counted."""
        return self.term.quantity

    @property
    def is_over(self) -> bool:
        return self.following is None and self.term.ends_on < clock.today()

    @property
    def runs_until(self) -> date | None:
        """The last usable day after staff undid the payment of its last term."""
        return self.term.subscription.runs_until

    @property
    def is_cancelled(self) -> bool:
        """True if staff cancelled the order that paid its last term."""
        return self.term.subscription.cancelled_on is not None

    @property
    def stopped_on(self) -> date | None:
        return self.term.subscription.stopped_on


@dataclass(frozen=True)
class Overview:
    """Each property queries the database on first use, once per request."""

    account: Account

    @cached_property
    def today(self) -> date:
        return clock.today()

    @cached_property
    def plan(self) -> Plan | None:
        return next((plan for plan in catalog().plans if plan.id == self.account.plan), None)

    @cached_property
    def held_yen(self) -> int:
        """お預かりしている金額."""
        return self.account.held_yen

    @cached_property
    def going_back_yen(self) -> int:
        """What of it will be transferred back."""
        return self.account.going_back_yen

    @cached_property
    def terms(self) -> list[Term]:
        return self.account.terms

    @cached_property
    def rows(self) -> list[Row]:
        """One row per subscription, the server first."""
        mine: dict[int, list[Term]] = {}
        for term in self.terms:
            mine.setdefault(term.subscription_id, []).append(term)
        rows = [_row(terms, self.today) for terms in mine.values()]
        return sorted(rows, key=lambda row: row.term.subscription.kind != ProductKind.SERVER)

    @property
    def server(self) -> Row | None:
        return self.rows[0] if self.rows and self.rows[0].term.subscription.kind == ProductKind.SERVER else None

    @cached_property
    def snapshot(self) -> Snapshot:
        return snapshot_of(self.account, terms=self.terms)

    @cached_property
    def forecasts(self) -> list[Forecast]:
        return forecasts(self.snapshot, self.today, catalog())

    @cached_property
    def after_reset(self) -> list[Forecast]:
        """The forecasts as they will be after 「支払い方法をリセットする」."""
        return forecasts(without_renewal(self.snapshot), self.today, catalog())

    @property
    def checked_again(self) -> set[int]:
        """The ids of the subscriptions whose payment staff undid, and whose order is awaited again."""
        return {entitlement.subscription for entitlement in self.snapshot.entitlements if entitlement.is_checked_again}

    @property
    def renewing(self) -> set[int]:
        """The ids of the subscriptions that renew automatically."""
        return {entitlement.subscription for entitlement in self.snapshot.entitlements if entitlement.renews}

    @property
    def left_out(self) -> set[int]:
        """The ids of the subscriptions whose renewal is on, but which the next charge leaves out."""
        by_hand = [mine.entitlement for found in self.forecasts for mine in found.by_hand]
        return {entitlement.subscription for entitlement in by_hand if entitlement.renews}

    @property
    def payable_order(self) -> OpenOrder | None:
        """The open order that the customer placed. A reset leaves it as it is."""
        order = self.snapshot.open_order
        return order if order and order.renews_end is None and not order.is_on_its_way else None

    @property
    def is_beside_order(self) -> bool:
        """True if there is something to renew by hand that this order does not renew."""
        order, ending = self.payable_order, [mine for found in self.by_hand if not found.is_paid_ahead for mine in found.by_hand]
        return any(order and mine.entitlement.subscription not in order.subscriptions and not mine.is_withdrawn for mine in ending)

    @property
    def charged(self) -> list[Forecast]:
        """Forecasts with an automatic charge, the earliest term end first."""
        return [found for found in self.forecasts if found.charge]

    @property
    def by_hand(self) -> list[Forecast]:
        """Forecasts with something that the customer must renew by hand."""
        return [found for found in self.forecasts if found.by_hand]

    @property
    def still_by_hand(self) -> list[tuple[ByHand, Forecast]]:
        """The same one by one, without what the open order renews once it is paid: its card says so."""
        order = self.snapshot.open_order
        awaited = order.subscriptions if order else frozenset()
        return [(mine, found) for found in self.by_hand for mine in found.by_hand if mine.entitlement.subscription not in awaited]

    @property
    def has_open_order(self) -> bool:
        """True while an order waits for its money: the way to another one says what becomes of this one."""
        return self.order_status is not None and self.order_status.order.is_placed

    @property
    def later(self) -> list[Entitlement]:
        """Options that renew automatically, but only after their server."""
        return [entitlement for found in self.forecasts for entitlement in found.later]

    @property
    def server_is_by_hand(self) -> bool:
        return any(mine.entitlement.kind is ProductKind.SERVER for found in self.by_hand for mine in found.by_hand)

    @property
    def may_renew(self) -> bool:
        """True if something can be renewed by hand: it is not yet paid beyond its current term."""
        if self.server_is_gone:
            return False
        return any(not mine.is_withdrawn for found in self.by_hand if not found.is_paid_ahead for mine in found.by_hand)

    @property
    def server_is_gone(self) -> bool:
        """True if the server's term is over and its plan was withdrawn: then nothing of the account can be renewed."""
        every = (mine for found in self.by_hand for mine in found.by_hand if mine.entitlement.kind is ProductKind.SERVER)
        return any(mine.is_over and mine.is_withdrawn for mine in every)

    @property
    def is_paid_ahead(self) -> bool:
        """True if the server's next term is paid."""
        return self.server is not None and self.server.following is not None

    @property
    def window(self) -> Open | Closed:
        return change_window(self.snapshot, self.today, catalog())

    @property
    def failed(self) -> OrderStatus | None:
        """The automatic charge that was declined and is still unpaid."""
        return self.order_status if self.order_status and self.order_status.has_failed_by_itself else None

    @property
    def failed_forecast(self) -> Forecast | None:
        return next((found for found in self.forecasts if self.failed and found.ends_on == self.failed.order.renews_end), None)

    @cached_property
    def ended(self) -> Subscription | None:
        """The last server of an account that has none now."""
        return None if self.rows else self.account.last_ended_server

    @cached_property
    def current_orders(self) -> CurrentOrders:
        return current_orders(self.account)

    @property
    def order_status(self) -> OrderStatus | None:
        return self.current_orders.order_status

    @property
    def is_undecided(self) -> bool:
        return self.order_status is not None and self.order_status.is_undecided

    def has_draft(self, *kinds: str) -> bool:
        return any(OrderKind(kind) in self.current_orders.drafts for kind in kinds)


def _row(terms: list[Term], today: date) -> Row:
    begun = [term for term in terms if term.starts_on <= today] or terms[:1]
    following = [term for term in terms if term.starts_on > begun[-1].starts_on]
    return Row(begun[-1], following[0] if following else None)
