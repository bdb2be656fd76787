"""What is stored. Guarded single-row writes; every rule that the database can keep is in migrations/.

Contents: people (Account, Session, SignInAttempt) · orders (Order, OrderLine, Consent) · money (PaymentMethod, PaymentMethodSetup,
Payment, Confirmation, Deposit, TransferReport, Allocation, WebhookEvent) · contracts (Subscription, Term, RenewalSetting,
Reservation, Announcement, SentNotice, Schedule, HostingEvent) · history (Event) · Installation · mail (Mail)
"""

import json
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Self, TypeVar

from peewee import (
    JOIN,
    SQL,
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    DeferredForeignKey,
    ForeignKeyField,
    IntegerField,
    IntegrityError,
    Model,
    Query,
    TextField,
    fn,
)

from portal.enums import (
    HostingEventKind,
    HostingEventState,
    LabelEnum,
    MailState,
    Method,
    NoticeKind,
    OrderKind,
    OrderState,
    PaymentMethodState,
    PaymentState,
    ProductKind,
    SetupState,
)
from portal.store.database import database, for_update
from portal.store.fields import InstantField
from portal.store.row_locks import claim


class Row(Model):
    class Meta:
        database = database
        legacy_table_names = False


class Outgoing(Row):
    """What the worker sends, and repeats until it is taken: one worker at a time, and only its newest claim counts.

    `next_try_at` and `trying_since` are business time, as the reconciler's pauses are; `claimed_until` is a lease, so real time.
    `pauses` counts the growing ones of this series, `tries` every try ever made: it is the fence of a claim too.
    """

    states: type[LabelEnum]

    state = CharField(default=MailState.WAITING)
    tries = IntegerField(default=0)
    pauses = IntegerField(default=0)
    next_try_at = InstantField()
    trying_since = InstantField(null=True)
    claimed_until = InstantField(null=True)
    created_at = InstantField()
    sent_at = InstantField(null=True)
    last_error = TextField(default="")

    @property
    def state_label(self) -> str:
        return self.states(self.state).label

    @property
    def is_sent(self) -> bool:
        return self.state == self.states.SENT

    @property
    def is_failed(self) -> bool:
        return self.state == self.states.FAILED

    def claim(self, now: datetime, until: datetime) -> bool:
        """True for the one worker that may send this now; nobody else does before `until`. Raises RowIsLocked."""
        table = type(self)
        mine = (table.id == self.id) & (table.state == self.state) & (table.tries == self.tries)
        values = {"state": self.states.SENDING, "tries": table.tries + 1, "claimed_until": until}
        values["trying_since"] = self.trying_since or now
        if not claim(table, mine, Account.one(self.account_id), **values):
            return False
        self.tries, self.state, self.trying_since = self.tries + 1, self.states.SENDING, values["trying_since"]
        return True

    def move(self, to: str, *, came_from: Iterable[str], **values: Any) -> bool:
        """True for the one call that moved it on. A claim ends with it, and only the newest claim counts."""
        table = type(self)
        mine = (table.id == self.id) & table.state.in_(list(came_from)) & (table.tries == self.tries)
        return table.update(state=to, claimed_until=None, **values).where(mine).execute() == 1

    def mark_sent(self, at: datetime) -> bool:
        """True the first time: the other side has acknowledged it, and that stays true whoever holds it by now."""
        table = type(self)
        mine = (table.id == self.id) & (table.state != self.states.SENT)
        values = {"state": self.states.SENT, "sent_at": at, "claimed_until": None, "last_error": ""}
        return table.update(values).where(mine).execute() == 1


def as_literals(states: Iterable[str]) -> list[SQL]:
    """For `in_()`: SQLite uses a partial index only for what it can read in the statement, in the words and the order of the index."""
    return [SQL(f"'{state!s}'") for state in states]


def new_number(digits: int = 8) -> str:
    """A number that a customer can read to the bank and nobody can count up from."""
    return str(secrets.randbelow(9 * 10 ** (digits - 1)) + 10 ** (digits - 1))


Created = TypeVar("Created", bound=Row)


def created_with_number(table: type[Created], digits: int = 8, **values: Any) -> Created:
    """A new row under a number that no other has: it is drawn again when it is taken. Raises IntegrityError for anything else."""
    while True:
        number = new_number(digits)
        try:
            with database.atomic():
                return table.create(number=number, **values)
        except IntegrityError:
            if not table.select().where(table.number == number).exists():
                raise


# -- people ------------------------------------------------------------------------------------------------------------


class Account(Row):
    """One customer of the company; holds one server."""

    login = CharField()
    password_hash = CharField()
    name = CharField()
    email = CharField()
    plan = CharField()
    created_at = InstantField()

    @classmethod
    def by_login(cls, login: str) -> Self | None:
        return cls.get_or_none(cls.login == login.strip().lower())

    @classmethod
    def one(cls, account_id: int | None) -> Query | None:
        """That account as a query; None for None: a mail to staff belongs to no account."""
        return None if account_id is None else cls.select(cls.id).where(cls.id == account_id)

    @classmethod
    def locked(cls, account_id: int) -> Self:
        """The account as it is now, held with everything of it until the transaction ends."""
        return for_update(cls.select().where(cls.id == account_id)).get()

    def draft(self, kind: OrderKind) -> "Order | None":
        return self.orders.where(Order.kind == kind, Order.state == OrderState.DRAFT).first()

    @property
    def placed_order(self) -> "Order | None":
        """The one order that is confirmed and waits for its money."""
        return self.orders.where(Order.state == OrderState.PLACED).first()

    @property
    def latest_order(self) -> "Order | None":
        """The newest order that the customer has confirmed, whatever became of it."""
        return self.orders.where(Order.state != OrderState.DRAFT).order_by(Order.placed_at.desc(), Order.id.desc()).first()

    @property
    def current_orders(self) -> "list[Order]":
        """The drafts and the latest order, in one query: with `attempt` (the newest), `report` and `received` (yen of its receipts)."""
        one, attempts = Order.alias(), Payment.alias()
        latest = one.select(one.id).where(one.account == self, one.state != OrderState.DRAFT)
        latest = latest.order_by(one.placed_at.desc(), one.id.desc()).limit(1)
        newest = attempts.select(fn.MAX(attempts.attempt)).where(attempts.order == Order.id)
        received = Allocation.select(fn.COALESCE(fn.SUM(Allocation.yen), 0)).where(Allocation.order == Order.id)
        query = Order.select(Order, Payment, TransferReport, received.alias("received"))
        query = query.join(Payment, JOIN.LEFT_OUTER, on=(Payment.order == Order.id) & (Payment.attempt == newest), attr="attempt")
        query = query.switch(Order).join(TransferReport, JOIN.LEFT_OUTER, attr="report")
        rows = list(query.where(Order.account == self, (Order.state == OrderState.DRAFT) | (Order.id == latest)))
        return [row.with_its_own() for row in rows]

    @property
    def terms(self) -> "list[Term]":
        """The last two terms of everything that has not been ended, with subscription, order and line, in the order of the products."""
        query = Term.select(Term, Subscription, OrderLine, Order).join(Subscription).switch(Term).join(OrderLine).switch(Term).join(Order)
        mine = query.where(Subscription.account == self, Subscription.ended_on.is_null(), ~Term.has_two_after())
        return list(mine.order_by(Subscription.id, Term.starts_on))

    @property
    def renewal_setting(self) -> "RenewalSetting | None":
        """With its card or wallet."""
        query = RenewalSetting.select(RenewalSetting, PaymentMethod).join(PaymentMethod)
        return query.where(RenewalSetting.account == self).first()

    @property
    def reservation(self) -> "Reservation | None":
        return self.reservations.first()

    @property
    def wallet(self) -> "PaymentMethod | None":
        """The wallet that is linked; one at most."""
        return self.payment_methods.where(PaymentMethod.method == Method.WALLET, PaymentMethod.state == PaymentMethodState.ACTIVE).first()

    @property
    def last_ended_server(self) -> "Subscription | None":
        mine = self.subscriptions.where(Subscription.kind == ProductKind.SERVER, Subscription.ended_on.is_null(False))
        return mine.order_by(Subscription.ended_on.desc()).first()

    @property
    def server(self) -> "Subscription | None":
        return self.subscriptions.where(Subscription.kind == ProductKind.SERVER, Subscription.ended_on.is_null()).first()


class Staff(Row):
    """One of the company's people; signs in with a password and a second factor."""

    login = CharField()
    password_hash = CharField()
    name = CharField()
    totp_secret = CharField()
    totp_step = BigIntegerField(default=0)
    is_active = BooleanField(default=True)
    created_at = InstantField()

    @classmethod
    def by_login(cls, login: str) -> Self | None:
        return cls.get_or_none(cls.login == login.strip().lower(), cls.is_active)

    @classmethod
    def active(cls, staff_id: int) -> Self | None:
        return cls.get_or_none(cls.id == staff_id, cls.is_active)

    def use_step(self, step: int) -> bool:
        """True for the one use of a code: a code seen once is worth nothing, nor is one older than it."""
        return Staff.update(totp_step=step).where(Staff.id == self.id, Staff.totp_step < step).execute() == 1


class RecoveryCode(Row):
    """Stands in for the second factor once."""

    staff = ForeignKeyField(Staff, backref="recovery_codes")
    code_hash = CharField()
    used_at = InstantField(null=True)


class Session(Row):
    """A signed-in (or just visiting) browser. Only the hash of its cookie is kept.

    It ends after 30 minutes without a page and after 12 hours in any case.
    """

    IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)

    token_hash = CharField(primary_key=True)
    account = ForeignKeyField(Account, backref="sessions", null=True)
    staff = ForeignKeyField(Staff, backref="sessions", null=True)
    data = TextField()
    created_at = InstantField()
    seen_at = InstantField()

    @classmethod
    def is_over(cls, now: datetime) -> Any:
        """A condition for queries."""
        return (cls.seen_at < now - cls.IDLE) | (cls.created_at < now - cls.ABSOLUTE)

    def has_ended(self, now: datetime) -> bool:
        return now - self.seen_at > self.IDLE or now - self.created_at > self.ABSOLUTE


class SignInAttempt(Row):
    """A password that was wrong. `device` is the mark of a browser that has signed in to this account before."""

    login_hash = CharField()
    address = CharField()
    device = CharField(null=True)
    at = InstantField()


# -- orders ------------------------------------------------------------------------------------------------------------


class Order(Row):
    """One application: a draft that the customer fills in, then the order as it was confirmed."""

    number = CharField()
    account = ForeignKeyField(Account, backref="orders")
    kind = CharField()
    state = CharField(default=OrderState.DRAFT)
    typed = TextField(default="{}")
    revision = IntegerField(default=0)
    method = CharField(null=True)
    plan = CharField(null=True)
    total_yen = BigIntegerField(null=True)
    tax_yen = BigIntegerField(null=True)
    tax_percent = IntegerField(null=True)
    created_at = InstantField()
    placed_at = InstantField(null=True)
    wallet_day = IntegerField(null=True)
    due_on = DateField(null=True)
    paid_on = DateField(null=True)
    renews_end = DateField(null=True)
    closed_on = DateField(null=True)

    @property
    def choices(self) -> dict[str, str]:
        """The fields of the form as the customer left them."""
        return json.loads(self.typed)

    @property
    def kind_label(self) -> str:
        return OrderKind(self.kind).label

    @property
    def method_label(self) -> str:
        return Method(self.method).label

    @property
    def is_draft(self) -> bool:
        return self.state == OrderState.DRAFT

    @property
    def is_placed(self) -> bool:
        return self.state == OrderState.PLACED

    @property
    def is_paid(self) -> bool:
        return self.state == OrderState.PAID

    @property
    def received_yen(self) -> int:
        return int(Allocation.select(fn.COALESCE(fn.SUM(Allocation.yen), 0)).where(Allocation.order == self.id).scalar())

    @property
    def missing_yen(self) -> int:
        return self.total_yen - self.received_yen

    @property
    def is_by_transfer(self) -> bool:
        return self.method == Method.BANK

    @property
    def is_new(self) -> bool:
        return self.kind == OrderKind.NEW

    @property
    def is_automatic(self) -> bool:
        return self.kind == OrderKind.AUTO

    @property
    def transfer_report(self) -> "TransferReport | None":
        return self.transfer_reports.first()

    @property
    def latest_payment(self) -> "Payment | None":
        return self.payments.order_by(Payment.attempt.desc()).first()

    @classmethod
    def locked(cls, order_id: int) -> Self:
        """The order as it is now, held until the transaction ends."""
        return for_update(cls.select().where(cls.id == order_id)).get()

    def with_its_own(self) -> Self:
        """After an outer join: None for what is not there, and a number for a sum."""
        self.attempt, self.report = (found if found is not None and found.id else None for found in (self.attempt, self.report))
        self.received = int(self.received)
        return self

    def remember(self, choices: dict[str, str], **kept: Any) -> bool:
        """Keep what was typed into the draft; False once it is no draft any more."""
        values = {"typed": json.dumps(choices, ensure_ascii=False), "revision": Order.revision + 1} | kept
        return Order.update(values).where(Order.id == self.id, Order.state == OrderState.DRAFT).execute() == 1

    def move(self, to: OrderState, *, came_from: Iterable[OrderState], **values: Any) -> bool:
        """True for the one call that moved the order on."""
        changed = Order.update(state=to, **values).where(Order.id == self.id, Order.state.in_(list(came_from))).execute()
        return changed == 1


class OrderLine(Row):
    """A line as it was confirmed: names and prices are the order's own, whatever the catalog says later.

    `subscription` is what it renews; without one something new is bought. `is_last_time`: its months have left the catalog.
    `renews_by_default`: a payment by card or wallet turns its automatic renewal on.
    """

    order = ForeignKeyField(Order, backref="lines")
    position = IntegerField()
    product = CharField()
    kind = CharField()
    variant = CharField()
    name = CharField()
    quantity = IntegerField()
    months = IntegerField()
    monthly_yen = BigIntegerField(null=True)
    yen = BigIntegerField()
    starts_on = DateField()
    ends_on = DateField()
    subscription = DeferredForeignKey("Subscription", backref="lines", null=True)
    is_last_time = BooleanField(default=False)
    renews_by_default = BooleanField(default=True)


class Consent(Row):
    """Which version of which document was agreed to with which order."""

    order = ForeignKeyField(Order, backref="consents")
    document = CharField()
    version = CharField()
    title = CharField()
    sha256 = CharField()
    agreed_at = InstantField()


# -- money -------------------------------------------------------------------------------------------------------------


class PaymentMethod(Row):
    """A card that its company keeps for us, or the right to take points from a wallet. Never a card number, an ID or a password.

    `expires` is the last day on which a card is good; `label` is what a wallet's owner knows it by. The token is emptied once the
    company has deleted its side.
    """

    account = ForeignKeyField(Account, backref="payment_methods")
    method = CharField()
    company = CharField()
    token = CharField(null=True)
    label = CharField(default="")
    brand = CharField(null=True)
    last4 = CharField(null=True)
    expires = DateField(null=True)
    state = CharField(default=PaymentMethodState.READY)
    tries = IntegerField(default=0)
    next_try_at = InstantField(null=True)
    created_at = InstantField()

    @property
    def paid_with(self) -> str:
        """The card or the wallet as its owner knows it."""
        return f"{self.brand} 下4桁 {self.last4}" if self.last4 else self.label

    @property
    def is_active(self) -> bool:
        return self.state == PaymentMethodState.ACTIVE

    @property
    def is_kept(self) -> bool:
        """Whether it may still be charged: the portal has not dropped it."""
        return self.state in (PaymentMethodState.READY, PaymentMethodState.ACTIVE)

    @classmethod
    def to_detach(cls, now: datetime, method: str, company: str, limit: int) -> list[Self]:
        """Those whose company is to be asked by now, with their accounts."""
        due = (cls.state == SQL("'detaching'")) & (cls.next_try_at <= now) & (cls.method == method) & (cls.company == company)
        return list(cls.select(cls, Account).join(Account).where(due).order_by(cls.next_try_at).limit(limit))

    def move(self, to: PaymentMethodState, *, came_from: Iterable[PaymentMethodState], **values: Any) -> bool:
        """True for the one call that moved it on."""
        mine = (PaymentMethod.id == self.id) & PaymentMethod.state.in_(list(came_from))
        return PaymentMethod.update(state=to, **values).where(mine).execute() == 1

    def claim_detaching(self, next_try_at: datetime, *, waits: bool) -> bool:
        """True for the one that asks the company now; nobody else does before `next_try_at`. Whoever does not wait: raises RowIsLocked."""
        mine = (PaymentMethod.id == self.id) & (PaymentMethod.state == PaymentMethodState.DETACHING) & (PaymentMethod.tries == self.tries)
        values, owner = {"tries": self.tries + 1, "next_try_at": next_try_at}, Account.one(self.account_id)
        is_mine = PaymentMethod.update(values).where(mine).execute() == 1 if waits else claim(PaymentMethod, mine, owner, **values)
        self.tries += 1
        return is_mine


class PaymentMethodSetup(Row):
    """One visit to a company's page, and the card or wallet that came of it. Never a card number.

    For one order, or without one to change how later renewals are paid.
    """

    reference = CharField()
    account = ForeignKeyField(Account, backref="setups")
    order = ForeignKeyField(Order, backref="setups", null=True)
    method = CharField(default=Method.CARD)
    state = CharField(default=SetupState.OPEN)
    address = CharField(default="")
    payment_method = ForeignKeyField(PaymentMethod, backref="setups", null=True)
    wallet_day = IntegerField(null=True)
    code = CharField(null=True)
    created_at = InstantField()

    @classmethod
    def with_method(cls) -> Query:
        """Setups, each with the card or wallet that came of it, in one query."""
        return cls.select(cls, PaymentMethod).join(PaymentMethod, JOIN.LEFT_OUTER)

    @classmethod
    def cards_left(cls, state: SetupState, cutoff: datetime, limit: int) -> list[Self]:
        """Card setups in that state, open or ready, that were begun until then; the oldest first."""
        unused = (cls.method == SQL("'card'")) & cls.state.in_(as_literals([SetupState.OPEN, SetupState.READY])) & (cls.state == state)
        return list(cls.select().where(unused, cls.created_at <= cutoff).order_by(cls.created_at).limit(limit))

    def move(self, to: SetupState, *, came_from: SetupState, **values: Any) -> bool:
        """True for the one call that moved the entry on."""
        return (
            PaymentMethodSetup.update(state=to, **values)
            .where(PaymentMethodSetup.id == self.id, PaymentMethodSetup.state == came_from)
            .execute()
            == 1
        )


LIVE = (PaymentState.CREATED, PaymentState.SUBMITTED, PaymentState.UNKNOWN)
ASKED = (PaymentState.SUBMITTED, PaymentState.UNKNOWN)


class Payment(Row):
    """One attempt to pay an order. Its key is derived, committed before the company is asked, and never used twice.

    Without an entry it is an automatic charge. `is_final`: the company will never take money by this card or wallet.
    """

    order = ForeignKeyField(Order, backref="payments")
    attempt = IntegerField()
    method = CharField()
    key = CharField()
    yen = BigIntegerField()
    state = CharField(default=PaymentState.CREATED)
    setup = ForeignKeyField(PaymentMethodSetup, backref="payments", null=True)
    payment_method = ForeignKeyField(PaymentMethod, backref="payments")
    company_reference = CharField(null=True)
    code = CharField(null=True)
    is_final = BooleanField(default=False)
    lookups = IntegerField(default=0)
    next_lookup_at = InstantField()
    created_at = InstantField()
    updated_at = InstantField()

    @property
    def is_automatic(self) -> bool:
        """Charged by the worker, without a visit to a company's page."""
        return self.setup_id is None

    @property
    def is_unknown(self) -> bool:
        return self.state == PaymentState.UNKNOWN

    @property
    def is_declined(self) -> bool:
        return self.state == PaymentState.DECLINED

    @classmethod
    def by_key(cls, key: str) -> Self | None:
        return cls.get_or_none(cls.key == key)

    @classmethod
    def locked(cls, payment_id: int) -> Self:
        """The payment as it is now, held until the transaction ends."""
        return for_update(cls.select().where(cls.id == payment_id)).get()

    @classmethod
    def due(cls, now: datetime) -> list[Self]:
        """Attempts whose end is not known and that should be asked about by now."""
        live = cls.state.in_(as_literals(LIVE))
        return list(cls.select().where(live, cls.next_lookup_at <= now).order_by(cls.next_lookup_at).limit(100))

    def move(self, to: PaymentState, *, came_from: Iterable[PaymentState], at: datetime, **values: Any) -> bool:
        """True for the one call that moved the payment on, however often the company tells us."""
        mine = (Payment.id == self.id) & Payment.state.in_(list(came_from))
        return Payment.update(state=to, updated_at=at, **values).where(mine).execute() == 1

    def claim_lookup(self, until: datetime) -> bool:
        """True for the one worker that may ask about this payment now; nobody else asks before `until`. Raises RowIsLocked."""
        mine = (Payment.id == self.id) & (Payment.next_lookup_at == self.next_lookup_at) & Payment.state.in_(LIVE)
        order = Order.select(Order.id).join(Account).where(Order.id == self.order_id)
        return claim(Payment, mine, order, next_lookup_at=until)


class Confirmation(Row):
    """What stood on the screen when the customer pressed OK: for an order, a reservation or another method for later renewals."""

    account = ForeignKeyField(Account, backref="confirmations")
    about = CharField(default="order")
    order = ForeignKeyField(Order, backref="confirmations", null=True)
    payment = ForeignKeyField(Payment, backref="confirmations", null=True)
    content = TextField()
    sha256 = CharField()
    accepted_at = InstantField()
    address = CharField()
    browser = CharField()


class Deposit(Row):
    """One line of a bank statement. What of it pays which order are its allocations; the rest waits in one more."""

    number = CharField()
    booked_on = DateField()
    valued_on = DateField()
    yen = BigIntegerField()
    payer = CharField()
    form_token = CharField()
    staff = ForeignKeyField(Staff, backref="deposits")
    created_at = InstantField()

    @property
    def counts_on(self) -> date:
        """The earlier of the bank's two dates, not the day staff saw it."""
        return min(self.booked_on, self.valued_on)

    @property
    def allocated_yen(self) -> int:
        return int(
            Allocation.select(fn.COALESCE(fn.SUM(Allocation.yen), 0))
            .where(Allocation.deposit == self.id, Allocation.order.is_null(False))
            .scalar()
        )

    @property
    def rest_yen(self) -> int:
        return self.yen - self.allocated_yen

    @classmethod
    def locked(cls, deposit_id: int) -> Self:
        return for_update(cls.select().where(cls.id == deposit_id)).get()


class TransferReport(Row):
    """「振り込みました」: what the customer says; money counts only once the bank has it."""

    order = ForeignKeyField(Order, backref="transfer_reports")
    payer = CharField()
    paid_on = DateField()
    reported_at = InstantField()


class Allocation(Row):
    """Money counted for an order; without an order it waits for staff: what a company took for nothing, or the rest of a deposit.

    The rows of a deposit are always as much as the deposit.
    """

    number = CharField()
    source = CharField()
    company_reference = CharField()
    yen = BigIntegerField()
    order = ForeignKeyField(Order, backref="allocations", null=True)
    deposit = ForeignKeyField(Deposit, backref="allocations", null=True)
    received_on = DateField()
    created_at = InstantField()


class WebhookEvent(Row):
    """What a company told us, kept as it came; each id counts once."""

    company = CharField()
    event_id = CharField()
    body = TextField()
    received_at = InstantField()

    @classmethod
    def record(cls, **values: Any) -> bool:
        """True the first time that this company tells this."""
        return cls.insert(**values).on_conflict_ignore().as_rowcount().execute() == 1


# -- contracts ---------------------------------------------------------------------------------------------------------


class Subscription(Row):
    """One product that a customer has."""

    account = ForeignKeyField(Account, backref="subscriptions")
    product = CharField()
    kind = CharField()
    variant = CharField()
    name = CharField()
    quantity = IntegerField()
    renews = BooleanField(default=False)
    stopped_on = DateField(null=True)
    stopped_until = DateField(null=True)
    ended_on = DateField(null=True)
    created_at = InstantField()

    @property
    def last_term(self) -> "Term":
        return self.terms.order_by(Term.starts_on.desc()).get()


class Term(Row):
    """One paid stretch of a subscription; both days belong to it. It begins on the day after the one before it."""

    subscription = ForeignKeyField(Subscription, backref="terms")
    starts_on = DateField()
    ends_on = DateField()
    order = ForeignKeyField(Order, backref="terms")
    order_line = ForeignKeyField(OrderLine, backref="terms")
    previous_term = ForeignKeyField("self", null=True)
    previous_ends_on = DateField(null=True)

    @classmethod
    def has_two_after(cls) -> Any:
        """Whether two more of the same subscription follow: what a page about today has no use for."""
        later, latest = cls.alias(), cls.alias()
        after = later.select(SQL("1")).join(latest, on=(latest.previous_term == later.id)).where(later.previous_term == cls.id)
        return fn.EXISTS(after)


class RenewalSetting(Row):
    """How an account pays its automatic renewals: the last card or wallet that it paid with."""

    account = ForeignKeyField(Account, backref="renewal_settings")
    method = CharField()
    wallet_day = IntegerField(null=True)
    payment_method = ForeignKeyField(PaymentMethod, backref="renewal_settings")
    set_on = DateField()
    updated_at = InstantField()


class Reservation(Row):
    """What the customer wants the next automatic charge to be, agreed on a confirmation of its own. `content` is its lines as JSON."""

    account = ForeignKeyField(Account, backref="reservations")
    ends_on = DateField()
    typed = TextField()
    content = TextField()
    yen = BigIntegerField()
    made_at = InstantField()


class Announcement(Row):
    """What the first notice said that a charge will be at most, and the day that the newest one named: no charge is earlier.

    `content` is subscription -> yen as JSON. No `charge_on`: the customer has moved the day since.
    """

    account = ForeignKeyField(Account, backref="announcements")
    ends_on = DateField()
    charge_on = DateField(null=True)
    yen = BigIntegerField()
    content = TextField()
    announced_on = DateField()


class SentNotice(Row):
    """A notice whose mail was written: it is not written again. Those of kind `end` and `deletion` are about one subscription each.

    `which`: first or second, or the day that it is about. A reset of the method is about no end.
    """

    account = ForeignKeyField(Account, backref="sent_notices")
    kind = CharField()
    subscription = ForeignKeyField(Subscription, null=True)
    ends_on = DateField(null=True)
    which = CharField(default="")
    written_at = InstantField()

    @classmethod
    def was_reset_since(cls, account: Account, moment: datetime) -> bool:
        return cls.select().where(cls.account == account, cls.kind == NoticeKind.RESET, cls.written_at > moment).exists()


class Schedule(Row):
    """When the worker has to look at an account again, in the contract world; `lease_until` is a worker's claim, in real time."""

    account = ForeignKeyField(Account, backref="schedules", primary_key=True)
    due_on = DateField()
    fence = IntegerField(default=0)
    lease_until = InstantField(null=True)

    @classmethod
    def wake(cls, account: Account, on: date) -> None:
        """Look at this account on that day at the latest. Called inside the transaction that changes its facts."""
        if not cls.update(due_on=on).where(cls.account == account, cls.due_on > on).execute():
            cls.insert(account=account, due_on=on).on_conflict_ignore().as_rowcount().execute()

    @classmethod
    def due(cls, today: date, real_now: datetime, limit: int) -> list[Self]:
        """Accounts whose day has come and that no worker holds."""
        free = cls.lease_until.is_null() | (cls.lease_until <= real_now)
        return list(cls.select().where(cls.due_on <= today, free).order_by(cls.due_on, cls.account).limit(limit))

    @classmethod
    def due_after(cls, account_id: int, today: date, real_now: datetime, limit: int) -> list[Self]:
        """The next of them by their key: for whoever goes through all."""
        free = cls.lease_until.is_null() | (cls.lease_until <= real_now)
        return list(cls.select().where(cls.account > account_id, cls.due_on <= today, free).order_by(cls.account).limit(limit))

    def claim(self, real_now: datetime, until: datetime) -> bool:
        """True for the one worker that may look at this account now; nobody else does before `until`. Raises RowIsLocked."""
        free = Schedule.lease_until.is_null() | (Schedule.lease_until <= real_now)
        mine = (Schedule.account == self.account_id) & (Schedule.fence == self.fence) & free
        is_mine = claim(Schedule, mine, Account.one(self.account_id), fence=self.fence + 1, lease_until=until)
        self.fence += 1
        return is_mine

    def is_still_mine(self) -> bool:
        """Whether nobody has claimed this account since: asked in the transaction that would do something about it."""
        return Schedule.select().where(Schedule.account == self.account_id, Schedule.fence == self.fence).exists()

    def release(self, due_on: date) -> bool:
        """Hand the account back, to be looked at again on that day. False when somebody else has claimed it meanwhile."""
        mine = (Schedule.account == self.account_id) & (Schedule.fence == self.fence)
        return Schedule.update(due_on=due_on, lease_until=None).where(mine).execute() == 1


_SENT = SQL("'sent'")  # see spelled_out


class HostingEvent(Outgoing):
    """One event of a contract that the hosting side has to know: written once per `key`, sent as `body` says, in the order of its ids."""

    states = HostingEventState

    account = ForeignKeyField(Account, backref="hosting_events")
    subscription = ForeignKeyField(Subscription, backref="hosting_events")
    kind = CharField()
    product = CharField()
    variant = CharField()
    quantity = IntegerField()
    starts_on = DateField(null=True)
    ends_on = DateField(null=True)
    order_number = CharField(null=True)
    key = CharField()
    body = TextField()

    @property
    def kind_label(self) -> str:
        return HostingEventKind(self.kind).label

    @classmethod
    def is_unsent(cls) -> Any:
        """A condition for queries."""
        return cls.state != _SENT

    @classmethod
    def is_known(cls, key: str, subscription: Subscription) -> bool:
        return cls.select().where(cls.key == key, cls.subscription == subscription).exists()

    @classmethod
    def due(cls, now: datetime, real_now: datetime, limit: int) -> list[Self]:
        return list(cls.all_due(now, real_now).order_by(cls.next_try_at, cls.id).limit(limit))

    @classmethod
    def all_due(cls, now: datetime, real_now: datetime) -> Query:
        """Events whose turn has come, and those whose sender has vanished: of each subscription only the first that is not sent."""
        waits = cls.state.in_([HostingEventState.WAITING, HostingEventState.FAILED]) & (cls.next_try_at <= now)
        left = (cls.state == HostingEventState.SENDING) & (cls.claimed_until <= real_now)
        earlier = cls.alias()
        before = earlier.select(earlier.id).where(earlier.subscription == cls.subscription, earlier.id < cls.id, earlier.state != _SENT)
        return cls.select().where(cls.is_unsent(), waits | left, ~fn.EXISTS(before))


# -- history -----------------------------------------------------------------------------------------------------------


class Event(Row):
    """Who changed which state, when and why, and whose it is. Rows are only ever added."""

    account = ForeignKeyField(Account, backref="events", null=True)
    entity = CharField()
    from_state = CharField(null=True)
    to_state = CharField()
    actor = CharField()
    reason = TextField()
    at = InstantField()


class Installation(Row):
    """Whose database this is, so that a copy of it charges nobody; and the catalog by which the agenda was made."""

    installation_id = CharField()
    is_demo = BooleanField()
    catalog_sha256 = CharField(null=True)


# -- mail --------------------------------------------------------------------------------------------------------------


class Mail(Outgoing):
    """One mail about one event to one address, as it was written; a repeat carries the same Message-ID.

    `good_until` is the last day on which what it says is true; after that it is withdrawn instead of sent.
    """

    states = MailState

    kind = CharField()
    entity = CharField()
    recipient = CharField()
    account = ForeignKeyField(Account, backref="mails", null=True)
    message_id = CharField()
    subject = CharField()
    body = TextField()
    good_until = DateField(null=True)

    @classmethod
    def exists_for(cls, kind: str, entity: str, recipient: str) -> bool:
        return cls.select().where(cls.kind == kind, cls.entity == entity, cls.recipient == recipient).exists()

    @classmethod
    def due(cls, now: datetime, real_now: datetime, limit: int) -> list[Self]:
        return list(cls.all_due(now, real_now).order_by(cls.next_try_at, cls.id).limit(limit))

    @classmethod
    def all_due(cls, now: datetime, real_now: datetime) -> Query:
        """Mails whose turn has come, and those whose sender has vanished."""
        waits = (cls.state == MailState.WAITING) & (cls.next_try_at <= now)
        left = (cls.state == MailState.SENDING) & (cls.claimed_until <= real_now)
        unsent = cls.state.in_(as_literals([MailState.WAITING, MailState.SENDING]))
        return cls.select().where(unsent, waits | left)


TABLES = (
    Installation, Account, Staff, RecoveryCode, Session, SignInAttempt, Order, OrderLine, Consent, PaymentMethod, PaymentMethodSetup,
    Payment, Confirmation, Deposit, TransferReport, Allocation, WebhookEvent, Subscription, Term, RenewalSetting, Reservation,
    Announcement, SentNotice, Schedule, HostingEvent, Event, Mail,
)  # fmt: skip
