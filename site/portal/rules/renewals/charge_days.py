"""When a renewal is charged, and until when it can be changed. Every charge lies in the month in which the term ends.

All dates are inclusive. The days of the month are those of the catalog (`catalog.renewal`), without one those of the company's guide.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import assert_never

from portal.catalog import RenewalNumbers
from portal.enums import Method
from portal.rules.payments.methods import ChargeDay, row_of
from portal.rules.renewals.retry_days import retry_days

GUIDE = RenewalNumbers()
# No charge comes sooner after the payment, switch or change that caused it.
MIN_DAYS_BEFORE_CHARGE = 4


@dataclass(frozen=True)
class Charge:
    """The first attempt, the last day to change it, and the days on which a failed one is tried again."""

    charged_on: date
    last_change_on: date
    retries: tuple[date, ...]


def first_charge(
    method: Method, ends_on: date, caused_on: date, wallet_day: int | None = None, *, numbers: RenewalNumbers = GUIDE
) -> Charge | None:
    """The charge for a term that ends on `ends_on`; None for a bank transfer, and where no day is left: then it is renewed by hand."""
    usual = charge_day(method, ends_on, wallet_day, numbers=numbers)
    if usual is None:
        return None
    days = (usual, *retry_days(ends_on, usual, numbers))
    possible = [day for day in days if day >= caused_on + timedelta(days=MIN_DAYS_BEFORE_CHARGE)]
    if not possible:
        return None
    return Charge(possible[0], last_change_day(method, possible[0]), tuple(possible[1:]))


def charge_day(method: Method, ends_on: date, wallet_day: int | None = None, *, numbers: RenewalNumbers = GUIDE) -> date | None:
    """The usual day; for おさいぽ! the customer's own. None for a bank transfer. Raises ValueError for a wallet without its day."""
    match row_of(method).charged_on:
        case ChargeDay.NEVER:
            return None
        case ChargeDay.COMPANY:
            return ends_on.replace(day=numbers.card_day)
        case ChargeDay.CUSTOMER if wallet_day is None:
            raise ValueError("a wallet is charged on the customer's day")
        case ChargeDay.CUSTOMER:
            return ends_on.replace(day=wallet_day)
        case never:
            assert_never(never)


def last_change_day(method: Method, charge_on: date) -> date:
    """クレジットカード: 契約終了日が2025年11月30日なら2025年11月4日. おさいぽ!: 自動更新日の4日前. Until 23:59:59 in Japan."""
    days = row_of(method).change_days_before
    if days is None:
        raise ValueError("a bank transfer is never charged")
    return charge_on - timedelta(days=days)
