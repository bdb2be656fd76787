"""What the gateway makes of a real HTTP server's answers and silences, and what the server can prove about what it got."""

import ssl
import subprocess
import time
from dataclasses import replace

import pytest

from portal.gateways import hosting as gateway
from portal.gateways.hosting import Refused, Unavailable, WebhookHosting, hosting_for, signature
from tests.actions.hosting.receiver import HostingSide, documented
from tests.actions.mail.smtp_server import Mute

KEY, BODY = "start term 12", '{"id": "start term 12", "account": "𠮷野家"}'


def trouble(hosting: WebhookHosting, of: type[Exception] = Unavailable) -> str:
    with pytest.raises(of) as raised:
        hosting.tell(KEY, BODY)
    return str(raised.value)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_two_hundreds_are_taken(side, hosting, status):
    side.then = status
    hosting.tell(KEY, BODY)

    [told] = side.told
    assert (told.key, told.body.decode(), told.target) == (KEY, BODY, "/hooks/keiyaku?from=portal")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 422])
def test_four_hundreds_are_about_this_event_and_say_why(side, hosting, status):
    side.then = status

    reason = trouble(hosting, Refused)
    assert f"{status}" in reason
    assert f"said with {status}" in reason


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 408, 425, 429, 500, 502, 503, 504])
def test_everything_else_is_not_now(side, hosting, status):
    side.then = status

    assert f"{status}" in trouble(hosting)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_to_another_address(side, hosting, status):
    side.answers = [status]
    trouble(hosting)

    assert [(told.method, told.target) for told in side.told] == [("POST", "/hooks/keiyaku?from=portal")]


def test_a_connection_lost_after_the_event_is_neither_yes_nor_no(side, hosting):
    side.answers = ["hang up"]
    trouble(hosting)

    assert side.keys == [KEY]


def test_nobody_there_is_noticed_at_once(side, hosting):
    side.stop()
    before = time.monotonic()

    assert "ConnectionRefused" in trouble(hosting)
    assert time.monotonic() - before < 3


def test_silence_is_not_waited_for_for_ever(side, hosting, monkeypatch):
    monkeypatch.setattr(gateway, "READ_SECONDS", 0.3)
    side.answers = ["silence"]
    before = time.monotonic()
    trouble(hosting)

    assert time.monotonic() - before < 5


def test_an_explanation_that_comes_letter_by_letter_is_not_waited_for():
    before = time.monotonic()
    with Mute(b"HTTP/1.1 422 No\r\nContent-Length: 9999\r\n\r\n" + b"a" * 100, 0.05) as mute:
        assert "422" in trouble(WebhookHosting(mute.url.replace("smtp:", "http:"), "secret"), Refused)

    assert time.monotonic() - before < 5


@pytest.mark.parametrize(
    "words", [b"220 mail.example.jp ESMTP\r\n", b"\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 120]
)
def test_what_is_no_web_server_takes_nothing(monkeypatch, words):
    monkeypatch.setattr(gateway, "READ_SECONDS", 1)
    with Mute(words, 0) as mute:
        trouble(WebhookHosting(mute.url.replace("smtp:", "http:"), "secret"))


# -- the signature -----------------------------------------------------------------------------------------------------


def test_the_receiver_knows_that_it_is_the_portal(side, hosting):
    hosting.tell(KEY, BODY)

    assert side.told[0].is_genuine


def test_another_secret_is_found_out(side):
    WebhookHosting(side.url, side.secret[::-1]).tell(KEY, BODY)

    assert not side.told[0].is_genuine


@pytest.mark.parametrize(
    ("seconds", "body", "secret", "genuine"),
    [
        (0, b'{"a": 1}', "s" * 32, True),
        (-299, b'{"a": 1}', "s" * 32, True),
        (-301, b'{"a": 1}', "s" * 32, False),
        (301, b'{"a": 1}', "s" * 32, False),
        (0, b'{"a": 2}', "s" * 32, False),
        (0, b'{"a":1}', "s" * 32, False),
        (0, b'{"a": 1}', "t" * 32, False),
    ],
)
def test_the_documented_check_accepts_the_portal_alone(seconds, body, secret, genuine):
    at = int(time.time()) + seconds
    signed = signature("s" * 32, at, b'{"a": 1}')
    headers = {"Keiyaku-Signature": f"t={at},v1={signed}"}

    assert documented()(headers, body, secret) is genuine


def test_the_moment_cannot_be_changed():
    now = int(time.time())
    headers = {"Keiyaku-Signature": f"t={now},v1={signature('s' * 32, now - 3600, b'{}')}"}

    assert not documented()(headers, b"{}", "s" * 32)


# -- TLS ---------------------------------------------------------------------------------------------------------------


def test_over_https_only_a_server_with_a_known_certificate_is_told(side, tmp_path):
    names = ["-subj", "/CN=hosting", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", tmp_path / "key", "-out", tmp_path / "crt", *names]
    subprocess.run(made, check=True, capture_output=True)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(tmp_path / "crt", tmp_path / "key")
    secure = replace(HostingSide(side.secret), tls=theirs).start()
    try:
        trouble(WebhookHosting(secure.url, side.secret))
        assert not secure.told
        WebhookHosting(secure.url, side.secret, context=ssl.create_default_context(cafile=tmp_path / "crt")).tell(KEY, BODY)
    finally:
        secure.stop()

    assert [told.is_genuine for told in secure.told] == [True]


def test_what_is_set_decides_who_is_told():
    assert hosting_for(None, "") is None
    assert isinstance(hosting_for("https://hosting.example.jp/hook", "secret"), WebhookHosting)
