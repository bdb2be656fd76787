"""Kinds of mails about the account itself, its sign-ins and its addresses."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.actions.mail.rendering.parts import Item
from portal.rules.renewals.next_renewals import NextRenewals, Renewal


@dataclass(frozen=True)
class AccountClosed:
    """Staff have closed the account. `renewals` are not charged, `lines` run out, the transfer order stays payable until `due_on`.

    Entity: `account LOGIN` and the moment.
    """

    reason: str
    renewals: tuple[Renewal, ...]
    lines: tuple[Item, ...]
    number: str = ""
    missing_yen: int = 0
    due_on: date | None = None


@dataclass(frozen=True)
class AccountReopened:
    """Staff have opened the account again. `upcoming`: what renews next. Entity: `account LOGIN` and the moment."""

    upcoming: NextRenewals


@dataclass(frozen=True)
class NewBrowser:
    """Sign-in from a browser that was never used for the account. Entity: `sign-in` and a unique value."""

    at: datetime
    address: str
    user_agent: str


@dataclass(frozen=True)
class PasswordChanged:
    """The password was changed. `reason`: of the operator who set it; `by_link`: by a mail's link. Entity: `account LOGIN`, the moment."""

    at: datetime
    reason: str = ""
    by_link: bool = False


@dataclass(frozen=True)
class PasswordLink:
    """A link to choose a new password. `minutes`: how long it works. `reason`: of staff who sent it. Entity: `link` and its number.

    `url`: what the stored text has in its place.
    """

    login: str
    url: str
    minutes: int
    reason: str = ""


@dataclass(frozen=True)
class AccountOpened:
    """The account was made by an import. `ends_on`: of the server that runs already, with months and yen of its next renewal; None: it
    has none. `url`, `minutes`: of the link to choose the first password. Entity: `link` and its number.
    """

    login: str
    url: str
    minutes: int
    plan: str
    ends_on: date | None = None
    months: int = 0
    yen: int = 0


@dataclass(frozen=True)
class PaperReissued:
    """Staff made the paper `old` void, for example for its 宛名, and issued `new`. Entity: `paper` and the new number."""

    paper: str
    old: int
    new: int
    reason: str


@dataclass(frozen=True)
class PlanChanged:
    """Staff have changed the plan. `counts_from`: the first day of the next term; None: from the first order. Entity: `account LOGIN`,
    the moment.
    """

    before: str
    after: str
    counts_from: date | None
    upcoming: NextRenewals
    reason: str


@dataclass(frozen=True)
class AddressLink:
    """To the new address: a link that makes it the account's, or (`is_for_notices`) its second one. Entity: `link` and its number."""

    login: str
    address: str
    url: str
    minutes: int
    is_for_notices: bool = False


@dataclass(frozen=True)
class AddressChanged:
    """To the old and to the new address. `reason`: of staff who changed it. Entity: `account LOGIN` and the moment."""

    at: datetime
    before: str
    after: str
    reason: str = ""


@dataclass(frozen=True)
class NoticesChanged:
    """The second address for notices: none if `after` is empty. To the first and to a second that is dropped. Entity as above."""

    at: datetime
    before: str
    after: str


@dataclass(frozen=True)
class NameChanged:
    """`reason`: of staff who changed it. Entity: `account LOGIN` and the moment."""

    at: datetime
    before: str
    after: str
    reason: str = ""


@dataclass(frozen=True)
class SessionsEnded:
    """Sign-ins on other devices were ended. `reason`: of staff who ended all. Entity: `account LOGIN` and the moment."""

    at: datetime
    reason: str = ""
