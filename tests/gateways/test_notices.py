import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from portal.gateways.card import BadEvent, Declined, Paid
from portal.gateways.card.sandbox import SandboxCardCompany
from portal.sandbox.books import setups
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.books.webhook_queue import due_webhooks
from portal.sandbox.webhooks import deliver, signed_headers
from tests.visits import BROWSER

SECRET = "notice-secret"
GOOD = {"id": "n", "type": "charge.paid", "key": "k", "reference": "r", "yen": 660, "at": "2026-11-22T01:02:03.000+00:00"}


class Postbox:
    """The portal's webhook address: stores deliveries and answers with the given statuses."""

    def __init__(self, status: int | Exception = 200) -> None:
        self.status = status
        self.letters: list[tuple[str, dict[str, str], bytes]] = []

    def __call__(self, path, headers, body) -> int:
        self.letters.append((path, headers, body))
        if isinstance(self.status, Exception):
            raise self.status
        return self.status


@pytest.fixture
def charged(books, company):
    def charge(key: str, outcome: Outcome = Outcome.PAYS):
        entry = setups.open_setup(books, f"reference-{key}", "/")
        card = setups.StoredCard(outcome, "Visa", "4242", date(2098, 12, 31))
        return company.charge(setups.accept(books, entry.token, card, BROWSER).card_token, 660, key)

    return charge


def body_of(**changes) -> bytes:
    return json.dumps(GOOD | changes).encode()


def parse(company, body: bytes):
    return company.parse_event(signed_headers(SECRET, body), body)


@pytest.mark.parametrize("status", [500, 404, 303, 0, ConnectionRefusedError()])
def test_a_webhook_not_accepted_is_retried_with_growing_pauses(books, charged, status):
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as clock:
        charged("key")
        pauses = []
        for _ in range(8):
            deliver(books, SECRET, Postbox(status))
            waited = 0
            while not due_webhooks(books):
                clock.shift(timedelta(seconds=5))
                waited += 5
            pauses.append(waited)

        assert pauses == [5, 15, 60, 300, 900, 3600, 3600, 3600]
        assert deliver(books, SECRET, Postbox(204)) == 2
        assert not due_webhooks(books)


def test_a_webhook_of_another_sender_is_refused(company):
    body = body_of()
    headers = signed_headers("another secret", body)

    with pytest.raises(BadEvent, match="wrong signature"):
        company.parse_event(headers, body)


def test_a_changed_webhook_body_is_refused(company):
    headers = signed_headers(SECRET, body_of())

    with pytest.raises(BadEvent, match="wrong signature"):
        company.parse_event(headers, body_of(yen=1))


@pytest.mark.parametrize(("seconds", "is_good"), [(-301, False), (-299, True), (299, True), (302, False)])
def test_a_webhook_is_valid_for_five_minutes_by_the_real_clock(books, company, seconds, is_good):
    books.set_offset_days(100)
    body = body_of()
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds)):
        headers = signed_headers(SECRET, body)

    if is_good:
        assert company.parse_event(headers, body).key == "k"
    else:
        with pytest.raises(BadEvent, match="too old"):
            company.parse_event(headers, body)


@pytest.mark.parametrize(
    "header", ["", "t=1", "t=1,v1=00", "v1=" + "0" * 64, "t=１,v1=" + "0" * 64, "t=" + "9" * 400 + ",v1=" + "0" * 64, "é"]
)
def test_a_malformed_signature_header_is_refused(company, header):
    with pytest.raises(BadEvent):
        company.parse_event({"Sandbox-Signature": header}, body_of())
    with pytest.raises(BadEvent):
        company.parse_event({}, body_of())


def test_the_signature_header_is_case_insensitive(company):
    body = body_of()
    headers = {name.upper(): value for name, value in signed_headers(SECRET, body).items()}

    assert company.parse_event(headers, body).result == Paid("r", 660, datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 9_000,
        b"{}" + b" " * 10_000,
        b'{"id": "\xed\xa0\x80"}',
        json.dumps(GOOD).encode("utf-16"),
    ],
)
def test_a_signed_body_that_is_not_an_object_is_refused(company, body):
    with pytest.raises(BadEvent):
        parse(company, body)


@pytest.mark.parametrize("field", list(GOOD))
@pytest.mark.parametrize("value", [None, True, 1.5, -660, 0, "", [], {}, "x" * 300, "a\0", "\ud800", "not a type, nor a time"])
def test_a_signed_field_of_the_wrong_kind_is_refused(company, field, value):
    is_free_text = field in ("id", "key", "reference") and value == "not a type, nor a time"
    if is_free_text:
        return
    with pytest.raises(BadEvent):
        parse(company, body_of(**{field: value}))


IMPOSSIBLE = {
    "half of a character": {"key": "\ud800"},
    "half of a character as reference": {"reference": "r\udfff"},
    "a null byte": {"id": "n\0"},
    "a line break": {"key": "k\n"},
    "the year 1": {"at": "0001-01-01T00:00:00+00:00"},
    "the last hour of all years": {"at": "9999-12-31T23:59:59+00:00"},
    "more yen than a database holds": {"yen": 10**30},
}


@pytest.mark.parametrize("changes", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_cannot_be_is_refused_although_it_is_signed(company, changes):
    with pytest.raises(BadEvent, match="cannot be"):
        parse(company, body_of(**changes))


@pytest.mark.parametrize("coding", ["utf-16", "utf-32", "shift_jis"])
def test_a_signed_body_is_utf_8(company, coding):
    body = json.dumps(GOOD | {"reference": "見本"}, ensure_ascii=False).encode(coding)

    with pytest.raises(BadEvent):
        parse(company, body)
    assert parse(company, body.decode(coding).encode()).result.reference == "見本"


@pytest.mark.parametrize("at", ["2026-11-22", "2026-11-22T01:02:03", "2026-11-22T01:02:03+09:00"])
def test_a_webhook_timestamp_must_be_in_utc(company, at):
    with pytest.raises(BadEvent):
        parse(company, body_of(at=at))


def test_a_decline_webhook_carries_its_reason(company):
    refusal = body_of(type="charge.refused", code="card_declined", retryable=True)

    assert parse(company, refusal).result == Declined("card_declined", retryable=True)
    with pytest.raises(BadEvent):
        parse(company, body_of(type="charge.refused", code="card_declined", retryable="yes"))


def test_a_webhook_signed_with_another_installations_secret_is_refused(books, charged):
    charged("key")
    postbox = Postbox()
    deliver(books, SECRET, postbox)
    _, headers, body = postbox.letters[0]

    with pytest.raises(BadEvent):
        SandboxCardCompany(books, "other").parse_event(headers, body)
