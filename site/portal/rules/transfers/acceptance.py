"""Whether money from the bank may be allocated to an order, and why not. Whole yen; dates are inclusive, in Japan."""

from dataclasses import dataclass
from datetime import date

from portal.enums import OrderState

_OVER = {
    OrderState.DRAFT: "この申し込みは、まだ確定していません。",
    OrderState.PAID: "この申し込みは、入金確認済です。返金するか、別の申し込みに充当してください。",
    OrderState.CANCELLED: "この申し込みは、取り消されています。返金するか、別の申し込みに充当してください。",
}
IN_PROGRESS = "カードまたはおさいぽ!のお支払いの結果を確認中です。結果が出てから充当してください。"
DONE = "この入金は、すでにこの申し込みに充当されています。額を変えるには、その充当を取り消してください。"
NOTHING_LEFT = "この入金に残りはありません。"
HAS_SERVER = "お客様は別の申し込みですでにサーバーを契約しています。返金するか、別の申し込みに充当してください。"
TERM_IS_PAID = "この申し込みの契約期間は、すでに支払われているか、契約が終わっています。返金するか、別の申し込みに充当してください。"
HAS_OTHER_ORDER = "この申し込みは期限切れで、お客様には別の申し込みがあるため、再開できません。返金するか、別の申し込みに充当してください。"
REOPENED_BEFORE = "この申し込みは、期限切れのあと一度再開しています。もう一度は再開できません。返金するか、別の申し込みに充当してください。"
WHOLE_AUTOMATIC = "自動更新の申し込みには、不足額の全額だけを充当できます。お預かりにするか、返金してください。"


@dataclass(frozen=True)
class MoneyAndOrder:
    """`missing_yen`: after the parts that would come along. `fits`: the order's terms can still be paid. `is_new`: a new contract.

    `has_other_order`: the account has another placed order that would stand in the way of this one. `is_held`: the rest is お預かり of
    this customer.
    """

    state: OrderState
    counts_on: date
    due_on: date | None
    rest_yen: int
    total_yen: int
    missing_yen: int
    is_new: bool = False
    is_automatic: bool = False
    is_in_progress: bool = False
    is_done: bool = False
    fits: bool = True
    has_other_order: bool = False
    was_reopened: bool = False
    is_held: bool = False

    @property
    def is_in_time(self) -> bool:
        """The bank's date counts, not the day when staff entered it."""
        return self.due_on is not None and self.counts_on <= self.due_on

    @property
    def is_whole(self) -> bool:
        return self.rest_yen >= self.total_yen

    def reopens(self, yen: int) -> bool:
        """An order that is over and not paid by this in time is opened again: a part is never counted for an order that stays over."""
        return self.state == OrderState.EXPIRED and not (self.is_in_time and yen >= self.missing_yen)


def refusal(found: MoneyAndOrder, yen: int | None = None) -> str | None:
    """Why `yen` of the deposit cannot be allocated, in Japanese; None if they can. Without `yen`: why no amount can."""
    if found.is_done:
        return DONE
    if found.state in _OVER:
        return _OVER[found.state]
    if found.rest_yen <= 0:
        return NOTHING_LEFT
    if found.is_in_progress:
        return IN_PROGRESS
    if not found.fits:
        return HAS_SERVER if found.is_new else TERM_IS_PAID
    most = min(found.rest_yen, found.missing_yen)
    return _wrong_amount(found, most if yen is None else yen) or _not_reopened(found, most if yen is None else yen)


def _wrong_amount(found: MoneyAndOrder, yen: int) -> str | None:
    if not 0 < yen <= found.rest_yen:
        return f"この入金の残りは {found.rest_yen:,}円です。"
    if yen > found.missing_yen:
        return "申し込みの不足額を超えて充当することはできません。"
    return WHOLE_AUTOMATIC if found.is_automatic and yen < found.missing_yen else None


def _not_reopened(found: MoneyAndOrder, yen: int) -> str | None:
    if not found.reopens(yen):
        return None
    if found.is_whole and not found.is_in_time:
        return _too_late(found)
    if found.has_other_order:
        return HAS_OTHER_ORDER
    return REOPENED_BEFORE if found.was_reopened else None


def _too_late(found: MoneyAndOrder) -> str:
    return (
        f"この申し込みは期限切れです。お支払い期限は{found.due_on}、銀行の日付は{found.counts_on}で、期限のあとの入金です。"
        "充当できません。返金するか、お客様の新しい申し込みに充当してください。"
    )
