"""Automatic renewal, switched off, or paid otherwise from now on. Nothing is paid here."""

from collections.abc import Iterable

from models import (
    ASKED,
    Account,
    Agenda,
    Entry,
    Order,
    Payment,
    RenewalSetting,
    Reservation,
    Subscription,
    database,
)
from portal import clock
from portal.actions import history
from portal.actions.mail import rendering, renewal_mails
from portal.actions.orders import confirmations
from portal.actions.orders.confirmations import Agreed
from portal.actions.orders.drafts import OutOfStep, cancel, hold
from portal.actions.payments import detach, wallet_links
from portal.actions.renewals.snapshot import facts_of
from portal.enums import EntryState, Method, OrderKind, OrderState, PaymentState
from portal.rules.renewals.charge_plan import charge_plan
from portal.rules.renewals.offer import Renewal
from portal.rules.renewals.snapshot import Facts


def stop(account: Account) -> tuple[bool, list[Payment]]:
    """Switch the automatic renewal of everything off, drop the reservation, and drop the stored method, for its company to forget.

    Whether anything renewed by itself, and the charges that were sent and have no answer yet: there may be such all the same, of a
    reset that was not finished. Every other is given up.
    """
    with database.atomic():
        hold(account.id)
        setting, facts, sent = account.renewal_setting, facts_of(account), _end_charges(account)
        if setting is None:
            return False, sent
        Subscription.update(renews=False).where(Subscription.account == account).execute()
        detach.mark_card(account)
        RenewalSetting.delete().where(RenewalSetting.account == account).execute()
        if setting.method == Method.WALLET:
            wallet_links.drop_link(account)
        Reservation.delete().where(Reservation.account == account).execute()
        history.record("account", account.login, "renewal on", "renewal off", history.by(account), "支払い方法をリセット")
        renewal_mails.withdraw(account)
        renewing = tuple(holding for holding in facts.holdings if holding.renews)
        renewal_mails.method_reset(account, renewing, facts.means, is_under_way=bool(sent))
        Agenda.wake(account, clock.today())
        return True, sent


def set_method(account: Account, entry: Entry, confirmed: Agreed) -> None:
    """Pay later charges with the card or the wallet of this entry. Raises OutOfStep when it was used, is not linked, or nothing renews."""
    with database.atomic():
        account = hold(account.id)
        entry = Entry.get_by_id(entry.id)
        if account.renewal_setting is None or entry.account_id != account.id or not _is_linked(account, entry):
            raise OutOfStep
        if not entry.move(EntryState.USED, came_from=EntryState.READY):
            raise OutOfStep
        card = {"card_token": entry.token, "card_brand": entry.brand, "card_last4": entry.last4, "card_expires": entry.expires}
        if entry.method == Method.WALLET:
            card = dict.fromkeys(card)
        detach.mark_card(account, unless=card["card_token"])
        _set(account, {"method": entry.method, "wallet_day": entry.wallet_day, "updated_at": clock.now()} | card, confirmed)


def set_wallet_day(account: Account, day: int, confirmed: Agreed) -> None:
    """Take the points on another day of the month from now on. Raises OutOfStep when no wallet renews."""
    with database.atomic():
        account = hold(account.id)
        setting = account.renewal_setting
        if setting is None or setting.method != Method.WALLET:
            raise OutOfStep
        _set(account, {"wallet_day": day}, confirmed)


def renewals_of(facts: Facts) -> tuple[Renewal, ...]:
    """What is charged next by itself, end by end; `charge` is None where the customer has to act."""
    numbers = rendering.letterhead().renewal
    found = {end: [holding for holding in facts.ending(end) if holding.renews] for end in facts.ends}
    return tuple(Renewal(end, tuple(holdings), charge_plan(facts, end, numbers).charge) for end, holdings in found.items() if holdings)


def _set(account: Account, values: dict[str, object], confirmed: Agreed) -> None:
    """A charge by what there was before that was not sent yet is given up: it comes on the next day, by what was set now."""
    _give_up_unsent(_unpaid_charges(account), account, "お客さまがお支払い方法を変更したため")
    RenewalSetting.update(values | {"set_on": clock.today()}).where(RenewalSetting.account == account).execute()
    method = Method(account.renewal_setting.method)
    confirmations.keep(confirmed, account, confirmations.METHOD)
    reason = f"自動更新の支払い方法: {method.label}"
    history.record("account", account.login, "renewal on", "renewal on", history.by(account), reason)
    renewal_mails.withdraw(account)
    facts = facts_of(account)
    renewal_mails.method_changed(account, facts.means, renewals_of(facts))
    Agenda.wake(account, clock.today())


def _is_linked(account: Account, entry: Entry) -> bool:
    link = account.wallet_link
    return entry.method == Method.CARD or (link is not None and link.token == entry.token)


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
    mine = Payment.order.in_(orders) & Payment.entry.is_null()
    return Payment.select().where(mine, Payment.state.in_(list(states))) if orders else ()
