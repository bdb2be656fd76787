"""One event of an account's timeline. All dates are inclusive dates in Japan."""

from dataclasses import dataclass
from datetime import date

from portal.enums import LabelEnum
from portal.rules.renewals.snapshot import FIRST, SECOND, Notice


class EventKind(LabelEnum):
    """The kinds of events, in the order in which the worker handles them on one day.

    A charge precedes the notices: they name what it has just renewed into their end. A moved charge is told before it is made.
    """

    MOVED = "moved", "お支払い日変更のお知らせメール"
    CHARGE = "charge", "自動更新のお支払い"
    RETRY = "retry", "お支払いの再手続き"
    NOTICE = "notice", "更新のお知らせメール"
    CARD_EXPIRES = "card_expires", "カードの有効期限のお知らせメール"
    BY_HAND = "by_hand", "契約終了のお知らせメール"
    LAST_CHANGE = "last_change", "変更・解除の期限"
    END = "end", "契約終了"
    STOP = "stop", "停止"
    DELETION_AHEAD = "deletion_ahead", "解約の予告メール"
    DELETION = "deletion", "解約"


class OnlyIf(LabelEnum):
    """What a coming event depends on. UNPAID: all earlier automatic charges fail. SERVER_RENEWED: the server is renewed before."""

    UNPAID = "unpaid", "お支払いできなかったときだけ"
    SERVER_RENEWED = "server_renewed", "サーバーの更新が続いたときだけ"


ORDER = tuple(EventKind)
WHICH = (FIRST, SECOND)


@dataclass(frozen=True)
class ScheduledEvent:
    """One event on one day. `names` are the products; `reason` explains the day in Japanese.

    `notice`: the mail to send, for events that send one. `only_if`: what it depends on; None if it is sure.
    `limit`: the day with which `reason` begins.
    `is_with_server`: this option is deleted together with its server; the server's event does it.
    """

    on: date
    kind: EventKind
    ends_on: date
    names: tuple[str, ...]
    reason: str
    subscription: int | None = None
    notice: Notice | None = None
    only_if: OnlyIf | None = None
    is_with_server: bool = False
    limit: date | None = None
