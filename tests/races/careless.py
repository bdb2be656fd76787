"""Payment code without guards: checks first, then acts. The negative control of every race here."""

import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from peewee import IntegrityError, fn

from models import (
    Account,
    Allocation,
    Deposit,
    Order,
    OrderLine,
    Payment,
    PaymentMethod,
    PaymentMethodSetup,
    Payout,
    PayoutFile,
    Refund,
    Staff,
    Term,
    VirtualAccount,
    new_number,
)
from portal import clock
from portal.actions.orders.terms import PaidLine, begin_terms
from portal.actions.payments import company_calls, refunds
from portal.actions.payments.attempts import begin_attempt
from portal.actions.payments.company_calls import MoneyCompany
from portal.actions.payments.pay import record_answer
from portal.actions.payments.refundable import Refundable
from portal.actions.refusals import NotPossible
from portal.actions.renewals import automatic_charge
from portal.actions.renewals.billing_context import BillingContext
from portal.actions.renewals.snapshot import snapshot_of
from portal.catalog import Catalog
from portal.enums import Method, OrderKind, OrderState, PaymentState, PayoutState, SetupState
from portal.gateways.card import Card, CardCompany, Declined, NotFound
from portal.rules.renewals.renewal_group import renewal_group
from portal.rules.renewals.scheduled_event import EventKind
from portal.rules.renewals.timeline import timeline
from portal.store.database import database
from portal.store.encryption import fingerprint
from tests.purchase import CATALOG


def pay_order(order: Order, setup: PaymentMethodSetup, accepted, company: MoneyCompany, installation_id: str, _catalog) -> None:
    """As pay.pay_order; the money comes first, the rows come after."""
    if Order.get_by_id(order.id).state == OrderState.PAID:
        return
    key = f"{installation_id}-o{order.number}-a{secrets.randbelow(10**6) + 100}"
    token, yen = setup.payment_method.token, accepted.quote.total_yen
    theirs = company.prepare(token, yen, key)
    answer = company_calls.charge(Method(setup.method), company, token, yen, theirs)
    time.sleep(0.05)
    if Order.get_by_id(order.id).state == OrderState.DRAFT:
        payment = begin_attempt(order, accepted, setup=setup, installation_id=installation_id)
        Payment.update(key=key, company_key=theirs, state=PaymentState.SUBMITTED).where(Payment.id == payment.id).execute()
        record_answer(Payment.get_by_id(payment.id), answer, actor="careless", catalog=CATALOG)


def tell_paid(payment: Payment) -> bool:
    """As Payment.move to succeeded, but with a read before the write, so several callers get True."""
    if Payment.get_by_id(payment.id).state == PaymentState.SUCCEEDED:
        return False
    time.sleep(0.01)
    values = {"state": PaymentState.SUCCEEDED, "company_reference": "control", "updated_at": clock.now()}
    return Payment.update(values).where(Payment.id == payment.id).execute() == 1


def allocate(deposit: Deposit, order: Order, meanwhile: Callable[[], object] = tuple) -> None:
    """As allocation.allocate; nothing is held `meanwhile`, the money is counted first, and the order comes after."""
    yen = order.missing_yen
    if deposit.rest_yen < yen:
        return
    meanwhile()
    values = {"source": "bank", "company_reference": f"D{deposit.number}", "yen": yen, "order": order, "deposit": deposit}
    Allocation.create(number=new_number(10), received_on=deposit.counts_on, created_at=clock.now(), **values)
    Order.update(state=OrderState.PAID, paid_on=deposit.counts_on).where(Order.id == order.id).execute()


def make_file(shown: Sequence[Payout], staff: Staff, meanwhile: Callable[[], object]) -> PayoutFile:
    """As payout_files.make; what is planned is looked at first, and the file comes after."""
    rows = [Payout.get_by_id(payout.id) for payout in shown]
    if not all(payout.is_planned for payout in rows):
        raise NotPossible("test")
    meanwhile()
    about = {"transfers": len(rows), "yen": sum(payout.yen for payout in rows), "staff": staff, "created_at": clock.now()}
    file = PayoutFile.create(number=new_number(8), pays_on=clock.today(), sender="{}", sha256=secrets.token_hex(32), **about)
    Payout.update(state=PayoutState.FILED, file=file).where(Payout.id.in_([payout.id for payout in rows])).execute()
    return file


def give_number(account: Account, first: str, meanwhile: Callable[[], object] = tuple) -> VirtualAccount:
    """As virtual_accounts.assign; nobody is kept from reading the same newest number."""
    newest = VirtualAccount.select(fn.MAX(VirtualAccount.code)).scalar()
    meanwhile()
    return VirtualAccount.create(account=account, code=f"{int(newest) + 1:010}" if newest else first, assigned_at=clock.now())


def refund(found: Refundable, yen: int, staff: Staff, company: CardCompany, companies: dict[Method, CardCompany]) -> None:
    """As staff's refund; the money goes back first, under a key of the moment, and the rows come after."""
    key = f"test-o{found.order.number}-r{secrets.randbelow(10**6)}"
    answer = company.refund(found.payment.company_reference, yen, key)
    made = refunds.begin(found, yen, staff, "機器の不具合", companies, "test")
    Refund.update(key=key).where(Refund.id == made.id).execute()
    refunds.settle(Refund.get_by_id(made.id), clock.day_of(answer.at), actor="careless")


def stop_asking(payment: Payment, _company: CardCompany, _catalog: Catalog) -> str:
    """As pay's way with a charge that was sent before a reset, but the company is not asked to refuse it."""
    with database.atomic():
        order = Order.locked(payment.order_id)
        for row, states, to in ((payment, ["submitted", "unknown"], PaymentState.DECLINED), (order, ["placed"], OrderState.CANCELLED)):
            row.move(to, came_from=states, **({"at": clock.now()} if row is payment else {}))
    return PaymentState.DECLINED


def ask_about(payment: Payment, company: CardCompany, catalog: Catalog) -> bool:
    """As pay.ask_about, but an attempt unknown to the company counts as declined: the next charge has a new key."""
    answer = company.lookup(payment.key_at_company)
    record_answer(
        payment, Declined("closed", retryable=True) if isinstance(answer, NotFound) else answer, actor="careless", catalog=catalog
    )
    return True


def renew(account: Account, desk: BillingContext) -> None:
    """As the worker's charge, but the money comes first, and the rows come after."""
    snapshot, company, key = snapshot_of(account), desk.companies.card, f"{desk.installation_id}-{secrets.token_hex(8)}"
    due = [
        found for found in timeline(snapshot, clock.today(), desk.catalog) if found.kind is EventKind.CHARGE and found.on <= clock.today()
    ]
    if not due:
        return
    yen = renewal_group(snapshot, due[0].ends_on, clock.today(), desk.catalog).quote.yen
    token = account.renewal_setting.payment_method.token
    theirs = company.prepare(token, yen, key)
    answer = company.charge(token, yen, theirs)
    with database.atomic():
        [begun] = automatic_charge.begin_all([automatic_charge.plan(account, snapshot, due[0], desk)], desk.installation_id)
        Payment.update(key=key, company_key=theirs, state=PaymentState.SUBMITTED).where(Payment.id == begun.payment.id).execute()
    record_answer(Payment.get_by_id(begun.payment.id), answer, actor="careless", catalog=CATALOG)


def keep_card(setup: PaymentMethodSetup, card: Card, company: str) -> None:
    """As methods.keep_card, but a card that is known already is an error that nobody hears of."""
    about = {"account": setup.account_id, "method": Method.CARD, "company": company, "created_at": clock.now()}
    with suppress(IntegrityError), database.atomic():
        found = PaymentMethod.create(token_hash=fingerprint(card.token), **about | vars(card))
        setup.move(SetupState.READY, came_from=SetupState.OPEN, payment_method=found)


def add_to_every_line(paid: Sequence[PaidLine]) -> list[Term]:
    """As terms.begin_terms, but added devices are counted into the lines of the automatic orders too, whatever those were charged."""
    terms = begin_terms(paid)
    for account, line in [(each.account, each.line) for each in paid if each.line.part_of_id]:
        automatic = Order.select(Order.id).where(Order.account == account, Order.kind == OrderKind.AUTO)
        same = OrderLine.order.in_(automatic) & (OrderLine.product == line.product)
        OrderLine.update(quantity=OrderLine.quantity + line.quantity).where(same).execute()
    return terms
