"""One customer, for the page that answers "why was, or was not, this charged?". Reads only."""

from dataclasses import dataclass

from peewee import JOIN, fn

from models import Account, Allocation, Event, Order, OrderLine, Schedule, Subscription, Term


@dataclass(frozen=True)
class Customer:
    """`terms`: the last two terms of each subscription that has not ended. `due`: when the worker looks at the account next.

    `skipped`: the last recorded reason why a planned charge was not made, until those contracts are renewed. `held_yen`: お預かり.
    """

    account: Account
    terms: list[Term]
    due: Schedule | None
    skipped: Event | None
    held_yen: int


def customer(login: str) -> Customer | None:
    """In one query."""
    rows = list(_rows().where(Account.login == login.strip().lower()).order_by(Subscription.id, Term.starts_on))
    if not rows:
        return None
    due, skipped = getattr(rows[0], "due", None), getattr(rows[0], "skipped", None)
    terms = [_term(row) for row in rows if _has_line(row)]
    is_current = skipped and skipped.id and _is_current(skipped, terms)
    return Customer(rows[0], terms, due if due and due.due_on else None, skipped if is_current else None, int(rows[0].held))


def _term(row: Account) -> Term:
    """Its devices that were added are columns of the whole row."""
    row.has.added, row.has.added_yen = row.added, row.added_yen
    return row.has.joined_term


def _is_current(skipped: Event, terms: list[Term]) -> bool:
    """False if what was not charged then has been renewed since. Its entity ends with the day on which it ends."""
    newest = {term.subscription_id: term.ends_on for term in terms}
    return not terms or skipped.entity.rpartition(" ")[2] in {day.isoformat() for day in newest.values()}


def _rows():
    newest, is_mine = Event.alias(), Subscription.account == Account.id
    active = is_mine & Subscription.ended_on.is_null() & Subscription.part_of.is_null()
    last = newest.select(fn.MAX(newest.id)).where(newest.account == Account.id, newest.entity.startswith("auto "))
    latest = (Term.subscription == Subscription.id) & ~Term.has_two_after()
    held = Allocation.select(fn.COALESCE(fn.SUM(Allocation.yen), 0)).where(Allocation.account == Account.id, Allocation.order.is_null())
    columns = (held.alias("held"), *Subscription.added_to_term())
    query = Account.select(Account, Schedule, Event, Subscription, Term, OrderLine, Order, *columns)
    query = query.join(Schedule, JOIN.LEFT_OUTER, attr="due").switch(Account)
    query = query.join(Event, JOIN.LEFT_OUTER, on=(Event.id == last), attr="skipped").switch(Account)
    query = query.join(Subscription, JOIN.LEFT_OUTER, on=active, attr="has").join(Term, JOIN.LEFT_OUTER, on=latest, attr="term")
    query = query.join_from(Subscription, OrderLine, JOIN.LEFT_OUTER, on=OrderLine.id == Subscription.line_id(), attr="line")
    return query.join(Order, JOIN.LEFT_OUTER)


def _has_line(row: Account) -> bool:
    found = getattr(getattr(row, "has", None), "line", None)
    return found is not None and found.id is not None
