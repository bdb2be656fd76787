"""Mails about sign-in and the account itself. Call them inside the transaction of the event."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from models import Account, Invoice, OneTimeLink, Order
from portal import clock
from portal.actions.mail import links, outbox, rendering
from portal.enums import LinkPurpose, MailKind
from portal.rules.renewals.account_file import Contract
from portal.rules.renewals.next_renewals import NextRenewals, Renewal


def new_browser(account: Account, address: str, user_agent: str, form: str) -> None:
    """One mail for each sign-in form, however often its button is pressed."""
    about = {"at": clock.now(), "address": address, "user_agent": user_agent}
    outbox.queue(MailKind.NEW_BROWSER, f"sign-in {account.login} {form}", account, **about)


def password_changed(account: Account, *, reason: str = "", by_link: bool = False) -> None:
    at = clock.now()
    outbox.queue(MailKind.PASSWORD_CHANGED, _entity(account, at), account, at=at, reason=reason, by_link=by_link)


def password_link(account: Account, link: OneTimeLink, reason: str) -> None:
    about = {"login": account.login, "reason": reason} | links.values()
    outbox.queue(MailKind.PASSWORD_LINK, _of_link(link), account, to=link.address, link=link, good_until=_soon(), **about)


def account_opened(account: Account, link: OneTimeLink, plan: str, contract: Contract | None) -> None:
    """The first mail to a customer who was imported. It may wait longer than a link: without it nobody knows of the account."""
    about = {"login": account.login, "plan": plan} | links.values()
    if contract:
        about |= {"ends_on": contract.ends_on, "months": contract.months, "yen": contract.yen}
    outbox.queue(MailKind.ACCOUNT_OPENED, _of_link(link), account, to=link.address, link=link, **about)


def plan_changed(account: Account, before: str, after: str, counts_from: date | None, upcoming: NextRenewals, reason: str) -> None:
    about = {"before": before, "after": after, "counts_from": counts_from, "upcoming": upcoming, "reason": reason}
    outbox.queue(MailKind.PLAN_CHANGED, _entity(account, clock.now()), account, **about)


def address_link(account: Account, link: OneTimeLink) -> None:
    about = {"login": account.login, "address": link.address, "is_for_notices": link.purpose == LinkPurpose.NOTICES} | links.values()
    outbox.queue(MailKind.ADDRESS_LINK, _of_link(link), account, to=link.address, link=link, good_until=_soon(), **about)


def address_changed(account: Account, before: str, reason: str) -> None:
    """To both addresses."""
    about = {"at": clock.now(), "before": before, "after": account.email, "reason": reason}
    for recipient in dict.fromkeys((before, account.email)):
        outbox.queue(MailKind.ADDRESS_CHANGED, _entity(account, about["at"]), account, to=recipient, **about)


def notices_changed(account: Account, before: str) -> None:
    """To the first address, and to a second one that gets no more notices."""
    about = {"at": clock.now(), "before": before, "after": account.notice_email or ""}
    for recipient in dict.fromkeys(filter(None, (account.email, before))):
        outbox.queue(MailKind.NOTICES_CHANGED, _entity(account, about["at"]), account, to=recipient, **about)


def name_changed(account: Account, before: str, reason: str) -> None:
    about = {"at": clock.now(), "before": before, "after": account.name, "reason": reason}
    outbox.queue(MailKind.NAME_CHANGED, _entity(account, about["at"]), account, **about)


def sessions_ended(account: Account, reason: str) -> None:
    at = clock.now()
    outbox.queue(MailKind.SESSIONS_ENDED, _entity(account, at), account, at=at, reason=reason)


def paper_reissued(account: Account, old: Invoice, new: Invoice, reason: str) -> None:
    about = {"paper": old.kind_label, "old": old.number, "new": new.number, "reason": reason}
    outbox.queue(MailKind.PAPER_REISSUED, f"paper {new.number}", account, **about)


def closed(account: Account, reason: str, held: Iterable[Renewal], lines: Iterable[rendering.Item], transfer: Order | None) -> None:
    """`held`: the charges that are not made; `transfer`: the order that waits for one."""
    about = {"reason": reason, "renewals": tuple(held), "lines": tuple(lines)}
    if transfer:
        about |= {"number": transfer.number, "missing_yen": transfer.missing_yen, "due_on": transfer.due_on}
    outbox.queue(MailKind.ACCOUNT_CLOSED, _entity(account, account.closed_at), account, **about)


def reopened(account: Account, upcoming: NextRenewals) -> None:
    outbox.queue(MailKind.ACCOUNT_REOPENED, _entity(account, account.reopened_at), account, upcoming=upcoming)


def _entity(account: Account, at: datetime) -> str:
    return f"account {account.login} {at.isoformat()}"


def _of_link(link: OneTimeLink) -> str:
    return f"link {link.id}"


def _soon() -> date:
    """A link that could not be sent by tomorrow is not what its reader waits for any more."""
    return clock.today() + timedelta(days=1)
