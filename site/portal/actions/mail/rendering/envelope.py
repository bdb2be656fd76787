"""Builds the message for the mail server from a stored mail, and checks the address against header injection."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from portal.actions.mail.rendering.letterhead import letterhead

# Old Japanese mobile addresses have two dots in a row, or one before the @. They are allowed and sent quoted.
LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
DOMAIN = re.compile(r"(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


class BadAddress(ValueError):
    """No mail can be sent to this address. The text says in Japanese why."""


def envelope(*, subject: str, body: str, recipient: str, message_id: str, written_at: datetime) -> EmailMessage:
    """The message; the same bytes on every call. Raises BadAddress."""
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
    """An ASCII address; a Japanese domain in its ASCII (punycode) form. Raises BadAddress."""
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
