"""What a bank's file says, whatever its format."""

from dataclasses import dataclass
from datetime import date

from portal.catalog import BankAccount
from portal.enums import LineKind

LARGEST_FILE = 4 * 1024 * 1024  # bytes: some 20,000 records


class Unreadable(ValueError):
    """The file is refused whole. `record`: the line or record of the file, from 1; 0 if it is about all of it.

    `reason` may quote the file: what no page can print is written as its number.
    """

    def __init__(self, record: int, reason: str) -> None:
        printed = (each if each.isprintable() or each == "\u3000" else f"\\x{ord(each):02x}" for each in reason)
        self.record, self.reason = record, "".join(printed)
        super().__init__(f"{record}件目のレコード：{self.reason}" if record else self.reason)


@dataclass(frozen=True)
class StatementLine:
    """Money that came in, or was taken back. Yen; the bank's booking and value dates, in Japan.

    `account`: ours, as `account_key`. `code`: 振込依頼人コード, empty if there is none. `reference`: what the bank calls this line alone
    (照会番号, 明細ID, the balance after it), empty if nothing does. `note`: why it is no transfer of a customer, as the bank says it.
    """

    record: int
    kind: LineKind
    account: str
    booked_on: date
    valued_on: date
    yen: int
    payer: str
    code: str = ""
    reference: str = ""
    note: str = ""


@dataclass(frozen=True)
class DayBalance:
    """What the bank says of one day of one account (03). Yen; between the first and the last day the balances follow from the lines."""

    account: str
    day: date
    opening: int
    incoming: int
    outgoing: int
    closing: int

    def then(self, later: "DayBalance") -> "DayBalance":
        """The whole day, of which `later` is the second part."""
        sums = (self.incoming + later.incoming, self.outgoing + later.outgoing)
        return DayBalance(self.account, self.day, self.opening, *sums, later.closing)


@dataclass(frozen=True)
class StatementFile:
    """`outgoing`: lines of money that went out, left out here, and their yen. `warnings`: what does not add up but is no refusal.

    `days`: the balances of the bank, where the file says them.
    """

    format: str
    lines: tuple[StatementLine, ...]
    outgoing: int = 0
    outgoing_yen: int = 0
    warnings: tuple[str, ...] = ()
    days: tuple[DayBalance, ...] = ()


_KINDS = {"普通": "1", "当座": "2", "貯蓄": "4"}


def account_key(account: BankAccount) -> str:
    """金融機関-支店-種目-口座番号 in digits: 9999-999-1-9000001."""
    return "-".join((account.bank_code, account.branch_code, _KINDS.get(account.kind, "0"), account.number.zfill(7)))
