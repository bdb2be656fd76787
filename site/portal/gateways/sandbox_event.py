"""Parse a sandbox company's webhook: check the signature over the raw body first, then the contents."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from portal.gateways.answers import BadEvent, CompanyEvent, Declined, Paid
from portal.gateways.signed_body import signed_object
from portal.gateways.signed_body import text as _text

HEADER = "sandbox-signature"


def parse_event(secret: str, word: str, headers: Mapping[str, str], body: bytes) -> CompanyEvent:
    """Raises BadEvent unless signed by the company, about a `word`, and within five minutes of the real clock."""
    data = signed_object(secret, HEADER, headers, body)
    return CompanyEvent(_text(data, "id"), _text(data, "key"), _result(word, data))


def _result(word: str, data: dict[str, object]) -> Paid | Declined:
    kind = _text(data, "type")
    if kind == f"{word}.paid":
        return Paid(_text(data, "reference"), yen(data), moment(data, "at"))
    if kind == f"{word}.refused":
        return Declined(_text(data, "code"), _flag(data, "retryable"))
    raise BadEvent("unknown type")


def yen(data: dict[str, object]) -> int:
    value = data.get("yen")
    if type(value) is not int or value <= 0:
        raise BadEvent("yen is no positive whole number")
    return value


def _flag(data: dict[str, object], name: str) -> bool:
    value = data.get(name)
    if not isinstance(value, bool):
        raise BadEvent(f"{name} is not true or false")
    return value


def moment(data: dict[str, object], name: str) -> datetime:
    try:
        found = datetime.fromisoformat(_text(data, name))
    except ValueError as error:
        raise BadEvent(f"{name} is no instant") from error
    if found.utcoffset() != timedelta(0):
        raise BadEvent(f"{name} is not UTC")
    return found.astimezone(UTC)
