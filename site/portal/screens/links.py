"""One-time links of mails: whether one is good, and the page that says why it is not."""

from enum import StrEnum

from flask import render_template
from flask.typing import ResponseReturnValue

from models import OneTimeLink
from portal import clock
from portal.actions.mail import links
from portal.enums import LinkPurpose, LinkState

MINUTES = int(OneTimeLink.LASTS.total_seconds() // 60)
GONE = 410


class Over(StrEnum):
    """Why a link opens nothing; the page's words for each stand in its template."""

    UNKNOWN = "unknown"
    USED = "used"
    REPLACED = "replaced"
    TOO_OLD = "too old"
    CLOSED = "closed"


def known(token: str, *purposes: LinkPurpose) -> OneTimeLink | None:
    """The link, used or not: a press on its page is answered by its action."""
    return links.found(token, *purposes)


def open_or_none(token: str, *purposes: LinkPurpose) -> OneTimeLink | None:
    link = known(token, *purposes)
    return link if link and _why_over(link) is None else None


def over(token: str, *purposes: LinkPurpose) -> ResponseReturnValue:
    """The page of a link that opens nothing."""
    link = known(token, *purposes)
    why = (_why_over(link) or Over.USED) if link else Over.UNKNOWN
    is_password = LinkPurpose.PASSWORD in purposes
    context = {"why": why, "Over": Over, "minutes": MINUTES, "is_password": is_password}
    return render_template("accounts/link_over.html", **context), GONE if link else 404


def _why_over(link: OneTimeLink) -> Over | None:
    if link.account.is_closed:
        return Over.CLOSED
    if link.state == LinkState.USED:
        return Over.USED
    if link.state == LinkState.REPLACED:
        return Over.REPLACED
    return Over.TOO_OLD if link.valid_until < clock.real_now() else None
