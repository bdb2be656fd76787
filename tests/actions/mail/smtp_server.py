"""A real SMTP server in a thread: keeps what it took, and can refuse, stall or hang up wherever a test wants it to."""

import asyncio
import socket
import threading
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

TAKEN = "250 OK"


@dataclass
class ReceivedMail:
    """One accepted mail as it was received."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=default)


@dataclass
class MailServer:
    """`answers` are recipient -> reply to RCPT. The others are replies to every mail, or "hang up"."""

    answers: dict[str, str] = field(default_factory=dict)
    to_sender: str = ""
    to_recipient: str = ""
    to_content: str = ""
    seconds_per_mail: float = 0
    taken: list[ReceivedMail] = field(default_factory=list)
    visits: int = 0
    host: str = "127.0.0.1"
    options: dict[str, Any] = field(default_factory=dict)
    _controller: Controller | None = None
    _port: int = 0

    def start(self) -> None:
        self._port = self._port or _free_port(self.host)
        options = dict(self.options)
        tls = options.pop("tls", None)
        self._controller = Controller(self, hostname=self.host, port=self._port, ssl_context=tls, ready_timeout=10, **options)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
        self._controller = None

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self._port}"

    @property
    def port(self) -> int:
        return self._port

    @property
    def copies(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(mail.message["Message-ID"].strip() for mail in self.taken)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        self.visits += 1
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.to_sender or TAKEN

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        reply = self.answers.get(address, self.to_recipient or TAKEN)
        if reply == "hang up":
            return _hang_up(server)
        if reply == TAKEN:
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.seconds_per_mail)
        if not self.to_content or self.to_content == "hang up":
            self.taken.append(ReceivedMail(envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return _hang_up(server) if self.to_content == "hang up" else self.to_content or TAKEN


def _free_port(host: str) -> int:
    with socket.create_server((host, 0)) as probe:
        return probe.getsockname()[1]


def _hang_up(server: SMTP) -> str:
    server.transport.abort()
    return TAKEN


@dataclass
class SilentServer:
    """Not a mail server: it accepts connections, sends `words` one letter at a time, and then stays silent."""

    words: bytes = b""
    seconds_between: float = 0.2

    def __enter__(self) -> "SilentServer":
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self._socket.getsockname()[1]}"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        try:
            connection, _ = self._socket.accept()
        except OSError:
            return
        with connection:
            for letter in self.words:
                if self._stop.wait(self.seconds_between):
                    return
                try:
                    connection.send(bytes([letter]))
                except OSError:
                    return
            self._stop.wait(30)
