"""How the mailer reads a real SMTP server's answers and timeouts."""

import socket
import ssl
import subprocess
import time
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from portal.actions.mail import rendering
from portal.gateways import smtp
from portal.gateways.smtp import KeptMailer, Refused, SmtpMailer, Unavailable, mailer_for
from tests.actions.mail.smtp_server import MailServer, SilentServer

ALWAYS_THE_SAME = "<x.1@example.jp>"


def message(body: str = "𠮷野家 😀\n.\n..点\n", recipient: str = "a@example.jp") -> EmailMessage:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    return rendering.envelope(subject="件名", body=body, recipient=recipient, message_id=ALWAYS_THE_SAME, written_at=at)


def trouble(mailer: SmtpMailer, of: type[Exception] = Unavailable) -> Exception:
    with pytest.raises(of) as raised:
        mailer.send(message())
    return raised.value


def test_a_mail_arrives_unchanged(server, mailer):
    mailer.send(message())

    [taken] = server.taken
    assert (taken.sender, taken.recipients) == ("info@kawasemi.example.jp", ["a@example.jp"])
    assert taken.message.get_body(("plain",)).get_content().splitlines() == ["𠮷野家 😀", ".", "..点"]
    assert taken.message["Message-ID"] == ALWAYS_THE_SAME


def test_an_old_mobile_address_is_accepted(server, mailer):
    mailer.send(message(recipient="taro..mihon.@docomo.example.jp"))

    [taken] = server.taken
    assert taken.recipients == ["taro..mihon.@docomo.example.jp"]
    assert b'To: "taro..mihon."@docomo.example.jp' in taken.content
    assert taken.message["To"].addresses[0].username == "taro..mihon."


def test_an_unknown_recipient_is_refused_permanently(server, mailer):
    server.answers["a@example.jp"] = "550 5.1.1 no such user"

    assert "550 5.1.1 no such user" in str(trouble(mailer, Refused))


def test_a_temporarily_refused_recipient_affects_only_that_mail(server, mailer):
    server.answers["a@example.jp"] = "451 4.7.1 greylisted"

    assert not trouble(mailer).is_server


@pytest.mark.parametrize("reply", ["452 4.3.1 disk full", "550 5.7.1 sender not allowed", "421 closing"])
def test_a_server_that_refuses_the_sender_counts_as_unavailable(server, mailer, reply):
    server.to_sender = reply

    assert trouble(mailer).is_server


def test_refused_content_is_permanent_or_temporary(server, mailer):
    server.to_content = "554 5.7.1 looks like spam"
    trouble(mailer, Refused)
    server.to_content = "451 4.3.0 try again"

    assert trouble(mailer).is_server


def test_a_connection_lost_before_the_content_means_not_sent(server, mailer):
    server.to_recipient = "hang up"
    problem = trouble(mailer)

    assert (problem.is_server, problem.is_unknown) == (True, False)
    assert not server.taken


def test_a_connection_lost_after_the_content_gives_an_unknown_result(server, mailer):
    server.to_content = "hang up"

    assert trouble(mailer).is_unknown
    assert len(server.taken) == 1


def test_a_refused_connection_fails_at_once(server, mailer):
    server.stop()
    before = time.monotonic()

    assert trouble(mailer).is_server
    assert time.monotonic() - before < 3


def test_a_silent_server_times_out(monkeypatch):
    monkeypatch.setattr(smtp, "GREETING_SECONDS", 0.3)
    with SilentServer() as silent:
        assert trouble(SmtpMailer(silent.url)).is_server


def test_a_server_silent_after_the_greeting_times_out(monkeypatch):
    monkeypatch.setattr(smtp, "GREETING_SECONDS", 1)
    monkeypatch.setattr(smtp, "ANSWER_SECONDS", 0.3)
    before = time.monotonic()
    with SilentServer(b"220 mail.example.jp ESMTP\r\n", 0) as silent:
        assert trouble(SmtpMailer(silent.url)).is_server

    assert time.monotonic() - before < 5


def test_a_server_silent_after_the_content_gives_an_unknown_result(server, mailer, monkeypatch):
    monkeypatch.setattr(smtp, "GREETING_SECONDS", 1)
    monkeypatch.setattr(smtp, "ANSWER_SECONDS", 0.3)
    server.seconds_per_mail = 2

    assert trouble(mailer).is_unknown


def test_a_server_that_does_not_speak_smtp_counts_as_unavailable():
    with SilentServer(b"HTTP/1.1 400 Bad Request\r\n\r\n", 0.01) as silent:
        assert trouble(SmtpMailer(silent.url)).is_server


@pytest.mark.parametrize("recipient", ["a@example.jp, b@evil.example", "太郎@example.jp", ""])
def test_a_message_to_a_malformed_address_is_not_sent(server, mailer, recipient):
    written = message()
    del written["To"]
    written["To"] = recipient
    with pytest.raises(Refused):
        mailer.send(written)

    assert not server.visits


def test_a_refused_smtp_password_loses_no_mail(server):
    mailer = SmtpMailer(server.url.replace("//", "//portal:hidden@"))
    problem = trouble(mailer)

    assert problem.is_server
    assert "hidden" not in str(problem)


def test_settings_choose_the_mailer(tmp_path):
    assert isinstance(mailer_for(None, mailbox=tmp_path), KeptMailer)
    assert isinstance(mailer_for("smtp://127.0.0.1:25", mailbox=None), SmtpMailer)
    assert mailer_for(None, mailbox=None) is None
    assert KeptMailer(tmp_path).send(message()) is None


# -- TLS ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere() -> str:
    """An address of this machine that is not loopback, so the mailer treats it as a remote server."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but loopback")
        return probe.getsockname()[0]


@pytest.fixture
def certificate(tmp_path, elsewhere) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's side, and a client's that trusts it."""
    names = ["-subj", "/CN=mail", "-addext", f"subjectAltName=IP:{elsewhere},IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", tmp_path / "key", "-out", tmp_path / "crt", *names]
    subprocess.run(made, check=True, capture_output=True)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(tmp_path / "crt", tmp_path / "key")
    return theirs, ssl.create_default_context(cafile=tmp_path / "crt")


def test_a_remote_mail_server_is_reached_over_tls(certificate, elsewhere):
    theirs, ours = certificate
    server = MailServer(host=elsewhere, options={"tls_context": theirs, "require_starttls": True})
    server.start()
    try:
        SmtpMailer(server.url, context=ours).send(message())
        stranger = trouble(SmtpMailer(server.url))
    finally:
        server.stop()

    assert len(server.taken) == 1
    assert stranger.is_server


def test_without_tls_nothing_is_sent_to_a_remote_mail_server(elsewhere):
    server = MailServer(host=elsewhere)
    server.start()
    try:
        assert trouble(SmtpMailer(server.url.replace("//", "//portal:hidden@"))).is_server
    finally:
        server.stop()

    assert not server.visits


def test_smtps_uses_tls_from_the_first_byte(certificate):
    theirs, ours = certificate
    server = MailServer(options={"tls": theirs})
    server.start()
    try:
        SmtpMailer(server.url.replace("smtp:", "smtps:"), context=ours).send(message())
        stranger = trouble(SmtpMailer(server.url.replace("smtp:", "smtps:")))
    finally:
        server.stop()

    assert len(server.taken) == 1
    assert stranger.is_server
