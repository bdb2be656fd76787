"""How everything that ends on one day goes on, as its customer is told: what is charged, or by when to act and what follows otherwise.

All dates are inclusive dates in Japan; the reasons are Japanese sentences.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.catalog import Catalog
from portal.enums import Product
from portal.rules.renewals.charge_days import Charge
from portal.rules.renewals.lifecycle import deletion_day, last_day_to_pay, stop_day
from portal.rules.renewals.quote import WITHOUT_SERVER
from portal.rules.renewals.snapshot import Facts, Holding, Means
from portal.rules.renewals.timeline import Renewing, renewing

DROPPED = "「更新しない」を選ばれたため、自動では更新されません。"
NEVER_BY_ITSELF = "自動更新は設定されていません。"
REFUSED = "登録されているお支払い方法が使えなかったため、同じお支払い方法でもう一度手続きすることはありません。"
NO_DAY_LEFT = "自動更新のお支払いが、どの日もできなかったため、自動では更新されません。"
WAITED = "別のお申し込みの結果を待つあいだに、お支払い日が残らなくなったため、自動では更新されません。"
TOO_NEAR = "お支払い日までの日数が足りないため、自動では更新されません。"


@dataclass(frozen=True)
class ByHand:
    """What the customer has to renew, and why. It can be paid without a gap until `pay_until`.

    `stops_on` and `deleted_on`: what follows otherwise; None while money for it is on its way.
    """

    holding: Holding
    reason: str
    pay_until: date
    stops_on: date | None
    deleted_on: date | None

    is_over: bool = False

    @property
    def is_stopped(self) -> bool:
        return self.holding.stopped_on is not None


@dataclass(frozen=True)
class Outlook:
    """One end. `charge` is the next try that is left, None where nothing is charged; `waits`: another order for it is open.

    `later`: options that renew by themselves if their server, which ends before them, goes on doing so.
    """

    ends_on: date
    group: Renewing
    charge: Charge | None
    by_hand: tuple[ByHand, ...]
    later: tuple[Holding, ...] = ()
    dropped: tuple[Holding, ...] = ()
    is_reserved: bool = False
    is_paid_ahead: bool = False

    @property
    def pay_until(self) -> date:
        return self.by_hand[0].pay_until if self.by_hand else self.ends_on

    @property
    def yen(self) -> int:
        return self.group.basket.yen

    @property
    def waits(self) -> bool:
        return self.group.plan.waits

    @property
    def names_of_end(self) -> tuple[str, ...]:
        """What the customer has to renew."""
        return tuple(mine.holding.name for mine in self.by_hand)


def outlooks(facts: Facts, today: date, catalog: Catalog) -> list[Outlook]:
    """Of every end, the nearest first."""
    return [outlook(facts, ends_on, today, catalog) for ends_on in facts.ends]


def outlook(facts: Facts, ends_on: date, today: date, catalog: Catalog) -> Outlook:
    group = renewing(facts, ends_on, today, catalog)
    charge = group.plan.still_to_come(today, catalog.renewal).charge if group.is_charged else None
    reserved = facts.reserved if facts.reserved and facts.reserved.ends_on == ends_on else None
    holdings = facts.ending(ends_on)
    dropped = tuple(holding for holding in holdings if reserved and holding.subscription in reserved.dropped)
    later = tuple(holding for holding in group.by_hand if goes_on_with_server(facts, holding, today, catalog))
    by_hand = tuple(_by_hand(facts, group, holding, today, catalog) for holding in group.by_hand if holding not in later)
    is_paid_ahead = any(holding.is_paid_ahead(today) for holding in holdings)
    return Outlook(ends_on, group, charge, by_hand, later, dropped, reserved is not None, is_paid_ahead)


def goes_on_with_server(facts: Facts, holding: Holding, today: date, catalog: Catalog) -> bool:
    """Whether an option is not charged only because its server is not renewed that far yet, and that renews by itself before it."""
    server = facts.server
    if not (holding.renews and facts.means and server and server.renews and server.ends_on < holding.ends_on):
        return False
    group, mine = renewing(facts, server.ends_on, today, catalog), renewing(facts, holding.ends_on, today, catalog)
    reasons = {left.subscription: left.reason for left in mine.basket.left_out}
    return group.is_charged and server.subscription in group.basket.subscriptions and reasons.get(holding.subscription) == WITHOUT_SERVER


def paid_otherwise(facts: Facts, means: Means) -> Facts:
    """The same account once it pays with `means`: what was refused for good by another card or wallet is tried again."""
    return replace(facts, means=means, tries=tuple(replace(tried, is_final=False) for tried in facts.tries))


def _by_hand(facts: Facts, group: Renewing, holding: Holding, today: date, catalog: Catalog) -> ByHand:
    planned = stop_day(facts, holding, catalog.closed_days)
    stops_on = holding.stopped_on or (planned and max(planned, today))
    deleted_on = stops_on and deletion_day(facts, holding, stops_on, catalog.closed_days)
    pay_until = last_day_to_pay(stops_on or holding.ends_on + timedelta(days=1)) if holding.ends_on < today else holding.ends_on
    return ByHand(holding, _reason(facts, group, holding), pay_until, stops_on, deleted_on, holding.ends_on < today)


def _reason(facts: Facts, group: Renewing, holding: Holding) -> str:
    left_out = {left.subscription: left.reason for left in group.basket.left_out}
    if holding.subscription in left_out:
        return left_out[holding.subscription]
    if facts.reserved and holding.subscription in facts.reserved.dropped:
        return DROPPED
    if not holding.renews or facts.means is None:
        return NEVER_BY_ITSELF if holding.product is not Product.SSL else ""
    tried = facts.last_try(holding.ends_on)
    if tried:
        return REFUSED if tried.is_final else NO_DAY_LEFT
    return WAITED if group.plan.moved_on else TOO_NEAR
