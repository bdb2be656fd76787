"""A proxy that nobody said is seen in the log: behind it everybody would be one network."""

import logging

import pytest
from flask import Flask, request

from portal.web.proxies import UNREAD, trust_proxies

FORWARDED = {"X-Forwarded-For": "192.0.2.7"}


def behind(number: int) -> Flask:
    app = Flask("proxied")
    trust_proxies(app, number)
    app.add_url_rule("/", view_func=lambda: request.remote_addr)
    return app


@pytest.mark.parametrize(
    ("number", "headers", "address", "warns"),
    [(0, {}, "127.0.0.1", False), (0, FORWARDED, "127.0.0.1", True), (1, FORWARDED, "192.0.2.7", False), (1, {}, "127.0.0.1", False)],
)
def test_an_unread_address_is_warned_of(number, headers, address, warns, caplog):
    with caplog.at_level(logging.WARNING):
        found = behind(number).test_client().get("/", headers=headers).text

    assert found == address
    assert (UNREAD in caplog.text) is warns
