"""専用口座: a number for each customer to transfer to, given once and never again to anybody else."""

from models import Account, VirtualAccount
from portal import clock
from portal.actions import history
from portal.catalog import BankAccount
from portal.store.database import hold

NUMBERS = "virtual account"  # the name to hold while a number is taken
USED_UP = "要確認: 専用口座の番号が足りないため、共通の口座をご案内しました"


def assign(account: Account, accounts: tuple[BankAccount, ...]) -> None:
    """The next number, if there are such numbers and the customer has none. In the caller's transaction, with the account locked."""
    for numbers in (found for found in accounts if found.until):
        if account.virtual_number(numbers.branch_code) is None:
            _give(account, numbers)


def owner_of(code: str) -> int | None:
    """Whose number the bank's code of the payer is."""
    if len(code) != 10 or not code.strip("0"):
        return None
    found = VirtualAccount.get_or_none(VirtualAccount.code == code)
    return found and found.account_id


def _give(account: Account, numbers: BankAccount) -> None:
    hold([NUMBERS])
    first, last = f"{numbers.branch_code}{numbers.number}", f"{numbers.branch_code}{numbers.until}"
    newest = VirtualAccount.select().where(VirtualAccount.code.between(first, last)).order_by(VirtualAccount.code.desc()).first()
    code = f"{int(newest.code) + 1:010}" if newest else first
    if code > last:
        history.record("account", account.login, "open", "open", "portal", USED_UP, account=account)
        return
    VirtualAccount.create(account=account, code=code, assigned_at=clock.now())
    history.record("account", account.login, "open", "open", "portal", f"専用口座 {code[:3]}-{code[3:]} を割り当てた", account=account)
