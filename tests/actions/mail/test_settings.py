import pytest

from portal.runtime.settings import settings_from
from tests.test_settings import DEMO, REAL, problem

SERVER = {"SMTP_URL": "smtps://portal:hidden@mail.example.jp:465", "MAIL_FROM": "info@example.jp"}


def test_mails_are_sent_where_a_mail_server_is_set():
    settings = settings_from(REAL | SERVER)

    assert (settings.smtp_url, settings.mail_from) == (SERVER["SMTP_URL"], "info@example.jp")
    assert "hidden" not in repr(settings)


def test_without_a_mail_server_mails_stay_waiting():
    assert settings_from(REAL).smtp_url is None


@pytest.mark.parametrize(
    "url",
    ["mail.example.jp", "http://mail.example.jp", "smtp://", "smtp://host:0", "smtp://host:port", "smtp://user@host", "smtp://host/path",
     "smtp://host?tls=no", "smtp://[::1"],
)  # fmt: skip
def test_a_malformed_mail_server_address_is_refused(url):
    assert "SMTP_URL" in problem(REAL | SERVER | {"SMTP_URL": url})


@pytest.mark.parametrize("sender", ["", "info", "info@", "info@host", "a@example.jp, b@example.jp", "会社 <a@example.jp>", "社@example.jp"])
def test_the_sender_must_be_one_plain_address(sender):
    assert "MAIL_FROM" in problem(REAL | SERVER | {"MAIL_FROM": sender})


def test_a_demo_sends_no_mail():
    assert "SMTP_URL" in problem(DEMO | SERVER)
    assert settings_from(DEMO | {"MAIL_FROM": "info@example.jp"}).mail_from == ""
