"""What an action of staff will do, found by running it: what the second look says is what OK does.

`consequences_of` runs the action and rolls it back. `carry_out` runs it and commits only what was shown. Both read the account before and
after, in one transaction: nothing is sent, for mails and hosting events are rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from models import Account, Deposit
from portal.actions.orders.drafts import lock_account
from portal.actions.staff.account_state import (
    SHOWN,
    AccountState,
    Coming,
    Message,
    OrderFacts,
    Planned,
    RefundFacts,
    SubscriptionFacts,
    TermFacts,
    account_state,
)
from portal.catalog import Catalog
from portal.enums import MailState
from portal.store.database import database

Action = Callable[[], object]
Facts = TypeVar("Facts")


@dataclass(frozen=True)
class Changed(Generic[Facts]):
    """The same thing before and after. None: there was none, or there is none any more."""

    before: Facts | None
    after: Facts | None


@dataclass(frozen=True)
class Consequences:
    """Everything that changes with an action. Plain values without ids, so that two runs of it are equal."""

    rest: Changed[int] | None
    orders: tuple[Changed[OrderFacts], ...]
    new_terms: tuple[TermFacts, ...]
    withdrawn_terms: tuple[TermFacts, ...]
    subscriptions: tuple[Changed[SubscriptionFacts], ...]
    renewal_method: Changed[str] | None
    reservation: Changed[date] | None
    coming: tuple[tuple[Coming, Changed[Planned]], ...]
    mails: tuple[Message, ...]
    withdrawn_mails: tuple[Message, ...]
    hosting_events: tuple[Message, ...]
    held: Changed[int] | None = None
    refunds: tuple[Changed[RefundFacts], ...] = ()
    closed: Changed[bool] | None = None
    new_papers: tuple[str, ...] = ()
    void_papers: tuple[str, ...] = ()
    held_of_others: tuple[tuple[str, Changed[int]], ...] = ()


class NotAsShown(Exception):
    """Something changed since the second look: the action would do something else. Nothing was done; `consequences` are the new ones."""

    def __init__(self, consequences: Consequences) -> None:
        super().__init__()
        self.consequences = consequences


def consequences_of(action: Action, account: Account | None, catalog: Catalog, *, deposit: Deposit | None = None) -> Consequences:
    """Run the action and roll it back. Raises what the action raises. The action must not talk to a company.

    `account`: the customer concerned, locked meanwhile. None for money that belongs to nobody yet. `deposit`: whose rest is compared.
    """
    with database.atomic() as transaction:
        found = _run(action, account, catalog, deposit)
        transaction.rollback()
        return found


def carry_out(
    action: Action,
    account: Account | None,
    catalog: Catalog,
    *,
    deposit: Deposit | None = None,
    is_as_shown: Callable[[Consequences], bool],
) -> Consequences:
    """Run the action and commit it, if its consequences are those that were shown; else raises NotAsShown, and nothing was done."""
    with database.atomic():
        found = _run(action, account, catalog, deposit)
        if not is_as_shown(found):
            raise NotAsShown(found)
        return found


def _run(action: Action, account: Account | None, catalog: Catalog, deposit: Deposit | None) -> Consequences:
    before = account_state(account and lock_account(account.id), deposit, catalog)
    action()
    return difference(before, account_state(account and Account.get_by_id(account.id), deposit, catalog))


def difference(before: AccountState, after: AccountState) -> Consequences:
    """What changed between two moments of one account."""
    return Consequences(
        _changed(before.rest_yen, after.rest_yen),
        _all_changed(before.orders, after.orders),
        tuple(sorted(after.terms - before.terms)),
        tuple(sorted(before.terms - after.terms)),
        tuple(found for found in _all_changed(before.subscriptions, after.subscriptions) if found.before),
        _changed(before.renewal_method, after.renewal_method),
        _changed(before.reserved_for, after.reserved_for),
        _coming(before.coming, after.coming),
        _new(before.mails, after.mails),
        tuple(mail for number, mail in after.mails.items() if mail.state == MailState.WITHDRAWN and before.mails.get(number) != mail),
        _new(before.hosting_events, after.hosting_events),
        _changed(before.held_yen, after.held_yen),
        _all_changed(before.refunds, after.refunds),
        _changed(before.is_closed, after.is_closed),
        tuple(paper.what for number, paper in sorted(after.papers.items()) if number not in before.papers),
        tuple(paper.what for number, paper in sorted(after.papers.items()) if number in before.papers and paper != before.papers[number]),
        tuple((whose, Changed(yen, after.held_of_others.get(whose, 0))) for whose, yen in before.held_of_others.items()),
    )


def _changed(before: Any, after: Any) -> Changed | None:
    return None if before == after else Changed(before, after)


def _all_changed(before: dict[Any, Any], after: dict[Any, Any]) -> tuple[Changed, ...]:
    keys = dict.fromkeys([*before, *after])
    found = (_changed(before.get(key), after.get(key)) for key in keys)
    return tuple(change for change in found if change)


def _new(before: dict[int, Message], after: dict[int, Message]) -> tuple[Message, ...]:
    return tuple(message for number, message in sorted(after.items()) if number not in before)


def _coming(before: dict[Coming, Planned], after: dict[Coming, Planned]) -> tuple[tuple[Coming, Changed[Planned]], ...]:
    keys = sorted({*before, *after}, key=lambda key: (SHOWN.index(key.kind), key.names, key.only_if or ""))
    found = ((key, _changed(before.get(key), after.get(key))) for key in keys)
    return tuple((key, change) for key, change in found if change)
