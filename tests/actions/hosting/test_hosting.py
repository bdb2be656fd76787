"""How the client reads a real HTTP server's answers and timeouts, and what the signature proves to the server."""

import ssl
import subprocess
import time
from dataclasses import replace

import pytest

from portal.gateways import hosting as gateway
from portal.gateways.hosting import Refused, Unavailable, WebhookHosting, hosting_for, signature
from tests.actions.hosting.receiver import HostingSide, documented
from tests.actions.mail.smtp_server import SilentServer

KEY, BODY = "start term 12", '{"id": "start term 12", "account": "𠮷野家"}'


def trouble(hosting: WebhookHosting, of: type[Exception] = Unavailable) -> str:
    with pytest.raises(of) as raised:
        hosting.send(KEY, BODY)
    return str(raised.value)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_2xx_answer_means_accepted(side, hosting, status):
    side.then = status
    hosting.send(KEY, BODY)

    [got] = side.received
    assert (got.key, got.body.decode(), got.target) == (KEY, BODY, "/hooks/keiyaku?from=portal")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 422])
def test_a_4xx_answer_refuses_this_event_with_its_reason(side, hosting, status):
    side.then = status

    reason = trouble(hosting, Refused)
    assert f"{status}" in reason
    assert f"said with {status}" in reason


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 408, 425, 429, 500, 502, 503, 504])
def test_any_other_status_means_try_again_later(side, hosting, status):
    side.then = status

    assert f"{status}" in trouble(hosting)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(side, hosting, status):
    side.answers = [status]
    trouble(hosting)

    assert [(got.method, got.target) for got in side.received] == [("POST", "/hooks/keiyaku?from=portal")]


def test_a_connection_lost_after_sending_gives_an_unknown_result(side, hosting):
    side.answers = ["hang up"]
    trouble(hosting)

    assert side.keys == [KEY]


def test_a_refused_connection_fails_at_once(side, hosting):
    side.stop()
    before = time.monotonic()

    assert "ConnectionRefused" in trouble(hosting)
    assert time.monotonic() - before < 3


def test_a_silent_server_times_out(side, hosting, monkeypatch):
    monkeypatch.setattr(gateway, "READ_SECONDS", 0.3)
    side.answers = ["silence"]
    before = time.monotonic()
    trouble(hosting)

    assert time.monotonic() - before < 5


def test_a_slowly_dripping_answer_times_out():
    before = time.monotonic()
    with SilentServer(b"HTTP/1.1 422 No\r\nContent-Length: 9999\r\n\r\n" + b"a" * 100, 0.05) as silent:
        assert "422" in trouble(WebhookHosting(silent.url.replace("smtp:", "http:"), "secret"), Refused)

    assert time.monotonic() - before < 5


@pytest.mark.parametrize(
    "words", [b"220 mail.example.jp ESMTP\r\n", b"\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 120]
)
def test_a_server_that_does_not_speak_http_accepts_nothing(monkeypatch, words):
    monkeypatch.setattr(gateway, "READ_SECONDS", 1)
    with SilentServer(words, 0) as silent:
        trouble(WebhookHosting(silent.url.replace("smtp:", "http:"), "secret"))


# -- the signature -----------------------------------------------------------------------------------------------------


def test_a_request_carries_the_portals_signature(side, hosting):
    hosting.send(KEY, BODY)

    assert side.received[0].is_genuine


def test_a_signature_with_another_secret_is_refused(side):
    WebhookHosting(side.url, side.secret[::-1]).send(KEY, BODY)

    assert not side.received[0].is_genuine


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
def test_the_documented_signature_check_accepts_only_the_portal(seconds, body, secret, genuine):
    at = int(time.time()) + seconds
    signed = signature("s" * 32, at, b'{"a": 1}')
    headers = {"Keiyaku-Signature": f"t={at},v1={signed}"}

    assert documented()(headers, body, secret) is genuine


def test_the_signature_covers_the_timestamp():
    now = int(time.time())
    headers = {"Keiyaku-Signature": f"t={now},v1={signature('s' * 32, now - 3600, b'{}')}"}

    assert not documented()(headers, b"{}", "s" * 32)


# -- TLS ---------------------------------------------------------------------------------------------------------------


def test_https_needs_a_trusted_certificate(side, tmp_path):
    names = ["-subj", "/CN=hosting", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", tmp_path / "key", "-out", tmp_path / "crt", *names]
    subprocess.run(made, check=True, capture_output=True)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(tmp_path / "crt", tmp_path / "key")
    secure = replace(HostingSide(side.secret), tls=theirs).start()
    try:
        trouble(WebhookHosting(secure.url, side.secret))
        assert not secure.received
        WebhookHosting(secure.url, side.secret, context=ssl.create_default_context(cafile=tmp_path / "crt")).send(KEY, BODY)
    finally:
        secure.stop()

    assert [got.is_genuine for got in secure.received] == [True]


def test_settings_choose_the_hosting_client():
    assert hosting_for(None, "") is None
    assert isinstance(hosting_for("https://hosting.example.jp/hook", "secret"), WebhookHosting)
