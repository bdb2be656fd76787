"""The forecast for one contract end, as shown to the customer: the next automatic charge, or what to renew by hand and until when.

All dates are inclusive dates in Japan. Yen include tax. The reasons are Japanese sentences.
"""

from dataclasses import dataclass, replace
from datetime import date

from portal.catalog import Catalog
from portal.enums import ProductKind
from portal.rules.renewals.charge_days import Charge
from portal.rules.renewals.endings import Ending, Endings, endings, endings_of
from portal.rules.renewals.quote import NOT_SOLD, WITHOUT_SERVER, is_sold
from portal.rules.renewals.renewal_group import RenewalGroup, renewal_group, renewal_groups
from portal.rules.renewals.snapshot import Entitlement, RenewalMethod, Snapshot

HELD = "以前のお支払いについて、カード会社とのあいだで確認が必要なことがあるため、自動では更新されません。"
DROPPED = "「更新しない」を選ばれたため、自動では更新されません。"
NEVER_BY_ITSELF = "自動更新は設定されていません。"
DECLINED_FOR_GOOD = "登録されているお支払い方法が使えなかったため、同じお支払い方法で再手続きすることはありません。"
NO_DAY_LEFT = "自動更新のお支払いが、どの日もできなかったため、自動では更新されません。"
NO_DAY_AFTER_HOLD = "別のお申し込みの結果を待つあいだに、お支払い日が残らなくなったため、自動では更新されません。"
TOO_LATE_FOR_CHARGE = "お支払い日までの日数が足りないため、自動では更新されません。"


@dataclass(frozen=True)
class ByHand:
    """A subscription that the customer must renew, with the reason. It can be paid without a gap until `pay_until`.

    `stops_on` and `deleted_on` follow without a payment; None while a payment for it is in progress. `is_with_server`: it ends on
    `deleted_on` together with its server, before its own term is over. `needs_server`: these days come only if the server is renewed
    before. `is_withdrawn`: no longer sold, so nobody can renew it.
    """

    entitlement: Entitlement
    reason: str
    pay_until: date
    stops_on: date | None
    deleted_on: date | None

    is_over: bool = False
    is_with_server: bool = False
    needs_server: bool = False
    is_withdrawn: bool = False

    @property
    def is_stopped(self) -> bool:
        return self.entitlement.stopped_on is not None


@dataclass(frozen=True)
class Forecast:
    """Everything that ends on one day. `charge` is the next attempt, None if nothing is charged. `dropped`: reserved as 更新しない.

    `pay_until`: the last day to pay all of it by hand without a gap.
    `later`: auto-renewing options whose server ends earlier and must be renewed first. `is_card_expired`: on the day of the charge.
    """

    ends_on: date
    group: RenewalGroup
    charge: Charge | None
    by_hand: tuple[ByHand, ...]
    pay_until: date
    later: tuple[Entitlement, ...] = ()
    dropped: tuple[Entitlement, ...] = ()
    is_reserved: bool = False
    is_paid_ahead: bool = False
    is_card_expired: bool = False

    @property
    def renewable_from(self) -> date:
        """The first day of the newest paid term: from then on the one after it can be paid (at most one term is paid ahead)."""
        return max(found.entitlement.starts_on for found in self.by_hand)

    @property
    def yen(self) -> int:
        return self.group.quote.yen

    @property
    def is_on_hold(self) -> bool:
        return self.group.plan.is_on_hold

    @property
    def names_of_end(self) -> tuple[str, ...]:
        """The names of the products that the customer must renew."""
        return tuple(found.entitlement.label for found in self.by_hand)


def forecasts(snapshot: Snapshot, today: date, catalog: Catalog) -> list[Forecast]:
    """One forecast for each end, the nearest first."""
    groups = renewal_groups(snapshot, today, catalog)
    ends = endings_of(groups, snapshot, today, catalog)
    return [_forecast(snapshot, group, ends, today, catalog) for group in groups.values()]


def forecast(snapshot: Snapshot, ends_on: date, today: date, catalog: Catalog) -> Forecast:
    group = renewal_group(snapshot, ends_on, today, catalog)
    return _forecast(snapshot, group, endings(snapshot, today, catalog), today, catalog)


def _forecast(snapshot: Snapshot, group: RenewalGroup, ends: Endings, today: date, catalog: Catalog) -> Forecast:
    ends_on = group.ends_on
    charge = group.plan.remaining(today, catalog.renewal).charge if group.is_charged else None
    reserved = snapshot.reserved if snapshot.reserved and snapshot.reserved.ends_on == ends_on else None
    entitlements = snapshot.ending(ends_on)
    pay_until = min((ends[mine.subscription].pay_by(today) for mine in entitlements), default=ends_on)
    dropped = tuple(entitlement for entitlement in entitlements if reserved and entitlement.subscription in reserved.dropped)
    later = tuple(entitlement for entitlement in group.by_hand if goes_on_with_server(snapshot, entitlement, today, catalog))
    by_hand = tuple(_by_hand(snapshot, group, mine, ends[mine.subscription], today, catalog) for mine in group.by_hand if mine not in later)
    is_paid_ahead = any(entitlement.is_paid_ahead(today) for entitlement in entitlements)
    is_card_expired = (
        charge is not None and snapshot.renewal_method is not None and snapshot.renewal_method.expires_before(charge.charged_on)
    )
    return Forecast(ends_on, group, charge, by_hand, pay_until, later, dropped, reserved is not None, is_paid_ahead, is_card_expired)


def goes_on_with_server(snapshot: Snapshot, entitlement: Entitlement, today: date, catalog: Catalog) -> bool:
    """True if the option's only obstacle is that its server, which auto-renews first, has not been renewed yet.

    Not once its own days are counted: it is 停止中, or runs on only because a payment was undone.
    """
    server = snapshot.server
    if entitlement.stopped_on or entitlement.runs_until:
        return False
    if not (entitlement.renews and snapshot.renewal_method and server and server.renews and server.ends_on < entitlement.ends_on):
        return False
    of_server, of_option = (renewal_group(snapshot, end, today, catalog) for end in (server.ends_on, entitlement.ends_on))
    reasons = {left_out.subscription: left_out.reason for left_out in of_option.quote.left_out}
    is_server_charged = of_server.is_charged and server.subscription in of_server.quote.subscriptions
    return is_server_charged and reasons.get(entitlement.subscription) == WITHOUT_SERVER


def with_renewal_method(snapshot: Snapshot, renewal_method: RenewalMethod) -> Snapshot:
    """The account as it would be with this renewal method. Final declines of the old card or wallet no longer count.

    If the charge day changes, it may be earlier than announced: the customer chose it.
    """
    attempts = tuple(replace(attempt, is_final=False) for attempt in snapshot.charge_attempts)
    moves = snapshot.renewal_method is None or not renewal_method.has_same_charge_day(snapshot.renewal_method)
    announced = {end: replace(old, charge_on=None) for end, old in snapshot.announced.items()} if moves else snapshot.announced
    return replace(snapshot, renewal_method=renewal_method, charge_attempts=attempts, announced=announced)


def without_renewal(snapshot: Snapshot) -> Snapshot:
    """The account as it would be after 「支払い方法をリセットする」: nothing renews, unpaid automatic orders are cancelled."""
    order = snapshot.open_order
    is_kept = order and (order.renews_end is None or order.is_on_its_way)
    alone = tuple(replace(entitlement, renews=False) for entitlement in snapshot.entitlements)
    return replace(snapshot, renewal_method=None, reserved=None, entitlements=alone, open_order=order if is_kept else None)


def _by_hand(snapshot: Snapshot, group: RenewalGroup, entitlement: Entitlement, found: Ending, today: date, catalog: Catalog) -> ByHand:
    may_renew = is_sold(snapshot, entitlement, catalog)
    return ByHand(
        entitlement,
        _reason(snapshot, group, entitlement) if may_renew else NOT_SOLD,
        found.pay_by(today),
        found.stops_on,
        found.deleted_on,
        entitlement.ends_on < today,
        found.is_with_server,
        found.needs_server,
        not may_renew,
    )


def _reason(snapshot: Snapshot, group: RenewalGroup, entitlement: Entitlement) -> str:
    reasons = {left_out.subscription: left_out.reason for left_out in group.quote.left_out}
    if entitlement.subscription in reasons:
        return reasons[entitlement.subscription]
    if snapshot.reserved and entitlement.subscription in snapshot.reserved.dropped:
        return DROPPED
    if not entitlement.renews or snapshot.renewal_method is None:
        return NEVER_BY_ITSELF if entitlement.kind is not ProductKind.CERTIFICATE else ""
    if snapshot.is_held:
        return HELD
    attempt = snapshot.last_attempt(entitlement.ends_on)
    if attempt:
        return DECLINED_FOR_GOOD if attempt.is_final else NO_DAY_LEFT
    return NO_DAY_AFTER_HOLD if group.plan.moved_on else TOO_LATE_FOR_CHARGE
