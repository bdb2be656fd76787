"""`portal reconcile`: what the payment companies say they took and gave back, beside our books."""

from datetime import date

from portal.actions.payments.comparing import Comparison, Difference, compare
from portal.actions.transfers import remittances
from portal.enums import Method
from portal.formats import yen
from portal.gateways.card import CompanyUnreachable, Remittance
from portal.gateways.companies import Companies
from portal.rules.payments.methods import WITH_COMPANY
from portal.store.opening import Refused

# What `compare` counts in the sums and knows to be no difference.
OTHER_DAYS = "差は、数える日の違い（不審請求は、会社では申請の日、ポータルでは決まった日）か、ほかのシステムが行った返金です。"


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
    are_right = [_print_remittances(method, companies, first, last) for method in configured]
    return int(any(comparison.differences for comparison in found) or not all(are_right))


def _print(found: Comparison) -> None:
    label, difference = Method(found.method).label, found.theirs_yen - found.ours_yen
    print(f"{label} {found.first}〜{found.last}  会社 {yen(found.theirs_yen)}  ポータル {yen(found.ours_yen)}  差 {yen(difference)}")
    for each in found.differences:
        print(_line(each))
    if not found.differences:
        print("  1件ずつ一致しています。" + (OTHER_DAYS if difference else ""))


def _print_remittances(method: Method, companies: Companies, first: date, last: date) -> bool:
    """True if all agree. A key that may not read them stops nothing else."""
    try:
        told = list(companies.get(method).remittances(first, last))
    except CompanyUnreachable as error:
        print(f"{method.label}の会社から口座への送金の記録を受け取れません：{error}")
        return False
    troubles = [_print_remittance(method, remittance) for remittance in told]
    return not any(troubles)


def _print_remittance(method: Method, told: Remittance) -> bool:
    """What reaches the bank account beside what it is made of. True if it does not agree."""
    is_in_bank, trouble = remittances.beside_bank(method, told)
    at_bank = "銀行のファイルにあり" if is_in_bank else "銀行のファイルになし"
    print(
        f"{method.label}の口座への送金 {told.number}  {told.arrives_on}  {yen(told.yen)}（{_parts(told)}）  {told.state.label}、{at_bank}"
    )
    if trouble:
        print(f"  {trouble.proposal}。")
    return trouble is not None


def _parts(told: Remittance) -> str:
    if told.parts is None:
        return "内訳なし：会社の管理画面で、手で送ったもの"
    parts = {"売上": told.parts.charged, "返金": told.parts.refunded, "不審請求": told.parts.disputed, "手数料": told.parts.fees}
    return "、".join(f"{name} {yen(amount)}" for name, amount in (parts | {"ほか": told.parts.others}).items() if amount)


def _line(found: Difference) -> str:
    about = f"申し込み {found.order_number}" if found.order_number else found.reference
    return f"  {about}：会社 {yen(found.theirs_yen)}、ポータル {yen(found.ours_yen)}。{found.proposal}。"
