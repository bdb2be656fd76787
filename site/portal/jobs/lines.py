"""The lines that `run-due` prints for each thing done, or that would be done (`is_dry_run`)."""

from dataclasses import dataclass

from models import Account, Order, Payment, Refund
from portal.actions.payments.comparing import Difference
from portal.actions.privacy.texts import Emptied
from portal.actions.renewals.due_events import EventResult
from portal.enums import Method, PaymentState
from portal.formats import yen


@dataclass(frozen=True)
class Line:
    """`label`: the group in the totals. `parts`: printed at once; without them it is only counted."""

    label: str
    parts: tuple[str, ...] = ()
    yen: int | None = None


def asked(payment: Payment, is_dry_run: bool) -> Line:
    return _charge(payment.order.account.login, "支払い結果の問い合わせ", payment, is_dry_run)


def refunded(refund: Refund, is_dry_run: bool) -> Line:
    result = "予定" if is_dry_run else refund.state_label
    order = refund.order
    parts = (order.account.login, "返金の問い合わせ", f"申し込み {order.number}", yen(refund.yen), Method(refund.method).label, result)
    return Line(f"返金の問い合わせ（{result}）", parts, refund.yen)


def difference(found: Difference, _is_dry_run: bool) -> Line:
    parts = (
        "会社の記録との違い",
        found.order_number or found.reference,
        f"会社 {yen(found.theirs_yen)}",
        f"ポータル {yen(found.ours_yen)}",
    )
    return Line("会社の記録との違い", (*parts, found.proposal), found.theirs_yen - found.ours_yen)


def paper_issued(_paper: object, _is_dry_run: bool) -> Line:
    return Line("以前のお支払いの領収書")


def cancelled(order: Order, _is_dry_run: bool) -> Line:
    return _order(order, "申し込みの取消")


def expired(order: Order, _is_dry_run: bool) -> Line:
    return _order(order, "振込の期限切れ")


def reminded(order: Order, _is_dry_run: bool) -> Line:
    return _order(order, "一部入金の期限のお知らせ")


def billed(done: EventResult, is_dry_run: bool) -> Line:
    what, names = done.scheduled.kind.label, "、".join(done.scheduled.names)
    if done.payment:
        return _charge(done.login, what, done.payment, is_dry_run)
    return Line(what, (done.login, what, f"{done.scheduled.ends_on}まで：{names}"))


def hosting_event_sent(_event: object, _is_dry_run: bool) -> Line:
    return Line("サーバー側への連絡")


def emptied(done: Emptied, is_dry_run: bool) -> Line:
    return Line(f"保存期間を過ぎた{done.what}の消去", (f"{done.what}の消去", f"{done.rows}件", "予定" if is_dry_run else "済み"))


def erased(account: Account, is_dry_run: bool) -> Line:
    return Line("個人情報の消去", (f"アカウント {account.id}", "保存期間を過ぎた個人情報の消去", "予定" if is_dry_run else "済み"))


def mail_sent(_mail: object, _is_dry_run: bool) -> Line:
    return Line("メールの送信")


def _order(order: Order, what: str) -> Line:
    parts = (order.account.login, what, f"申し込み {order.number}", yen(order.total_yen), order.method_label)
    return Line(what, parts, order.total_yen)


def _charge(login: str, what: str, payment: Payment, is_dry_run: bool) -> Line:
    result = "予定" if is_dry_run else _result(payment)
    number = () if is_dry_run and payment.state == PaymentState.CREATED else (f"申し込み {payment.order.number}",)
    return Line(f"{what}（{result}）", (login, what, *number, yen(payment.yen), _paid_with(payment), result), payment.yen)


def _paid_with(payment: Payment) -> str:
    label, paid_with = Method(payment.method).label, payment.payment_method.paid_with
    return f"{label}（{paid_with}）" if paid_with else label


def _result(payment: Payment) -> str:
    label = PaymentState(payment.state).label
    return f"{label}：{payment.code}" if payment.is_declined else label
