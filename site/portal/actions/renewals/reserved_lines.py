"""Converts a reservation's lines to and from JSON. They stay as the customer agreed to them, even if the catalog changes."""

import json
from datetime import date, datetime
from typing import Any

from models import Reservation
from portal.enums import ProductKind
from portal.rules.orders.quote import Line
from portal.rules.renewals.snapshot import Reserved

DAYS = ("starts_on", "ends_on")


def written(lines: tuple[Line, ...], dropped: frozenset[int], documents: list[dict[str, str]]) -> str:
    """JSON of the lines, the dropped subscriptions, and the documents with consent."""
    rows = [vars(line) | {day: getattr(line, day).isoformat() for day in DAYS} for line in lines]
    return json.dumps({"lines": rows, "dropped": sorted(dropped), "documents": documents}, ensure_ascii=False)


def reserved_of(reservation: Reservation) -> Reserved:
    kept = json.loads(reservation.content)
    lines = tuple(_line(row) for row in kept["lines"])
    return Reserved(reservation.ends_on, lines, frozenset(kept["dropped"]))


def documents_of(reservation: Reservation) -> list[dict[str, Any]]:
    """The documents with consent, as values for Consent rows without the order."""
    kept = json.loads(reservation.content)["documents"]
    return [document | {"agreed_at": datetime.fromisoformat(document["agreed_at"])} for document in kept]


def _line(row: dict) -> Line:
    days = {day: date.fromisoformat(row[day]) for day in DAYS}
    return Line(**row | days | {"kind": ProductKind(row["kind"])})
