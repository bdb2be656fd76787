"""Parse a sandbox company's webhook: check the signature over the raw body first, then the contents."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from portal.gateways.answers import BadEvent, CompanyEvent, Declined, Paid

HEADER = "sandbox-signature"
WINDOW_SECONDS = 300
LONGEST_BODY = 10_000
SIGNATURE = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", re.ASCII)


def parse_event(secret: str, word: str, headers: Mapping[str, str], body: bytes) -> CompanyEvent:
    """Raises BadEvent unless signed by the company, about a `word`, and within five minutes of the real clock."""
    _verify(secret, headers, body)
    data = _data(body)
    return CompanyEvent(_text(data, "id"), _text(data, "key"), _result(word, data))


def _verify(secret: str, headers: Mapping[str, str], body: bytes) -> None:
    if len(body) > LONGEST_BODY:
        raise BadEvent("body too long")
    found = SIGNATURE.fullmatch(next((value for name, value in headers.items() if name.lower() == HEADER), ""))
    if not found:
        raise BadEvent("no signature")
    timestamp, given = found.groups()
    expected = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, given):
        raise BadEvent("wrong signature")
    if abs(datetime.now(UTC).timestamp() - int(timestamp)) > WINDOW_SECONDS:
        raise BadEvent("too old or too new")


def _data(body: bytes) -> dict[str, object]:
    try:
        data = json.loads(body.decode())  # `loads` alone would take UTF-16 as well, which nobody could store afterwards
    except (ValueError, RecursionError) as error:
        raise BadEvent("no JSON") from error
    if not isinstance(data, dict):
        raise BadEvent("no object")
    return data


def _result(word: str, data: dict[str, object]) -> Paid | Declined:
    kind = _text(data, "type")
    if kind == f"{word}.paid":
        return Paid(_text(data, "reference"), _yen(data), _moment(data))
    if kind == f"{word}.refused":
        return Declined(_text(data, "code"), _flag(data, "retryable"))
    raise BadEvent("unknown type")


def _text(data: dict[str, object], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 255:
        raise BadEvent(f"{name} is no text")
    return value


def _yen(data: dict[str, object]) -> int:
    value = data.get("yen")
    if type(value) is not int or value <= 0:
        raise BadEvent("yen is no positive whole number")
    return value


def _flag(data: dict[str, object], name: str) -> bool:
    value = data.get(name)
    if not isinstance(value, bool):
        raise BadEvent(f"{name} is not true or false")
    return value


def _moment(data: dict[str, object]) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(data, "at"))
    except ValueError as error:
        raise BadEvent("at is no instant") from error
    if moment.utcoffset() != timedelta(0):
        raise BadEvent("at is not UTC")
    return moment.astimezone(UTC)
