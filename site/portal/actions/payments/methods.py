"""The cards and wallets that an account has: kept after a visit to their company, linked, dropped."""

from datetime import timedelta
from typing import assert_never

from peewee import IntegrityError

from models import Account, PaymentMethod, PaymentMethodSetup
from portal import clock
from portal.actions import history
from portal.actions.orders.drafts import hold
from portal.enums import Method, PaymentMethodState, SetupState
from portal.gateways.card import Card
from portal.gateways.wallet import Link
from portal.rules.payments.methods import row_of
from portal.store.database import database

KEPT = (PaymentMethodState.READY, PaymentMethodState.ACTIVE)
SOON = timedelta(minutes=2)  # who pressed a button asks the company at once; the worker comes after that, and where nobody pressed one


def linked(account: Account, method: Method) -> PaymentMethod | None:
    """What the account pays with by that method without another visit to its company."""
    match method:
        case Method.WALLET:
            return account.wallet
        case Method.CARD | Method.BANK:
            return None
        case _:
            assert_never(method)


def keep_card(setup: PaymentMethodSetup, card: Card, company: str) -> None:
    """The card that came of this visit; the same visit counts once."""
    about = {"account": setup.account_id, "method": Method.CARD, "company": company, "created_at": clock.now()}
    try:
        with database.atomic() as transaction:
            found = PaymentMethod.create(**about | vars(card))
            if not setup.move(SetupState.READY, came_from=SetupState.OPEN, payment_method=found):
                transaction.rollback()
    except IntegrityError:
        pass  # another tab has kept the same card a moment ago


def keep_wallet(setup: PaymentMethodSetup, link: Link, company: str) -> None:
    """The wallet that came of this visit is the account's from now on; the same visit counts once.

    One that was linked meanwhile, in another tab, stays: nothing is charged to a wallet of which nobody said so. The newer is detached.
    """
    with database.atomic():
        account = hold(setup.account_id)
        if not _is_open(setup):
            return
        there = account.wallet
        if there is None:
            there = _store(account, Method.WALLET, company, link.token, PaymentMethodState.ACTIVE, label=link.label)
            history.record("account", account.login, None, "wallet linked", history.by(account), link.label, account=account)
        elif there.token != link.token:
            mark_detaching(_store(account, Method.WALLET, company, link.token, PaymentMethodState.READY, label=link.label))
        setup.move(SetupState.READY, came_from=SetupState.OPEN, payment_method=there)


def unlink_wallet(account: Account) -> bool:
    """Drop the wallet; its company is asked later. False when none is linked. Called while the account is held."""
    wallet = account.wallet
    if wallet is None:
        return False
    mark_detaching(wallet)
    history.record("account", account.login, "wallet linked", "wallet removed", history.by(account), wallet.label, account=account)
    return True


def activate(found: PaymentMethod) -> None:
    """The account renews by it from now on."""
    found.move(PaymentMethodState.ACTIVE, came_from=[PaymentMethodState.READY])


def drop_renewing(account: Account, *, unless: PaymentMethod | None = None) -> None:
    """Drop what the account renewed by, because it does so no more: replaced, reset or ended. Not if it is that very one.

    The link to a wallet stays: it is the customer's own, for whatever is contracted next.
    """
    setting = account.renewal_setting
    if setting and not row_of(setting.method).stays_linked and (unless is None or setting.payment_method_id != unless.id):
        mark_detaching(setting.payment_method)


def mark_detaching(found: PaymentMethod) -> None:
    """In the transaction of the cause: whoever dies after it leaves the company's side to the worker."""
    found.move(PaymentMethodState.DETACHING, came_from=KEPT, tries=0, next_try_at=clock.now() + SOON)


def _is_open(setup: PaymentMethodSetup) -> bool:
    return PaymentMethodSetup.get_by_id(setup.id).state == SetupState.OPEN


def _store(account: Account, method: Method, company: str, token: str, state: PaymentMethodState, **about: object) -> PaymentMethod:
    """A new row, unless the company names one again that it was still to delete: then it is not to be deleted any more."""
    mine = (PaymentMethod.account == account) & (PaymentMethod.method == method) & (PaymentMethod.company == company)
    known = PaymentMethod.get_or_none(mine & (PaymentMethod.token == token))
    if known is None:
        return PaymentMethod.create(
            account=account, method=method, company=company, token=token, state=state, created_at=clock.now(), **about
        )
    known.move(state, came_from=[*KEPT, PaymentMethodState.DETACHING], next_try_at=None)
    return known
