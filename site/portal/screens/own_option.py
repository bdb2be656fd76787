"""One option of the customer's, for its own page: what there is and until when, and what can be done with it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask import g

from models import Term
from portal import clock
from portal.catalog import Option, PerDevice
from portal.forms.options import OptionForm
from portal.rules.orders.quote import Line, Quote, quote
from portal.rules.orders.selection import Owned, Selection
from portal.rules.renewals.added_devices import Period, Running, added_devices, price_of_more, running
from portal.rules.renewals.change_window import Closed
from portal.rules.renewals.forecast import ByHand, Forecast, forecast
from portal.rules.renewals.next_number import NextNumber, next_number
from portal.rules.renewals.open_orders import OpenOrder
from portal.rules.renewals.quote import is_sold
from portal.rules.renewals.snapshot import Entitlement
from portal.rules.renewals.switch import why_not
from portal.screens.deadlines import too_late
from portal.screens.owned import snapshot, terms
from portal.web.current import catalog, current_account

NO_SERVER = "サーバーのご契約がないため、お申し込みいただけません。サーバーのお申し込みのときに、いっしょに選べます。"
SERVER_IS_OVER = "サーバーの契約期間が終わっているため、お申し込みいただけません。先に「サーバー契約・更新」で更新してください。"
NOT_SOLD = "新しいお申し込みの受け付けを終了しました。"
ORDERED = "「サーバー契約・更新」でお申し込み済みのため、ここではお申し込みいただけません。"
NOT_RUNNING = "契約期間が終わっているため、いまは追加できません。「サーバー契約・更新」で更新してください。"
AS_MANY_AS_SOLD = "お申し込みいただける台数のすべてを、ご利用いただいています。"


@dataclass(frozen=True)
class OwnOption:
    """Each property is computed on first use, once per request."""

    product: Option | PerDevice

    @cached_property
    def today(self) -> date:
        return clock.today()

    @cached_property
    def entitlement(self) -> Entitlement | None:
        """Its newest paid term."""
        return next((mine for mine in snapshot().entitlements if mine.product == self.product.id), None)

    @cached_property
    def terms(self) -> list[Term]:
        return [term for term in terms() if term.subscription.product == self.product.id] if self.entitlement else []

    @property
    def counts_devices(self) -> bool:
        return isinstance(self.product, PerDevice)

    @property
    def periods(self) -> list[Period]:
        return [Period(term.starts_on, term.ends_on, term.order_line.quantity + term.added, term.added) for term in self.terms]

    @cached_property
    def running(self) -> Running | None:
        if self.entitlement is None:
            return None
        return running(self.entitlement, self.periods, self.today)

    @property
    def obstacle(self) -> str | None:
        """Why it cannot be added, or no more devices can, in Japanese; None if it can."""
        server = snapshot().server
        if server is None:
            return NO_SERVER
        if server.stopped_on or server.usable_until < self.today:
            return SERVER_IS_OVER
        if not self.product.is_sold or not is_sold(snapshot(), server, catalog()):
            return NOT_SOLD
        if self.entitlement is None:
            return ORDERED if self.elsewhere else None
        if not self.running:
            return NOT_RUNNING
        return AS_MANY_AS_SOLD if isinstance(self.product, PerDevice) and not self.most else None

    @property
    def may_add(self) -> bool:
        """True if there is something that the page can offer: of an option without devices, only one."""
        return self.obstacle is None and (self.entitlement is None or isinstance(self.product, PerDevice))

    @property
    def most(self) -> int:
        """How many devices can still be had; 0 for an option without devices."""
        most = self.product.max_devices if isinstance(self.product, PerDevice) else 0
        return max(0, most - self.running.devices) if self.running else most

    def form(self, typed: dict[str, str] | None = None) -> OptionForm:
        return OptionForm(catalog(), self.product, most=self.most, adds_to=self.entitlement is not None, typed=typed)

    def quote(self, form: OptionForm, today: date) -> Quote | None:
        """What was chosen and agreed to, if it were paid on that day. None if it is not complete, or not possible."""
        chosen = form.agreed if self.may_add else None
        if chosen is None:
            return None
        if self.running and isinstance(self.product, PerDevice):
            return added_devices(self.running, self.product, chosen.quantity or 0, today, catalog())
        server = snapshot().server
        owned = [Owned(server.subscription, server.product, server.kind, server.variant, server.ends_on)] if server else []
        return quote(Selection((chosen,)), catalog().plan(current_account().plan), catalog(), today, owned)

    @cached_property
    def forecast(self) -> Forecast | None:
        """What becomes of it at the end of its newest term."""
        return forecast(snapshot(), self.entitlement.ends_on, self.today, catalog()) if self.entitlement else None

    @property
    def more(self) -> tuple[int, int] | None:
        """Months that more devices would be paid for, and the yen of one for a month. None if none can be had."""
        if not self.running or not isinstance(self.product, PerDevice):
            return None
        return price_of_more(self.running, self.product, self.today)

    @property
    def line(self) -> Line | None:
        """What the next automatic charge renews of it, and for how much."""
        lines = self.forecast.group.quote.lines if self.forecast and self.forecast.charge else ()
        return next((line for line in lines if self.entitlement and line.subscription == self.entitlement.subscription), None)

    @property
    def is_charged(self) -> bool:
        """True if the next automatic charge renews it."""
        return self.line is not None

    @property
    def by_hand(self) -> ByHand | None:
        """What becomes of it if the customer does nothing; None if it is renewed by itself."""
        found = self.forecast.by_hand if self.forecast else ()
        return next((mine for mine in found if mine.entitlement is self.entitlement), None)

    @cached_property
    def next_number(self) -> NextNumber | Closed | None:
        """The next automatic charge, while another number of devices can be reserved for it."""
        if not isinstance(self.product, PerDevice) or self.entitlement is None:
            return None
        return next_number(snapshot(), self.entitlement, self.product, self.today, catalog())

    @property
    def too_late_for_a_number(self) -> str | None:
        """Why the next automatic charge keeps its number, in Japanese. None if the last day to change is not over."""
        return too_late(self.next_number) if isinstance(self.next_number, Closed) else None

    def why_no_switch(self, *, on: bool) -> str | None:
        """Why its automatic renewal cannot be turned on or off now, in Japanese; None if it can."""
        found = why_not(snapshot(), self.entitlement, self.today, catalog(), on=on) if self.entitlement else NO_SERVER
        return too_late(found) if isinstance(found, Closed) else found

    @property
    def elsewhere(self) -> OpenOrder | None:
        """The open order of the contract that buys it: here it would be bought twice, and refused at OK."""
        found = snapshot().open_order
        return found if found and self.product.id in found.buys else None

    @property
    def placed(self) -> OpenOrder | None:
        """The open order that adds it, or more of it. While that is on its way, nothing is ordered in its place."""
        return snapshot().order_for(self.product.id)


def own_option(product: Option | PerDevice) -> OwnOption:
    """Read once per request."""
    if "own_options" not in g:
        g.own_options = {}
    return g.own_options.setdefault(product.id, OwnOption(product))
