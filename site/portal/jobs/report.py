"""What a pass says of itself: a line for each thing, as soon as it is done, and the sums in the end."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeVar

from models import Order, Payment
from portal.actions.renewals.billing_run import EventResult
from portal.enums import Method, PaymentState
from portal.formats import date_ja, yen
from portal.jobs.progress import Progress

T = TypeVar("T")


class RunReport:
    """Keeps nothing but sums, however much there is to say."""

    def __init__(self, *, today: date, is_dry_run: bool = False) -> None:
        self._today, self._is_dry_run = today, is_dry_run
        self._counts: Counter[str] = Counter()
        self._yen: Counter[str] = Counter()
        self._progress: Progress | None = None
        self.failures = 0
        if is_dry_run:
            self._print("これは予定の表示です。何も変更せず、お支払いも行いません。")

    def over(self, things: Iterable[T], total: int) -> Iterator[T]:
        """The same things; on stderr how far it is with them, when that takes long."""
        self._progress = Progress(total)
        return self._progress.over(things)

    def done(self, done: EventResult) -> None:
        if done.payment:
            return self._charge(done.login, done.scheduled.kind.label, done.payment)
        what, names = done.scheduled.kind.label, "、".join(done.scheduled.names)
        return self._note(what, done.login, what, f"{done.scheduled.ends_on}まで：{names}")

    def asked(self, payment: Payment) -> None:
        self._charge(payment.order.account.login, "決済会社への問い合わせ", payment)

    def cancelled(self, order: Order) -> None:
        self._order(order, "申し込みの取消")

    def expired(self, order: Order) -> None:
        self._order(order, "振込の期限切れ")

    def told(self, count: int) -> None:
        self._counts["サーバー側への連絡"] += count

    def sent(self, count: int) -> None:
        self._counts["メールの送信"] += count

    def fail(self, count: int = 1) -> None:
        self.failures += count

    def close(self) -> None:
        """The sums."""
        sums = [self._sum(label, count) for label, count in self._counts.items() if count]
        sums += [f"失敗：{self.failures:,}件（記録に理由があります。次回もう一度行います）"] if self.failures else []
        nothing = "行うことはありません。" if self._is_dry_run else "行うことはありませんでした。"
        self._print(
            "\n".join([f"{date_ja(self._today)}の{'予定' if self._is_dry_run else '合計'}", *(f"  {line}" for line in sums or [nothing])])
        )

    def _charge(self, login: str, what: str, payment: Payment) -> None:
        result = "予定" if self._is_dry_run else _result(payment)
        label = f"{what}（{result}）"
        self._yen[label] += payment.yen
        number = () if self._is_dry_run and payment.state == PaymentState.CREATED else (f"申し込み {payment.order.number}",)
        self._note(label, login, what, *number, yen(payment.yen), _renewal_method(payment), result)

    def _order(self, order: Order, what: str) -> None:
        self._yen[what] += order.total_yen
        self._note(what, order.account.login, what, f"申し込み {order.number}", yen(order.total_yen), order.method_label)

    def _note(self, label: str, *parts: str) -> None:
        self._counts[label] += 1
        self._print("　".join(parts))

    def _sum(self, label: str, count: int) -> str:
        return f"{label}：{count:,}件" + (f"　{yen(self._yen[label])}" if label in self._yen else "")

    def _print(self, text: str) -> None:
        if self._progress:
            self._progress.clear()
        print(text, flush=True)


def _renewal_method(payment: Payment) -> str:
    label = Method(payment.method).label
    paid_with = payment.payment_method.paid_with
    return f"{label}（{paid_with}）" if paid_with else label


def _result(payment: Payment) -> str:
    label = PaymentState(payment.state).label
    return f"{label}：{payment.code}" if payment.is_declined else label
