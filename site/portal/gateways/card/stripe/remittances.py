"""Stripe's payouts to our bank account, each with what it is made of (docs.stripe.com/payouts/reconciliation)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import stripe

from portal.gateways.card import MovementKind, Parts, Remittance, RemittanceState
from portal.gateways.card.stripe.movements import KINDS

STATES = {"paid": RemittanceState.SENT, "failed": RemittanceState.FAILED, "canceled": RemittanceState.FAILED}
NAMES = {MovementKind.CHARGE: "charged", MovementKind.REFUND: "refunded", MovementKind.DISPUTE: "disputed"}
OWN = ("payout", "payout_cancel", "payout_failure")  # the payout itself, as a row of the balance
FEES = ("stripe_fee", "stripe_fx_fee", "tax_fee")


def remittances(client: stripe.StripeClient, first: date, last: date) -> Iterator[Remittance]:
    """A payout that staff made by hand in the dashboard has no parts: Stripe does not say of what it is made."""
    about = {"arrival_date": {"gte": _midnight(first), "lt": _midnight(last + timedelta(days=1))}, "limit": 100}
    for payout in client.v1.payouts.list(about).auto_paging_iter():
        day, state = datetime.fromtimestamp(payout.arrival_date, UTC).date(), STATES.get(payout.status, RemittanceState.ON_WAY)
        yield Remittance(payout.id, payout.amount, day, state, _parts(client, payout.id) if payout.automatic else None)


def _parts(client: stripe.StripeClient, payout: str) -> Parts:
    found = Parts()
    for row in client.v1.balance_transactions.list({"payout": payout, "limit": 100}).auto_paging_iter():
        if row.type not in OWN:
            found = _with(found, row.type, row.amount, row.fee)
    return found


def _with(parts: Parts, kind: str, yen: int, fee: int) -> Parts:
    """Stripe takes the fee of each row, also of a dispute, beside its amount."""
    name = "fees" if kind in FEES else NAMES[KINDS[kind]] if kind in KINDS else "others"
    added = replace(parts, **{name: getattr(parts, name) + yen})
    return replace(added, fees=added.fees - fee)


def _midnight(day: date) -> int:
    """Stripe's days of arrival are midnights in UTC."""
    return int(datetime.combine(day, time(), UTC).timestamp())
