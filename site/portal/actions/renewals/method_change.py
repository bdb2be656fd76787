"""Automatic renewal, switched off, or paid otherwise from now on. Nothing is paid here."""

from collections.abc import Iterable

from models import ASKED, Account, Order, Payment, PaymentMethodSetup, RenewalSetting, Reservation, Schedule, Subscription
from portal import clock
from portal.actions import history
from portal.actions.mail import rendering, renewal_mails
from portal.actions.orders import confirmations
from portal.actions.orders.confirmations import ConfirmedScreen
from portal.actions.orders.drafts import OutOfStep, cancel, hold
from portal.actions.payments import detach, wallet_links
from portal.actions.renewals import sent_notices
from portal.actions.renewals.snapshot import snapshot_of
from portal.enums import Method, OrderKind, OrderState, PaymentState, SetupState
from portal.rules.renewals.charge_plan import charge_plan
from portal.rules.renewals.offer import Renewal
from portal.rules.renewals.snapshot import Snapshot
from portal.store.database import database


def stop(account: Account) -> tuple[bool, list[Payment]]:
    """Switch the automatic renewal of everything off, drop the reservation, and drop the stored method, for its company to forget.

    Whether anything renewed by itself, and the charges that were sent and have no answer yet: there may be such all the same, of a
    reset that was not finished. Every other is given up.
    """
    with database.atomic():
        hold(account.id)
        setting, snapshot, sent = account.renewal_setting, snapshot_of(account), _end_charges(account)
        if setting is None:
            return False, sent
        Subscription.update(renews=False).where(Subscription.account == account).execute()
        detach.mark_card(account)
        RenewalSetting.delete().where(RenewalSetting.account == account).execute()
        if setting.method == Method.WALLET:
            wallet_links.drop_link(account)
        Reservation.delete().where(Reservation.account == account).execute()
        history.record("account", account.login, "renewal on", "renewal off", history.by(account), "支払い方法をリセット")
        sent_notices.withdraw(account)
        renewing = tuple(entitlement for entitlement in snapshot.entitlements if entitlement.renews)
        renewal_mails.method_reset(account, renewing, snapshot.renewal_method, is_under_way=bool(sent))
        sent_notices.record_reset(account)
        Schedule.wake(account, clock.today())
        return True, sent


def set_method(account: Account, setup: PaymentMethodSetup, confirmed: ConfirmedScreen) -> None:
    """Pay later charges with the card or the wallet of this entry. Raises OutOfStep when it was used, is not linked, or nothing renews."""
    with database.atomic():
        account = hold(account.id)
        setup = PaymentMethodSetup.get_by_id(setup.id)
        if account.renewal_setting is None or setup.account_id != account.id or not _is_linked(account, setup):
            raise OutOfStep
        if not setup.move(SetupState.USED, came_from=SetupState.READY):
            raise OutOfStep
        card = {"card_token": setup.token, "card_brand": setup.brand, "card_last4": setup.last4, "card_expires": setup.expires}
        if setup.method == Method.WALLET:
            card = dict.fromkeys(card)
        detach.mark_card(account, unless=card["card_token"])
        _set(account, {"method": setup.method, "wallet_day": setup.wallet_day, "updated_at": clock.now()} | card, confirmed)


def set_wallet_day(account: Account, day: int, confirmed: ConfirmedScreen) -> None:
    """Take the points on another day of the month from now on. Raises OutOfStep when no wallet renews."""
    with database.atomic():
        account = hold(account.id)
        setting = account.renewal_setting
        if setting is None or setting.method != Method.WALLET:
            raise OutOfStep
        _set(account, {"wallet_day": day}, confirmed)


def renewals_of(snapshot: Snapshot) -> tuple[Renewal, ...]:
    """What is charged next by itself, end by end; `charge` is None where the customer has to act."""
    numbers = rendering.letterhead().renewal
    found = {end: [entitlement for entitlement in snapshot.ending(end) if entitlement.renews] for end in snapshot.ends}
    return tuple(
        Renewal(end, tuple(entitlements), charge_plan(snapshot, end, numbers).charge) for end, entitlements in found.items() if entitlements
    )


def _set(account: Account, values: dict[str, object], confirmed: ConfirmedScreen) -> None:
    """A charge by what there was before that was not sent yet is given up: it comes on the next day, by what was set now."""
    _give_up_unsent(_unpaid_charges(account), account, "お客さまがお支払い方法を変更したため")
    sent_notices.let_the_day_move(account, values.get("method", account.renewal_setting.method), values["wallet_day"])
    RenewalSetting.update(values | {"set_on": clock.today()}).where(RenewalSetting.account == account).execute()
    method = Method(account.renewal_setting.method)
    confirmations.keep(confirmed, account, confirmations.METHOD)
    reason = f"自動更新の支払い方法: {method.label}"
    history.record("account", account.login, "renewal on", "renewal on", history.by(account), reason)
    sent_notices.withdraw(account)
    snapshot = snapshot_of(account)
    renewal_mails.method_changed(account, snapshot.renewal_method, renewals_of(snapshot))
    Schedule.wake(account, clock.today())


def _is_linked(account: Account, setup: PaymentMethodSetup) -> bool:
    link = account.wallet_link
    return setup.method == Method.CARD or (link is not None and link.token == setup.token)


def _end_charges(account: Account) -> list[Payment]:
    """Automatic charges that were not sent are given up, and their orders cancelled; those that were sent are returned."""
    orders, reason = _unpaid_charges(account), "お客さまが自動更新を止めたため"
    _give_up_unsent(orders, account, reason)
    for order in orders:
        if order.method != Method.BANK:
            cancel(order, history.by(account), reason)
    return list(_by_itself(orders, ASKED))


def _unpaid_charges(account: Account) -> list[Order]:
    return list(account.orders.where(Order.kind == OrderKind.AUTO, Order.state == OrderState.PLACED))


def _give_up_unsent(orders: list[Order], account: Account, reason: str) -> None:
    """A worker that is about to send one finds that it must not."""
    for payment in _by_itself(orders, [PaymentState.CREATED]):
        if payment.move(PaymentState.ABANDONED, came_from=[PaymentState.CREATED], at=clock.now()):
            history.record("payment", payment.key, PaymentState.CREATED, PaymentState.ABANDONED, history.by(account), reason)


def _by_itself(orders: list[Order], states: Iterable[PaymentState]) -> Iterable[Payment]:
    mine = Payment.order.in_(orders) & Payment.setup.is_null()
    return Payment.select().where(mine, Payment.state.in_(list(states))) if orders else ()
