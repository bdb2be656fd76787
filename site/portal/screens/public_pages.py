"""What public pages say of payments and days: the numbers that the rules act on."""

from dataclasses import dataclass
from datetime import date, timedelta

from models import KeptInput, Session
from portal.catalog import Catalog
from portal.enums import Method
from portal.rules.payments.methods import METHODS
from portal.rules.renewals.charge_days import MIN_DAYS_BEFORE_CHARGE, charge_day, last_change_day
from portal.rules.transfers.due_dates import BUSINESS_DAYS_OF_GRACE, DAYS_TO_PAY
from portal.screens.offers import offered_methods

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def about_the_sale(catalog: Catalog) -> dict[str, object]:
    """For 特定商取引法に基づく表記: numbers of days, and days of a month."""
    return {
        "numbers": catalog.renewal,
        "methods": offered_methods(),
        "card_change_day": catalog.renewal.card_day - METHODS[Method.CARD].change_days_before,
        "wallet_change_days": METHODS[Method.WALLET].change_days_before,
        "least_days": MIN_DAYS_BEFORE_CHARGE,
        "due_days": DAYS_TO_PAY,
        "grace_days": BUSINESS_DAYS_OF_GRACE,
    }


def about_privacy(catalog: Catalog) -> dict[str, object]:
    """For プライバシーポリシー: what the jobs, the sessions and the kept input act on."""
    numbers = catalog.retention
    return {
        "numbers": numbers,
        "methods": offered_methods(),
        "until_erased": f"ご契約が終わり、最後の記録の年が終わってから{numbers.records_years}年",
        "kept_minutes": KeptInput.LASTS // MINUTE,
        "session_hours": Session.ABSOLUTE // HOUR,
    }


@dataclass(frozen=True)
class Example:
    """The last days to change where a term ends on that day; a wallet is charged on `wallet_day`."""

    ends_on: date
    by_card: date
    wallet_day: date
    by_wallet: date


def about_the_guide(catalog: Catalog) -> dict[str, object]:
    """For ご利用ガイド."""
    documents = [catalog.document_of(product.id) for product in catalog.sold]
    return about_the_sale(catalog) | {"catalog": catalog, "documents": documents, "example": _example(catalog, date(2025, 11, 30))}


def _example(catalog: Catalog, ends_on: date) -> Example:
    """The company's own example; the wallet's day is the middle one on offer."""
    numbers = catalog.renewal
    middle = numbers.wallet_days[len(numbers.wallet_days) // 2]
    card = charge_day(Method.CARD, ends_on, numbers=numbers)
    wallet = charge_day(Method.WALLET, ends_on, middle, numbers=numbers)
    return Example(ends_on, last_change_day(Method.CARD, card), wallet, last_change_day(Method.WALLET, wallet))
