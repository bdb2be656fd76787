"""Webhooks of the sandbox card company about refunds made there and disputes; those of charges are as the wallet company's."""

from collections.abc import Mapping

from portal.enums import DisputeState
from portal.gateways.card import BadEvent, CardEvent, DisputeReported, RefundReported
from portal.gateways.sandbox_event import HEADER, moment, parse_event, yen
from portal.gateways.signed_body import signed_object, text


def parse_card_event(secret: str, word: str, headers: Mapping[str, str], body: bytes) -> CardEvent:
    """Raises BadEvent unless signed by the company within five minutes of the real clock."""
    data = signed_object(secret, HEADER, headers, body)
    kind, _, state = text(data, "type").partition(".")
    match kind:
        case "refund":
            about = (text(data, "number"), text(data, "reference"), yen(data), moment(data, "at"))
            return RefundReported(text(data, "id"), "", *about, is_returned=True)
        case "dispute":
            return _dispute(data, state)
        case _:
            return parse_event(secret, word, headers, body)


def _dispute(data: dict[str, object], state: str) -> DisputeReported:
    if state not in ("open", "won", "lost"):
        raise BadEvent("unknown type")
    respond_by = moment(data, "respond_by") if state == "open" else None
    about = (text(data, "number"), text(data, "reference"), yen(data), DisputeState(state), text(data, "reason"))
    return DisputeReported(text(data, "id"), *about, respond_by, moment(data, "at"))
