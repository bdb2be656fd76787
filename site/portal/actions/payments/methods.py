"""The cards and wallets of an account: stored after a setup, linked, dropped."""

from datetime import timedelta
from typing import assert_never

from models import LIVE, Account, Payment, PaymentMethod, PaymentMethodSetup
from portal import clock
from portal.actions import history
from portal.actions.orders.drafts import lock_account
from portal.enums import Method, PaymentMethodState, SetupState
from portal.gateways.card import Card
from portal.gateways.wallet import Link
from portal.rules.payments.methods import row_of
from portal.store.database import database
from portal.store.encryption import fingerprint

KEPT = (PaymentMethodState.READY, PaymentMethodState.ACTIVE)
WORKER_DELAY = timedelta(minutes=2)  # the request that marks a method detaches it at once; the worker takes over if that failed


def linked(account: Account, method: Method) -> PaymentMethod | None:
    """The linked method that can be charged without another setup; None if a setup is needed."""
    match method:
        case Method.WALLET:
            return account.wallet
        case Method.CARD | Method.BANK:
            return None
        case _:
            assert_never(method)


def keep_card(setup: PaymentMethodSetup, card: Card, company: str) -> None:
    """Store the card of a finished setup, once for each setup. A company may return a card that it returned before."""
    with database.atomic():
        account = lock_account(setup.account_id)
        if not _is_open(setup):
            return
        about = {"brand": card.brand, "last4": card.last4, "expires": card.expires}
        found = _store(account, Method.CARD, company, card.token, PaymentMethodState.READY, **about)
        setup.move(SetupState.READY, came_from=SetupState.OPEN, payment_method=found)


def update_card(company: str, card: Card) -> None:
    """The network has renewed a stored card: its new number and last day, in the caller's transaction. Nothing for a card that is not kept.

    Events may come in any order, and no network shortens the life of a card: an earlier last day than the known one is an older event.
    """
    same = (PaymentMethod.company == company) & (PaymentMethod.token_hash == fingerprint(card.token)) & PaymentMethod.state.in_(KEPT)
    found = PaymentMethod.get_or_none(same)
    if found is None or card.expires < found.expires:
        return
    account = lock_account(found.account_id)
    before, after = f"{found.paid_with} {found.expires}", f"{card.brand} 下4桁 {card.last4} {card.expires}"
    about = {"brand": card.brand, "last4": card.last4, "expires": card.expires}
    PaymentMethod.update(**about).where(PaymentMethod.id == found.id).execute()
    reason = f"カード会社が新しいカードに更新（{before} → {after}）"
    history.record("account", account.login, None, "card updated", row_of(Method.CARD).actor, reason, account=account)


def keep_wallet(setup: PaymentMethodSetup, link: Link, company: str) -> None:
    """Store and link the wallet of a finished setup, once for each setup.

    If another tab has linked a wallet meanwhile, that one stays and the new one is detached: the customer confirmed only that one.
    """
    with database.atomic():
        account = lock_account(setup.account_id)
        if not _is_open(setup):
            return
        current = account.wallet
        if current is None:
            current = _store(account, Method.WALLET, company, link.token, PaymentMethodState.ACTIVE, label=link.label)
            history.record("account", account.login, None, "wallet linked", history.by(account), link.label, account=account)
        elif current.token != link.token:
            mark_detaching(_store(account, Method.WALLET, company, link.token, PaymentMethodState.READY, label=link.label))
        setup.move(SetupState.READY, came_from=SetupState.OPEN, payment_method=current)


def unlink_wallet(account: Account) -> bool:
    """Drop the wallet and mark it for detaching. False if none is linked. Call it with the account locked."""
    wallet = account.wallet
    if wallet is None:
        return False
    mark_detaching(wallet)
    history.record("account", account.login, "wallet linked", "wallet removed", history.by(account), wallet.label, account=account)
    return True


def activate(found: PaymentMethod) -> None:
    """Mark the method as the one that pays automatic renewals."""
    found.move(PaymentMethodState.ACTIVE, came_from=[PaymentMethodState.READY])


def drop_renewing(account: Account, *, unless: PaymentMethod | None = None) -> None:
    """Drop the method of the renewal setting, because it is replaced, reset or the contract ends. `unless`: do not drop this one.

    A wallet stays linked: the customer unlinks it separately.
    """
    setting = account.renewal_setting
    if setting and not row_of(setting.method).stays_linked and (unless is None or setting.payment_method_id != unless.id):
        mark_detaching(setting.payment_method)


def is_used_elsewhere(setup: PaymentMethodSetup) -> bool:
    """True if its card or wallet pays renewals, waits in another setup for OK, or is being charged."""
    return is_in_use(setup.payment_method_id, besides=setup.id)


def is_in_use(method: int, *, besides: int = 0) -> bool:
    """The same of a card or wallet; `besides`: a setup that does not count."""
    mine, live = PaymentMethod.id == method, Payment.state.in_(LIVE)
    others = PaymentMethodSetup.select().where(PaymentMethodSetup.id != besides, PaymentMethodSetup.state == SetupState.READY)
    return (
        PaymentMethod.select().where(mine, PaymentMethod.state == PaymentMethodState.ACTIVE).exists()
        or others.where(PaymentMethodSetup.payment_method == method).exists()
        or Payment.select().where(Payment.payment_method == method, live).exists()
    )


def mark_detaching(found: PaymentMethod) -> None:
    """Drop the method and mark it for detaching. Called in the caller's transaction, so the worker detaches it even after a crash."""
    found.move(PaymentMethodState.DETACHING, came_from=KEPT, tries=0, next_try_at=clock.now() + WORKER_DELAY)


def _is_open(setup: PaymentMethodSetup) -> bool:
    return PaymentMethodSetup.get_by_id(setup.id).state == SetupState.OPEN


def _store(account: Account, method: Method, company: str, token: str, state: PaymentMethodState, **about: object) -> PaymentMethod:
    """Create the method, or reuse its row if the company returned the same token again. A pending detach is then cancelled.

    A method that is active stays so.
    """
    about |= {"token": token, "token_hash": fingerprint(token)}
    of_company = (PaymentMethod.account == account) & (PaymentMethod.method == method) & (PaymentMethod.company == company)
    known = PaymentMethod.get_or_none(of_company & (PaymentMethod.token_hash == about["token_hash"]))
    if known is None:
        return PaymentMethod.create(account=account, method=method, company=company, state=state, created_at=clock.now(), **about)
    known.move(state, came_from=[PaymentMethodState.READY, PaymentMethodState.DETACHING], next_try_at=None)
    return known
