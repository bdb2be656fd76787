"""The message shown when it is too late to change the next automatic charge."""

from portal.rules.renewals.change_window import Closed
from portal.web.filters import date_ja


def too_late(closed: Closed) -> str:
    """One Japanese message with the deadline and the day of the charge."""
    until, charged_on = date_ja(closed.last_change_on), date_ja(closed.charged_on)
    return f"変更の期限（{until} 23時59分）を過ぎたため、次回の自動更新は変更できません。{charged_on}に自動更新のお支払いがあります。"
