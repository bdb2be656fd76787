"""Disputes: the bank opens one for its customer, and decides. Stripe keeps the money from the beginning (docs.stripe.com/disputes)."""

from tests.fake_stripe.intents import move
from tests.fake_stripe.world import Thing, World

DAYS_TO_RESPOND = 9 * 86_400
FEE = 1500


def begin(world: World, intent: str, *, status: str = "needs_response", reason: str = "fraudulent") -> Thing:
    """`warning_needs_response`: the bank only asks, and takes nothing."""
    charge = world.things[world.things[intent]["latest_charge"]]
    evidence = {"due_by": world.now() + DAYS_TO_RESPOND, "has_evidence": False, "past_due": False, "submission_count": 0}
    about = {"payment_intent": intent, "charge": charge["id"], "amount": charge["amount"] - charge["amount_refunded"], "metadata": {}}
    dispute = world.make("dispute", "du", status=status, reason=reason, evidence_details=evidence, currency="jpy", **about)
    world.tell("charge.dispute.created", dispute)
    if status == "needs_response":
        _withdraw(world, dispute)
    return dispute


def answer(world: World, dispute: Thing) -> None:
    dispute["status"] = "under_review"
    world.tell("charge.dispute.updated", dispute)


def close(world: World, dispute: Thing, status: str) -> None:
    """`won`, `lost` or `warning_closed`. What was won comes back."""
    before, dispute["status"] = dispute["status"], status
    world.tell("charge.dispute.closed", dispute)
    if status == "won":
        if not before.startswith("warning"):
            move(world, "adjustment", dispute, dispute["amount"])
            world.tell("charge.dispute.funds_reinstated", dispute)
        world.things[dispute["charge"]]["disputed"] = False


def _withdraw(world: World, dispute: Thing) -> None:
    world.things[dispute["charge"]]["disputed"] = True
    move(world, "adjustment", dispute, -dispute["amount"], FEE)
    world.tell("charge.dispute.funds_withdrawn", dispute)
