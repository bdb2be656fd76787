import pytest

from portal.runtime.settings import settings_from
from tests.test_settings import DEMO, REAL, SECRET, problem

HOSTING = {"PROVISION_URL": "https://hosting.example.jp/hooks/keiyaku?token=hidden", "PROVISION_SECRET": SECRET}


def test_events_are_sent_where_a_hosting_address_is_set():
    settings = settings_from(REAL | HOSTING)

    assert (settings.provision_url, settings.provision_secret) == (HOSTING["PROVISION_URL"], SECRET)
    assert "hidden" not in repr(settings)
    assert SECRET not in repr(settings)


def test_without_a_hosting_address_events_stay_waiting():
    assert settings_from(REAL).provision_url is None


@pytest.mark.parametrize(
    "url",
    ["hosting.example.jp", "http://hosting.example.jp", "ftp://127.0.0.1", "https://", "https://host:0", "https://host:port", "https://[::1",
     "https://user:hidden@host", "http://127.0.0.1@evil.example", "https://host/#part", "https://host/a b", "https://ホスト.example.jp",
     "http://127.0.0.1.evil.example", "http://192.168.0.1", "https://host/\r\nX: y"],
)  # fmt: skip
def test_a_remote_hosting_address_must_be_plain_https(url):
    assert "PROVISION_URL" in problem(REAL | HOSTING | {"PROVISION_URL": url})


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/hook", "http://localhost:9000", "http://[::1]:9000/hook", "https://127.0.0.1"])
def test_a_local_hosting_address_may_be_http(url):
    assert settings_from(REAL | HOSTING | {"PROVISION_URL": url}).provision_url == url
    assert settings_from(DEMO | HOSTING | {"PROVISION_URL": url}).provision_url == url


GUESSED = {"none": "", "short": "short", "cut": SECRET[:31], "one letter": "a" * 64, "sample": "change-me-change-me-change-me-1234567890"}


@pytest.mark.parametrize("secret", GUESSED.values(), ids=GUESSED)
def test_a_weak_hosting_secret_is_refused(secret):
    assert "PROVISION_SECRET" in problem(REAL | HOSTING | {"PROVISION_SECRET": secret})


@pytest.mark.parametrize("url", ["https://hosting.example.jp", "http://192.168.0.1"])
def test_a_demo_with_a_remote_hosting_address_is_refused(url):
    assert "デモの契約を" in problem(DEMO | HOSTING | {"PROVISION_URL": url})
