"""Names that payers use for an account, learned when staff confirm an allocation, and forgotten when they say so."""

from models import Account, Deposit, PayerAlias, Staff
from portal import clock
from portal.actions import history
from portal.rules.accounts.name_key import SHORTEST_NAME
from portal.store.database import database


def is_new(deposit: Deposit, account: Account) -> bool:
    """True if an allocation would teach that this payer pays for the account. Of the customer's own name too: it may be others' as well."""
    key = deposit.payer_key
    if len(key) < SHORTEST_NAME:
        return False
    return not account.payer_aliases.where(PayerAlias.payer_key == key).exists()


def learn(deposit: Deposit, account: Account, staff: Staff) -> None:
    """From now on this payer pays for that account. In the caller's transaction, with the account locked."""
    if not is_new(deposit, account):
        return
    about = {"payer": deposit.payer, "payer_key": deposit.payer_key, "staff": staff, "learned_at": clock.now()}
    PayerAlias.create(account=account, **about)
    actor, name = history.by_staff(staff), f"振込名義「{deposit.payer}」を覚えた"
    history.record("account", account.login, "open", "open", actor, name, account=account)


def forget(alias: PayerAlias, staff: Staff) -> bool:
    """False if it was forgotten before."""
    with database.atomic():
        if not PayerAlias.delete().where(PayerAlias.id == alias.id).execute():
            return False
        actor, name = history.by_staff(staff), f"振込名義「{alias.payer}」を忘れた"
        history.record("account", alias.account.login, "open", "open", actor, name, account=alias.account_id)
        return True
