"""Why an automatic charge is not made, for staff: "why was this customer not charged?" Dates are inclusive dates in Japan."""

from dataclasses import dataclass
from datetime import date

from portal.enums import ChargeSkip
from portal.rules.renewals.open_orders import OpenOrder
from portal.rules.renewals.renewal_group import RenewalGroup
from portal.rules.renewals.snapshot import Snapshot


@dataclass(frozen=True)
class Skipped:
    """`reason`: Japanese, for staff."""

    skip: ChargeSkip
    reason: str


METHOD_REMOVED = Skipped(ChargeSkip.METHOD_REMOVED, "登録されていたカード・おさいぽ!が削除されているため")
NO_COMPANY = Skipped(ChargeSkip.NO_COMPANY, "このお支払い方法の会社が設定されていないため、毎日もう一度試します")
DISPUTED = Skipped(ChargeSkip.DISPUTED, "不審請求の申請（チャージバック）が認められ、担当者の確認を待っているため")
CLOSED = Skipped(ChargeSkip.ACCOUNT_CLOSED, "アカウントを閉じているため")


def why_not_charged(snapshot: Snapshot, group: RenewalGroup, today: date) -> Skipped | None:
    """The reason why the subscriptions of this end are not charged today; None if they are due, or none of them renews automatically."""
    if snapshot.is_closed:
        return CLOSED
    if snapshot.is_held:
        return DISPUTED
    if not group.quote.lines:
        left_out = "、".join(f"{found.name}：{found.reason}" for found in group.quote.left_out)
        return Skipped(ChargeSkip.NOTHING_TO_CHARGE, left_out or "自動更新する契約がないため")
    if not group.plan.days:
        return _without_days(snapshot, group)
    if group.plan.held_by:
        return waiting_for(group.plan.held_by)
    return None if group.plan.days[0] <= today else Skipped(ChargeSkip.NOT_YET, f"次のお支払い日は{group.plan.days[0]}のため")


def waiting_for(order: OpenOrder) -> Skipped:
    if order.is_undecided:
        return Skipped(ChargeSkip.PAYMENT_UNKNOWN, f"申し込み {order.number} のお支払いの結果がまだ分からないため")
    part = "（一部入金）" if order.is_partly else ""
    return Skipped(ChargeSkip.OPEN_ORDER, f"申し込み {order.number}{part} の結果を待っているため")


def _without_days(snapshot: Snapshot, group: RenewalGroup) -> Skipped:
    attempt = snapshot.last_attempt(group.ends_on)
    if attempt and attempt.is_final:
        return Skipped(ChargeSkip.REFUSED, f"{attempt.on}に使えないと分かったため、自動では再手続きしません")
    return Skipped(ChargeSkip.NO_DAY_LEFT, f"{group.ends_on}に終わる契約の、お支払い日が残っていないため")
