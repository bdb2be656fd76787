"""One line for each request in the access log, with nothing of a person and nothing that opens anything."""

from dataclasses import replace

import pytest
from flask import Flask

from portal.app import create_app
from portal.store import database as store
from tests.browser import Browser
from tests.factories import a_customer
from tests.written_log import written_log

LOGIN = "himitsu-san"
CLIENT = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.1, 203.0.113.77"}


@pytest.fixture
def portal(settings, companies) -> Flask:
    """In real use behind one proxy, with its access log."""
    store.close()
    real = replace(settings, demo=False, public_url="https://portal.example.jp", access_log=True, trusted_proxies=1)
    made = create_app(real, companies=companies)
    store.ensure_connection()
    return made


@pytest.mark.parametrize(
    ("method", "address", "path", "status"),
    [
        ("GET", "/login?next=/orders/12345678&mail=himitsu@example.jp", "/login", 200),
        ("GET", "/password/himitsu-token", "/password/<token>", 404),
        ("GET", "/himitsu/%0a2026-11-29%20INFO", "(unknown)", 404),
        ("POST", "/login", "/login", 400),
        ("DELETE", "/login", "(unknown)", 405),
        ("GET", "/healthz", "/healthz", 200),
        ("GET", "/contract", "/contract", 303),
    ],
)
def test_each_request_is_one_line(portal, method, address, path, status):
    a_customer(LOGIN)
    with written_log() as log:
        answer = portal.test_client().open(address, method=method, base_url="https://portal.example.jp", environ_overrides=CLIENT)

    [line] = [line for line in log.lines if line["logger"] == "portal.access"]
    assert (line["method"], line["path"], line["status"]) == (method, path, status)
    assert line["bytes"] == answer.headers["Content-Length"] == str(len(answer.data))
    assert (line["network"], len(line["request"])) == ("203.0.113.0/24", 8)
    assert answer.headers.get("X-Request-Id") == (line["request"] if status >= 400 else None)
    assert line["ms"] >= 0
    assert "himitsu" not in log.text


def test_behind_a_proxy_a_security_line_names_the_clients_network(portal):
    with written_log() as log:
        portal.test_client().get("/nowhere", base_url="https://portal.example.jp", environ_overrides=CLIENT)

    assert [line["network"] for line in log.events] == ["203.0.113.77"]


def test_without_the_setting_there_are_no_lines(browser: Browser):
    with written_log() as log:
        browser.visit("/login")

    assert log.lines == []
