"""What public pages say of payments and days: the numbers that the rules act on."""

from portal.catalog import Catalog
from portal.enums import Method
from portal.rules.payments.methods import METHODS
from portal.rules.renewals.charge_days import MIN_DAYS_BEFORE_CHARGE
from portal.rules.transfers.due_dates import BUSINESS_DAYS_OF_GRACE, DAYS_TO_PAY
from portal.screens.offers import offered_methods


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
