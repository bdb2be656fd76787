"""The counts beside the lists in the menu of staff. They are columns of the query that reads the session: no query of their own."""

import operator
from functools import cache, reduce
from typing import Any

from peewee import SQL, ModelSelect, fn

from models import (
    BEING_REFUNDED,
    LIVE,
    Account,
    Allocation,
    BankLine,
    Certificate,
    Dispute,
    Event,
    HostingEvent,
    Mail,
    Order,
    Payment,
    Payout,
    PayoutFile,
    Refund,
    as_literals,
)
from portal import clock
from portal.actions.accounts.limits import REACHED, TOLD_ONCE_IN
from portal.enums import AllocationSource, HostingEventState, PaymentState, RefundState
from portal.rules.staff.lists import COUNTED
from portal.store import database as store


def columns() -> list[Any]:
    """How many rows each list has: `awaited`, `rests`, `corrections`, `attention`, `failed_mails`, `failed_events`, `limits`, `bounced`,
    `failed_certificates`, `payouts`. What needs attention is `attention` and `rests`: the page adds them, so that rests are counted once.
    Of those that a company of any size has many of, no more than one above COUNTED are counted.
    """
    written, limits = _written(store.is_postgresql()), _value(Event.select(fn.COUNT(Event.id)).where(is_reached_limit()))
    payouts = _value(Payout.select(fn.COUNT(Payout.id)).where(is_waiting_payout()))
    of_now = {"attention": written["attention"] + limits + payouts, "limits": limits, "payouts": payouts}
    return [count.alias(name) for name, count in (written | of_now).items()]


@cache
def _written(_is_postgresql: bool) -> dict[str, SQL]:
    """Every count that depends on no moment, as SQL. For each page of staff peewee took 4 ms to write it, and SQLite 0.3 ms to answer."""
    troubled = Order.select(fn.COUNT(Order.id)).where(is_troubled())
    unclaimed = Allocation.select(fn.COUNT(Allocation.id)).where(is_unclaimed())
    refunds = Refund.select(fn.COUNT(Refund.id)).where(is_stuck_refund())
    is_failed = HostingEvent.is_unsent() & (HostingEvent.state == HostingEventState.FAILED)
    named = {
        "awaited": _few(Order.select(Order.id).where(Order.state == SQL("'placed'"), Order.method == SQL("'bank'"))),
        "rests": _few(Allocation.select(Allocation.id).where(is_rest())),
        "corrections": BankLine.select(fn.COUNT(BankLine.id)).where(is_open_correction()),
        "failed_mails": Mail.select(fn.COUNT(Mail.id)).where(Mail.state == SQL("'failed'")),
        "failed_events": HostingEvent.select(fn.COUNT(HostingEvent.id)).where(is_failed),
        "failed_certificates": Certificate.select(fn.COUNT(Certificate.id)).where(Certificate.is_unissued()),
        "elsewhere": Refund.select(fn.COUNT(Refund.id)).where(is_unchecked_refund()),
        "disputes": Dispute.select(fn.COUNT(Dispute.id)).where(Dispute.checked_at.is_null()),
        "bounced": Mail.select(fn.COUNT(Mail.id)).join(Account).where(Mail.has_bounced()),
    }
    standing = ("corrections", "failed_events", "failed_certificates", "bounced", "disputes", "elsewhere")
    troubles = [troubled, unclaimed, refunds, *(named[name] for name in standing)]
    counts = {name: _value(query) for name, query in named.items()} | {"attention": reduce(operator.add, map(_value, troubles))}
    return {name: _as_sql(count) for name, count in counts.items()}


def _few(query: ModelSelect) -> ModelSelect:
    """A count that reads no more rows than one above COUNTED."""
    some = query.limit(COUNTED + 1).alias("some")
    return some.select_from(fn.COUNT(some.c.id))


def _as_sql(count: Any) -> SQL:
    """With its numbers and states written out: PostgreSQL plans it once, and takes that plan as long as values could make none better."""
    with store.database.get_sql_context()(subquery=True) as context:
        text, values = context.sql(count).query()
    literals = [str(value) if isinstance(value, int) else f"'{value.value}'" for value in values]
    parts = text.split(store.database.param)
    return SQL("".join(f"{part}{literal}" for part, literal in zip(parts, [*literals, ""], strict=True)))


def is_troubled() -> Any:
    """A query condition: an attempt to pay the order has no result, or was declined and the order still waits for a card or wallet.

    The literals are those of partial indexes: few rows are read, however many orders there are.
    """
    unknown, declined, placed = Payment.alias(), Payment.alias(), Order.alias()
    without_result = unknown.state.in_(as_literals(LIVE)) & (unknown.state == PaymentState.UNKNOWN)
    is_declined = (declined.order == placed.id) & (declined.state == PaymentState.DECLINED)
    waits = (placed.state == SQL("'placed'")) & (placed.method != SQL("'bank'")) & fn.EXISTS(declined.select(SQL("1")).where(is_declined))
    return Order.id.in_(unknown.select(unknown.order).where(without_result) | placed.select(placed.id).where(waits))


def is_unclaimed() -> Any:
    """A query condition: money that a company took, that no order could take, and that has not gone back."""
    is_charge = Allocation.source.in_([AllocationSource.CARD, AllocationSource.WALLET])
    of_charge = (Payment.company_reference == Allocation.company_reference) & (Payment.method == Allocation.source)
    given = Refund.select(fn.COALESCE(fn.SUM(Refund.yen), 0)).join(Payment).where(of_charge, Refund.state == RefundState.SUCCEEDED)
    return Allocation.order.is_null() & is_charge & (Allocation.yen > given)


def is_stuck_refund() -> Any:
    """A query condition: a company has not answered about a refund, or has refused it and nothing was tried since."""
    live, declined, later = Refund.alias(), Refund.alias(), Refund.alias()
    tried_again = later.select(later.id).where(later.order == declined.order, later.ordinal > declined.ordinal)
    refused = declined.select(declined.id).where(declined.state == SQL("'declined'"), declined.dispute.is_null(), ~fn.EXISTS(tried_again))
    return Refund.id.in_(live.select(live.id).where(live.state.in_(as_literals(BEING_REFUNDED))) | refused)


def is_unchecked_refund() -> Any:
    """A query condition: a refund was made at the company, and staff have not seen it. What a dispute took is listed as the dispute."""
    return Refund.staff.is_null() & Refund.checked_at.is_null() & Refund.dispute.is_null()


def is_open_correction() -> Any:
    """A query condition: the bank took money back, and nobody has said yet what. The literal is that of a partial index."""
    is_open = BankLine.deposit.is_null() & BankLine.ignored_reason.is_null()
    return (BankLine.kind == SQL("'correction'")) & is_open


def is_waiting_payout() -> Any:
    """A query condition: money is to go back, and staff have made no file of it yet, or the bank should have paid it by now."""
    has_come = PayoutFile.select(SQL("1")).where(PayoutFile.id == Payout.file, PayoutFile.pays_on <= clock.today())
    return Payout.is_live() & (Payout.file.is_null() | fn.EXISTS(has_come))


def is_reached_limit() -> Any:
    """A query condition: a limit was reached within a day (rules/accounts/limits.py). The literal is that of a partial index."""
    return (Event.to_state == SQL(f"'{REACHED}'")) & (Event.at > clock.now() - TOLD_ONCE_IN)


def is_rest() -> Any:
    """The row of a deposit's rest, unless all of it was returned. Read by a partial index, however many deposits there are.

    Of hardly any rest something was returned, so that is asked for first: the sums take PostgreSQL four times as long.
    """
    given = Allocation.alias()
    of_rest = given.select(SQL("1")).where(given.deposit == Allocation.deposit, is_given(given))
    kept = Payout.select(SQL("1")).where(Payout.deposit == Allocation.deposit, Payout.is_live())
    is_whole = (Allocation.yen > 0) & ~fn.EXISTS(of_rest) & ~fn.EXISTS(kept)
    return Allocation.order.is_null() & (Allocation.source == SQL("'bank'")) & (is_whole | (Allocation.yen > returned_yen()))


def returned_yen() -> Any:
    """A query expression: what was returned of the rest of the row's deposit, or is kept for a payout."""
    given = Allocation.alias()
    returned = given.select(fn.COALESCE(fn.SUM(fn.ABS(given.yen)), 0)).where(given.deposit == Allocation.deposit, is_given(given))
    return _value(returned) + _value(Payout.kept_of(Allocation.deposit))


def is_given(given: Any) -> Any:
    """A query condition: the row is what was returned of a rest. The literal is that of a partial index."""
    return (given.source == SQL("'returned'")) & given.order.is_null()


def _value(query: Any) -> Any:
    return fn.COALESCE(query, 0)
