"""A shop and a calendar, as in the renewal tests."""

from tests.actions.renewals.conftest import calendar, shop

__all__ = ["calendar", "shop"]
