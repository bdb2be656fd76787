"""「まとめて充当する」: all sure matches in one press, each in a transaction of its own.

What was to be done is committed first. An interrupted press is pressed again and goes on; one that was made twice does nothing more.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from peewee import IntegrityError

from models import Allocation, Deposit, MatchingRun, Order, Staff
from portal import clock
from portal.actions.orders.drafts import lock_account
from portal.actions.refusals import NotPossible
from portal.actions.row_by_row import Attempt
from portal.actions.transfers import aliases, allocation
from portal.actions.transfers.allocation import Seen
from portal.actions.transfers.matching import Match, matched_rows
from portal.actions.transfers.order_rows import order_row, orders_with_money
from portal.actions.transfers.waiting_money import awaited_yen, confirmed_names_of, known_orders, waiting_money
from portal.catalog import Catalog
from portal.enums import AllocationSource
from portal.rules.transfers.sure_matches import SureMatch, sure_matches
from portal.store.database import database

AT_MOST = 300  # of one press: a request answers within seconds; the rest is shown again


@dataclass(frozen=True)
class Pair:
    """A sure match, and the row of the waiting money that it was found with: that row is another one after an undo."""

    row: int
    deposit: int
    order: int
    yen: int


@dataclass(frozen=True)
class SurePair:
    """As staff read it."""

    deposit: Deposit
    match: Match


@dataclass(frozen=True)
class Done:
    """What has become of a run. `left`: of its pairs, those whose order or money has changed since they were shown."""

    count: int
    yen: int
    left: int


def sure_pairs() -> list[Pair]:
    """All sure matches now, the earliest deposits first, at most AT_MOST."""
    rows = waiting_money()
    money = list(rows.values())
    names = confirmed_names_of(money)
    row_of = {one.deposit: row for row, one in rows.items()}
    awaited = awaited_yen(one for one in money if names.only_account(one.payer_key) is not None)  # no other is sure by its yen
    found = sorted(sure_matches(money, known_orders(money, names), names, awaited), key=lambda match: match.deposit)
    return [_pair(match, row_of) for match in found[:AT_MOST]]


def fingerprint(pairs: Sequence[Pair]) -> str:
    return hashlib.sha256(_as_text(pairs).encode()).hexdigest()


def shown(pairs: Sequence[Pair]) -> list[SurePair]:
    """With deposit, order, account and what agrees, for a page of the list."""
    found = Deposit.select().where(Deposit.id.in_([pair.deposit for pair in pairs]))
    rows = [order_row(order) for order in orders_with_money().where(Order.id.in_([pair.order for pair in pairs]))]
    deposits, orders = {deposit.id: deposit for deposit in found}, {row.order.id: row for row in rows}
    matched = matched_rows([(deposits[pair.deposit], orders[pair.order]) for pair in pairs])
    return [SurePair(deposits[pair.deposit], match) for pair, match in zip(pairs, matched, strict=True)]


def begin(pairs: Sequence[Pair], staff: Staff) -> MatchingRun:
    """Commit what is to be done. The same list again is the same run."""
    about = {"pairs": _as_text(pairs), "staff": staff, "begun_at": clock.now()}
    try:
        with database.atomic():
            return MatchingRun.create(sha256=fingerprint(pairs), **about)
    except IntegrityError:
        return MatchingRun.get(MatchingRun.sha256 == fingerprint(pairs))


def run_of(sha256: str) -> MatchingRun | None:
    return MatchingRun.get_or_none(MatchingRun.sha256 == sha256)


def carry_out(run: MatchingRun, staff: Staff, *, catalog: Catalog) -> Done:
    """Allocate what is still as it was shown; leave the rest. Idempotent."""
    pairs = [Pair(*pair) for pair in json.loads(run.pairs)]
    for pair in pairs:
        with Attempt("deposit", Deposit(id=pair.deposit)), suppress(NotPossible):
            _allocate(pair, staff, catalog)
    return _done(pairs)


def _allocate(pair: Pair, staff: Staff, catalog: Catalog) -> None:
    """If the very row still waits, and nobody took it meanwhile."""
    with database.atomic():
        order = orders_with_money().where(Order.id == pair.order).get()
        lock_account(order.account_id)
        deposit = Deposit.locked(pair.deposit)
        if not Allocation.select().where(Allocation.id == pair.row, Allocation.order.is_null(), Allocation.yen == pair.yen).exists():
            return
        (match,) = matched_rows([(deposit, order_row(order))])
        reason = f"まとめて充当：{match.why}"
        allocation.allocate(deposit, order, pair.yen, staff, reason, Seen(pair.yen, pair.yen), catalog=catalog)
        if match.by_number and match.by_name:
            aliases.learn(deposit, order.account, staff)


def _done(pairs: Sequence[Pair]) -> Done:
    in_order = (Allocation.source == AllocationSource.BANK) & Allocation.order.is_null(False)
    rows = Allocation.select(Allocation.deposit, Allocation.order, Allocation.yen)
    found = {tuple(row) for row in rows.where(in_order, Allocation.deposit.in_([pair.deposit for pair in pairs])).tuples()}
    done = [pair for pair in pairs if (pair.deposit, pair.order, pair.yen) in found]
    return Done(len(done), sum(pair.yen for pair in done), len(pairs) - len(done))


def _pair(match: SureMatch, row_of: dict[int, int]) -> Pair:
    return Pair(row_of[match.deposit], match.deposit, match.order, match.yen)


def _as_text(pairs: Sequence[Pair]) -> str:
    return json.dumps([[pair.row, pair.deposit, pair.order, pair.yen] for pair in pairs])
