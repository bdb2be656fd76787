"""Results that payment companies return. Amounts are whole yen, tax included."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from portal.enums import DisputeState, RemittanceState

HIGHEST_YEN = 10**10
YEARS = range(2000, 3000)


@dataclass(frozen=True)
class Customer:
    """For whom a visit is begun. The company names them on its pages, so that nobody finishes a visit of somebody else unawares."""

    shop: str
    login: str
    name: str


@dataclass(frozen=True)
class Page:
    """The company's page that the customer is sent to. `key`: by which the company knows the visit from now on; empty: by our reference."""

    url: str
    key: str = ""


@dataclass(frozen=True)
class Pending:
    """The customer has not finished at the company's page, or this code is not the one of the browser that did."""


@dataclass(frozen=True)
class Failed:
    """The setup failed: "cancelled", "expired" (left open too long), "not_found"; for cards also "three_d_secure"."""

    code: str


@dataclass(frozen=True)
class Paid:
    """The money was taken. `at` is in UTC."""

    reference: str
    yen: int
    at: datetime


@dataclass(frozen=True)
class Declined:
    """Nothing was taken, or it was refunded ("refunded"). Not `retryable`: a later retry can never succeed."""

    code: str
    retryable: bool


@dataclass(frozen=True)
class Shortfall:
    """How many points a wallet lacked (None if the company did not say), and the page where points are bought."""

    points: int | None
    address: str


@dataclass(frozen=True)
class NotFound:
    """The company does not know this key. A request on its way may still be charged; `close` prevents that."""


@dataclass(frozen=True)
class Unknown:
    """No response or an unreadable one: the money may or may not have been taken."""


@dataclass(frozen=True)
class Refunded:
    """The money was refunded. `at` is in UTC."""

    reference: str
    yen: int
    at: datetime


class MovementKind(Enum):
    CHARGE = "charge"
    REFUND = "refund"
    DISPUTE = "dispute"


@dataclass(frozen=True)
class Movement:
    """Money that the company took (or, below 0, gave back or was taken away from it again). `at` is in UTC.

    `key`: ours, of the attempt or the refund; the company's number of a refund made elsewhere, and of a dispute. `reference`: of the
    charge, as in `Paid`.
    """

    kind: MovementKind
    key: str
    reference: str
    yen: int
    at: datetime


@dataclass(frozen=True)
class Parts:
    """What a remittance is made of, of everybody in the same account. Yen; what lessens it is below 0."""

    charged: int = 0
    refunded: int = 0
    disputed: int = 0
    fees: int = 0
    others: int = 0

    @property
    def yen(self) -> int:
        return self.charged + self.refunded + self.disputed + self.fees + self.others


@dataclass(frozen=True)
class Remittance:
    """What a company sends to our bank account (Stripe: payout). `arrives_on`: when the company expects it there, in Japan.

    `yen` below 0: it is taken from the account. `parts`: None where the company cannot say them.
    """

    number: str
    yen: int
    arrives_on: date
    state: RemittanceState
    parts: Parts | None


@dataclass(frozen=True)
class CompanyEvent:
    """A webhook event of a company. The same `id` may arrive more than once.

    Raises BadEvent for what can be neither stored nor meant, whoever signed it: half of a character, the year 1, 10^300 yen.
    """

    id: str
    key: str
    result: Paid | Declined

    def __post_init__(self) -> None:
        _refuse_impossible(self.id, self.key, *vars(self.result).values())


@dataclass(frozen=True)
class RefundReported:
    """An event: a refund was made, or failed after all (`is_returned` is false: nothing goes back). The same `id` may arrive again.

    `key`: ours; empty for a refund made elsewhere, for example on the company's own pages. `number`: the company's, of the refund.
    `reference`: of the charge, as in `Paid`. Raises BadEvent like `CompanyEvent`.
    """

    id: str
    key: str
    number: str
    reference: str
    yen: int
    at: datetime
    is_returned: bool

    def __post_init__(self) -> None:
        _refuse_impossible(*vars(self).values(), is_money=self.yen > 0)


@dataclass(frozen=True)
class DisputeReported:
    """An event: where a dispute of a charge stands, at the moment `at`. Events may come in any order, and more than once.

    `number`: the company's, of the dispute. `reason`: its code. `respond_by`: until when the company takes our answer, if it wants one.
    """

    id: str
    number: str
    reference: str
    yen: int
    state: DisputeState
    reason: str
    respond_by: datetime | None
    at: datetime

    def __post_init__(self) -> None:
        known = [value for value in vars(self).values() if value is not self.respond_by]
        _refuse_impossible(*known, self.respond_by or self.at, is_money=self.yen > 0)


class BadEvent(Exception):
    """A webhook with a wrong signature, too old, or unreadable. The message is for the log."""


class KeyReused(Exception):
    """The key was used for another amount or token. This call took nothing; `lookup` has the result of the first call."""


class CompanyUnreachable(Exception):
    """The company could not be reached. No money is involved: the customer can simply retry."""


def _refuse_impossible(*values: object, is_money: bool = True) -> None:
    if not is_money or not all(map(_is_possible, values)):
        raise BadEvent("a text, amount or moment that cannot be")


def _is_possible(value: object) -> bool:
    match value:
        case str():
            return value.isprintable()
        case datetime():
            return value.year in YEARS
        case int():
            return value < HIGHEST_YEN
        case _:
            return False
