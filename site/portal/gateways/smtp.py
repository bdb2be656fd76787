"""The mail server. It accepts a mail, refuses it for good, or is unavailable. No other exception leaves this module."""

import hashlib
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from portal.runtime.setting_checks import is_this_machine

GREETING_SECONDS = 10  # to connect and read the greeting
ANSWER_SECONDS = 30  # for each later response
MAILBOX = "mailbox"  # in the data folder of a demo
SIMPLE = re.compile(r"[!-~]+@[!-~]+")


class Refused(Exception):
    """The server will never accept this mail; the text says why."""


class Unavailable(Exception):
    """Not now. `is_server`: other mails would fail too. `is_unknown`: the server may have accepted the mail all the same."""

    def __init__(self, reason: str, *, is_server: bool = True, is_unknown: bool = False) -> None:
        super().__init__(reason)
        self.is_server = is_server
        self.is_unknown = is_unknown


class Mailer(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Returns when the server has accepted the mail. Raises Refused or Unavailable."""


class KeptMailer:
    """For the demo: sends nothing, and keeps each mail as a file, because only the sent mail has its link."""

    def __init__(self, mailbox: Path) -> None:
        self._mailbox = mailbox

    def send(self, message: EmailMessage) -> None:
        self._mailbox.mkdir(mode=0o700, exist_ok=True)
        kept_at(self._mailbox, message["Message-ID"]).write_bytes(message.as_bytes())


def kept_at(mailbox: Path, message_id: str) -> Path:
    return mailbox / f"{hashlib.sha256(message_id.encode()).hexdigest()[:32]}.eml"


@cache
def mailer_for(smtp_url: str | None, *, mailbox: Path | None) -> Mailer | None:
    """None if no mail server is configured: mails then wait, visible to customers and staff. `mailbox`: of a demo."""
    if mailbox:
        return KeptMailer(mailbox)
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
        with _troubles(), self._connection() as connection:
            connection.send_message(message, sender, [recipient])

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        """Connected and signed in."""
        connection = self._connect()
        try:
            connection.sock.settimeout(ANSWER_SECONDS)
            if not self._is_tls and not is_this_machine(self._host):
                connection.starttls(context=self._context)
            if self._user:
                connection.login(self._user, self._password)
            yield connection
        finally:
            _part(connection)

    def _connect(self) -> smtplib.SMTP:
        options = {"local_hostname": _our_name(), "timeout": GREETING_SECONDS}
        if self._is_tls:
            return _SmtpTls(self._host, self._port, context=self._context, **options)
        return _Smtp(self._host, self._port, **options)


class _Smtp(smtplib.SMTP):
    def data(self, msg: bytes) -> tuple[int, bytes]:
        """If the connection is lost after this point, the server may have the mail. An error response of the server is not such a case."""
        try:
            return super().data(msg)
        except smtplib.SMTPDataError:
            raise
        except OSError as error:
            raise Unavailable("送信の途中で接続が切れ、届いたかどうか分かりません。", is_unknown=True) from error


class _SmtpTls(smtplib.SMTP_SSL, _Smtp):
    """The same with TLS from the first byte."""


@contextmanager
def _troubles() -> Iterator[None]:
    """5xx for recipient or content is final. 5xx for our own sender or login is a wrong setting, so the mail waits."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        [(code, text)] = error.recipients.values()
        raise _refusal(code, text, is_server=code == 421) from error
    except smtplib.SMTPDataError as error:
        raise _refusal(error.smtp_code, error.smtp_error, is_server=True) from error
    except smtplib.SMTPResponseException as error:
        raise Unavailable(_reason(error.smtp_code, error.smtp_error)) from error
    except (OSError, ValueError) as error:
        raise Unavailable(f"メールサーバーと通信できません（{type(error).__name__}: {error}）。"[:500]) from error


def _refusal(code: int, text: bytes | str, *, is_server: bool) -> Refused | Unavailable:
    return Refused(_reason(code, text)) if code >= 500 else Unavailable(_reason(code, text), is_server=is_server)


def _part(connection: smtplib.SMTP) -> None:
    """Errors during QUIT change nothing."""
    with suppress(OSError):
        if connection.sock:
            connection.sock.settimeout(GREETING_SECONDS)
            connection.quit()
    connection.close()


def _only_address(message: EmailMessage, header: str) -> str:
    addresses = [found.addr_spec for found in message[header].addresses]
    if len(addresses) != 1 or not SIMPLE.fullmatch(addresses[0]):
        raise Refused("メールアドレスの形が正しくないため、送れません。")
    local, _, domain = addresses[0].rpartition("@")
    return addresses[0] if all(local.split(".")) else f'"{local}"@{domain}'  # quoted for old Japanese mobile addresses


def _reason(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return f"メールサーバーの返事：{code} {' '.join(said.split())}"[:500]


@cache
def _our_name() -> str:
    """The EHLO name. smtplib asks the resolver for it, which may be slow, so the result is cached."""
    return smtplib.SMTP().local_hostname
