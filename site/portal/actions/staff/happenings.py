"""All that happened to one customer as one list: one query over orders, payments, money, mails, confirmations, terms and the history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN, SQL

from models import Account, Allocation, Confirmation, Event, Mail, Order, Payment, Subscription, Term
from portal.actions.staff.paging import Listed
from portal.enums import LabelEnum, OrderState


class HappeningKind(LabelEnum):
    """The kinds of rows in the list of everything that happened to a customer, for staff."""

    ORDER = "order", "申し込み"
    PAYMENT = "payment", "お支払い"
    MONEY = "money", "入出金"
    TERM = "term", "契約期間"
    MAIL = "mail", "メール"
    CONFIRMATION = "confirmation", "最終確認"
    EVENT = "event", "履歴"


ROWS = 15
NOTHING, NO_YEN = SQL("CAST(NULL AS TEXT)"), SQL("CAST(NULL AS BIGINT)")


@dataclass(frozen=True)
class Happening:
    """One row, as stored. `number`: of the order, or the id of the mail or confirmation. `about`: entity, kind, subject or product."""

    at: datetime
    what: HappeningKind
    number: str | None
    about: str
    from_state: str | None
    state: str
    actor: str | None
    reason: str | None
    yen: int | None


def happenings(account: Account, what: HappeningKind | None, page: int) -> Listed[Happening]:
    """One page, the newest first. `what`: only rows of this kind."""
    first, *others = [query for kind, query in _parts(account).items() if what in (None, kind)]
    for other in others:
        first = first.union_all(other)
    rows = list(first.order_by(SQL("1").desc(), SQL("10").desc()).limit(ROWS + 1).offset((page - 1) * ROWS).tuples())
    return Listed([_happening(*row) for row in rows[:ROWS]], page, len(rows) > ROWS)


def _happening(at: datetime, what: str, *rest: Any) -> Happening:
    return Happening(at, HappeningKind(what), *rest[:-1])


def _parts(account: Account) -> dict[HappeningKind, Any]:
    """A query for each kind, all with the same ten columns: those of Happening and the row's id."""
    mine = Order.account == account
    of_orders = Allocation.select(Allocation.id).join(Order).where(mine)
    held = Allocation.select(Allocation.id).where(Allocation.account == account)
    told = (NOTHING, Event.entity, Event.from_state, Event.to_state, Event.actor, Event.reason)
    of_mail = (_text(Mail.id), Mail.subject, NOTHING, Mail.state)
    agreed = (_text(Confirmation.id), Confirmation.about, Order.number, Confirmation.about)
    span = (Order.number, Subscription.name, _text(Term.starts_on), _text(Term.ends_on))
    money = _rows(Allocation, Allocation.created_at, HappeningKind.MONEY, Order.number, Allocation.source, NOTHING, Allocation.number)
    money = money.select_extend(Allocation.yen, Allocation.id).join(Order, JOIN.LEFT_OUTER, on=(Allocation.order == Order.id))
    confirmations = _rows(Confirmation, Confirmation.accepted_at, HappeningKind.CONFIRMATION, *agreed).select_extend(
        NO_YEN, Confirmation.id
    )
    confirmations = confirmations.join(Order, JOIN.LEFT_OUTER, on=(Confirmation.order == Order.id))
    orders = _rows(Order, Order.placed_at, HappeningKind.ORDER, Order.number, Order.kind, Order.method, Order.state)
    attempts = _rows(Payment, Payment.created_at, HappeningKind.PAYMENT, Order.number, Payment.method, Payment.code, Payment.state)
    terms = _rows(Term, Order.placed_at, HappeningKind.TERM, *span).join(Order).switch(Term).join(Subscription)
    mails = _rows(Mail, Mail.created_at, HappeningKind.MAIL, *of_mail)
    events = _rows(Event, Event.at, HappeningKind.EVENT, *told).select_extend(NO_YEN, Event.id)
    return {
        HappeningKind.EVENT: events.where(Event.account == account, ~Event.entity.startswith("mail ")),
        HappeningKind.ORDER: orders.select_extend(Order.total_yen, Order.id).where(mine, Order.state != OrderState.DRAFT),
        HappeningKind.PAYMENT: attempts.join(Order).select_extend(Payment.yen, Payment.id).where(mine),
        HappeningKind.MONEY: money.where(Allocation.id.in_(of_orders | held)),
        HappeningKind.TERM: terms.select_extend(NO_YEN, Term.id).where(Subscription.account == account),
        HappeningKind.MAIL: mails.select_extend(NO_YEN, Mail.id).where(Mail.account == account),
        HappeningKind.CONFIRMATION: confirmations.where(Confirmation.account == account),
    }


def _rows(model: Any, at: Any, what: HappeningKind, *columns: Any) -> Any:
    """A query of the moment, the kind, and up to six columns of text; missing ones are NULL."""
    return model.select(at, SQL(f"CAST('{what.value}' AS TEXT)"), *columns, *[NOTHING] * (6 - len(columns)))


def _text(column: Any) -> Any:
    return column.cast("TEXT")
