"""The text of a mail as its reader has it: with the link that the stored text leaves out."""

from email import message_from_bytes, policy
from pathlib import Path

from models import Mail
from portal.gateways.smtp import MAILBOX, kept_at


def as_sent(found: Mail, data_folder: Path) -> str:
    file = kept_at(data_folder / MAILBOX, found.message_id)
    return message_from_bytes(file.read_bytes(), policy=policy.default).get_content() if file.is_file() else found.body
