"""What a customer's own data are: from where, and under which names. A new table about customers is a row here, or has a reason in
tests/actions/privacy/test_own_data.py.

Left out is what opens something (hashes of passwords and sessions, tokens of companies), what staff write, and the program's own notes.
"""

from collections.abc import Callable, Iterable
from typing import Any

from peewee import JOIN, ForeignKeyField, Query

from models import (
    Account,
    Allocation,
    Certificate,
    Confirmation,
    Consent,
    Dispute,
    Domain,
    Event,
    Invoice,
    InvoiceAddressee,
    Mail,
    Order,
    OrderLine,
    PayerAlias,
    Payment,
    PaymentMethod,
    Payout,
    Refund,
    Session,
    Subscription,
    Term,
    TransferReport,
    VirtualAccount,
)
from portal.enums import (
    AllocationSource,
    CertificateState,
    DomainState,
    InvoiceKind,
    LabelEnum,
    Method,
    OrderKind,
    OrderState,
    PaymentState,
)

Column = str | Callable[[Any], Any]  # the way to an attribute, or a function of the row
STAFF = "staff "


def _label(kinds: type[LabelEnum], name: str) -> Column:
    return lambda row: kinds(getattr(row, name)).label


def _of(column: ForeignKeyField, owner: type[Order | Subscription]) -> Callable[[Account], Query]:
    """Rows of a table that belong to the customer's orders or subscriptions."""
    table = column.model
    return lambda account: table.select(table, owner).join(owner, on=column == owner.id).where(owner.account == account).order_by(table.id)


def _mine(table: Any) -> Callable[[Account], Query]:
    """Rows that carry their account, with their order where they have one."""
    if not hasattr(table, "order"):
        return lambda account: table.select().where(table.account == account).order_by(table._meta.primary_key)
    return lambda account: table.select(table, Order).join(Order, JOIN.LEFT_OUTER).where(table.account == account).order_by(table.id)


def _orders(account: Account) -> Query:
    return account.orders.where(Order.state != OrderState.DRAFT).order_by(Order.id)


def _lines(account: Account) -> Query:
    return _of(OrderLine.order, Order)(account).where(Order.state != OrderState.DRAFT)


def _received(account: Account) -> Query:
    rows = Allocation.select(Allocation, Order).join(Order, JOIN.LEFT_OUTER)
    of_orders = Allocation.select(Allocation.id).join(Order).where(Order.account == account)
    held = Allocation.select(Allocation.id).where(Allocation.account == account)
    return rows.where(Allocation.id.in_(of_orders | held)).order_by(Allocation.id)


def _papers(account: Account) -> Query:
    rows = Invoice.select(Invoice, InvoiceAddressee, Order).join(InvoiceAddressee, JOIN.LEFT_OUTER, attr="written").switch(Invoice)
    return rows.join(Order).where(Invoice.account == account).order_by(Invoice.id)


def _addressee(paper: Invoice) -> str:
    written = getattr(paper, "written", None)
    return written.addressee if written and written.addressee else paper.customer


def _who(event: Event) -> str:
    return "担当者" if event.actor.startswith(STAFF) else event.actor


def _why(event: Event) -> str:
    return "" if event.actor.startswith(STAFF) else event.reason


Rows = Callable[[Account], Iterable[Any]]
NUMBER, YEN = {"申し込み": "order.number"}, {"金額（円）": "yen"}
SECTIONS: dict[str, tuple[Rows, dict[str, Column]]] = {
    "アカウント": (
        lambda account: [account],
        {
            "ログインID": "login",
            "お名前": "name",
            "メールアドレス": "email",
            "お知らせの宛先": "notice_email",
            "プラン": "plan",
            "作成": "created_at",
        },
    ),
    "ご契約の期間": (
        _of(Term.subscription, Subscription),
        {"契約": "subscription.name", "数": "subscription.quantity", "から": "starts_on", "まで": "ends_on"},
    ),
    "お申し込み": (
        _orders,
        {"番号": "number", "種類": _label(OrderKind, "kind"), "状態": _label(OrderState, "state"), "お支払い方法": "method_label"}
        | {"金額（円）": "total_yen", "お申し込み": "placed_at", "お支払い期限": "due_on", "入金": "paid_on"},
    ),
    "お申し込みの明細": (
        _lines,
        NUMBER | {"内容": "name", "数": "quantity", "月数": "months"} | YEN | {"から": "starts_on", "まで": "ends_on"},
    ),
    "約款への同意": (_of(Consent.order, Order), NUMBER | {"文書": "title", "版": "version", "同意": "agreed_at"}),
    "お支払い": (
        _of(Payment.order, Order),
        NUMBER | {"回": "attempt", "方法": _label(Method, "method")} | YEN | {"結果": _label(PaymentState, "state"), "日時": "created_at"},
    ),
    "入金": (_received, NUMBER | {"入金元": _label(AllocationSource, "source")} | YEN | {"日付": "received_on"}),
    "お振り込みの連絡": (
        _of(TransferReport.order, Order),
        NUMBER | {"振込名義": "payer", "振り込んだ日": "paid_on", "連絡": "reported_at"},
    ),
    "確かめた振込名義": (_mine(PayerAlias), {"振込名義": "payer", "確認": "learned_at"}),
    "専用の振込先": (_mine(VirtualAccount), {"支店と口座番号": "code", "割り当て": "assigned_at"}),
    "返金": (_mine(Refund), NUMBER | YEN | {"状態": "state_label", "日時": "created_at"}),
    "不審請求の申請": (_mine(Dispute), YEN | {"状態": "state_label", "日時": "created_at"}),
    "返金のお振込先": (
        _mine(Payout),
        NUMBER
        | YEN
        | {"状態": "state_label", "銀行": "bank_code", "支店": "branch_code", "口座番号": "account_number", "口座名義": "account_name"},
    ),
    "領収書など": (
        _papers,
        NUMBER
        | {"番号": "number", "種類": _label(InvoiceKind, "kind"), "発行": "issued_on", "金額（円）": "total_yen", "宛名": _addressee},
    ),
    "カードとおさいぽ!": (
        _mine(PaymentMethod),
        {"方法": _label(Method, "method"), "表示": "paid_with", "有効期限": "expires", "登録": "created_at"},
    ),
    "独自ドメイン": (_mine(Domain), {"名前": "shown", "状態": _label(DomainState, "state"), "追加": "created_at"}),
    "証明書": (
        _of(Certificate.subscription, Subscription),
        {"証明書": "subscription.name", "コモンネーム": "shown", "状態": _label(CertificateState, "state")}
        | {"発行": "issued_on", "まで": "issued_until"},
    ),
    "最終確認の画面": (
        _mine(Confirmation),
        NUMBER | {"OK": "accepted_at", "IPアドレス": "address", "ブラウザー": "browser", "画面の文": "content"},
    ),
    "メール": (_mine(Mail), {"作成": "created_at", "件名": "subject", "宛先": "recipient", "状態": "state_label", "本文": "body"}),
    "ログイン": (_mine(Session), {"ログイン": "created_at", "最後の操作": "seen_at", "IPアドレス": "address", "ブラウザー": "browser"}),
    "履歴": (
        _mine(Event),
        {"日時": "at", "対象": "entity", "前": "from_state", "後": "to_state", "だれが": _who, "理由": _why},
    ),
}
