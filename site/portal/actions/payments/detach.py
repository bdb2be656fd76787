"""Cards and wallet links that their company is to forget: marked with the cause, asked for until the company has done it.

Until then nothing is charged by them either: the portal itself has dropped them. Forgetting one twice is the same as once.
"""

from datetime import timedelta

from models import Account, Forgetting
from portal import clock
from portal.actions import history
from portal.actions.delivery import pause_after
from portal.actions.payments.ask import ask
from portal.enums import Method
from portal.gateways.card import Unknown
from portal.gateways.companies import CompaniesByMethod
from portal.store.database import database

SOON = timedelta(minutes=2)  # who pressed a button asks at once; the worker comes after that, and where nobody pressed one
COMPANY = {Method.CARD: history.CARD_COMPANY, Method.WALLET: history.WALLET_COMPANY}
WHAT = {Method.CARD: "カードを削除", Method.WALLET: "おさいぽ!の連携を解除"}


def mark(account: Account, method: str, token: str) -> None:
    """In the transaction of the cause: whoever dies after it leaves the mark to the worker."""
    Forgetting.insert(account=account, method=method, token=token, next_try_at=clock.now() + SOON).on_conflict_ignore().execute()


def mark_card(account: Account, *, unless: str | None = None) -> None:
    """The card with which the account renews, because it does so no more: replaced, reset or ended. Not if it is that very one."""
    setting = account.renewal_setting
    if setting and setting.card_token and setting.card_token != unless:
        mark(account, Method.CARD, setting.card_token)


def forget_now(account: Account, companies: CompaniesByMethod) -> None:
    """Ask for everything that is marked of this account; what a company cannot do now is left to the worker."""
    for found in list(account.forgettings):
        _forget(found, account, companies)


def forget_due(companies: CompaniesByMethod, *, limit: int = 50) -> int:
    """How many were forgotten. One whose company is not configured waits, and keeps nobody waiting."""
    methods = [method for method in COMPANY if companies.get(method)]
    return sum(_forget(found, found.account, companies) for found in Forgetting.due(clock.now(), methods, limit))


def _forget(found: Forgetting, account: Account, companies: CompaniesByMethod) -> bool:
    company, method = companies.get(found.method), Method(found.method)
    if company is None or not found.claim(clock.now() + pause_after(found.tries)):
        return False
    question = company.unlink if method is Method.WALLET else company.forget
    if isinstance(ask(lambda: question(found.token)), Unknown):
        if found.tries == 1:
            reason = f"{WHAT[method]}できていない（続けて依頼する）"
            history.record("account", account.login, "to forget", "to forget", COMPANY[method], reason)
        return False
    with database.atomic():
        if Forgetting.delete().where(Forgetting.id == found.id).execute():
            history.record("account", account.login, "to forget", "forgotten", COMPANY[method], f"{WHAT[method]}した")
    return True
