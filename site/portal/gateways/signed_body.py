"""A signed webhook that comes to us: the signature over the raw body is checked first, then the body is read as one JSON object."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from portal.gateways.answers import BadEvent

WINDOW_SECONDS = 300
LONGEST_BODY = 10_000
SIGNATURE = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", re.ASCII)


def signed_object(secret: str, header: str, headers: Mapping[str, str], body: bytes) -> dict[str, object]:
    """What the body says. `header`: the name of the one with the signature, in lower case.

    Raises BadEvent unless it was signed with the secret within five minutes of the real clock.
    """
    _verify(secret, header, headers, body)
    try:
        data = json.loads(body.decode())  # `loads` alone would take UTF-16 as well, which nobody could store afterwards
    except (ValueError, RecursionError) as error:
        raise BadEvent("no JSON") from error
    if not isinstance(data, dict):
        raise BadEvent("no object")
    return data


def text(data: Mapping[str, object], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 255:
        raise BadEvent(f"{name} is no text")
    return value


def _verify(secret: str, header: str, headers: Mapping[str, str], body: bytes) -> None:
    if len(body) > LONGEST_BODY:
        raise BadEvent("body too long")
    found = SIGNATURE.fullmatch(next((value for name, value in headers.items() if name.lower() == header), ""))
    if not found:
        raise BadEvent("no signature")
    timestamp, given = found.groups()
    expected = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, given):
        raise BadEvent("wrong signature")
    if abs(datetime.now(UTC).timestamp() - int(timestamp)) > WINDOW_SECONDS:
        raise BadEvent("too old or too new")
