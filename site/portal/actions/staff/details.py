"""Queries for staff pages about one order, deposit or account. One query per part."""

from collections.abc import Sequence

from peewee import JOIN, ModelSelect

from models import (
    Account,
    Allocation,
    Confirmation,
    Consent,
    Deposit,
    Dispute,
    Event,
    HostingEvent,
    Mail,
    Order,
    OrderLine,
    PayerAlias,
    Payment,
    Payout,
    Refund,
    Staff,
    Term,
)
from portal.actions.transfers.matching import code_of
from portal.actions.transfers.order_rows import ROWS, orders_with_money
from portal.enums import AllocationSource


def deposit_by_number(number: str) -> Deposit | None:
    """With the staff member who entered it, the bank's code of the payer (`code`), and the yen that are kept for a payout (`kept_yen`)."""
    columns = (Deposit, Staff, code_of(Deposit.id).alias("code"), Payout.kept_of(Deposit.id).alias("kept_yen"))
    return Deposit.select(*columns).join(Staff).where(Deposit.number == number).first()


def deposit_of_form(form_token: str) -> Deposit | None:
    """The deposit created from this form token, if the form was sent before."""
    return Deposit.get_or_none(Deposit.form_token == form_token)


def allocation_of(deposit: Deposit, number: str) -> Allocation | None:
    """With its order."""
    query = Allocation.select(Allocation, Order, Account).join(Order).join(Account)
    return query.where(Allocation.deposit == deposit, Allocation.number == number).first()


def mail_by_number(number: int) -> Mail | None:
    return Mail.get_or_none(Mail.id == number)


def hosting_event_by_number(number: int) -> HostingEvent | None:
    """With its account."""
    return HostingEvent.select(HostingEvent, Account).join(Account).where(HostingEvent.id == number).first()


def payments_of(order: Order) -> tuple[list[Payment], list[Dispute]]:
    """Its attempts, and the disputes of them, in one query."""
    query = Payment.select(Payment, Dispute).join(Dispute, JOIN.LEFT_OUTER, attr="dispute").where(Payment.order == order)
    rows = list(query.order_by(Payment.attempt, Dispute.id))
    disputes = [row.dispute for row in rows if getattr(row, "dispute", None) and row.dispute.id]
    return list({row.id: row for row in rows}.values()), disputes


def order_with_refunds(number: str) -> tuple[Order, list[Refund]] | None:
    """As `order_by_number`, and what went back of it or is on its way, in one query."""
    query = (
        orders_with_money().select_extend(Refund).join_from(Order, Refund, JOIN.LEFT_OUTER, on=(Refund.order == Order.id), attr="refund")
    )
    rows = list(query.where(Order.number == number).order_by(Refund.ordinal))
    return (rows[0], [row.refund for row in rows if row.refund and row.refund.id]) if rows else None


def is_to_check(disputes: list[Dispute], refunds: list[Refund]) -> bool:
    """The company has moved money of the order, and staff have not confirmed that they saw it."""
    ended = [dispute for dispute in disputes if dispute.is_over]
    return any(found.checked_at is None for found in (*ended, *(refund for refund in refunds if refund.is_made_elsewhere)))


def refunds_of(deposit: Deposit) -> list[Refund]:
    """What went back of the rest of a deposit."""
    return list(deposit.refunds.order_by(Refund.ordinal))


def confirmations_of(order: Order) -> list[Confirmation]:
    """Without their texts."""
    return list(Confirmation.select(Confirmation.id, Confirmation.accepted_at).where(Confirmation.order == order).order_by(Confirmation.id))


def confirmation_of(order: Order, which: int) -> Confirmation | None:
    """The first, second, … confirmation of the order."""
    return order.confirmations.order_by(Confirmation.id).offset(which - 1).first() if which > 0 else None


def confirmation_of_account(account: Account, which: int) -> Confirmation | None:
    """By its id, with its order, if it was about one."""
    query = Confirmation.select(Confirmation, Order).join(Order, JOIN.LEFT_OUTER)
    return query.where(Confirmation.account == account, Confirmation.id == which).first()


def order_by_number(number: str) -> Order | None:
    """With its account and the customer's transfer report."""
    return orders_with_money().where(Order.number == number).first()


def lines_of(order: Order) -> list[OrderLine]:
    """Each with the term that it paid for, if any (`term`)."""
    query = OrderLine.select(OrderLine, Term).join(Term, JOIN.LEFT_OUTER, on=(Term.order_line == OrderLine.id), attr="term")
    return list(query.where(OrderLine.order == order).order_by(OrderLine.position))


def allocations_to_order(order: Order) -> list[Allocation]:
    return list(_allocations().where(Allocation.order == order).order_by(Allocation.id))


def allocations_of(deposit: Deposit) -> list[Allocation]:
    is_received = (Allocation.source == AllocationSource.BANK) & Allocation.order.is_null(False)
    return list(_allocations().where(Allocation.deposit == deposit, is_received).order_by(Allocation.id))


def payer_names_of(account: Account) -> list[PayerAlias]:
    """With who confirmed them."""
    return list(PayerAlias.select(PayerAlias, Staff).join(Staff).where(PayerAlias.account == account).order_by(PayerAlias.id))


def customers_of(deposit: Deposit) -> list[Account]:
    """Whose orders have money of the deposit, or whose its rest is."""
    by_order = Account.select().join(Order).join(Allocation).where(Allocation.deposit == deposit)
    owner = Account.select().join(Allocation, on=(Allocation.account == Account.id)).where(Allocation.deposit == deposit)
    return list({account.id: account for account in (*by_order, *owner)}.values())


def consents_of(order: Order) -> list[Consent]:
    return list(order.consents.order_by(Consent.id))


def events_of(entities: Sequence[str]) -> list[Event]:
    return list(Event.select().where(Event.entity.in_(list(entities))).order_by(Event.id.desc()).limit(ROWS))


def _allocations() -> ModelSelect:
    query = Allocation.select(Allocation, Deposit, Order).join(Deposit, JOIN.LEFT_OUTER).switch(Allocation)
    return query.join(Order, JOIN.LEFT_OUTER)
