"""総合振込 files: what is planned goes into one file, once; the file is made again byte by byte whenever it is asked for."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from models import Event, Payout, PayoutFile, Staff, created_with_number
from portal import clock
from portal.actions import history
from portal.actions.refusals import NotPossible
from portal.actions.transfers import payouts
from portal.catalog import PayoutSender
from portal.enums import PayoutState
from portal.rules.transfers.payout_files import KINDS, Sender, Transfer, payout_file
from portal.store.database import database, for_update

AT_MOST = 500  # of one file
MADE, SAVED = "made", "ファイルを保存"


def planned() -> list[Payout]:
    """What waits for a file, the earliest first."""
    query = Payout.select().where(Payout.is_live(), Payout.state == PayoutState.PLANNED)
    return list(query.order_by(Payout.id).limit(AT_MOST))


def sender_of(catalog: PayoutSender) -> Sender:
    account = catalog.account
    kind = next(code for code, name in KINDS.items() if name == account.kind)
    return Sender(catalog.client_code, catalog.name, account.bank_code, account.branch_code, kind, account.number)


def make(shown: Sequence[Payout], pays_on: date, sender: Sender, staff: Staff, note: str = "") -> PayoutFile:
    """A file of exactly these, for the bank to pay on that day. Raises NotPossible if one of them is in a file, or taken back."""
    with database.atomic():
        rows = list(for_update(Payout.select().where(Payout.id.in_([payout.id for payout in shown])).order_by(Payout.id)))
        if not rows or len(rows) != len(shown) or not all(payout.is_planned for payout in rows):
            raise NotPossible("表示したあとで、返金の予定が変わりました。")
        sha256 = hashlib.sha256(_content(sender, pays_on, rows)).hexdigest()
        about = {"pays_on": pays_on, "sender": json.dumps(asdict(sender), ensure_ascii=False), "sha256": sha256, "staff": staff}
        about |= {"transfers": len(rows), "yen": sum(payout.yen for payout in rows), "created_at": clock.now()}
        file = created_with_number(PayoutFile, **about)
        _record(file, None, MADE, staff, note)
        for payout in rows:
            if not payout.move(PayoutState.FILED, came_from=[PayoutState.PLANNED], at=clock.now(), file=file):
                raise NotPossible(payouts.CHANGED)
            states = (PayoutState.PLANNED, PayoutState.FILED)
            why = f"ファイル {file.number}"
            history.record("payout", payout.number, *states, history.by_staff(staff), why, account=payout.account_id)
        return file


def content_of(file: PayoutFile) -> bytes | None:
    """The bytes of the file as it was made. None if they cannot be made any more: a customer's data were erased."""
    rows = list(file.payouts.order_by(Payout.id))
    if not all(payout.account_number for payout in rows):
        return None
    content = _content(Sender(**json.loads(file.sender)), file.pays_on, rows)
    return content if hashlib.sha256(content).hexdigest() == file.sha256 else None


def take_out(file: PayoutFile, staff: Staff) -> bytes | None:
    """As `content_of`, with one line in the history for each of staff: who has the customers' accounts."""
    content = content_of(file)
    with database.atomic():
        for_update(PayoutFile.select().where(PayoutFile.id == file.id)).get()
        saved = Event.select().where(Event.entity == f"payout-file {file.number}", Event.actor == history.by_staff(staff))
        if content is not None and not saved.where(Event.reason == SAVED).exists():
            _record(file, MADE, MADE, staff, SAVED)
    return content


def waiting(file: PayoutFile) -> list[Payout]:
    """What the bank has neither paid nor failed to pay, as far as we know."""
    return list(file.payouts.where(Payout.state == PayoutState.FILED).order_by(Payout.id))


def begin_paying(file: PayoutFile, staff: Staff, note: str) -> None:
    """Staff say that the bank has paid. Raises NotPossible before the day of the file, and if nothing of it waits."""
    if clock.today() < file.pays_on:
        raise NotPossible(f"振込指定日（{file.pays_on}）より前に、返金済にはできません。")
    if not waiting(file):
        raise NotPossible("このファイルの返金は、すべて終わっています。")
    _record(file, MADE, "paid", staff, note)


def mark_paid(file: PayoutFile, staff: Staff, installation_id: str) -> int:
    """The bank has paid what is left in the file: each in a transaction of its own, so an interrupted press is pressed again and goes on.

    Returns how many were recorded now.
    """
    return sum(payouts.pay(payout, file.pays_on, staff, installation_id) for payout in waiting(file))


def was_made_by(staff: Staff) -> bool:
    """True if this member of staff made the newest file, and nothing was planned since: the button was pressed twice."""
    newest = PayoutFile.select().order_by(PayoutFile.id.desc()).first()
    return newest is not None and newest.staff_id == staff.id


def _record(file: PayoutFile, before: str | None, after: str, staff: Staff, note: str) -> None:
    history.record("payout-file", file.number, before, after, history.by_staff(staff), note, account=None)


def _content(sender: Sender, pays_on: date, rows: Sequence[Payout]) -> bytes:
    return payout_file(sender, pays_on, [_transfer(payout) for payout in rows])


def _transfer(payout: Payout) -> Transfer:
    account = (payout.bank_code, payout.branch_code, payout.kind, payout.account_number, payout.account_name)
    return Transfer(*account, payout.yen, payout.number)
