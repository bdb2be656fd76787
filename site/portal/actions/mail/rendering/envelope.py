"""Builds the message for the mail server from a stored mail, and checks the address against header injection."""

import hashlib
import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from portal.actions.mail.rendering.html import html_of
from portal.actions.mail.rendering.letterhead import letterhead
from portal.rules.accounts.mail_addresses import BadAddress, ascii_address

__all__ = ["BadAddress", "envelope"]

# A line is a paragraph, without breaks of ours. A reader of format=flowed takes one space off a line that begins so (RFC 3676, 4.4).
STUFFED = re.compile(r"^(?=[ >]|From )", re.MULTILINE)


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
    message.set_content(STUFFED.sub(" ", body), charset="utf-8", cte="base64", params={"format": "flowed"})
    message.make_alternative(boundary=hashlib.sha256(message_id.encode()).hexdigest()[:32])
    message.add_alternative(html_of(subject, body), subtype="html", charset="utf-8", cte="base64")
    return message
