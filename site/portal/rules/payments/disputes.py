"""Disputes: what staff do about one now, and why its holder disputes the charge, by the company's code.

Source of the codes: docs.stripe.com/disputes/categories.
"""

from datetime import datetime
from enum import Enum

from portal.enums import DisputeState


class Step(Enum):
    """What staff do about a dispute now."""

    CHECK = "check"
    ANSWER = "answer"
    TOO_LATE = "too_late"
    WAIT = "wait"


_REASONS = {
    "fraudulent": "本人が使っていない",
    "unrecognized": "覚えのない請求",
    "duplicate": "二重の請求",
    "subscription_canceled": "解約後の請求",
    "product_not_received": "サービスを受けられない",
    "product_unacceptable": "サービスが説明と違う",
    "credit_not_processed": "約束された返金がない",
    "noncompliant": "カード会社の規則の違反",
}


def step(state: str, respond_by: datetime | None, now: datetime) -> Step:
    """`respond_by`: until when the company takes our answer, if it wants one."""
    if state in (DisputeState.WON, DisputeState.LOST):
        return Step.CHECK
    if respond_by is None:
        return Step.WAIT
    return Step.ANSWER if now < respond_by else Step.TOO_LATE


def reason_ja(code: str) -> str:
    return _REASONS.get(code, "そのほか")
