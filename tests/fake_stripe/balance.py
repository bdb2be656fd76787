"""The balance: its rows, newest first and in pages, and the payouts to the bank account (docs.stripe.com/payouts/reconciliation)."""

from datetime import UTC, date, datetime, time

from tests.fake_stripe.intents import move
from tests.fake_stripe.world import Thing, World


def balance_transactions(world: World, about: Thing) -> Thing:
    found = world.all_of("balance_transaction")
    if "payout" in about:
        found = [row for row in found if about["payout"] in (row["payout"], row["source"])]
    if "created" in about:
        found = [row for row in found if int(about["created"]["gte"]) <= row["created"] < int(about["created"]["lt"])]
    listed = _page(found, about, "/v1/balance_transactions")
    if "expand" in about:
        listed["data"] = [row | {"source": dict(world.things[row["source"]])} for row in listed["data"]]
    return listed


def payouts(world: World, about: Thing) -> Thing:
    begin, end = (int(about["arrival_date"][name]) for name in ("gte", "lt"))
    return _page([row for row in world.all_of("payout") if begin <= row["arrival_date"] < end], about, "/v1/payouts")


def pay_out(world: World, arrives_on: date, *, automatic: bool = True, status: str = "paid", yen: int | None = None) -> Thing:
    """All of the balance that was not paid out yet. `yen`: another sum, as when rows are missing."""
    rows = [row for row in world.all_of("balance_transaction") if row["payout"] is None and row["type"] != "payout"]
    net, arrival = sum(row["net"] for row in rows) if yen is None else yen, int(datetime.combine(arrives_on, time(), UTC).timestamp())
    payout = world.make("payout", "po", amount=net, arrival_date=arrival, automatic=automatic, status=status, currency="jpy")
    for row in rows if automatic else ():
        row["payout"] = payout["id"]
    move(world, "payout", payout, -net)
    return payout


def _page(found: list[Thing], about: Thing, url: str) -> Thing:
    """As lists of Stripe come: the newest first, at most `limit`, after `starting_after`."""
    rows, limit = [dict(row) for row in reversed(found)], int(about.get("limit", 10))
    ids = [row["id"] for row in rows]
    begin = ids.index(about["starting_after"]) + 1 if "starting_after" in about else 0
    return {"object": "list", "data": rows[begin : begin + limit], "has_more": len(rows) > begin + limit, "url": url}
