"""Whether the bank's balances of a day and what the portal has of it agree, to the yen."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Counted:
    """Lines of the bank's files on that day and account: how many, and their yen."""

    rows: int = 0
    yen: int = 0


@dataclass(frozen=True)
class BankDay:
    """One account on one day. The first four are the bank's; `before`: its last balance that is known from an earlier day, if any.

    `deposits`: lines that are 入金. `ignored`: that are no customer's money. `corrected`: 訂正, which the bank counts as coming in.
    `called_back`: 組戻し, which it counts as going out.
    """

    account: str
    opening: int
    incoming: int
    outgoing: int
    closing: int
    before: int | None
    deposits: Counted
    ignored: Counted
    corrected: Counted
    called_back: Counted

    @property
    def missing_yen(self) -> int:
        """What the bank says came in, less the lines that the portal has of it. 0 if they agree."""
        return self.incoming - self.deposits.yen - self.ignored.yen - self.corrected.yen

    @property
    def other_outgoing_yen(self) -> int:
        """What the company paid from the account itself; the portal keeps no lines of it."""
        return self.outgoing - self.called_back.yen

    @property
    def gap_yen(self) -> int:
        """What the bank's own closing balance differs from its lines."""
        return self.closing - (self.opening + self.incoming - self.outgoing)

    @property
    def step_yen(self) -> int:
        """What the balance changed by since the last day that is known: days without a file."""
        return self.opening - self.before if self.before is not None else 0

    @property
    def agrees(self) -> bool:
        return not (self.missing_yen or self.gap_yen or self.step_yen)
