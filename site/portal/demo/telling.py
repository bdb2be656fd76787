"""What a span of the history did, in one sentence per customer: 「見本 三郎様：自動更新 1,320円 → カード会社の承認なし → 次は11月20日」."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from models import Account, Event, Mail, Order, Payment
from portal import clock
from portal.actions.renewals.snapshot import snapshot_of
from portal.catalog import Catalog
from portal.demo.happened import kind, number, orders_of
from portal.demo.hosting_side import awaited, issue_day
from portal.enums import MailState, Method, PaymentState
from portal.rules.payments.declines import short_reason
from portal.rules.renewals.scheduled_event import EventKind
from portal.rules.renewals.timeline import timeline
from portal.rules.staff.happening_words import short_subject
from portal.rules.staff.wording import entity_ja, state_ja

SILENT = ("provisioning", "reset", "link", "sign-in")  # told by what caused them, or by nobody
UNFINISHED = (PaymentState.CREATED, PaymentState.SUBMITTED, "to forget", "forgotten")
MOST_WORDS = 5
ISSUE = "独自SSLの発行の返事"


@dataclass(frozen=True)
class Told:
    """`words`: what happened, in order, at most five. `is_cut`: more happened. `coming`: the next thing of this customer."""

    login: str
    name: str
    words: tuple[str, ...]
    is_cut: bool
    coming: tuple[date, str] | None


def told(after: int, until: int | None, catalog: Catalog) -> list[Told]:
    """Between these history ids, by customer, who was concerned first first. `coming` is what the worker will do if nothing changes."""
    rows = Event.select(Event, Account).join(Account).where(Event.id > after).order_by(Event.id)
    events = list(rows.where(Event.id <= until) if until is not None else rows)
    first = {event.account_id: event.id for event in reversed(events)}
    by_account = sorted(events, key=lambda event: (first[event.account_id], event.id))
    found = [_of(list(each), catalog) for _, each in groupby(by_account, lambda event: event.account_id)]
    return [each for each in found if each.words]


def _of(events: list[Event], catalog: Catalog) -> Told:
    account = events[0].account
    words = [f"{word}（{times}回）" if times > 1 else word for word, times in Counter(_words(events)).items()]
    return Told(account.login, account.name, tuple(words[:MOST_WORDS]), len(words) > MOST_WORDS, _coming(account, catalog))


def _words(events: list[Event]) -> Iterator[str]:
    paid_by_company = set(orders_of([number(event) for event in events if kind(event) == "payment"]).values())
    for event in events:
        what, key = kind(event), number(event)
        if what in SILENT or key in paid_by_company or event.to_state in (event.from_state, *UNFINISHED):
            continue
        if what == "payment":
            yield from _of_payment(event, key)
        elif what != "mail":
            yield f"{entity_ja(event.entity)}：{state_ja(event.to_state, event.entity)}"
        elif event.to_state != MailState.SENT:
            yield f"メール「{short_subject(Mail.get_by_id(int(key)).subject)}」"


def _of_payment(event: Event, key: str) -> Iterator[str]:
    payment = Payment.select(Payment, Order).join(Order).where(Payment.key == key).get()
    yield f"{payment.order.kind_label} {payment.yen:,}円"
    is_declined = event.to_state == PaymentState.DECLINED
    yield short_reason(payment.code) if is_declined else f"{Method(payment.method).label}：{state_ja(event.to_state, event.entity)}"


def _coming(account: Account, catalog: Catalog) -> tuple[date, str] | None:
    """What comes first: what the worker will do, or the pretend authority's answer about a certificate."""
    today = clock.today()
    events = timeline(snapshot_of(account, with_sent_notices=True), today, catalog)
    sure = (event for event in events if event.on > today and event.only_if is None and event.kind is not EventKind.LAST_CHANGE)
    answers = ((issue_day(each), ISSUE) for each in awaited() if each.subscription.account_id == account.id)
    planned = [*((event.on, event.kind.label) for event in sure), *(answer for answer in answers if answer[0] > today)]
    return min(planned, key=lambda each: each[0], default=None)
