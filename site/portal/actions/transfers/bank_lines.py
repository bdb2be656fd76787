"""Lines of the bank's files as rows: written together, since a month has thousands; ignored and taken back one by one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from peewee import chunked, fn

from models import Allocation, BankFile, BankLine, Deposit, Event, Staff, StatementDay, new_numbers
from portal import clock
from portal.actions import history
from portal.actions.payments.money import reference_of
from portal.enums import AllocationSource, LineKind
from portal.rules.accounts.name_key import name_key
from portal.rules.transfers.bank_files.known import identity_of
from portal.rules.transfers.bank_files.statement import DayBalance, StatementLine
from portal.store.inserts import insert_all

NO_TRANSFER = "お客様の振込ではない入金：{}"


def store_lines(
    file: BankFile, lines: Sequence[StatementLine], typed: Mapping[int, int], staff: Staff, others: Mapping[int, str] = MappingProxyType({})
) -> None:
    """A deposit for each transfer that is not typed (`typed`: record -> its deposit), and a row for each line. In a transaction.

    `others`: record -> why a transfer is no customer's.
    """
    is_deposit = lambda line: line.kind == LineKind.TRANSFER and line.record not in typed and line.record not in others  # noqa: E731
    made = _deposits([line for line in lines if is_deposit(line)], file, staff)
    _tell_typed(file, typed, staff)
    ordinals, rows = _next_ordinals(lines), []
    for line in lines:
        identity = identity_of(line)
        about = {"booked_on": line.booked_on, "valued_on": line.valued_on, "yen": line.yen, "payer": line.payer, "note": line.note}
        about |= {"identity": identity, "ordinal": ordinals[identity], "payer_key": name_key(line.payer), "kind": line.kind}
        about |= {"account": line.account, "code": line.code, "reference": line.reference, "record": line.record, "file": file}
        about |= {"deposit": typed.get(line.record) or made.get(line.record), "was_typed": line.record in typed}
        about |= {"ignored_reason": NO_TRANSFER.format(line.note) if line.kind == LineKind.OTHER else others.get(line.record)}
        ordinals[identity] += 1
        rows.append(about)
    insert_all(BankLine, rows)


def store_balances(file: BankFile, days: Sequence[DayBalance]) -> None:
    """What the bank says of each day, to be compared with the lines. A day in two parts of the file is one day."""
    merged: dict[tuple[str, date], DayBalance] = {}
    for one in days:
        key, known = (one.account, one.day), merged.get((one.account, one.day))
        merged[key] = known.then(one) if known else one
    rows = [
        {"account": one.account, "day": one.day, "opening_yen": one.opening, "closing_yen": one.closing}
        | {"incoming_yen": one.incoming, "outgoing_yen": one.outgoing, "file": file}
        for one in merged.values()
    ]
    insert_all(StatementDay, rows)


def _next_ordinals(lines: Iterable[StatementLine]) -> Counter[str]:
    """How many lines of each identity are stored: the place of the next one."""
    found: Counter[str] = Counter()
    for identities in chunked(sorted({identity_of(line) for line in lines}), 500):
        query = BankLine.select(BankLine.identity, fn.MAX(BankLine.ordinal)).where(BankLine.identity.in_(identities))
        found |= Counter({identity: last + 1 for identity, last in query.group_by(BankLine.identity).tuples()})
    return found


def _deposits(lines: Sequence[StatementLine], file: BankFile, staff: Staff) -> dict[int, int]:
    """As `deposits.enter` makes them, many at once. Record -> id of the deposit."""
    now, actor = clock.now(), history.by_staff(staff)
    numbers = dict(zip(new_numbers(Deposit, len(lines)), lines, strict=True))
    rows = [
        {
            "number": number,
            "booked_on": line.booked_on,
            "valued_on": line.valued_on,
            "yen": line.yen,
            "payer": line.payer,
            "payer_key": name_key(line.payer),
            "form_token": f"bank {file.number} {line.record}",
            "staff": staff,
            "created_at": now,
        }
        for number, line in numbers.items()
    ]
    insert_all(Deposit, rows)
    of_file = Deposit.select().where(Deposit.number.in_(list(numbers)))
    made = {deposit.number: deposit for deposit in of_file}
    rests = zip(new_numbers(Allocation, len(lines), 10), made.values(), strict=True)
    insert_all(Allocation, [_rest(number, deposit) for number, deposit in rests])
    told = {"from_state": None, "to_state": "entered", "actor": actor, "at": now, "account": None}
    reason = "{}円 {}（{} の{}件目）"
    insert_all(
        Event,
        [
            told | {"entity": f"deposit {number}", "reason": reason.format(line.yen, line.payer, file.name, line.record)}
            for number, line in numbers.items()
        ],
    )
    return {line.record: made[number].id for number, line in numbers.items()}


def _rest(number: str, deposit: Deposit) -> dict[str, Any]:
    """As `money.add_unallocated` makes it."""
    about = {"number": number, "source": AllocationSource.BANK, "company_reference": reference_of(deposit), "yen": deposit.yen}
    return about | {
        "deposit": deposit,
        "received_on": deposit.counts_on,
        "created_at": clock.now(),
        "order": None,
        "account": None,
        "was_held": False,
    }


def _tell_typed(file: BankFile, typed: Mapping[int, int], staff: Staff) -> None:
    records = {deposit: record for record, deposit in typed.items()}
    for deposits in chunked(sorted(records), 500):
        for deposit in Deposit.select().where(Deposit.id.in_(deposits)):
            reason = f"手入力済み：{file.name} の{records[deposit.id]}件目と同じ入金"
            history.record("deposit", deposit.number, "entered", "entered", history.by_staff(staff), reason, account=None)
