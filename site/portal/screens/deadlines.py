"""The message shown when it is too late to change the next automatic charge."""

from markupsafe import Markup

from portal.rules.renewals.change_window import Closed
from portal.web.filters import time_tag

TOO_LATE = Markup("変更の期限（{} 23時59分）を過ぎたため、次回の自動更新は変更できません。{}に自動更新のお支払いがあります。")


def too_late(closed: Closed) -> Markup:
    """One Japanese message with the deadline and the day of the charge."""
    return TOO_LATE.format(time_tag(closed.last_change_on), time_tag(closed.charged_on))
