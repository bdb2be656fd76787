"""A customer's mailbox: what a mail server took, and the link in the newest mail."""

import re
from dataclasses import dataclass, field
from email.message import EmailMessage

from portal.actions.accounts import password_reset
from tests.passes import done_by, send_mails

LINK = re.compile(r"http\S+/(?:password|address)/[\w-]+")


@dataclass
class Mailbox:
    sent: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        self.sent.append(message)

    def worker_passes(self) -> "Mailbox":
        """The worker answers requests for a new password and sends what waits."""
        done_by(password_reset.answer_requests())
        send_mails(self)
        return self

    @property
    def newest(self) -> str:
        return text_of(self.sent[-1])

    @property
    def link(self) -> str:
        """The path of the link in the newest mail that has one."""
        found = [match[0] for message in self.sent if (match := LINK.search(text_of(message)))]
        return "/" + found[-1].split("/", 3)[3]

    def received(self, recipient: str) -> list[str]:
        """The subjects of the mails to this address."""
        return [message["Subject"] for message in self.sent if message["To"] == recipient]


def text_of(message: EmailMessage) -> str:
    """The plain part."""
    return message.get_body(("plain",)).get_content()
