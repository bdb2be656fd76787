"""Compares a company's own list with our books, yen for yen. No money is touched; each difference says what to do about it."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models import Allocation, Dispute, Order, Payment, Refund
from portal import clock
from portal.actions import history
from portal.actions.payments.company_calls import MoneyCompany
from portal.actions.payments.made_elsewhere import FAILED
from portal.enums import AllocationSource, Method, PaymentState, RefundState
from portal.gateways.card import CompanyUnreachable, Movement, MovementKind
from portal.gateways.companies import CompaniesByMethod
from portal.rules.payments.methods import WITH_COMPANY

log = logging.getLogger(__name__)
A_DAY, LOOKS_BACK = timedelta(days=1), timedelta(days=7)
ASKED_LATER = "定期処理が結果を確かめるのを待ってください。翌日も残るときは、会社の管理画面で確かめてください"
TAKEN_AND_UNKNOWN = "この控えがあった日のデータベースが、古いものに戻されていないか確かめてください"
MADE_THERE = "会社の管理画面で行われた返金です。スタッフの画面でも、同じ金額を返金の記録に入れてください"
DISPUTED = "不審請求の申請（チャージバック）です。会社の管理画面で期限までに答え、お客様に確かめてください"
NOT_THERE = "会社の管理画面で、この支払いを確かめてください。なければ、入金の記録が誤っています"
NOT_GIVEN_BACK = "会社の管理画面で、この返金を確かめてください。なければ、お客様に返っていません"
OTHER_YEN = "会社の管理画面の金額が正しい金額です。差額を確かめてください"


@dataclass(frozen=True)
class Difference:
    """`theirs_yen` and `ours_yen`: what the company's list and our books say; money that went back is negative."""

    reference: str
    order_number: str | None
    theirs_yen: int
    ours_yen: int
    proposal: str


@dataclass(frozen=True)
class Comparison:
    """Of the days from `first` to `last`, inclusive, in Japan. Whole yen: what came in less what went back."""

    method: Method
    first: date
    last: date
    theirs_yen: int
    ours_yen: int
    differences: tuple[Difference, ...]


def tell_differences(companies: CompaniesByMethod) -> Iterator[Difference]:
    """Compare the last days, and put each difference before staff once. A company that gives no answer is compared the next day."""
    for method in WITH_COMPANY:
        if company := companies.get(method):
            try:
                found = compare(method, company, clock.today() - LOOKS_BACK, clock.today() - A_DAY)
            except CompanyUnreachable:
                log.warning("%s: not compared, for the company gave no list", method)
                continue
            yield from (difference for difference in found.differences if _tell(method, difference))


def _tell(method: Method, difference: Difference) -> bool:
    """False if it was told before."""
    kind, number = ("order", difference.order_number) if difference.order_number else ("payment", difference.reference)
    reason = (
        f"要確認: {method.label}の会社の記録 {difference.theirs_yen:,}円、ポータルの記録 {difference.ours_yen:,}円。{difference.proposal}"
    )
    order = Order.get_or_none(Order.number == difference.order_number)
    return history.record_once(kind, number, "difference", reason, account=order and order.account_id)


def compare(method: Method, company: MoneyCompany, first: date, last: date) -> Comparison:
    """Asks the company for its list. Raises CompanyUnreachable.

    A movement near midnight may stand on the next day in one of the books, so what is missing is looked for a day around.
    """
    around = list(company.movements(clock.begin_of(first - A_DAY), clock.begin_of(last + 2 * A_DAY)))
    theirs = [moved for moved in around if first <= clock.day_of(moved.at) <= last]
    rows = _ours(method, first, last)
    found = [difference for moved in theirs for difference in _not_ours(method, moved)]
    found += [difference for row in rows for difference in _not_theirs(row, around)]
    return Comparison(method, first, last, sum(moved.yen for moved in theirs), sum(row.yen for row in rows), tuple(found))


def _ours(method: Method, first: date, last: date) -> list[Allocation]:
    """Charges of the company, and what was given back of them."""
    back = (Allocation.source == "returned") & Allocation.company_reference.startswith(f"{method}:")
    rows = Allocation.select().where((Allocation.source == method) | back, Allocation.received_on.between(first, last))
    return list(rows.order_by(Allocation.id))


def _not_ours(method: Method, moved: Movement) -> Iterator[Difference]:
    match moved.kind:
        case MovementKind.CHARGE:
            yield from _charge_not_ours(method, moved)
        case MovementKind.REFUND:
            yield from _refund_not_ours(method, moved)
        case MovementKind.DISPUTE:
            yield from _dispute_not_ours(method, moved)


def _charge_not_ours(method: Method, moved: Movement) -> Iterator[Difference]:
    counted = Allocation.get_or_none(Allocation.source == method, Allocation.company_reference == moved.reference)
    if counted and counted.yen == moved.yen:
        return
    payment = Payment.get_or_none(Payment.key == moved.key)
    is_open = payment is not None and payment.state in (PaymentState.CREATED, PaymentState.SUBMITTED, PaymentState.UNKNOWN)
    proposal = OTHER_YEN if counted else ASKED_LATER if is_open else TAKEN_AND_UNKNOWN
    yield Difference(moved.reference, payment and payment.order.number, moved.yen, counted.yen if counted else 0, proposal)


def _refund_not_ours(method: Method, moved: Movement) -> Iterator[Difference]:
    refund = Refund.get_or_none(Refund.key == moved.key) if moved.key else None
    payment = refund.payment if refund else _payment(method, moved.reference)
    if payment is None:
        return  # of somebody else in the same account
    ours = -refund.yen if refund and refund.state == RefundState.SUCCEEDED else 0
    has_failed_since = refund is not None and refund.code == FAILED and abs(moved.yen) == refund.yen
    if ours != moved.yen and not has_failed_since:
        proposal = OTHER_YEN if ours else ASKED_LATER if refund else MADE_THERE
        yield Difference(moved.reference, payment.order.number, moved.yen, ours, proposal)


def _dispute_not_ours(method: Method, moved: Movement) -> Iterator[Difference]:
    """The company takes the money when a dispute opens, our books when it is lost: what staff know of is no difference."""
    dispute, payment = Dispute.get_or_none(Dispute.reference == moved.key), _payment(method, moved.reference)
    if payment and (dispute is None or dispute.yen != abs(moved.yen)):
        yield Difference(moved.reference, payment.order.number, moved.yen, -dispute.yen if dispute else 0, DISPUTED)


def _is_of_dispute(row: Allocation, reference: str) -> bool:
    of_charge = Refund.select().join(Payment).where(Payment.company_reference == reference, Refund.yen == abs(row.yen))
    return of_charge.where(Refund.dispute.is_null(False)).exists()


def _payment(method: Method, reference: str) -> Payment | None:
    return Payment.get_or_none(Payment.method == method, Payment.company_reference == reference)


def _not_theirs(row: Allocation, around: Iterable[Movement]) -> Iterator[Difference]:
    """What only our books have. A refund is looked for by what the company says went back of the same charge."""
    is_back = row.source == AllocationSource.RETURNED
    reference = row.company_reference.partition(":")[2] if is_back else row.company_reference
    kind = MovementKind.REFUND if is_back else MovementKind.CHARGE
    if any(moved.reference == reference and moved.kind is kind for moved in around):
        return
    if is_back and _is_of_dispute(row, reference):
        return  # the company moved it on other days, see `_dispute_not_ours`
    order = row.order.number if row.order else None
    yield Difference(reference, order, 0, row.yen, NOT_GIVEN_BACK if is_back else NOT_THERE)
