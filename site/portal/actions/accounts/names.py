"""The customer's name. What is already written (papers, mails, final screens) keeps the name that it was written with."""

from models import Account, Order
from portal.actions import history
from portal.actions.accounts import limits
from portal.actions.accounts.accounts import check_name
from portal.actions.mail import account_mails
from portal.actions.refusals import NotPossible
from portal.enums import OrderState
from portal.rules.accounts.limits import Limited, TooMany
from portal.rules.accounts.name_key import name_key
from portal.store.database import database

SAME = "いまと同じお名前です。"


def change(account: Account, name: str) -> TooMany | None:
    """By the customer. The same name again, as a second press sends it, changes nothing. Raises NotAcceptable."""
    with database.atomic():
        account = Account.locked(account.id)
        if account.name == name:
            return None
        counted = limits.count(Limited.NAME, limits.of_account(account))
        if isinstance(counted, TooMany):
            return counted
        _change(account, name, history.by(account), "")
        return None


def correct(account: Account, name: str, actor: str, reason: str) -> None:
    """By staff. Raises NotAcceptable, and NotPossible if it is the same."""
    with database.atomic():
        account = Account.locked(account.id)
        if account.name == name:
            raise NotPossible(SAME)
        _change(account, name, actor, reason)


def _change(account: Account, name: str, actor: str, reason: str) -> None:
    """A transfer that is awaited, or late, may still come under the name that its order was placed with."""
    check_name(name)
    awaited = Order.state.in_([OrderState.PLACED, OrderState.EXPIRED]) & (Order.former_name_key == "")
    Order.update(former_name_key=account.name_key).where(Order.account == account, awaited).execute()
    before, account.name = account.name, name
    Account.update(name=name, name_key=name_key(name)).where(Account.id == account.id).execute()
    state = "closed" if account.is_closed else "open"
    what = f"お名前を変更：{before} → {name}" + (f"（{reason}）" if reason else "")
    history.record("account", account.login, state, state, actor, what, account=account)
    account_mails.name_changed(account, before, reason)
