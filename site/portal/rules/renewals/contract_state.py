"""Where a contract stands: one state, found in one table. What is at stake comes first: 停止中 before a payment of two months ago.

The table also has each state's sentence, colour, main action and tag: the status card prints them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from portal.enums import LabelEnum, OrderState
from portal.rules.payments.order_status import Stage
from portal.rules.renewals.contract_facts import ContractFacts


class ContractState(StrEnum):
    """In the order of precedence: the first that applies counts."""

    STOPPED_CHECKING = "stopped_checking"
    STOPPED_PARTLY = "stopped_partly"
    STOPPED_REPORTED = "stopped_reported"
    STOPPED_OVERDUE = "stopped_overdue"
    STOPPED_AWAITED = "stopped_awaited"
    STOPPED_REFUSED = "stopped_refused"
    STOPPED_WITHDRAWN = "stopped_withdrawn"
    STOPPED = "stopped"
    PARTLY = "partly"
    CHECKING = "checking"
    HELD = "held"
    PAYING = "paying"
    FAILED = "failed"
    FAILED_FOR_GOOD = "failed_for_good"
    REFUSED = "refused"
    UNDONE = "undone"
    REPORTED = "reported"
    OVERDUE = "overdue"
    AWAITED = "awaited"
    NEXT_PAID = "next_paid"
    CARD_EXPIRES = "card_expires"
    RESERVED = "reserved"
    RENEWING = "renewing"
    WITHDRAWN = "withdrawn"
    OVER = "over"
    ENDS_SOON = "ends_soon"
    BY_HAND = "by_hand"
    ENDED_WITHDRAWN = "ended_withdrawn"
    ENDED = "ended"
    NOT_SOLD = "not_sold"
    DRAFTED = "drafted"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    NEW = "new"


class Mood(StrEnum):
    """The card's colour, which its words say too. NEUTRAL: wait, or nothing is there yet."""

    CALM = "ok"
    ACT = "warn"
    BROKEN = "bad"
    NEUTRAL = ""


class Action(LabelEnum):
    """The card's one solid button. None while an answer or money is awaited, but 「振り込みました」 for a transfer."""

    NONE = "none", ""
    ORDER = "order", "新規契約のお申し込みへ進む"
    CONTINUE = "continue", "お申し込みの続きへ進む"
    RENEW = "renew", "契約更新の操作へ進む"
    PAY = "pay", "お支払い手続きへ"
    REPORT = "report", "振り込みました"
    NEW_METHOD = "new_method", "お支払い方法だけを変更する（今は支払わない）"


class Standing(LabelEnum):
    """The contract's own tag. It stands before 入金状況."""

    STOPPED = "stopped", "停止中"
    OVER = "over", "契約終了"
    ENDED = "ended", "解約済"


@dataclass(frozen=True)
class Row:
    """`sentence` is the card's heading; the screen fills in the names in braces."""

    applies: Callable[[ContractFacts], bool]
    sentence: str
    mood: Mood
    action: Action = Action.NONE
    standing: Standing | None = None


_USABLE = "{ends_on} ご利用いただけます"
_STOPPED = "サーバーを停止しています。"
_STOPPED_UNTIL = _STOPPED + "お支払い期限まで あと{days_to_pay}日"
_CHECKING = "お支払いの結果を確認しています"
_REPORTED = "お振り込みを確認しています"
_OVERDUE = "お支払い期限を過ぎています"
_MISSING = "あと{missing}のお振り込みが必要です"
_FAILED = "自動更新のお支払いができませんでした"
_UNDONE = "ご入金の確認をやり直しています。" + _USABLE
_EXPIRING = "ご登録のカードの有効期限が、次回のお支払いより前に切れます"

_STATES: dict[ContractState, Row] = {
    ContractState.STOPPED_CHECKING: Row(
        lambda facts: facts.is_stopped and facts.is_undecided, _STOPPED + _CHECKING, Mood.BROKEN, standing=Standing.STOPPED
    ),
    ContractState.STOPPED_PARTLY: Row(
        lambda facts: facts.is_stopped and facts.stage is Stage.PARTLY, _STOPPED + _MISSING, Mood.BROKEN, Action.REPORT, Standing.STOPPED
    ),
    ContractState.STOPPED_REPORTED: Row(
        lambda facts: facts.is_stopped and facts.stage is Stage.AWAITED and facts.is_reported,
        _STOPPED + _REPORTED,
        Mood.BROKEN,
        standing=Standing.STOPPED,
    ),
    ContractState.STOPPED_OVERDUE: Row(
        lambda facts: facts.is_stopped and facts.stage is Stage.AWAITED and facts.is_overdue,
        _STOPPED + _OVERDUE,
        Mood.BROKEN,
        Action.REPORT,
        Standing.STOPPED,
    ),
    ContractState.STOPPED_AWAITED: Row(
        lambda facts: facts.is_stopped and facts.stage is Stage.AWAITED,
        _STOPPED + "ご入金を待っています",
        Mood.BROKEN,
        Action.REPORT,
        Standing.STOPPED,
    ),
    ContractState.STOPPED_REFUSED: Row(
        lambda facts: facts.is_stopped and facts.is_payable, _STOPPED_UNTIL, Mood.BROKEN, Action.PAY, Standing.STOPPED
    ),
    ContractState.STOPPED_WITHDRAWN: Row(
        lambda facts: facts.is_stopped and not facts.has_plan,
        _STOPPED + "解約まで あと{days_to_pay}日",
        Mood.BROKEN,
        standing=Standing.STOPPED,
    ),
    ContractState.STOPPED: Row(lambda facts: facts.is_stopped, _STOPPED_UNTIL, Mood.BROKEN, Action.RENEW, Standing.STOPPED),
    ContractState.PARTLY: Row(lambda facts: facts.stage is Stage.PARTLY, _MISSING, Mood.ACT, Action.REPORT),
    ContractState.CHECKING: Row(lambda facts: facts.stage is Stage.CHECKING, _CHECKING, Mood.NEUTRAL),
    ContractState.HELD: Row(lambda facts: facts.is_with_staff, "お支払いを担当者が確認しています", Mood.NEUTRAL),
    ContractState.PAYING: Row(lambda facts: facts.stage is Stage.PAYING, "お支払いを処理しています", Mood.NEUTRAL),
    ContractState.FAILED: Row(lambda facts: facts.has_failed and facts.is_retried, _FAILED, Mood.BROKEN, Action.PAY),
    ContractState.FAILED_FOR_GOOD: Row(lambda facts: facts.has_failed, _FAILED, Mood.BROKEN, Action.PAY),
    ContractState.REFUSED: Row(lambda facts: facts.is_payable, "お支払いは完了していません", Mood.BROKEN, Action.PAY),
    ContractState.UNDONE: Row(lambda facts: facts.is_undone and facts.stage is Stage.AWAITED, _UNDONE, Mood.ACT, Action.REPORT),
    ContractState.REPORTED: Row(lambda facts: facts.stage is Stage.AWAITED and facts.is_reported, _REPORTED, Mood.ACT),
    ContractState.OVERDUE: Row(lambda facts: facts.stage is Stage.AWAITED and facts.is_overdue, _OVERDUE, Mood.ACT, Action.REPORT),
    ContractState.AWAITED: Row(lambda facts: facts.stage is Stage.AWAITED, "{renewal}ご入金を待っています", Mood.ACT, Action.REPORT),
    ContractState.NEXT_PAID: Row(lambda facts: facts.is_paid_ahead, _USABLE, Mood.CALM),
    ContractState.CARD_EXPIRES: Row(lambda facts: facts.is_charged and facts.card_expires, _EXPIRING, Mood.ACT, Action.NEW_METHOD),
    ContractState.RESERVED: Row(lambda facts: facts.is_charged and facts.is_reserved, _USABLE, Mood.CALM),
    ContractState.RENEWING: Row(lambda facts: facts.is_charged, _USABLE, Mood.CALM),
    ContractState.WITHDRAWN: Row(lambda facts: facts.has_server and not facts.has_plan, _USABLE, Mood.ACT),
    ContractState.OVER: Row(
        lambda facts: facts.is_over, "契約期間が終わりました。更新のお手続きが必要です", Mood.BROKEN, Action.RENEW, Standing.OVER
    ),
    ContractState.ENDS_SOON: Row(lambda facts: facts.ends_soon, _USABLE + "。更新のお手続きが必要です", Mood.ACT, Action.RENEW),
    ContractState.BY_HAND: Row(lambda facts: facts.has_server, _USABLE, Mood.CALM),
    ContractState.ENDED_WITHDRAWN: Row(
        lambda facts: facts.was_ended and not facts.has_plan, "{name}は解約となりました", Mood.NEUTRAL, standing=Standing.ENDED
    ),
    ContractState.ENDED: Row(lambda facts: facts.was_ended, "{name}は解約となりました", Mood.NEUTRAL, Action.ORDER, Standing.ENDED),
    ContractState.NOT_SOLD: Row(lambda facts: not facts.has_plan, "現在お申し込みいただけるプランがありません", Mood.NEUTRAL),
    ContractState.DRAFTED: Row(lambda facts: facts.has_draft, "お申し込みの途中です", Mood.NEUTRAL, Action.CONTINUE),
    ContractState.EXPIRED: Row(
        lambda facts: facts.closed is OrderState.EXPIRED, "お申し込みは期限切れになりました", Mood.NEUTRAL, Action.ORDER
    ),
    ContractState.CANCELLED: Row(
        lambda facts: facts.closed is OrderState.CANCELLED, "お申し込みは取り消されました", Mood.NEUTRAL, Action.ORDER
    ),
    ContractState.NEW: Row(lambda facts: True, "サーバーのご契約はまだありません", Mood.NEUTRAL, Action.ORDER),
}


def contract_state(facts: ContractFacts) -> ContractState:
    """The first state of the enum that applies. What was paid two months ago never hides what is at stake now."""
    return next(state for state in ContractState if row_of(state).applies(facts))


def row_of(state: ContractState) -> Row:
    return _STATES[state]
