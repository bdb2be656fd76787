"""Brings customers into the portal, and the contracts that they have already: accounts without a password, each with its first mail.

Nobody agreed to an automatic charge here: renewal is off and no card or wallet comes along. The hosting side hears of each contract as
of a start, so that it knows the number of what is stopped or extended later.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from models import Account, OrderLine, Schedule, Subscription, Term
from portal import clock
from portal.actions import history
from portal.actions.accounts.password_reset import open_link
from portal.actions.hosting import events
from portal.actions.mail import account_mails
from portal.catalog import Catalog
from portal.enums import HostingEventKind, LinkPurpose, ProductKind
from portal.rules.accounts.mail_addresses import is_same
from portal.rules.orders.terms import beginning
from portal.rules.renewals.account_file import Contract, Mistake, Mistaken, Person
from portal.store.database import database

NO_PASSWORD = "!"  # noqa: S105 (no password has this hash)
AT_ONCE = 50  # people of one transaction: other writers wait for so long


@dataclass(frozen=True)
class Plan:
    """What an import does: `known` have an account already, exactly as the file says."""

    new: tuple[Person, ...]
    known: tuple[Person, ...]


def plan_of(people: Sequence[Person]) -> Plan:
    """Raises Mistaken for every line whose login belongs to somebody else. Changes nothing."""
    accounts = {account.login: account for account in _accounts(people)}
    others = [person for person in people if person.login in accounts and not _is_same(person, accounts[person.login])]
    if others:
        raise Mistaken([_taken(person) for person in others])
    known = tuple(person for person in people if person.login in accounts)
    return Plan(tuple(person for person in people if person.login not in accounts), known)


def carry_out(plan: Plan, catalog: Catalog, actor: str) -> Iterator[Account]:
    """Create what is new, and yield it. Interrupted, the same file goes on where it ended. Raises Mistaken if somebody was faster."""
    for begin in range(0, len(plan.new), AT_ONCE):
        people = plan.new[begin : begin + AT_ONCE]
        with database.atomic():
            if taken := {account.login for account in _accounts(people)}:
                raise Mistaken([_taken(person) for person in people if person.login in taken])
            accounts = [_open(person, catalog, actor) for person in people]
        yield from accounts


def _accounts(people: Sequence[Person]) -> Iterable[Account]:
    for begin in range(0, len(people), 500):
        yield from Account.select().where(Account.login.in_([person.login for person in people[begin : begin + 500]]))


def _is_same(person: Person, account: Account) -> bool:
    second = is_same(person.second_email or "", account.notice_email)
    return (person.name, person.plan.id) == (account.name, account.plan) and is_same(person.email, account.email) and second


def _taken(person: Person) -> Mistake:
    return Mistake(person.line, f"login「{person.login}」は、別の内容ですでに使われています。")


def _open(person: Person, catalog: Catalog, actor: str) -> Account:
    about = {"login": person.login, "name": person.name, "name_key": person.name_key, "email": person.email, "plan": person.plan.id}
    account = Account.create(password_hash=NO_PASSWORD, notice_email=person.second_email, created_at=clock.now(), **about)
    history.record("account", person.login, None, "open", actor, "アカウントを取り込み", account=account)
    if person.contract:
        _continue(account, person, person.contract, catalog, actor)
    account_mails.account_opened(account, open_link(account, LinkPurpose.PASSWORD, account.email), person.plan.name, person.contract)
    return account


def _continue(account: Account, person: Person, contract: Contract, catalog: Catalog, actor: str) -> None:
    """The contract as it stands: a term without an order, until the day that was paid elsewhere."""
    bought = {"product": catalog.server.id, "kind": ProductKind.SERVER, "variant": person.plan.id, "name": person.plan.name, "quantity": 1}
    days = {"starts_on": min(beginning(contract.ends_on, contract.months), clock.today()), "ends_on": contract.ends_on}
    server = Subscription.create(account=account, created_at=clock.now(), **bought)
    price = {"months": contract.months, "yen": contract.yen, "monthly_yen": contract.yen // contract.months}
    line = OrderLine.create(order=None, position=1, renews_by_default=catalog.server.renews, **bought, **price, **days)
    term = Term.create(subscription=server, order_line=line, **days)
    events.queue(HostingEventKind.START, server, key=f"{HostingEventKind.START} term {term.id}", **days)
    why = f"{days['ends_on']}までの契約を取り込み（次の更新は{contract.months}か月 {contract.yen}円）"
    history.record("subscription", server.id, None, "imported", actor, why, account=account)
    Schedule.wake(account, clock.today())
