"""A stored mail as a message for the mail server. The address is checked here: nothing of it may become a header or a recipient."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from portal.actions.mail.rendering.letterhead import letterhead

# Also two dots in a row and one before the @, which old Japanese mobile addresses have: they are sent in quotes.
LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
DOMAIN = re.compile(r"(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


class BadAddress(ValueError):
    """No mail can go there; says in Japanese why."""


def envelope(*, subject: str, body: str, recipient: str, message_id: str, written_at: datetime) -> EmailMessage:
    """The message, the same bytes each time it is made. Raises BadAddress."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(letterhead().company.service_name, addr_spec=address(letterhead().sender))
    message["To"] = address(recipient)
    message["Subject"] = subject
    message["Date"] = format_datetime(written_at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "ja"
    message.set_content(body, charset="utf-8", cte="base64")
    return message


def address(text: str) -> str:
    """An address of plain ASCII; a Japanese domain in its ASCII form. Raises BadAddress."""
    local, _, domain = text.rpartition("@")
    if not LOCAL.fullmatch(local):
        raise BadAddress("メールアドレスの形が正しくないため、送れません。")
    needs_quotes = not all(local.split("."))
    return f'"{local}"@{_ascii(domain)}' if needs_quotes else f"{local}@{_ascii(domain)}"


def _ascii(domain: str) -> str:
    try:
        plain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        plain = ""
    if not DOMAIN.fullmatch(plain):
        raise BadAddress("メールアドレスのドメイン（@ の後ろ）の形が正しくないため、送れません。")
    return plain
