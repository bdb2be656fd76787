"""Paying, in three beats: commit the intention, ask the company outside any transaction, settle.

The only module of the actions that talks to a company.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from models import Account, Order, Payment, PaymentMethodSetup
from portal import clock
from portal.actions import history
from portal.actions.orders.placement import ANSWER_EXPECTED_WITHIN, AcceptedOrder, place
from portal.actions.payments import detach, wallet_links
from portal.actions.payments.ask import ask
from portal.actions.payments.results import take_answer
from portal.actions.renewals import method_change
from portal.enums import Method, PaymentState, SetupState
from portal.gateways.card import Card, CardCompany, Failed, NotFound
from portal.gateways.companies import CompaniesByMethod
from portal.gateways.wallet import Link, WalletCompany
from portal.store.database import database

PAUSES = (ANSWER_EXPECTED_WITHIN, timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
DAILY = timedelta(days=1)


def begin_card_setup(order: Order, company: CardCompany, return_url: Callable[[str], str]) -> str:
    """Make an entry of our own and send the customer to the card company's page; its address."""
    return _begin_card(order.account_id, order, company, return_url)


def begin_card_setup_for_later(account: Account, company: CardCompany, return_url: Callable[[str], str]) -> str:
    """The same for the card of later renewals, without an order."""
    return _begin_card(account.id, None, company, return_url)


def _begin_card(account_id: int, order: Order | None, company: CardCompany, return_url: Callable[[str], str]) -> str:
    reference = secrets.token_urlsafe(24)
    setup = PaymentMethodSetup.create(account=account_id, order=order, reference=reference, created_at=clock.now())
    address = company.begin_setup(reference, return_url(reference)).url
    PaymentMethodSetup.update(address=address).where(PaymentMethodSetup.id == setup.id).execute()
    return address


def refresh_card_setup(setup: PaymentMethodSetup, company: CardCompany) -> PaymentMethodSetup:
    """The entry as the card company knows it now."""
    if setup.state != SetupState.OPEN:
        return setup
    match company.finish_setup(setup.reference):
        case Card(token, brand, last4, expires):
            values = {"token": token, "brand": brand, "last4": last4, "expires": expires}
            if setup.move(SetupState.READY, came_from=SetupState.OPEN, **values):
                return PaymentMethodSetup(**setup.__data__ | values | {"state": SetupState.READY})  # as it was just written down
        case Failed(code):
            setup.move(SetupState.FAILED, came_from=SetupState.OPEN, code=code)
    return PaymentMethodSetup.get_by_id(setup.id)


def begin_wallet_setup(order: Order, company: WalletCompany, return_url: Callable[[str], str], day: int) -> str:
    """Where the customer goes next: straight to the amount with a linked wallet, else to the wallet company to link one."""
    return _begin_wallet(order.account, order, company, return_url, day)


def begin_wallet_setup_for_later(account: Account, company: WalletCompany, return_url: Callable[[str], str], day: int) -> str:
    """The same for the wallet of later renewals, without an order."""
    return _begin_wallet(account, None, company, return_url, day)


def _begin_wallet(account: Account, order: Order | None, company: WalletCompany, return_url: Callable[[str], str], day: int) -> str:
    reference, link = secrets.token_urlsafe(24), account.wallet_link
    values = {"account": account, "order": order, "reference": reference, "created_at": clock.now()}
    values |= {"method": Method.WALLET, "wallet_day": day}
    if link:
        PaymentMethodSetup.create(state=SetupState.READY, token=link.token, label=link.label, **values)
        return return_url(reference)
    setup = PaymentMethodSetup.create(**values)
    address = company.begin_link(reference, return_url(reference)).url
    PaymentMethodSetup.update(address=address).where(PaymentMethodSetup.id == setup.id).execute()
    return address


def refresh_wallet_setup(setup: PaymentMethodSetup, company: WalletCompany) -> PaymentMethodSetup:
    """The entry as the wallet company knows it now; a wallet that was linked is the account's from now on, if it has none."""
    if setup.state != SetupState.OPEN:
        return setup
    match company.finish_link(setup.reference):
        case Link(token, label):
            wallet_links.keep_link(setup, token, label)
            detach.forget_now(setup.account, {Method.WALLET: company})
        case Failed(code):
            setup.move(SetupState.FAILED, came_from=SetupState.OPEN, code=code)
    return PaymentMethodSetup.get_by_id(setup.id)


def pay_by_wallet(order: Order, setup: PaymentMethodSetup, accepted: AcceptedOrder, company: WalletCompany, installation_id: str) -> None:
    """Place the order as accepted and take the points once, however often this is called for the entry. Raises OutOfStep as by card."""
    payment = place(order, accepted, setup=setup, installation_id=installation_id)
    _send(payment, lambda: company.debit(setup.token, payment.yen, payment.key), history.WALLET_COMPANY)


def pay_by_card(order: Order, setup: PaymentMethodSetup, accepted: AcceptedOrder, company: CardCompany, installation_id: str) -> None:
    """Place the order as accepted and charge the entered card once, however often this is called for the entry.

    Raises OutOfStep when the order cannot be paid now, or is not what was shown any more.
    """
    payment = place(order, accepted, setup=setup, installation_id=installation_id)
    _send(payment, lambda: company.charge(setup.token, payment.yen, payment.key), history.CARD_COMPANY)


def ask_about(payment: Payment, company: CardCompany | WalletCompany) -> bool:
    """Ask the company what became of an attempt that got no answer. Never charges. True for the one worker that asked."""
    if not payment.claim_lookup(clock.now() + _pause(payment.lookups + 1)):
        return False
    if _leave_created(payment, PaymentState.ABANDONED, history.WORKER, "決済会社へ送られていない"):
        return True
    Payment.update(lookups=Payment.lookups + 1).where(Payment.id == payment.id).execute()
    answer = ask(lambda: company.lookup(payment.key))
    if isinstance(answer, NotFound):
        answer = ask(lambda: company.close(payment.key))
    take_answer(payment, answer, actor=history.WORKER)
    return True


def charge_by_itself(payment: Payment, token: str, company: CardCompany | WalletCompany) -> None:
    """The second and third beat of an automatic charge, which 3-D Secure has no part in. Sends it once, whoever else may try."""
    if payment.method == Method.CARD:
        _send(payment, lambda: company.charge(token, payment.yen, payment.key), history.CARD_COMPANY)
    else:
        _send(payment, lambda: company.debit(token, payment.yen, payment.key), history.WALLET_COMPANY)


@dataclass(frozen=True)
class Reset:
    """What 「支払い方法をリセットする」 found.

    `paid`: a charge had been sent already and was taken; `is_under_way`: one was sent and its result is not known.
    """

    was_on: bool
    paid: bool = False
    is_under_way: bool = False


def reset_method(account: Account, companies: CompaniesByMethod) -> Reset:
    """Stop every automatic renewal, then let the company forget the card or the wallet.

    The renewal is off before the company is asked: a card that it cannot forget now is not charged either. A charge that was sent and
    has no answer is refused at its company for ever, unless it was taken: so nothing is charged any more once this has said so. That is
    true too of whoever comes second, while the first is still asking.
    """
    was_on, sent = method_change.stop(account)
    states = [_refuse_for_ever(payment, companies.get(payment.method)) for payment in sent]
    detach.forget_now(account, companies)
    live = (PaymentState.SUBMITTED, PaymentState.UNKNOWN)
    return Reset(was_on, paid=PaymentState.SUCCEEDED in states, is_under_way=any(state in live for state in states))


def _refuse_for_ever(payment: Payment, company: CardCompany | WalletCompany | None) -> str:
    """What became of a charge that was sent."""
    if company is not None:
        take_answer(payment, ask(lambda: company.close(payment.key)), actor=history.PORTAL)
    return Payment.get_by_id(payment.id).state


def forget_wallet(account: Account, company: WalletCompany | None) -> Reset | None:
    """Drop the link to the wallet, then let its company unlink it; what the wallet renews is reset. None when there was none."""
    setting = account.renewal_setting
    if setting and setting.method == Method.WALLET:
        return reset_method(account, {Method.WALLET: company})
    was_linked = wallet_links.drop_link(account) is not None
    detach.forget_now(account, {Method.WALLET: company})
    return Reset(was_on=False) if was_linked else None


def _send(payment: Payment, question: Callable[[], object], actor: str) -> None:
    if _leave_created(payment, PaymentState.SUBMITTED, history.PORTAL, "決済会社へ送る"):
        take_answer(payment, ask(question), actor=actor)


def _pause(lookups: int) -> timedelta:
    return PAUSES[lookups] if lookups < len(PAUSES) else DAILY


def _leave_created(payment: Payment, to: PaymentState, actor: str, reason: str) -> bool:
    """True for the one that may send it to the company, or gives it up unsent: never both."""
    with database.atomic():
        if not payment.move(to, came_from=[PaymentState.CREATED], at=clock.now()):
            return False
        history.record("payment", payment.key, PaymentState.CREATED, to, actor, reason)
        return True
