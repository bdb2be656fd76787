"""One-time links: drawn when their mail is sent, and only there in full. The stored text has PLACEHOLDER in their place."""

import hashlib
import secrets

from models import Mail, OneTimeLink
from portal import clock
from portal.actions.mail.rendering.letterhead import letterhead
from portal.enums import LinkPurpose
from portal.store.database import database

PLACEHOLDER = "（リンクはメールにだけ載せています）"
PATHS = {LinkPurpose.PASSWORD: "password", LinkPurpose.ADDRESS: "address", LinkPurpose.NOTICES: "address"}
TOKEN_BYTES = 24  # 192 bits


class LinkIsOver(Exception):
    """It was used or replaced since its mail was written."""


def values() -> dict[str, object]:
    """What a mail says of its link."""
    return {"url": PLACEHOLDER, "minutes": int(OneTimeLink.LASTS.total_seconds() // 60)}


def is_over(mail: Mail) -> bool:
    """True if the mail's link opens nothing any more, so that it is not worth sending."""
    return mail.link_id is not None and (not mail.link.is_open or mail.link.account.is_closed)


def draw(mail: Mail) -> tuple[str, str]:
    """The text and the Message-ID of this sending. With a link both are new each time. Raises LinkIsOver."""
    if mail.link_id is None:
        return mail.body, mail.message_id
    token = secrets.token_urlsafe(TOKEN_BYTES)
    mail.message_id = f"<{mail.kind}.{secrets.token_hex(12)}@{letterhead().domain}>"
    with database.atomic():
        if not mail.link.draw(hashed(token), clock.real_now() + OneTimeLink.LASTS):
            raise LinkIsOver
        Mail.update(message_id=mail.message_id).where(Mail.id == mail.id).execute()
    address = f"{letterhead().portal_url}/{PATHS[LinkPurpose(mail.link.purpose)]}/{token}"
    return mail.body.replace(PLACEHOLDER, address), mail.message_id


def found(token: str, *purposes: LinkPurpose) -> OneTimeLink | None:
    """The link of this token, whatever its state."""
    return OneTimeLink.get_or_none(OneTimeLink.token_hash == hashed(token), OneTimeLink.purpose.in_(purposes))


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
