"""Paying as one would write it without thinking of others: looks whether it may, then does it. The negative control of every race here."""

import secrets
import time
from collections.abc import Callable

from models import Deposit, Entry, Order, Payment, Receipt, new_number
from portal import clock
from portal.actions.pay import take_answer
from portal.actions.placing import place
from portal.gateways.card import CardCompany
from portal.gateways.wallet import WalletCompany
from portal.words import OrderState, PaymentState


def pay_by_card(order: Order, entry: Entry, accepted, company: CardCompany, installation_id: str) -> None:
    """As pay.pay_by_card; the money comes first, the rows come after."""
    _pay(order, entry, accepted, company.charge, installation_id)


def pay_by_wallet(order: Order, entry: Entry, accepted, company: WalletCompany, installation_id: str) -> None:
    """As pay.pay_by_wallet, in the same way."""
    _pay(order, entry, accepted, company.debit, installation_id)


def _pay(order: Order, entry: Entry, accepted, take: Callable, installation_id: str) -> None:
    if Order.get_by_id(order.id).state == OrderState.PAID:
        return
    key = f"{installation_id}-o{order.number}-a{secrets.randbelow(10**6) + 100}"
    answer = take(entry.token, accepted.offer.quote.total_yen, key)
    time.sleep(0.05)
    if Order.get_by_id(order.id).state == OrderState.DRAFT:
        payment = place(order, accepted, entry=entry, installation_id=installation_id)
        Payment.update(key=key, state=PaymentState.SUBMITTED).where(Payment.id == payment.id).execute()
        take_answer(Payment.get_by_id(payment.id), answer, actor="careless")


def tell_paid(payment: Payment) -> bool:
    """As Payment.move to succeeded, but with a look before the write; True for everyone who believes to have been the first."""
    if Payment.get_by_id(payment.id).state == PaymentState.SUCCEEDED:
        return False
    time.sleep(0.01)
    values = {"state": PaymentState.SUCCEEDED, "company_reference": "control", "updated_at": clock.now()}
    return Payment.update(values).where(Payment.id == payment.id).execute() == 1


def allocate(deposit: Deposit, order: Order, meanwhile: Callable[[], object] = tuple) -> None:
    """As deposits.allocate; nothing is held `meanwhile`, the money is counted first, and the order comes after."""
    yen = order.missing_yen
    if deposit.rest_yen < yen:
        return
    meanwhile()
    values = {"source": "bank", "company_reference": f"D{deposit.number}", "yen": yen, "order": order, "deposit": deposit}
    Receipt.create(number=new_number(10), received_on=deposit.counts_on, created_at=clock.now(), **values)
    Order.update(state=OrderState.PAID, paid_on=deposit.counts_on).where(Order.id == order.id).execute()
