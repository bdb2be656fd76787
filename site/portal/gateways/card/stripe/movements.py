"""What moved on the balance at Stripe: charges, refunds and disputes, as its list of balance transactions has them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import stripe

from portal.gateways.answers import Movement, MovementKind

KINDS = {
    "charge": MovementKind.CHARGE,
    "payment": MovementKind.CHARGE,
    "refund": MovementKind.REFUND,
    "payment_refund": MovementKind.REFUND,
    "refund_failure": MovementKind.REFUND,
    "adjustment": MovementKind.DISPUTE,
}


def movements(client: stripe.StripeClient, begin: datetime, end: datetime, installation_id: str) -> Iterator[Movement]:
    """Only what concerns a payment of this portal: other portals and shops may use the same account. Fees and payouts are not among it."""
    about = {"created": {"gte": int(begin.timestamp()), "lt": int(end.timestamp())}, "expand": ["data.source"], "limit": 100}
    for found in client.v1.balance_transactions.list(about).auto_paging_iter():
        row = found.to_dict()
        kind, source = KINDS.get(row["type"]), row.get("source") or {}
        if kind is None or not source.get("payment_intent"):
            continue
        key = (source.get("metadata") or {}).get("key", "")
        if kind is not MovementKind.CHARGE or key.startswith(f"{installation_id}-"):
            yield _movement(kind, key or source["id"], source["payment_intent"], row)


def _movement(kind: MovementKind, key: str, reference: str, row: dict[str, Any]) -> Movement:
    return Movement(kind, key, reference, row["amount"], datetime.fromtimestamp(row["created"], UTC))
