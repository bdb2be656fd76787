"""What the worker would do about an account today, by the worker's own rules."""

from collections.abc import Iterator

from models import Account, Agenda, database
from portal.actions.orders.drafts import hold
from portal.actions.renewals import automatic_charge
from portal.actions.renewals.billing_run import CHARGES, HANDLERS, Desk, Done, due_of, nothing
from portal.actions.renewals.snapshot import facts_of


def foresee(agenda: Agenda, desk: Desk) -> list[Done]:
    """What `look_after` would do, found out by doing it in a transaction that is taken back. No company is asked.

    Of what would come after a charge only the charges of other ends are foreseen.
    """
    with database.atomic() as transaction:
        account = hold(agenda.account_id)
        found = list(_foreseen(account, desk))
        transaction.rollback()
        return found


def _foreseen(account: Account, desk: Desk) -> Iterator[Done]:
    facts, charged = facts_of(account, with_told=True), set()
    for happening in due_of(facts, desk):
        if happening.what in CHARGES and happening.ends_on in charged:
            continue
        with database.atomic() as attempt:
            result = HANDLERS.get(happening.what, nothing)(account, facts, happening, desk)
            is_charge = isinstance(result, automatic_charge.Begun)
            if is_charge:
                attempt.rollback()
                charged.add(happening.ends_on)
        if result:
            yield Done(account.login, happening, result.payment if is_charge else None)
