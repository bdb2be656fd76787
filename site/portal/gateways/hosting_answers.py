"""What the hosting side tells us: answers to events that asked it something, signed with the same secret (docs/provisioning.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.gateways.answers import YEARS, BadEvent
from portal.gateways.signed_body import signed_object, text

HEADER = "keiyaku-signature"


class AnswerKind(StrEnum):
    DOMAIN_CONFIRMED = "domain.confirmed"
    DOMAIN_NOT_FOUND = "domain.not_found"
    CERTIFICATE_ISSUED = "certificate.issued"
    CERTIFICATE_FAILED = "certificate.failed"
    CERTIFICATE_EXPIRING = "certificate.expiring"


WITH_REASON = (AnswerKind.DOMAIN_NOT_FOUND, AnswerKind.CERTIFICATE_FAILED)
WITH_END = (AnswerKind.CERTIFICATE_ISSUED, AnswerKind.CERTIFICATE_EXPIRING)


@dataclass(frozen=True)
class HostingAnswer:
    """`id` names the answer, the same each time it is sent; `about` is the id of the event of ours that it answers.

    `reason`: one line for the customer, of an answer that says no. `ends_on`: the last day of a certificate, included, in Japan.
    """

    id: str
    kind: AnswerKind
    about: str
    reason: str = ""
    ends_on: date | None = None


def parse_answer(secret: str, headers: Mapping[str, str], body: bytes) -> HostingAnswer:
    """Raises BadEvent unless it was signed with the secret within five minutes of the real clock, and says all that its kind needs."""
    if not secret:
        raise BadEvent("no hosting side is configured")
    data = signed_object(secret, HEADER, headers, body)
    kind = _kind(text(data, "type"))
    reason = text(data, "reason") if kind in WITH_REASON else ""
    ends_on = _day(text(data, "ends_on")) if kind in WITH_END else None
    answer = HostingAnswer(text(data, "id"), kind, text(data, "about"), reason, ends_on)
    if not all(words.isprintable() for words in (answer.id, answer.about, reason)):
        raise BadEvent("a text that cannot be")
    return answer


def _kind(word: str) -> AnswerKind:
    try:
        return AnswerKind(word)
    except ValueError as error:
        raise BadEvent("unknown type") from error


def _day(word: str) -> date:
    try:
        day = date.fromisoformat(word)
    except ValueError as error:
        raise BadEvent("ends_on is no day") from error
    if day.year not in YEARS:
        raise BadEvent("ends_on is no day")
    return day
