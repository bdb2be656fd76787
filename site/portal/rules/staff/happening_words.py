"""One row of a customer's list of everything, in Japanese. Values come as stored."""

from portal.enums import AllocationSource, MailState, Method, OrderKind, OrderState, PaymentState
from portal.rules.payments.declines import short_reason
from portal.rules.staff.wording import actor_ja, entity_ja, reason_ja, state_ja

_CONFIRMED = {
    "order": "申し込みの最終確認",
    "reservation": "次回の更新内容の予約",
    "method": "お支払い方法の変更",
    "switch": "自動更新の切り替え",
}


def happening_ja(what: str, about: str, from_state: str | None, state: str, actor: str | None, reason: str | None) -> str:
    """Text without the number, days and yen, which the page prints itself."""
    match what:
        case "order":
            return f"{OrderKind(about).label}・{Method(from_state).label}：{OrderState(state).label}"
        case "payment":
            why = f"（{short_reason(from_state)}）" if from_state else ""
            return f"{Method(about).label}：{PaymentState(state).label}{why}"
        case "money":
            return AllocationSource(about).label
        case "term":
            return about
        case "mail":
            return f"{short_subject(about)}：{MailState(state).label}"
        case "confirmation":
            return _CONFIRMED[about]
        case _:
            return _event(about, from_state, state, actor or "", reason or "")


def short_subject(subject: str) -> str:
    """Without the service's name in front."""
    return subject.partition("】")[2] or subject


def _event(entity: str, from_state: str | None, state: str, actor: str, reason: str) -> str:
    to = state_ja(state, entity)
    before = "" if from_state in (None, state) else f"{state_ja(from_state, entity)} → "
    return f"{entity_ja(entity)}：{before}{to}。{reason_ja(reason)}（{actor_ja(actor)}）"
