import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import SMTP, compat32, default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.actions.mail.rendering import BadAddress, envelope
from portal.rules.accounts.mail_addresses import ascii_address

ABOUT = {"subject": "【かわせみサーバー】お申し込み", "body": "𠮷野家 😀\n", "recipient": "a@example.jp", "message_id": "<x.1@example.jp>"}
AT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
PRINTABLE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cf"]), min_size=1, max_size=120)


def test_a_message_is_utf_8_text_and_html_and_identical_each_time():
    first, second = (envelope(written_at=AT, **ABOUT).as_bytes(policy=SMTP) for _ in range(2))
    read = message_from_bytes(first, policy=default)

    assert first == second
    assert first.isascii()
    assert [part.get_content_type() for part in read.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    text = read.get_body(("plain",))
    assert (text.get_content_charset(), text.get_param("format")) == ("utf-8", "flowed")
    assert text.get_content() == "𠮷野家 😀\r\n"
    assert (read["From"], read["To"]) == ("かわせみサーバー <info@kawasemi.example.jp>", "a@example.jp")
    assert read["Message-ID"] == "<x.1@example.jp>"
    assert read["Date"].datetime == AT
    assert read["Auto-Submitted"] == "auto-generated"


def unstuffed(message) -> str:
    """As a reader of format=flowed shows it."""
    return re.sub("^ ", "", message.get_body(("plain",)).get_content(), flags=re.MULTILINE)


@settings(deadline=None)
@given(PRINTABLE)
def test_any_subject_and_text_arrive_unchanged(text):
    subject = " ".join(f"【かわせみ】{text}".split())
    raw = envelope(written_at=AT, **ABOUT | {"subject": subject, "body": text + "\n"}).as_bytes(policy=SMTP)

    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert unstuffed(message_from_bytes(raw, policy=default)) == text + "\r\n"
    assert str(make_header(decode_header(message_from_bytes(raw, policy=compat32)["Subject"]))) == subject


@pytest.mark.parametrize(
    "recipient",
    ["a@example.jp\r\nBcc: x@evil.example", "a\n@example.jp", "a@example.jp\n", "a@b@c.jp", "太郎@example.jp", "@example.jp", "a@",
     "a", "", "a b@example.jp", "<a@example.jp>", "a@example.jp, b@example.jp", "a@exa mple.jp", "a@-example.jp", "a@example..jp",
     "a@[127.0.0.1]", "x" * 65 + "@example.jp", "a@" + "b" * 64 + ".jp", '"a"@example.jp', "a@example.jp\u2028"],
)  # fmt: skip
def test_a_malformed_mail_address_is_refused(recipient):
    with pytest.raises(BadAddress):
        envelope(written_at=AT, **ABOUT | {"recipient": recipient})


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("taro.mihon+portal@example.jp", "taro.mihon+portal@example.jp"),
        ("taro..mihon.@docomo.example.jp", '"taro..mihon."@docomo.example.jp'),
        ("taro@日本語.jp", "taro@xn--wgv71a119e.jp"),
    ],
)
def test_old_japanese_mobile_addresses_are_accepted(written, sent):
    assert ascii_address(written) == sent


def test_a_subject_cannot_inject_a_header():
    with pytest.raises(ValueError, match="linefeed"):
        envelope(written_at=AT, **ABOUT | {"subject": "a\r\nBcc: x@evil.example"})
