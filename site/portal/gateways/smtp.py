"""The mail server. It may take a mail, refuse it for good, or be of no use now; nothing else comes out of here."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from typing import Protocol
from urllib.parse import unquote, urlsplit

from portal.gateways.connections import at_most, is_this_machine

CONNECT_SECONDS = 3
READ_SECONDS = 30
CONVERSATION_SECONDS = 240
DOT_AT_START = re.compile(rb"(?m)^\.")
SIMPLE = re.compile(r"[!-~]+@[!-~]+")


class Refused(Exception):
    """This mail will never be taken; says why."""


class Unavailable(Exception):
    """Not now. `is_server`: no other mail has a better chance; `is_unknown`: it may have been taken all the same."""

    def __init__(self, reason: str, *, is_server: bool = True, is_unknown: bool = False) -> None:
        super().__init__(reason)
        self.is_server = is_server
        self.is_unknown = is_unknown


class Mailer(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Returns when the server has taken the mail over. Raises Refused or Unavailable."""


class KeptMailer:
    """Of the demo: nothing leaves, the portal shows what it has written."""

    def send(self, message: EmailMessage) -> None:
        pass


@cache
def mailer_for(smtp_url: str | None, *, is_demo: bool) -> Mailer | None:
    """None where no mail server is set: the mails wait, for everybody to see."""
    if is_demo:
        return KeptMailer()
    return SmtpMailer(smtp_url) if smtp_url else None


class SmtpMailer:
    """smtp://user:password@host:587 (STARTTLS, unless the server is this machine) or smtps://user:password@host:465."""

    def __init__(self, url: str, *, context: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        self._is_tls = parts.scheme == "smtps"
        self._host = parts.hostname or ""
        self._port = parts.port or (465 if self._is_tls else 587)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._context = context or ssl.create_default_context()

    def send(self, message: EmailMessage) -> None:
        sender, recipient = _only_address(message, "From"), _only_address(message, "To")
        connection = self._new_connection()
        try:
            with at_most(CONVERSATION_SECONDS, connection), _troubles_of_the_server():
                self._greet(connection)
                _hand_over(connection, sender, recipient, message.as_bytes(policy=SMTP))
        finally:
            _part(connection)

    def _new_connection(self) -> smtplib.SMTP:
        if self._is_tls:
            return _ImpatientTls(local_hostname=_our_name(), timeout=READ_SECONDS, context=self._context)
        return _Impatient(local_hostname=_our_name(), timeout=READ_SECONDS)

    def _greet(self, connection: smtplib.SMTP) -> None:
        connection._host = self._host  # what the certificate is checked against; smtplib sets it only in its constructor
        code, text = connection.connect(self._host, self._port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, text)
        connection.ehlo_or_helo_if_needed()
        if not self._is_tls and not is_this_machine(self._host):
            connection.starttls(context=self._context)
            connection.ehlo_or_helo_if_needed()
        if self._user:
            connection.login(self._user, self._password)


class _Impatient(smtplib.SMTP):
    """Gives a connection three seconds to come about, and its answers more."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connected = socket.create_connection((host, port), CONNECT_SECONDS)
        connected.settimeout(timeout)
        return connected


class _ImpatientTls(smtplib.SMTP_SSL, _Impatient):
    """The same, inside TLS from the first byte."""


def _hand_over(connection: smtplib.SMTP, sender: str, recipient: str, content: bytes) -> None:
    """One mail to one recipient, step by step, to know what each answer means for it."""
    _expect_taken(connection.mail(sender), whose_fault="server")
    _expect_taken(connection.rcpt(recipient), whose_fault="mail")
    code, text = connection.docmd("DATA")
    if code != 354:
        _expect_taken((code, text), whose_fault="content")
        raise Unavailable(_reason((code, text)))
    try:
        connection.send(DOT_AT_START.sub(b"..", content) + b".\r\n")
        answer = connection.getreply()
    except (OSError, smtplib.SMTPException, ValueError, AttributeError) as error:
        raise Unavailable("送信の途中で接続が切れ、届いたかどうか分かりません。", is_unknown=True) from error
    _expect_taken(answer, whose_fault="content")


def _expect_taken(answer: tuple[int, bytes], *, whose_fault: str) -> None:
    """2xx is taken. 5xx about the recipient or the content is for ever; about ourselves it is a setting to be corrected."""
    code, text = answer[0], _reason(answer)
    if 200 <= code < 300:
        return
    if code >= 500 and whose_fault != "server":
        raise Refused(text)
    raise Unavailable(text, is_server=whose_fault != "mail" or code == 421)


@contextmanager
def _troubles_of_the_server() -> Iterator[None]:
    """Whatever goes wrong before the content has left, the mail was not taken."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        raise Unavailable(_reason((error.smtp_code, error.smtp_error))) from error
    except (OSError, smtplib.SMTPException, ValueError, AttributeError) as error:
        raise Unavailable(f"メールサーバーと通信できません（{type(error).__name__}: {error}）。"[:500]) from error


def _part(connection: smtplib.SMTP) -> None:
    """What the server says to our goodbye changes nothing."""
    with suppress(OSError, smtplib.SMTPException, ValueError, AttributeError):
        if connection.sock:
            connection.sock.settimeout(CONNECT_SECONDS)
            connection.quit()
    with suppress(OSError):
        connection.close()


def _only_address(message: EmailMessage, header: str) -> str:
    addresses = [found.addr_spec for found in message[header].addresses]
    if len(addresses) != 1 or not SIMPLE.fullmatch(addresses[0]):
        raise Refused("メールアドレスの形が正しくないため、送れません。")
    local, _, domain = addresses[0].rpartition("@")
    return addresses[0] if all(local.split(".")) else f'"{local}"@{domain}'  # old Japanese mobile addresses


def _reason(answer: tuple[int, bytes | str]) -> str:
    code, text = answer
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return f"メールサーバーの返事：{code} {' '.join(said.split())}"[:500]


@cache
def _our_name() -> str:
    """How we introduce ourselves; smtplib asks the resolver, which may take its time, so once is enough."""
    return smtplib.SMTP().local_hostname
