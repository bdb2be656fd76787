"""What is in the books after three years, a line for each row, with names in the place of whatever is drawn at random or counted up.

Only promises are read: the audit views, the pretend companies' books, the pages of the mails, and what the hosting side was told. Of the
demo's log only how often something broke.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

LOG = "demo.log"
JAPAN = timezone(timedelta(hours=9))
VIEWS = {
    "order": "account, number, kind, method, total_yen, tax_yen, state, placed_at, due_on, paid_on FROM audit_orders",
    "line": "order_number, product, variant, quantity, months, yen, starts_on, ends_on FROM audit_lines",
    "payment": "order_number, attempt, method, key, yen, state, company_reference, created_at, updated_at FROM audit_payments",
    "receipt": "order_number, source, company_reference, yen, received_on FROM audit_receipts",
    "term": "account, 'subscription ' || subscription, product, starts_on, ends_on, order_number FROM audit_terms",
    "paper": "account, order_number, kind, issued_on, addressee, total_yen, tax_percent, tax_yen FROM audit_invoices",
    "refund": "order_number, method, yen, state, reason, at FROM audit_refunds",
    "certificate": "account, 'subscription ' || subscription, kind, common_name, state, requested_on, issued_on, ends_on, renews"
    " FROM audit_certificates",
    "mail": "recipient, kind, entity, state, tries FROM audit_mails",
    "event": "CASE actor WHEN 'operator' THEN '' ELSE at END, entity, from_state, to_state, actor, reason FROM audit_history",
}
BOOKS = {
    "charge": "key, yen, state, at, code, reference FROM charge",
    "wallet": "wallet_id, key, yen, CASE key WHEN 'opening' THEN '' ELSE at END FROM wallet_entry",
    "bank": "number, booked_on, valued_on, yen, payer, at FROM bank_line",
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)?")
ENDS = re.compile(r"\b(end|stop|deletion|deleted) ([\d+]+)(?= \d{4}-)")  # end 5+6 2027-01-31
NAMED = re.compile(r"(?<!\d)\d{8,10}(?!\d)|\bsand_\w+|\b(?:subscription|term|mail) \d+")
NAMELESS = {
    re.compile(r"http://127\.0\.0\.1:\d+"): "http://portal",
    re.compile(r"(?<=（.）) ?\d+時\d+分(?!まで)"): "",
    re.compile(r"\bdemo-[0-9a-f]{8}\b"): "demo",
    re.compile(r"(?<=^provisioning) \d+"): "",
    re.compile(r"(?<=purchase:)[\w-]+"): "visit",
    re.compile(r"\b(sign-in \w+|method|reserved|switch|undone) [0-9a-f]+\b"): r"\1",  # what a mail is about
}


@dataclass(frozen=True)
class Letter:
    """A mail as its page shows it."""

    recipient: str
    written: str
    state: str
    subject: str
    body: str


def as_text(folder: Path, log: Iterable[str], letters: dict[str, Letter], told: list[dict]) -> list[str]:
    """Sorted within each kind: in which order things came about on one day is no matter."""
    found = _rows(folder / "portal.db", VIEWS) | _rows(folder / "sandbox.db", BOOKS)
    names = _names(found, letters, told)
    found["letter"] = [astuple(letter) for letter in letters.values()]
    found["told"] = [tuple(f"{name} {value}" for name, value in sorted(event.items())) for event in told]
    found["step"] = [(line,) for line in log]
    found["trouble"] = [(line,) for line in (folder / LOG).read_text().splitlines() if line.startswith("Traceback")]
    rows = {kind: sorted(" | ".join(_clean(cell, names) for cell in row) for row in rows) for kind, rows in found.items()}
    return [f"{kind} | {row}" for kind in rows for row in rows[kind]]


def japanese_day(moment: datetime) -> date:
    return moment.astimezone(JAPAN).date()


def _rows(file: Path, queries: dict[str, str]) -> dict[str, list[tuple]]:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return {kind: connection.execute(f"SELECT {query}").fetchall() for kind, query in queries.items()}
    finally:
        connection.close()


def _names(found: dict[str, list[tuple]], letters: dict[str, Letter], told: list[dict]) -> dict[str, str]:
    """What stands for a number: whose order, subscription or deposit it is and which of them, all else by what it is about."""
    orders = sorted((account, placed_at or "9", kind, number) for account, number, kind, *_, placed_at, _, _ in found["order"])
    names = _counted((account, number) for account, _, _, number in orders)
    bought = {event["subscription"]: (f"{event['account']} {event['product']}", _subscription(event)) for event in told}
    names |= _counted(bought[number] for number in sorted(bought))
    entities = [tuple(entity.split(" ", 1)) for _, entity, *_ in sorted(found["event"], key=lambda event: event[0])]
    names |= _counted((kind, number) for kind, number in dict.fromkeys(entities) if kind == "deposit")
    for event in told:
        if term := event["id"].partition(" term ")[2]:
            names[f"term {term}"] = f"term of {names[_subscription(event)]} from {event['starts_on']}"
    keys = {reference: key for key, *_, reference in found["charge"]} | {row[6]: row[3] for row in found["payment"] if row[6]}
    names |= {reference: f"taken under {_clean(key, names)}" for reference, key in keys.items()}
    return names | {f"mail {number}": f"mail to {letter.recipient}" for number, letter in letters.items()}


def _subscription(event: dict) -> str:
    return f"subscription {event['subscription']}"


def _counted(things: Iterable[tuple[str, str]]) -> dict[str, str]:
    """(owner, number) in the order of their appearance -> number: owner#1, owner#2, …"""
    counts: Counter[str] = Counter()
    names = {}
    for owner, number in things:
        counts[owner] += 1
        names[number] = f"{owner}#{counts[owner]}"
    return names


def _clean(cell: object, names: dict[str, str]) -> str:
    text = "" if cell is None else str(cell)
    text = MOMENT.sub(lambda found: japanese_day(datetime.fromisoformat(found[0]).replace(tzinfo=UTC)).isoformat(), text)
    text = ENDS.sub(lambda found: f"{found[1]} {'+'.join(names.get(f'subscription {each}', each) for each in found[2].split('+'))}", text)
    text = NAMED.sub(lambda found: names.get(found[0], found[0]), text)
    for pattern, replacement in NAMELESS.items():
        text = pattern.sub(replacement, text)
    return text
