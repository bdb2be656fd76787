"""A mail as its reader has it: with the link that the stored text leaves out."""

import re
from email import message_from_bytes, policy
from pathlib import Path

from markupsafe import Markup, escape

from models import Mail
from portal.actions.mail.rendering.html import html_of
from portal.gateways.smtp import MAILBOX, kept_at

_ADDRESS = re.compile(r"https?://[!-~]+")


def as_sent(found: Mail, data_folder: Path) -> str:
    file = kept_at(data_folder / MAILBOX, found.message_id)
    if not file.is_file():
        return found.body
    text = message_from_bytes(file.read_bytes(), policy=policy.default).get_body(("plain",)).get_content()
    return re.sub("^ ", "", text, flags=re.MULTILINE)  # as a reader of format=flowed does


def html_as_sent(found: Mail, data_folder: Path) -> str:
    file = kept_at(data_folder / MAILBOX, found.message_id)
    if not file.is_file():
        return html_of(found.subject, found.body)
    return message_from_bytes(file.read_bytes(), policy=policy.default).get_body(("html",)).get_content()


def with_links(text: str) -> Markup:
    """As mail programs show it: addresses of pages can be pressed."""
    return Markup(_ADDRESS.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', str(escape(text))))  # noqa: S704 (escaped here)
