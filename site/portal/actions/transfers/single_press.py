"""One press on a line that waits: what its proposal says is allocated, all of it in one transaction, or nothing."""

from models import Deposit, Order, Staff
from portal.actions import history
from portal.actions.orders.drafts import lock_account
from portal.actions.refusals import NotPossible
from portal.actions.transfers import aliases
from portal.actions.transfers.allocation import Seen, allocate
from portal.actions.transfers.proposing import Proposed, line_of, proposals, waiting_deposits
from portal.catalog import Catalog
from portal.store.database import database

CHANGED = "表示したあとで状態が変わりました。まだ何も変更されていません。今の内容を確認してください。"
_PRESS = "1件ずつ充当："


def press(number: str, shown: str, staff: Staff, *, catalog: Catalog) -> Proposed:
    """Allocate as the proposal says whose fingerprint was shown, and learn the payer's name. Raises NotPossible if it has changed.

    The customers are mailed as by each allocation: of several transfers for one order, about the whole.
    """
    with database.atomic():
        seen = _proposal(number, shown)
        for account in sorted({row.order.account_id for row, _ in seen.to_allocate}):
            lock_account(account)
        for deposit in sorted({part.deposit for part in seen.proposal.parts}):
            Deposit.locked(deposit)
        found = _proposal(number, shown)
        for part in found.proposal.parts:
            deposit, order = Deposit.get_by_id(part.deposit), Order.get_by_id(part.order)
            yen = Seen(deposit.rest_yen, order.missing_yen)
            allocate(deposit, order, part.yen, staff, f"{_PRESS}{found.why}", yen, catalog=catalog)
            aliases.learn(deposit, order.account, staff)
        return found


def was_pressed(deposit: Deposit, staff: Staff) -> bool:
    """True if the last that happened to the deposit is a press by this member of staff: the button was pressed twice."""
    last = history.newest(f"deposit {deposit.number}")
    return last is not None and (last.to_state, last.actor) == ("allocated", history.by_staff(staff)) and _PRESS in last.reason


def _proposal(number: str, shown: str) -> Proposed:
    deposit = waiting_deposits().where(Deposit.number == number).first()
    found = proposals([line_of(deposit)])[0] if deposit else None
    if found is None or found.fingerprint != shown or not found.proposal.parts:
        raise NotPossible(CHANGED)
    return found
