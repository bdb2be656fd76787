"""Builds the message for the mail server from a stored mail, and checks the address against header injection."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from portal.actions.mail.rendering.letterhead import letterhead
from portal.rules.accounts.mail_addresses import BadAddress, ascii_address

__all__ = ["BadAddress", "envelope"]


def envelope(*, subject: str, body: str, recipient: str, message_id: str, written_at: datetime) -> EmailMessage:
    """The message; the same bytes on every call. Raises BadAddress."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(letterhead().company.service_name, addr_spec=ascii_address(letterhead().sender))
    message["To"] = ascii_address(recipient)
    message["Subject"] = subject
    message["Date"] = format_datetime(written_at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "ja"
    message.set_content(body, charset="utf-8", cte="base64")
    return message
