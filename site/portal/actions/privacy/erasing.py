"""Customers who have left are erased when the last of their records is older than the law asks for. Money, terms and who pressed what stay,
without the person.

What is left says nothing of them: the account's number, orders, lines, payments, allocations, terms, consents, and the history without
its reasons. But papers: the database refuses to change one, so its name stays in it (the privacy page says so). tests/actions/privacy/
test_erasing.py has the list of every column with a text: a new one is named there.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from peewee import Query, Value, fn

from models import (
    Account,
    Allocation,
    BankLine,
    Certificate,
    Confirmation,
    CountedTry,
    Deposit,
    Domain,
    Event,
    HostingEvent,
    KeptInput,
    Mail,
    OneTimeLink,
    Order,
    OrderLine,
    PayerAlias,
    PaymentMethod,
    PaymentMethodSetup,
    Payout,
    Refund,
    Session,
    Subscription,
    Term,
    TransferReport,
)
from portal import clock
from portal.actions import history
from portal.actions.orders.drafts import lock_account_if_free
from portal.actions.payments.methods import KEPT, mark_detaching
from portal.actions.privacy.texts import NO_PAYER
from portal.actions.row_by_row import Failed, one_by_one
from portal.catalog import RetentionNumbers
from portal.enums import OrderState, PaymentMethodState
from portal.rules.privacy.retention import records_since
from portal.store.database import database

NAME = "（消去済み）"
CARD = {"brand": "", "last4": "0000", "label": ""}


def erase_due(numbers: RetentionNumbers, *, limit: int = 50) -> Iterator[Account | Failed]:
    """Yields each account that was erased, as it was before. One that still has a card or wallet has it detached first."""
    since = records_since(clock.today(), numbers)
    return one_by_one("account", list(over(since).limit(limit)), lambda account: _erase(account, since))


def due(numbers: RetentionNumbers) -> Iterator[Account]:
    """For the dry run."""
    return iter(over(records_since(clock.today(), numbers)))


def over(since: date) -> Query:
    """Accounts that were closed or whose server has ended, with nothing that is as new as that day and no money that waits."""
    moment = clock.begin_of(since)
    mine = {table: table.account == Account.id for table in (Subscription, Order, Event, Mail, Refund, Payout)}
    newer = [
        Subscription.select().where(mine[Subscription], Subscription.ended_on.is_null() | (Subscription.ended_on >= since)),
        Term.select().join(Subscription).where(mine[Subscription], Term.ends_on >= since),
        Order.select().where(mine[Order], (Order.created_at >= moment) | (Order.placed_at >= moment) | (Order.state == OrderState.PLACED)),
        Allocation.select().join(Order).where(mine[Order], Allocation.received_on >= since),
        Refund.select().where(mine[Refund], Refund.updated_at >= moment),
        Payout.select().where(mine[Payout], Payout.is_live() | (Payout.updated_at >= moment)),
        Event.select().where(mine[Event], Event.at >= moment),
        Mail.select().where(mine[Mail], Mail.created_at >= moment),
        Session.select().where(Session.account == Account.id),
    ]
    held = Allocation.select(fn.COALESCE(fn.SUM(Allocation.yen), 0)).where(Allocation.account == Account.id, Allocation.order.is_null())
    closed = Account.alias()
    left = closed.select(closed.id).where(closed.closed_at < moment) | Subscription.select(Subscription.account).where(
        Subscription.ended_on < since
    )
    is_old = Account.id.in_(left) & Account.erased_at.is_null() & (Account.created_at < moment) & (held == 0)
    return Account.select().where(is_old, *(~fn.EXISTS(rows) for rows in newer)).order_by(Account.id)


def _erase(found: Account, since: date) -> Account | None:
    with database.atomic():
        account = lock_account_if_free(found.id)
        is_over = over(since).where(Account.id == account.id).exists()
        return found if is_over and erase(account, history.WORKER) else None


def erase(account: Account, actor: str) -> bool:
    """In the caller's transaction, with the account locked: it is over. False if its card or wallet is to be detached first."""
    if _has_method(account):
        return False
    for rows in _without_the_person(account):
        rows.execute()
    history.record("account", _name_of_the_erased(account), "closed", "erased", actor, "保存期間を過ぎた", account=account)
    return True


def _name_of_the_erased(account: Account) -> str:
    return f"erased-{account.id}"


def _has_method(account: Account) -> bool:
    """Its company drops it first; the next pass comes back."""
    for kept in account.payment_methods.where(PaymentMethod.state.in_(KEPT)):
        mark_detaching(kept)
    return account.payment_methods.where(PaymentMethod.state != PaymentMethodState.DETACHED).exists()


def _without_the_person(account: Account) -> Iterator[Query]:
    name, orders = _name_of_the_erased(account), Order.select(Order.id).where(Order.account == account)
    mine = Subscription.select(Subscription.id).where(Subscription.account == account)
    yield Session.delete().where(Session.account == account)
    yield CountedTry.delete().where(CountedTry.who == f"account {account.id}")
    yield KeptInput.delete().where(KeptInput.account == account)
    yield Order.update(typed="{}", former_name_key="").where(Order.account == account)
    yield Confirmation.update(content="", address="", browser="").where(Confirmation.account == account)
    yield TransferReport.update(payer="", payer_key="").where(TransferReport.order.in_(orders))
    yield Deposit.update(payer=NAME, payer_key="").where(Deposit.id.in_(_deposits(account, orders)))
    yield BankLine.update(NO_PAYER).where(BankLine.deposit.in_(_deposits(account, orders)))
    yield PayerAlias.delete().where(PayerAlias.account == account)
    yield PaymentMethod.update(CARD).where(PaymentMethod.account == account)
    yield PaymentMethodSetup.update(address="").where(PaymentMethodSetup.account == account)
    yield OneTimeLink.update(address="").where(OneTimeLink.account == account)
    yield Mail.update(subject=NAME, body="", last_error="", recipient=Value("erased-").concat(Mail.id)).where(Mail.account == account)
    yield Certificate.update(common_name=Value("erased-").concat(Certificate.id), shown="", reason="").where(
        Certificate.subscription.in_(mine)
    )
    yield Domain.update(name=Value("erased-").concat(Domain.id), shown="", reason="").where(Domain.account == account)
    yield HostingEvent.update(body="").where(HostingEvent.account == account)
    yield Refund.update(reason=NAME).where(Refund.account == account)
    yield Payout.update(reason=NAME, account_number="", account_name="").where(Payout.account == account)
    yield Event.update(reason=NAME).where(Event.account == account)
    yield OrderLine.update(common_name="").where(OrderLine.order.in_(orders))
    yield from _without_common_names(account)
    yield from _named(account, name)
    values: dict[str, Any] = {"login": name, "name": NAME, "name_key": "", "email": "", "notice_email": None, "password_hash": "!"}
    values |= {"closed_at": account.closed_at or clock.now(), "erased_at": clock.now()}
    yield Account.update(values).where(Account.id == account.id)


def _without_common_names(account: Account) -> Iterator[Query]:
    """An order that added a certificate says for which name: 「ssl example.jp」. The product stays."""
    added = Order.select(Order.id, Order.adds).where(Order.account == account, Order.adds.contains(" "))
    for order, adds in list(added.tuples()):
        yield Order.update(adds=adds.partition(" ")[0]).where(Order.id == order)


def _named(account: Account, name: str) -> Iterator[Query]:
    """What tells an event or a mail from others has the login as one of its words: 「auto card 2015-11-30」."""
    for table, column in ((Event, Event.entity), (Event, Event.actor), (Mail, Mail.entity)):
        mine = table.account == account
        for (before,) in list(table.select(column).where(mine, column.contains(account.login)).distinct().tuples()):
            first, *words = before.split(" ")
            after = " ".join([first, *(name if word == account.login else word for word in words)])
            if after != before:
                yield table.update({column: after}).where(mine, column == before)


def _deposits(account: Account, orders: Query) -> Query:
    """Lines of the bank that paid this customer alone."""
    others = Allocation.alias()
    theirs = (others.deposit == Allocation.deposit) & others.order.is_null(False) & others.order.not_in(orders)
    is_mine = Allocation.order.in_(orders) | (Allocation.account == account)
    alone = ~fn.EXISTS(others.select().where(theirs))
    return Allocation.select(Allocation.deposit).where(Allocation.deposit.is_null(False), is_mine, alone)
