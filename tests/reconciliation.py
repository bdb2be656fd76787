"""Compares what the companies took with what the portal recorded; the portal's own promises are those of `portal verify`."""

import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal import clock
from portal.actions.operations import verify
from portal.actions.staff import journal
from portal.rules.staff.journal import Entry
from portal.sandbox.books import Books
from portal.store import database as store
from tests.cards import cards_of

LIVE = ("created", "submitted", "unknown")
FROM_COMPANIES = ("card", "wallet")
BEFORE_ALL, AFTER_ALL = date(2024, 1, 1), date(2034, 1, 1)
MAILS_OF_MONEY = ("payment_confirmed", "order_expired", "card_refused", "renewal_failed")
WALLETS = ("SELECT * FROM wallet_debit ORDER BY at, key", "SELECT * FROM debit_refund ORDER BY at, key")


@dataclass(frozen=True)
class Ledger:
    """`charges`, `given_back` (of cards and of wallets) and `points` (the entries of the wallets) are the companies', the rest the
    portal's. `portal`: what `portal verify` found broken. Yen.
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
    mails: list[dict[str, Any]]
    refunds: list[dict[str, Any]]
    portal: list[str]
    journal: list[Entry]

    @property
    def taken(self) -> list[dict[str, Any]]:
        return taken(self.charges)

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
        found = [*self.portal, *self._double_payments(), *self._wrong_points(), *self._wrong_mails(), *self._wrong_books()]
        return found + ([*self._disagreements(), *self._wrong_refunds(), *self._unfinished()] if is_quiet else [])

    def prove(self) -> "Ledger":
        faults = self.faults()
        assert faults == [], faults
        return self

    def _wrong_books(self):
        """What the accountant's entries leave on each account is what the views say, to the yen."""
        books = Counter()
        for entry in self.journal:
            books[entry.debit] += entry.yen
            books[entry.credit] -= entry.yen
        money = [row for row in self.allocations if row["source"] != "waived"]
        rows = {account: [r for r in money if r["company_reference"].startswith(f"{account}:")] for account in (*FROM_COMPANIES, "bank")}
        rows |= {"held": [row for row in money if row["order_number"] is None]}
        rows |= {"advance": [row for row in money if row["order_number"] is not None]}
        found = {account: sum(row["yen"] for row in of) for account, of in rows.items()}
        earned = -books["sales"] - books["sales_return"]
        wanted = found | {"held": -found["held"], "advance": earned - found["advance"]}
        yield from (f"the books have {books[name]} yen on {name}, not {yen}" for name, yen in wanted.items() if books[name] != yen)

    def _double_payments(self):
        for order in self.orders:
            taken = self.taken_for(order["number"])
            if taken > (order["total_yen"] or 0):
                yield f"{taken} yen were taken for order {order['number']} of {order['total_yen']} yen"

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


def ledger(books: Books) -> Ledger:
    """Everything as it is now, of the bound database and of the companies' books."""
    views = ("orders", "lines", "payments", "receipts", "terms", "refunds")
    last = max(AFTER_ALL, clock.today())  # a random world may go on for longer
    ours = {view: rows(f"SELECT * FROM audit_{view}") for view in views}
    ours["allocations"] = ours.pop("receipts")
    ours |= {
        "mails": rows("SELECT kind, entity FROM mail ORDER BY id"),
        "portal": verify.faults(),
        "journal": list(journal.entries(BEFORE_ALL, last, last, together=(last - BEFORE_ALL).days + 1)),
    }
    ours["history"] = rows("SELECT entity, from_state, to_state, actor, reason, at FROM event ORDER BY id")  # a view has no order
    return Ledger(*of_companies(books), **ours)


def of_companies(books: Books) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """The companies' side of it alone: `charges`, `given_back` and `points`."""
    with sqlite3.connect(f"file:{books.path}?mode=ro", uri=True, isolation_level=None) as connection:
        connection.row_factory = sqlite3.Row
        debits = [[dict(row) for row in connection.execute(statement)] for statement in WALLETS]
        by_card = cards_of(books).rows(connection)
        charges, given_back = (_of("card", mine) + _of("wallet", theirs) for mine, theirs in zip(by_card, debits, strict=True))
        points = [dict(row) for row in connection.execute("SELECT * FROM wallet_entry ORDER BY rowid")]
    connection.close()
    return charges, given_back, points


def taken(charges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those for which money came, also if it was given back later."""
    return [charge for charge in charges if charge["state"] in ("paid", "refunded")]


def _of(source: str, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"source": source} | row for row in found]


def rows(statement: str) -> list[dict[str, Any]]:
    cursor = store.database.execute_sql(statement)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
