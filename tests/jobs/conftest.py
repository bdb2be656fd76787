"""A shop, and the contract world's days, as for the renewals."""

from tests.actions.renewals.conftest import calendar, shop

__all__ = ["calendar", "shop"]
