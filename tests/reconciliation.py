"""Compares what the companies took with what the portal recorded, using only the documented tables and views."""

import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from portal.sandbox.books import Books
from portal.store import database as store

LIVE = ("created", "submitted", "unknown")
FROM_COMPANIES = ("card", "wallet")
MAILS_OF_MONEY = ("payment_confirmed", "order_expired", "card_refused", "renewal_failed")
RUNNING = """SELECT s.id, s.runs_until, (SELECT MAX(t.ends_on) FROM term t WHERE t.subscription_id = s.id) AS last_term,
    (SELECT o.state FROM order_line l JOIN "order" o ON o.id = l.order_id WHERE l.undone_subscription_id = s.id) AS undone_order
    FROM subscription s WHERE s.ended_on IS NULL"""
CHARGES = "SELECT 'card' AS source, * FROM charge UNION ALL SELECT 'wallet', * FROM wallet_debit ORDER BY at, key"
REFUNDS = "SELECT 'card' AS source, * FROM card_refund UNION ALL SELECT 'wallet', * FROM debit_refund ORDER BY at, key"


@dataclass(frozen=True)
class Ledger:
    """`charges`, `given_back` (of cards and of wallets) and `points` (the entries of the wallets) are the companies', the rest the
    portal's. Yen.
    """

    charges: list[dict[str, Any]]
    given_back: list[dict[str, Any]]
    points: list[dict[str, Any]]
    orders: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    payments: list[dict[str, Any]]
    allocations: list[dict[str, Any]]
    terms: list[dict[str, Any]]
    history: list[dict[str, Any]]
    deposits: list[dict[str, Any]]
    mails: list[dict[str, Any]]
    refunds: list[dict[str, Any]]
    running: list[dict[str, Any]]
    papers: list[dict[str, Any]]

    @property
    def taken(self) -> list[dict[str, Any]]:
        """Also what was given back later."""
        return [charge for charge in self.charges if charge["state"] in ("paid", "refunded")]

    @property
    def unallocated(self) -> list[dict[str, Any]]:
        """What companies took for nothing; the rest of a deposit is not among it."""
        return [allocation for allocation in self._received(*FROM_COMPANIES) if allocation["order_number"] is None]

    def order(self, number: str) -> dict[str, Any]:
        return next(order for order in self.orders if order["number"] == number)

    def taken_for(self, number: str) -> int:
        """Yen that a company took for this order, whatever the portal knows of it: the number stands in every key."""
        return sum(charge["yen"] for charge in self.taken if f"-o{number}-a" in charge["key"])

    def faults(self, *, is_quiet: bool = True) -> list[str]:
        """What is broken of the promises. `is_quiet`: nobody is paying, and everything unknown has been asked about."""
        found = [*self._double_payments(), *self._paid_without_terms(), *self._overlaps(), *self._gaps_in_history()]
        found += [*self._wrong_points(), *self._uncounted_deposits(), *self._returned_too_much(), *self._wrong_mails()]
        found += [*self._running_for_nothing(), *self._wrong_papers()]
        return found + ([*self._disagreements(), *self._wrong_refunds(), *self._unfinished()] if is_quiet else [])

    def prove(self) -> "Ledger":
        faults = self.faults()
        assert faults == []
        return self

    def _double_payments(self):
        for order in self.orders:
            taken, used = self.taken_for(order["number"]), self._sum(self.allocations, order)
            if taken > (order["total_yen"] or 0):
                yield f"{taken} yen were taken for order {order['number']} of {order['total_yen']} yen"
            if used > (order["total_yen"] or 0):
                yield f"order {order['number']} of {order['total_yen']} yen has receipts of {used} yen"
        succeeded = Counter(payment["order_number"] for payment in self.payments if payment["state"] == "succeeded")
        yield from (f"order {number} has {times} succeeded payments" for number, times in succeeded.items() if times > 1)
        live = Counter(payment["order_number"] for payment in self.payments if payment["state"] in LIVE)
        yield from (f"order {number} has {times} live payments" for number, times in live.items() if times > 1)

    def _paid_without_terms(self):
        for order in self.orders:
            number, is_paid = order["number"], order["state"] == "paid"
            terms = sum(term["order_number"] == number for term in self.terms)
            lines = sum(line["order_number"] == number for line in self.lines)
            if terms != (lines if is_paid else 0) or (is_paid and not lines):
                yield f"order {number} is {order['state']}, has {lines} lines and {terms} terms"
            if is_paid and self._sum(self.allocations, order) != order["total_yen"]:
                yield f"order {number} is paid without its money"
            if not is_paid and self._kept_for(number):
                yield f"order {number} is {order['state']} though a payment of it succeeded"

    def _kept_for(self, number: str) -> int:
        """Yen of succeeded payments of the order that neither went back nor are on their way."""
        succeeded = [row["yen"] for row in self.payments if row["order_number"] == number and row["state"] == "succeeded"]
        back = [row["yen"] for row in self.refunds if row["order_number"] == number and row["state"] != "declined"]
        return sum(succeeded) - sum(back) if succeeded else 0

    def _running_for_nothing(self):
        """Without a term, or beyond its last one, a subscription runs only because the payment of an order was undone."""
        for found in self.running:
            if found["last_term"] is None and (found["runs_until"] is None or found["undone_order"] is None):
                yield f"subscription {found['id']} runs without a term"
            if found["undone_order"] == "paid" or (found["undone_order"] and found["runs_until"] is None):
                yield f"subscription {found['id']} is undone, and its order is {found['undone_order']}"

    def _wrong_papers(self):
        """A paid order has exactly one valid 領収書, of the money that came for it; no other order has one. No number is missing."""
        numbers = [paper["number"] for paper in self.papers]
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield f"papers are numbered {sorted(numbers)}"
        for order in self.orders:
            number = order["number"]
            valid = [paper["total_yen"] for paper in self.papers if (paper["kind"], paper["order_number"]) == ("receipt", number)]
            money = [row["yen"] for row in self._received(*FROM_COMPANIES, "bank") if row["order_number"] == number]
            if valid != ([sum(money)] if order["state"] == "paid" else []):
                yield f"order {number} is {order['state']}, received {sum(money)} yen and has receipts of {valid} yen"

    def _overlaps(self):
        """Terms of one subscription follow one another day after day; the servers of one account never stand side by side."""
        by_subscription, servers = defaultdict(list), defaultdict(list)
        for term in self.terms:
            days = (date.fromisoformat(str(term["starts_on"])), date.fromisoformat(str(term["ends_on"])))
            by_subscription[term["subscription"]].append(days)
            if term["product"] == "server":
                servers[term["account"]].append(days)
        for subscription, terms in by_subscription.items():
            for (_, ends_on), (starts_on, _) in pairwise(sorted(terms)):
                if starts_on != ends_on + timedelta(days=1):
                    yield f"subscription {subscription} has a term that ends on {ends_on} and one that begins on {starts_on}"
        for account, terms in servers.items():
            yield from (f"{account} has two servers on {b[0]}" for a, b in pairwise(sorted(terms)) if b[0] <= a[1])

    def _gaps_in_history(self):
        """Replayed from the start, the history ends at the states in the tables."""
        states: dict[str, str | None] = defaultdict(lambda: None)
        for event in self.history:
            entity = event["entity"]
            start = states[entity] if entity in states else event["from_state"] if entity.startswith("order ") else None
            if entity.startswith(("order ", "payment ", "refund ")) and event["from_state"] != start:
                yield f"{entity} was {start}, and its history goes on from {event['from_state']}"
            states[entity] = event["to_state"]
        actual = {f"order {order['number']}": order["state"] for order in self.orders if order["state"] != "draft"}
        actual |= {f"payment {payment['key']}": payment["state"] for payment in self.payments}
        actual |= {f"refund {refund['key']}": refund["state"] for refund in self.refunds}
        yield from (f"{name} is {state}, its history says {states[name]}" for name, state in actual.items() if states[name] != state)

    def charged_twice(self) -> list[str]:
        """Periods for which a company took money under more than one order."""
        by_period = defaultdict(set)
        accounts = {order["number"]: order["account"] for order in self.orders}
        for line in self.lines:
            number = line["order_number"]
            if self.taken_for(number):
                by_period[accounts[number], line["product"], line["variant"], str(line["starts_on"])].add(number)
        return [f"{period}: {numbers}" for period, numbers in by_period.items() if len(numbers) > 1]

    def _disagreements(self):
        """Every yen is counted exactly once: what the companies took of each charge and have not given back."""
        back = self._back_by_reference
        kept = {f"{charge['source']}:{charge['reference']}": charge["yen"] - back[charge["reference"]] for charge in self.taken}
        theirs, ours = Counter(kept), Counter()
        for allocation in self._received(*FROM_COMPANIES, "returned"):
            if not allocation["company_reference"].startswith("bank:"):
                ours[allocation["company_reference"]] += allocation["yen"]
        yield from (f"{yen} yen ({reference}) were taken and are not received" for reference, yen in (theirs - ours).items())
        yield from (f"{yen} yen ({reference}) are received and were not taken" for reference, yen in (ours - theirs).items())
        keys = {payment["key"]: payment["yen"] for payment in self.payments}
        yield from (f"{charge['key']} took {charge['yen']} yen" for charge in self.taken if keys.get(charge["key"]) != charge["yen"])

    def _wrong_refunds(self):
        """Each refund is in the books of its company under the same key, and a charge that all went back says so."""
        theirs = {refund["key"]: refund["yen"] for refund in self.given_back}
        done = [refund for refund in self.refunds if refund["state"] == "succeeded"]
        for refund in done:
            if refund["method"] in FROM_COMPANIES and theirs.get(refund["key"]) != refund["yen"]:
                yield f"{refund['key']} of {refund['yen']} yen is {theirs.get(refund['key'])} yen at the company"
        returned = -sum(allocation["yen"] for allocation in self._received("returned"))
        if returned != sum(refund["yen"] for refund in done):
            yield f"{returned} yen are returned, the refunds are {sum(refund['yen'] for refund in done)} yen"
        for charge in self.taken:
            back = self._back_by_reference[charge["reference"]]
            if (charge["state"] == "refunded") != (back == charge["yen"]):
                yield f"{charge['key']} is {charge['state']}, {back} yen of {charge['yen']} went back"

    @property
    def _back_by_reference(self) -> Counter:
        back = Counter()
        for refund in self.given_back:
            back[refund["reference"]] += refund["yen"]
        return back

    def _wrong_points(self):
        """A debit is an entry of a wallet, under the same key and for as many points; and no wallet owes anything."""
        debits = {charge["key"]: charge["yen"] for charge in self.taken if charge["source"] == "wallet"}
        setups = {setup["key"]: -setup["yen"] for setup in self.points if setup["yen"] < 0 and ":" not in setup["key"]}
        yield from (f"{key}: {debits.get(key)} yen debited, {setups.get(key)} points gone" for key, _ in debits.items() ^ setups.items())
        left = Counter()
        for setup in self.points:
            left[setup["wallet_id"]] += setup["yen"]
        yield from (f"{wallet} holds {points} points" for wallet, points in left.items() if points < 0)

    def _uncounted_deposits(self):
        """The rows of a deposit, with the one that waits, are as much as the deposit."""
        counted, waiting = Counter(), Counter()
        for allocation in self._received("bank"):
            counted[allocation["company_reference"]] += allocation["yen"]
            waiting[allocation["company_reference"]] += allocation["order_number"] is None
        entered = {f"bank:D{deposit['number']}": deposit["yen"] for deposit in self.deposits}
        for reference in entered | counted:
            if counted[reference] != entered.get(reference, 0):
                yield f"{counted[reference]} yen of {entered.get(reference, 0)} are counted of deposit {reference}"
        yield from (f"deposit {reference} has {times} rests" for reference, times in waiting.items() if times > 1)

    def _returned_too_much(self):
        """Nobody gets back more than what came, by the same way."""
        left = Counter()
        for allocation in self._received(*FROM_COMPANIES, "bank", "returned"):
            left[allocation["company_reference"]] += allocation["yen"]
        yield from (f"{-yen} yen too much were returned of {reference}" for reference, yen in left.items() if yen < 0)

    def _received(self, *sources: str) -> list[dict[str, Any]]:
        return [allocation for allocation in self.allocations if allocation["source"] in sources]

    def _wrong_mails(self):
        """One mail for each event that the history tells of. A charge that came by itself and never arrived may go without one, and so may
        a refused payment by hand, of which one an hour is mailed.
        """
        events, perhaps = Counter(), Counter()
        by_itself = {event["entity"] for event in self.history if "自動更新の支払いを開始" in event["reason"]}
        for event in self.history:
            entity, state = event["entity"], event["to_state"]
            if entity.startswith("order ") and event["from_state"] != state and state in ("paid", "expired"):
                events["payment_confirmed" if state == "paid" else "order_expired", entity] += 1
            if entity.startswith("payment ") and event["reason"].startswith("不成立"):
                is_quiet = entity not in by_itself or event["reason"].endswith(": closed")
                (perhaps if is_quiet else events)["renewal_failed" if entity in by_itself else "card_refused", entity] += 1
        mails = Counter((mail["kind"], mail["entity"].partition(" again ")[0]) for mail in self.mails if mail["kind"] in MAILS_OF_MONEY)
        if perhaps.total() and not self.mails:
            yield "no mail of any refusal"
        yield from (f"{kind} of {entity}: {times} missing" for (kind, entity), times in (events - mails).items())
        yield from (f"{kind} of {entity}: {times} too many" for (kind, entity), times in (mails - events - perhaps).items())

    def _unfinished(self):
        for kind, found in (("payment", self.payments), ("refund", self.refunds)):
            yield from (f"{kind} {row['key']} is still {row['state']}" for row in found if row["state"] in LIVE)

    @staticmethod
    def _sum(allocations: list[dict[str, Any]], order: dict[str, Any]) -> int:
        """What counts for the order. A difference that was accepted counts like money; money given back counts no less."""
        counted = [allocation for allocation in allocations if allocation["source"] != "returned"]
        return sum(allocation["yen"] for allocation in counted if allocation["order_number"] == order["number"])


def ledger(books: Books) -> Ledger:
    """Everything as it is now, of the bound database and of the companies' books."""
    views = ("orders", "lines", "payments", "receipts", "terms", "refunds")
    with sqlite3.connect(f"file:{books.path}?mode=ro", uri=True, isolation_level=None) as connection:
        connection.row_factory = sqlite3.Row
        charges = [dict(row) for row in connection.execute(CHARGES)]
        given_back = [dict(row) for row in connection.execute(REFUNDS)]
        points = [dict(row) for row in connection.execute("SELECT * FROM wallet_entry ORDER BY rowid")]
    connection.close()
    ours = {view: rows(f"SELECT * FROM audit_{view}") for view in views}
    ours["allocations"] = ours.pop("receipts")
    ours |= {
        "deposits": rows("SELECT number, yen FROM deposit"),
        "mails": rows("SELECT kind, entity FROM mail ORDER BY id"),
        "running": rows(RUNNING),
        "papers": rows("SELECT * FROM audit_invoices"),
    }
    ours["history"] = rows("SELECT entity, from_state, to_state, actor, reason, at FROM event ORDER BY id")  # a view has no order
    return Ledger(charges, given_back, points, **ours)


def rows(statement: str) -> list[dict[str, Any]]:
    cursor = store.database.execute_sql(statement)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
