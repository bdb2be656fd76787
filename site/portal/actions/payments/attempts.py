"""The first step of a payment: place the order and commit one attempt, before the company is asked."""

from models import Account, Order, Payment, PaymentMethodSetup
from portal import clock
from portal.actions import history
from portal.actions.orders import confirmations, placement
from portal.actions.orders.drafts import OutOfStep
from portal.actions.orders.placement import ANSWER_EXPECTED_WITHIN, AcceptedOrder
from portal.enums import PaymentState, SetupState
from portal.store.database import database


def begin_attempt(order: Order, accepted: AcceptedOrder, *, setup: PaymentMethodSetup, installation_id: str) -> Payment:
    """Place the draft (or reuse the placed order) and create an attempt to pay it, in one transaction.

    Raises OutOfStep if the setup was used, its card or wallet was dropped, or the order changed or cannot be paid.
    """
    with database.atomic():
        order, account = placement.lock_payable(order, accepted)
        setup = PaymentMethodSetup.with_method().where(PaymentMethodSetup.id == setup.id).get()
        if setup.account_id != account.id or not _is_kept(setup) or not setup.move(SetupState.USED, came_from=SetupState.READY):
            raise OutOfStep
        placement.place(order, account, accepted, due_on=order.due_on)
        payment = _new_attempt(order, account, accepted, setup, installation_id)
        confirmations.keep(accepted, account, confirmations.ORDER, order, payment)
        return payment


def _is_kept(setup: PaymentMethodSetup) -> bool:
    """False if the card or wallet was dropped while the page was open: it must not be charged."""
    return setup.payment_method is not None and setup.payment_method.is_kept


def _new_attempt(order: Order, account: Account, accepted: AcceptedOrder, setup: PaymentMethodSetup, installation_id: str) -> Payment:
    now, attempt = clock.now(), order.payments.count() + 1
    payment = Payment.create(
        order=order,
        attempt=attempt,
        method=setup.method,
        key=f"{installation_id}-o{order.number}-a{attempt}",
        yen=accepted.quote.total_yen,
        setup=setup,
        payment_method=setup.payment_method,
        next_lookup_at=now + ANSWER_EXPECTED_WITHIN,
        created_at=now,
        updated_at=now,
    )
    history.record(
        "payment",
        payment.key,
        None,
        PaymentState.CREATED,
        history.by(account),
        f"{payment.yen}円の支払いを開始",
        account=account,
    )
    return payment
