"""The days of an automatic charge and its last day to change. Every charge is in the month in which the term ends.

All dates are inclusive dates in Japan. The days of the month come from the catalog (`catalog.renewal`); defaults: the company's guide.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import assert_never

from portal.catalog import RenewalNumbers
from portal.enums import Method
from portal.rules.payments.methods import ChargeDay, row_of
from portal.rules.renewals.retry_days import retry_days

GUIDE = RenewalNumbers()
# The minimum time between a payment or change and the charge that follows from it.
MIN_DAYS_BEFORE_CHARGE = 4


@dataclass(frozen=True)
class Charge:
    """The day of the first attempt, the last day to change it, and the retry days after a decline."""

    charged_on: date
    last_change_on: date
    retries: tuple[date, ...]


def first_charge(
    method: Method, ends_on: date, caused_on: date, wallet_day: int | None = None, *, numbers: RenewalNumbers = GUIDE
) -> Charge | None:
    """The charge for a term that ends on `ends_on`, at least four days after `caused_on` (the payment or change).

    None for a bank transfer, or if no charge day is left: then the customer renews by hand. Raises ValueError for a wallet without a day.
    """
    usual = charge_day(method, ends_on, wallet_day, numbers=numbers)
    if usual is None:
        return None
    days = (usual, *retry_days(ends_on, usual, numbers))
    possible = [day for day in days if day >= caused_on + timedelta(days=MIN_DAYS_BEFORE_CHARGE)]
    if not possible:
        return None
    return Charge(possible[0], last_change_day(method, possible[0]), tuple(possible[1:]))


def charge_day(method: Method, ends_on: date, wallet_day: int | None = None, *, numbers: RenewalNumbers = GUIDE) -> date | None:
    """The usual charge day; for おさいぽ! the customer's choice. None for a bank transfer. Raises ValueError for a wallet without a day."""
    match row_of(method).charged_on:
        case ChargeDay.NEVER:
            return None
        case ChargeDay.COMPANY:
            return ends_on.replace(day=numbers.card_day)
        case ChargeDay.CUSTOMER if wallet_day is None:
            raise ValueError("a wallet is charged on the customer's day")
        case ChargeDay.CUSTOMER:
            return ends_on.replace(day=wallet_day)
        case _ as unknown:
            assert_never(unknown)


def last_change_day(method: Method, charge_on: date) -> date:
    """クレジットカード: 契約終了日が2025年11月30日なら2025年11月4日. おさいぽ!: 自動更新日の4日前. Until 23:59:59 in Japan.

    Source: the company's guide. Raises ValueError for a bank transfer, which is never charged.
    """
    days = row_of(method).change_days_before
    if days is None:
        raise ValueError("a bank transfer is never charged")
    return charge_on - timedelta(days=days)
