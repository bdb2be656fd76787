"""`portal reconcile`: what the payment companies say they took and gave back, beside our books."""

from datetime import date

from portal.actions.payments.comparing import Comparison, Difference, compare
from portal.enums import Method
from portal.formats import yen
from portal.gateways.card import CompanyUnreachable
from portal.gateways.companies import Companies
from portal.rules.payments.methods import WITH_COMPANY
from portal.store.opening import Refused


def print_comparisons(companies: Companies, first: date, last: date) -> int:
    """Returns the exit code: 1 if anything differs. Raises Refused if a company gives no list, or none is configured."""
    configured = [method for method in WITH_COMPANY if companies.get(method)]
    if not configured or first > last:
        raise Refused("カード会社もおさいぽ!も設定されていません。" if first <= last else "--from は --to より前の日にしてください。")
    try:
        found = [compare(method, companies.get(method), first, last) for method in configured]
    except CompanyUnreachable as error:
        raise Refused(f"カード会社かおさいぽ!の記録を受け取れません：{error}") from error
    for comparison in found:
        _print(comparison)
    return int(any(comparison.differences for comparison in found))


def _print(found: Comparison) -> None:
    label, difference = Method(found.method).label, found.theirs_yen - found.ours_yen
    print(f"{label} {found.first}〜{found.last}  会社 {yen(found.theirs_yen)}  ポータル {yen(found.ours_yen)}  差 {yen(difference)}")
    for each in found.differences:
        print(_line(each))
    if not found.differences:
        print("  1件ずつ一致しています。")


def _line(found: Difference) -> str:
    about = f"申し込み {found.order_number}" if found.order_number else found.reference
    return f"  {about}：会社 {yen(found.theirs_yen)}、ポータル {yen(found.ours_yen)}。{found.proposal}。"
