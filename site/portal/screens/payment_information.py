"""お支払い情報: the bank account, the number to transfer with, the due date, and what has arrived so far."""

from dataclasses import dataclass
from datetime import date, timedelta

from models import Order, TransferReport
from portal import clock
from portal.catalog import BankAccount, payable_to
from portal.rules.orders.quote import Quote
from portal.rules.renewals.lifecycle import renewed_terms
from portal.rules.transfers.business_days import is_bank_business_day
from portal.rules.transfers.due_dates import due_day_for_renewal, expiry_day, still_due, usual_check_day
from portal.screens.offers import what_there_is
from portal.web.current import catalog


@dataclass(frozen=True)
class Transfer:
    """Yen. `expires_on`: the day on which the order becomes 期限切れ. `check_on`: when a transfer of today, or the reported one, is usually
    confirmed.
    """

    accounts: tuple[BankAccount, ...]
    due_on: date
    check_on: date
    closed_days: tuple[date, ...]
    received_yen: int
    missing_yen: int
    report: TransferReport | None

    @property
    def is_overdue(self) -> bool:
        return self.due_on < clock.today()

    @property
    def is_check_overdue(self) -> bool:
        return self.check_on < clock.today()

    @property
    def is_asked_for(self) -> bool:
        """False for a transfer that the customer has reported, or that is too late: nobody is told what happens if it is made today."""
        return self.received_yen > 0 or not (self.report or self.is_overdue)

    @property
    def expires_on(self) -> date:
        return expiry_day(self.due_on, catalog().closed_days)


def transfer_of(order: Order) -> Transfer:
    """Transfer details for an order that is awaited. `closed_days`: bank holidays before the usual check day."""
    return transfer_with(order, order.received_yen, order.transfer_report)


def transfer_with(order: Order, received_yen: int, report: TransferReport | None) -> Transfer:
    """The same, from values that are already loaded."""
    sent_on = max(report.paid_on, clock.day_of(report.reported_at)) if report and not received_yen else clock.today()
    return Transfer(*_plan(order, order.due_on, sent_on), received_yen, order.total_yen - received_yen, report)


def planned_transfer(order: Order, quote: Quote) -> Transfer:
    """The same for an order that is not placed yet. Due in 14 days, sooner if the term has ended.

    If the order already had a due date that is not over, that date stays, whatever was tried since.
    """
    renewed = renewed_terms(quote.lines, what_there_is(order).entitlements, catalog().renewal)
    due_on = still_due(order.due_on, clock.today()) or due_day_for_renewal(renewed, clock.today())
    return Transfer(*_plan(order, due_on, clock.today()), 0, 0, None)


def _plan(order: Order, due_on: date, sent_on: date) -> tuple:
    company = catalog()
    check_on = usual_check_day(sent_on, company.closed_days)
    days = [sent_on + timedelta(days=ahead) for ahead in range(1, (check_on - sent_on).days)]
    closed = tuple(day for day in days if day > clock.today() and not is_bank_business_day(day, company.closed_days))
    return payable_to(company.payable_accounts, order.account.virtual_number), due_on, check_on, closed
