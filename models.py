"""The tables. Each state change is one guarded single-row UPDATE. Constraints are in migrations/. Yen; dates are inclusive, in Japan.

Contents: people (Account, Staff, Session, OneTimeLink, PasswordRequest, CountedTry) · orders (Order, OrderLine, Consent) · money
(PaymentMethod, PaymentMethodSetup, Payment, Confirmation, Deposit, BankFile, BankLine, StatementDay, CsvMapping, PayerAlias,
VirtualAccount, MatchingRun, TransferReport, Allocation, MovedMoney, Dispute, Refund, PayoutFile, Payout, ReleasedPart, WebhookEvent) ·
papers (Invoice, InvoiceAddressee, InvoiceVoid, InvoiceDay, InvoiceOwed) · contracts (Subscription, Term, RenewalSetting, Reservation,
Announcement, SentNotice, Schedule, HostingEvent) · certificates (Domain, Certificate) · history (Event) · Installation · mail (Mail)
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache, cached_property, reduce
from itertools import groupby
from operator import itemgetter, or_
from typing import Any, Self, TypeVar

from peewee import (
    JOIN,
    SQL,
    BigIntegerField,
    BooleanField,
    CharField,
    DeferredForeignKey,
    Field,
    ForeignKeyField,
    IntegerField,
    Model,
    Query,
    TextField,
    fn,
)

from portal.enums import (
    AllocationSource,
    BankFileState,
    CertificateState,
    DisputeState,
    DomainState,
    HostingEventKind,
    HostingEventState,
    InvoiceKind,
    LabelEnum,
    LineKind,
    LinkPurpose,
    LinkState,
    MailState,
    Method,
    NoticeKind,
    OrderKind,
    OrderState,
    PaymentMethodState,
    PaymentState,
    PayoutState,
    ProductKind,
    RefundState,
    RemittanceState,
    SetupState,
    StaffRole,
)
from portal.store.changes import moved, moved_all
from portal.store.database import database, for_update
from portal.store.fields import DateField, EncryptedField, InstantField
from portal.store.inserts import inserted_id, inserted_ids
from portal.store.prepared import Prepared
from portal.store.row_locks import RowIsLocked, claim, claim_all, skip_locked, some_of

# Queries that have many parts are made once (`@cache`): adding a condition to one makes another, so nobody changes them. Those of every
# page or renewal are prepared (`@Prepared`): written once as well, and called with the values.


class Row(Model):
    class Meta:
        database = database
        legacy_table_names = False


class Outgoing(Row):
    """A message that the worker sends and retries until it is accepted. One worker claims it at a time.

    `next_try_at` and `trying_since` are business time; `claimed_until` is a worker's lease, in real time. `tries` counts all tries and is
    the fencing number of a claim; `pauses` counts the growing pauses of the current series.
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
        """True for the one worker that may send it, with a lease until `until`. Raises RowIsLocked."""
        table = type(self)
        unchanged = (table.id == self.id) & (table.state == self.state) & (table.tries == self.tries)
        values = {"state": self.states.SENDING, "tries": table.tries + 1, "claimed_until": until}
        values["trying_since"] = self.trying_since or now
        if not claim(table, unchanged, Account.one(self.account_id), **values):
            return False
        self.tries, self.state, self.trying_since = self.tries + 1, self.states.SENDING, values["trying_since"]
        return True

    def move(self, to: str, *, came_from: Iterable[str], **values: Any) -> bool:
        """Change the state and end the claim. False if the state is another, or a newer claim exists."""
        table = type(self)
        unchanged = (table.id == self.id) & table.state.in_(list(came_from)) & (table.tries == self.tries)
        return table.update(state=to, claimed_until=None, **values).where(unchanged).execute() == 1

    def mark_sent(self, at: datetime) -> bool:
        """Mark it as accepted by the receiver, even if another worker has claimed it meanwhile. True the first time."""
        table = type(self)
        unsent = (table.id == self.id) & (table.state != self.states.SENT)
        values = {"state": self.states.SENT, "sent_at": at, "claimed_until": None, "last_error": ""}
        return table.update(values).where(unsent).execute() == 1


def as_literals(states: Iterable[str]) -> list[SQL]:
    """SQL literals for `in_()`. SQLite uses a partial index only if the condition has the same literals in the same order."""
    return [SQL(f"'{state!s}'") for state in states]


def new_number(digits: int = 8) -> str:
    """A random number, short enough for a bank transfer, that gives no clue to other numbers."""
    return str(secrets.randbelow(9 * 10 ** (digits - 1)) + 10 ** (digits - 1))


def different_numbers(count: int, digits: int = 8) -> list[str]:
    """So many new numbers, which rows of a table may have."""
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        drawn[new_number(digits)] = None
    return list(drawn)


def new_numbers(table: type[Row], count: int, digits: int = 8) -> list[str]:
    """So many numbers that no row of the table has, for rows that are written together."""
    found: dict[str, None] = {}
    while len(found) < count:
        drawn = set(different_numbers(min(count - len(found), 500), digits)) - found.keys()
        taken = {row.number for row in table.select(table.number).where(table.number.in_(sorted(drawn)))}
        found |= dict.fromkeys(drawn - taken)
    return list(found)


Created = TypeVar("Created", bound=Row)


def created_with_number(table: type[Created], digits: int = 8, **values: Any) -> Created:
    """Create a row with a new unique number; draws again if the number exists. Raises IntegrityError for other constraints."""
    while True:
        row = created_unless_there(table, table.number, number=new_number(digits), **values)
        if row is not None:
            return row


def created_unless_there(table: type[Created], *unique: Field, **values: Any) -> Created | None:
    """Create a row. None if there is one with the same values of these columns, which together are unique in the table.

    Raises IntegrityError for other constraints.
    """
    row = _filled(table, values)
    row.id = inserted_id(table, row.__data__, unless_there=unique)
    return row if row.id else None


def created(table: type[Created], **values: Any) -> Created:
    """As `table.create`, for a table with an id, in a quarter of its time."""
    row = _filled(table, values)
    row.id = inserted_id(table, row.__data__)
    row._dirty.clear()
    return row


def created_all(
    table: type[Created], key: Field, rows: Sequence[Mapping[str, Any]], *, unless_there: Sequence[Field] | None = None
) -> list[Created | None]:
    """Rows with the same columns, by one statement and in their sequence. `key`: a column that tells them apart.

    None for one that is there already, in the sense of `created_unless_there`; with an empty `unless_there` of whatever is unique in the
    table. Without it that raises IntegrityError.
    """
    made = [_filled(table, values) for values in rows]
    ids = inserted_ids(table, [row.__data__ for row in made], key, unless_there=unless_there) if made else {}
    for row in made:
        row.id = ids.get(row.__data__[key.name])
        row._dirty.clear()
    return [row if row.id else None for row in made]


def created_with_numbers(table: type[Created], rows: Sequence[Mapping[str, Any]]) -> list[Created]:
    """Rows with the same columns, each with a new unique number, by one statement and in their sequence."""
    numbered = [{"number": number, **values} for number, values in zip(different_numbers(len(rows)), rows, strict=True)]
    made = created_all(table, table.number, numbered, unless_there=[table.number])
    return [row or created_with_number(table, **values) for row, values in zip(made, rows, strict=True)]


def _filled(table: type[Created], values: Mapping[str, Any]) -> Created:
    """As `table(**values)`, but no value goes through its column. The names are the columns' own, not those of their keys."""
    row = table()
    for name, value in values.items():
        if isinstance(value, Row):
            row.__rel__[name], value = value, value.get_id()
        row.__data__[name] = value
    return row


# -- people ------------------------------------------------------------------------------------------------------------


class Account(Row):
    """One customer of the company, with at most one server. `name_key`: as banks print the name (rules/transfers/name_key).

    `closed_at`: staff have closed it: no sign-in, no automatic charges. `charges_held_at`: a lost dispute holds the automatic charges until
    staff have chosen. `reopened_at`: when staff last allowed them again.
    `notice_email`: a second address that gets the notices of renewals and payments too. `erased_at`: nothing here names the person any more
    (actions/privacy).
    """

    login = CharField()
    password_hash = CharField()
    name = CharField()
    name_key = CharField(default="")
    email = CharField()
    notice_email = CharField(null=True)
    plan = CharField()
    created_at = InstantField()
    closed_at = InstantField(null=True)
    charges_held_at = InstantField(null=True)
    reopened_at = InstantField(null=True)
    erased_at = InstantField(null=True)

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_held(self) -> bool:
        return self.charges_held_at is not None

    @classmethod
    def by_login(cls, login: str) -> Self | None:
        return cls.get_or_none(cls.login == login.strip().lower())

    @classmethod
    def open_with_email(cls, email: str) -> Query:
        """The accounts, not closed, with this address, in any case of its letters."""
        return cls.select().where(fn.LOWER(cls.email) == email.strip().lower(), cls.closed_at.is_null()).order_by(cls.id)

    @classmethod
    def one(cls, account_id: int | None) -> Query | None:
        """A query for the account; None if `account_id` is None (a mail to staff has no account)."""
        return None if account_id is None else cls.select(cls.id).where(cls.id == account_id)

    @classmethod
    def locked(cls, account_id: int) -> Self:
        """The current account row, locked until the transaction ends. Its lock also guards its orders and settings."""
        found = cls._locked.first(account_id)
        if found is None:
            raise cls.DoesNotExist(f"account {account_id}")
        return found

    @Prepared
    @staticmethod
    def _locked(account_id: Any) -> Query:
        return for_update(Account.select().where(Account.id == account_id))

    @classmethod
    def all_locked(cls, account_ids: Sequence[int]) -> "list[Self]":
        """The same for several: raises RowIsLocked instead of waiting for one while the others are held. One alone is waited for."""
        if len(account_ids) == 1:
            return [cls.locked(account_ids[0])]
        found = cls._locked_unless_others_have_them(account_ids)
        if len(found) < len(account_ids) and len(found) < cls.select().where(cls.id.in_(account_ids)).count():
            raise RowIsLocked
        return found

    @Prepared
    @staticmethod
    def _locked_unless_others_have_them(account_ids: list[Any]) -> Query:
        return skip_locked(Account.select().where(Account.id.in_(account_ids)).order_by(Account.id))

    def draft(self, kind: OrderKind, adds: str = "") -> "Order | None":
        return self.orders.where(Order.kind == kind, Order.adds == adds, Order.state == OrderState.DRAFT).first()

    @property
    def placed_order(self) -> "Order | None":
        """The one order of the contract that is placed and not paid yet. Orders of kind `add` stand beside it."""
        return self.orders.where(Order.state == OrderState.PLACED, Order.kind != OrderKind.ADD).first()

    def placed_like(self, order: "Order") -> "Order | None":
        """The placed order in whose place this one would stand: of the contract, or of kind `add` for the same thing."""
        if not order.is_addition:
            return self.placed_order
        return self.placed_addition(order.adds)

    def placed_addition(self, adds: str) -> "Order | None":
        return self.orders.where(Order.kind == OrderKind.ADD, Order.adds == adds, Order.state == OrderState.PLACED).first()

    @property
    def placed_transfer(self) -> "Order | None":
        """A placed order that waits for a transfer; the contract's own first."""
        awaited = self.orders.where(Order.state == OrderState.PLACED, Order.method == Method.BANK)
        return awaited.order_by(Order.kind == OrderKind.ADD, Order.id).first()

    @property
    def latest_order(self) -> "Order | None":
        """The newest order that is not a draft, in any state."""
        return self.orders.where(Order.state != OrderState.DRAFT).order_by(Order.placed_at.desc(), Order.id.desc()).first()

    @property
    def current_orders(self) -> "list[Order]":
        """The contract's drafts and its latest order in one query, with `attempt` (the newest), `report`, `received` (allocated yen) and
        `taken_back` (a dispute was lost).
        """
        rows = [row.with_joined_values() for row in Account._current_orders(self.id)]
        for row in rows:
            row.account = self  # it is known, and need not be read again
        return rows

    @Prepared
    @staticmethod
    def _current_orders(account_id: Any) -> Query:
        orders, attempts = Order.alias(), Payment.alias()
        of_contract = (orders.account == Order.account) & (orders.kind != OrderKind.ADD)
        latest = orders.select(orders.id).where(of_contract, orders.state != OrderState.DRAFT)
        latest = latest.order_by(orders.placed_at.desc(), orders.id.desc()).limit(1)
        newest = attempts.select(fn.MAX(attempts.attempt)).where(attempts.order == Order.id)
        received = Allocation.sum_for(Order.id)
        taken_back = Refund.took_back(Order.id).alias("taken_back")
        query = Order.select(Order, Payment, TransferReport, received.alias("received"), taken_back)
        query = query.join(Payment, JOIN.LEFT_OUTER, on=(Payment.order == Order.id) & (Payment.attempt == newest), attr="attempt")
        query = query.switch(Order).join(TransferReport, JOIN.LEFT_OUTER, attr="report")
        is_draft = (Order.state == OrderState.DRAFT) & (Order.kind != OrderKind.ADD)
        return query.where(is_draft | (Order.id == latest)).where(Order.account == account_id)

    def order(self, number: str) -> "Order | None":
        """The account's own order of this number, in any state."""
        return Account._order.first(self.id, number)

    @Prepared
    @staticmethod
    def _order(account_id: Any, number: Any) -> Query:
        return Order.select().where(Order.account == account_id, Order.number == number)

    def confirmed_order(self, number: str) -> "Order | None":
        """The account's own order of this number, unless it is still a draft."""
        return self.orders.where(Order.number == number, Order.state != OrderState.DRAFT).first()

    @property
    def terms(self) -> "list[Term]":
        """See `terms_of`."""
        return Account.terms_of([self.id])

    @classmethod
    def terms_of(cls, account_ids: Sequence[int]) -> "list[Term]":
        """The last two terms of each subscription that has not ended, with subscription, order and line, sorted by subscription and day.

        A subscription without a term, because staff undid its only payment, has one that is not stored: see `Term.is_undone`. Devices that
        were added during a term are no rows of their own: see `Subscription.part_of`.
        """
        return [row.joined_term for row in cls._latest_terms(account_ids)]

    @Prepared
    @staticmethod
    def _latest_terms(account_ids: list[Any]) -> Query:
        latest = Subscription.with_terms().where(Subscription.ended_on.is_null(), Term.id.is_null() | ~Term.has_two_after())
        return latest.where(Subscription.account.in_(account_ids)).order_by(Subscription.id, Term.starts_on)

    @classmethod
    def newest_terms_of(cls, account_ids: Sequence[int]) -> "list[Term]":
        """Of these the last term of each subscription alone, sorted by subscription."""
        return [row.joined_term for row in cls._newest_terms(account_ids)]

    @Prepared
    @staticmethod
    def _newest_terms(account_ids: list[Any]) -> Query:
        newest = Subscription.with_terms().where(Subscription.ended_on.is_null(), Term.id.is_null() | ~Term.has_one_after())
        return newest.where(Subscription.account.in_(account_ids)).order_by(Subscription.id)

    @property
    def held_yen(self) -> int:
        """お預かりしている金額: the customer's money that is for no order, less what was given back of it."""
        [found] = Account._held(self.id)
        return int(found.yen)

    @Prepared
    @staticmethod
    def _held(account_id: Any) -> Query:
        held = Allocation.select(fn.COALESCE(fn.SUM(Allocation.yen), 0).alias("yen"))
        return held.where(Allocation.account == account_id, Allocation.order.is_null())

    def virtual_number(self, branch_code: str) -> str | None:
        """The customer's own number to transfer to, at that branch."""
        mine = self.virtual_accounts.where(VirtualAccount.code.startswith(branch_code)).first()
        return mine.code[len(branch_code) :] if mine else None

    @property
    def going_back_yen(self) -> int:
        """What of お預かり is planned to go back by a transfer."""
        kept = Payout.select(fn.COALESCE(fn.SUM(Payout.yen), 0)).where(Payout.account == self.id, Payout.deposit.is_null(False))
        return int(kept.where(Payout.is_live()).scalar())

    @property
    def renewal_setting(self) -> "RenewalSetting | None":
        """How the account pays automatic charges, with its card or wallet. None without automatic renewal."""
        return Account._renewal_setting.first(self.id)

    @Prepared
    @staticmethod
    def _renewal_setting(account_id: Any) -> Query:
        query = RenewalSetting.select(RenewalSetting, PaymentMethod).join(PaymentMethod)
        return query.where(RenewalSetting.account == account_id)

    @property
    def reservation(self) -> "Reservation | None":
        return self.reservations.first()

    @property
    def wallet(self) -> "PaymentMethod | None":
        """The linked wallet; at most one."""
        return self.payment_methods.where(PaymentMethod.method == Method.WALLET, PaymentMethod.state == PaymentMethodState.ACTIVE).first()

    @property
    def bounced_mail(self) -> "Mail | None":
        """The newest mail, if the address did not take it."""
        return Account._bounced_mail.first(self.id)

    @Prepared
    @staticmethod
    def _bounced_mail(account_id: Any) -> Query:
        return Mail.select(Mail).join(Account).where(Mail.account == account_id, Mail.has_bounced()).limit(1)

    @property
    def last_ended_server(self) -> "Subscription | None":
        return Account._last_ended_server.first(self.id)

    @Prepared
    @staticmethod
    def _last_ended_server(account_id: Any) -> Query:
        ended = Subscription.select().where(Subscription.account == account_id, Subscription.kind == ProductKind.SERVER)
        return ended.where(Subscription.ended_on.is_null(False)).order_by(Subscription.ended_on.desc()).limit(1)

    @property
    def server(self) -> "Subscription | None":
        return Account._server.first(self.id)

    @Prepared
    @staticmethod
    def _server(account_id: Any) -> Query:
        servers = Subscription.select().where(Subscription.account == account_id, Subscription.kind == ProductKind.SERVER)
        return servers.where(Subscription.ended_on.is_null()).limit(1)


class Staff(Row):
    """A member of the company's staff, who signs in with a password and a second factor."""

    login = CharField()
    password_hash = CharField()
    name = CharField()
    totp_secret = EncryptedField()
    totp_step = BigIntegerField(default=0)
    role = CharField(default=StaffRole.ACTING)
    is_active = BooleanField(default=True)
    created_at = InstantField()
    uses_keys = BooleanField(default=True)

    @classmethod
    def by_login(cls, login: str) -> Self | None:
        return cls.get_or_none(cls.login == login.strip().lower(), cls.is_active)

    @classmethod
    def active(cls, staff_id: int) -> Self | None:
        return cls.get_or_none(cls.id == staff_id, cls.is_active)

    @property
    def may_act(self) -> bool:
        return self.role == StaffRole.ACTING

    @property
    def role_label(self) -> str:
        return StaffRole(self.role).label

    def use_step(self, step: int, *, newest: int) -> bool:
        """Use a one-time code. False if this code or a newer one was used already.

        `newest`: the newest step that may be used now. A later one was used while the system clock was wrong, and does not count.
        """
        unused = (Staff.totp_step < step) | (Staff.totp_step > newest)
        return Staff.update(totp_step=step).where(Staff.id == self.id, unused).execute() == 1


class RecoveryCode(Row):
    """A code that replaces the second factor once."""

    staff = ForeignKeyField(Staff, backref="recovery_codes")
    code_hash = CharField()
    used_at = InstantField(null=True)


class Session(Row):
    """A browser, signed in or not. Only the hash of its cookie is stored. `browser`, `address`: of the request that signed in.

    A session ends after 30 minutes without a request, and after 12 hours in any case.
    """

    IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)

    token_hash = CharField(primary_key=True)
    account = ForeignKeyField(Account, backref="sessions", null=True)
    staff = ForeignKeyField(Staff, backref="sessions", null=True)
    data = TextField()
    browser = CharField(default="")
    address = CharField(default="")
    created_at = InstantField()
    seen_at = InstantField()

    @classmethod
    def is_over(cls, now: datetime) -> Any:
        """A query condition: the session has ended."""
        return reduce(or_, cls.ways_to_end(now))

    @classmethod
    def ways_to_end(cls, now: datetime) -> list[Any]:
        """Query conditions, each with its index."""
        return [cls.seen_at < now - cls.IDLE, cls.created_at < now - cls.ABSOLUTE]

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None or self.staff_id is not None

    def has_ended(self, now: datetime) -> bool:
        return now > self.end_if_seen(self.seen_at)

    def end_if_seen(self, moment: datetime) -> datetime:
        """When it ends if its last request is at that moment."""
        return min(moment + self.IDLE, self.created_at + self.ABSOLUTE)

    @property
    def mark(self) -> str:
        """Names the session on a page, and opens nothing."""
        return hashlib.sha256(self.token_hash.encode()).hexdigest()[:16]

    def end_at(self, moment: datetime) -> None:
        """Move its end forward: it has ended from that moment on, and stays known."""
        Session.update(seen_at=moment - self.IDLE - timedelta.resolution).where(Session.token_hash == self.token_hash).execute()


class OneTimeLink(Row):
    """A link that stands in one mail alone, for one use. The token is drawn when the mail is sent, anew each time it is sent.

    Only its hash is kept. At most one is open per account and purpose. `address`: where the mail goes. Real time.
    """

    LASTS = timedelta(minutes=30)  # after the mail was sent

    account = ForeignKeyField(Account, backref="links")
    purpose = CharField()
    address = CharField()
    state = CharField(default=LinkState.OPEN)
    token_hash = CharField(null=True)
    valid_until = InstantField(null=True)
    used_at = InstantField(null=True)
    created_at = InstantField()

    @classmethod
    def replace(cls, account: Account, *purposes: LinkPurpose) -> None:
        """Older links of these purposes open nothing any more."""
        mine = (cls.account == account) & cls.purpose.in_(purposes)
        cls.update(state=LinkState.REPLACED).where(mine, cls.state == LinkState.OPEN).execute()

    def draw(self, token_hash: str, valid_until: datetime) -> bool:
        """The mail is sent now, with this token. False if the link is used or replaced."""
        values = {"token_hash": token_hash, "valid_until": valid_until}
        return OneTimeLink.update(values).where(self._is_open).execute() == 1

    def use(self, now: datetime) -> bool:
        """True for the one press that uses it, while the token is the newest and not too old."""
        is_valid = (OneTimeLink.token_hash == self.token_hash) & (OneTimeLink.valid_until >= now)
        return OneTimeLink.update(state=LinkState.USED, used_at=now).where(self._is_open, is_valid).execute() == 1

    @property
    def is_open(self) -> bool:
        return self.state == LinkState.OPEN

    @property
    def _is_open(self) -> Any:
        return (OneTimeLink.id == self.id) & (OneTimeLink.state == LinkState.OPEN)


class PasswordRequest(Row):
    """Somebody asked for a password link. The worker looks whose it is, so the answer takes as long for nobody as for a customer.

    `form`: the hash of the pressed form with what was typed: pressed twice, it is one. `typed` is deleted when it is answered. Real time.
    """

    form = CharField()
    typed = CharField(null=True)
    asked_at = InstantField()
    answered_at = InstantField(null=True)


class KeptInput(Row):
    """What was typed on a page of its owner (`account` or `staff`) and sent after the session had ended. Stores only the cookie's hash."""

    LASTS = timedelta(minutes=30)

    token_hash = CharField(primary_key=True)
    account = ForeignKeyField(Account, null=True)
    staff = ForeignKeyField(Staff, null=True)
    page = CharField()
    typed = TextField()
    network = CharField()
    created_at = InstantField()


class CountedTry(Row):
    """A try that counts against a limit (rules/accounts/limits.py). Keys and hashes only, never typed text.

    `browser`: one that passed before; `press`: of what button, where its second press must not count.
    """

    kind = CharField()
    who = CharField()
    network = CharField()
    browser = CharField(null=True)
    press = CharField(null=True)
    at = InstantField()


# -- orders ------------------------------------------------------------------------------------------------------------


class Order(Row):
    """An order: a draft while the customer fills in the form, then as the customer confirmed it.

    `typed`: the form's fields as JSON. `revision` counts changes of the draft. `typed_page`, `typed_sent`: the page that sent them, and
    when by the browser's clock (ms; 0 without script). `renews_end`: the end that an automatic order renews.
    `reopened_on`: a late part opened the expired order again, which happens once. `waits_until`: a limit on tries allows the next one
    then (business time). `former_name_key`: of the customer's name when it was placed, if that has changed since.
    `adds`: of kind `add` alone, what it adds: the id of a product, or of a certificate's product and its common name. `keeps_method`: the
    customer wants its card or wallet to pay automatic renewals from now on (「今後の自動更新のお支払いにも使う」). `has_money`: something
    has come for it while it waits for a transfer; the database writes that (migrations/0052).
    """

    number = CharField()
    account = ForeignKeyField(Account, backref="orders")
    kind = CharField()
    state = CharField(default=OrderState.DRAFT)
    typed = TextField(default="{}")
    revision = IntegerField(default=0)
    typed_page = CharField(default="")
    typed_sent = BigIntegerField(default=0)
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
    reopened_on = DateField(null=True)
    waits_until = InstantField(null=True)
    former_name_key = CharField(default="")
    adds = CharField(default="")
    keeps_method = BooleanField(default=False)
    has_money = BooleanField(default=False)

    @property
    def choices(self) -> dict[str, str]:
        """The form's fields as the customer last filled them in."""
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
    def is_cancelled(self) -> bool:
        return self.state == OrderState.CANCELLED

    @property
    def received_yen(self) -> int:
        """Yen that count towards the total: money, and a difference that staff accepted."""
        return int(Allocation.sum_for(self.id).scalar())

    @property
    def is_taken_back(self) -> bool:
        """It was paid, and the card company has taken money of it back: see `Refund.took_back`."""
        return self.state == OrderState.PAID and Refund.lost_to(self.id).exists()

    @property
    def waived_yen(self) -> int:
        """The difference that staff accepted; no money."""
        found = Allocation.get_or_none(Allocation.order == self.id, Allocation.source == AllocationSource.WAIVED)
        return found.yen if found else 0

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
    def is_addition(self) -> bool:
        return self.kind == OrderKind.ADD

    @property
    def common_name(self) -> str:
        """Of an order that adds a certificate: what for. Else empty."""
        return self.adds.partition(" ")[2]

    @property
    def changes_method(self) -> bool:
        """True if paying it by card or wallet sets how automatic renewals are paid. Of kind `add`: only if the customer said so."""
        return not self.is_addition or self.keeps_method

    @property
    def transfer_report(self) -> "TransferReport | None":
        return self.transfer_reports.first()

    @property
    def lines_in_order(self) -> "list[OrderLine]":
        """See `OrderLine.of_orders`."""
        return OrderLine.of_orders([self.id])[self.id]

    @property
    def gives_days_back(self) -> bool:
        """True if it had bought something until staff undid its payment: once paid, the same days come back."""
        return self.lines.where(OrderLine.undone_subscription.is_null(False)).exists()

    @property
    def latest_payment(self) -> "Payment | None":
        return self.payments.order_by(Payment.attempt.desc()).first()

    @classmethod
    def locked(cls, order_id: int) -> Self:
        """The current order row, locked until the transaction ends."""
        return for_update(cls.select().where(cls.id == order_id)).get()

    @classmethod
    def all_locked(cls, order_ids: Sequence[int]) -> list[Self]:
        """The same for several, whose accounts are locked."""
        return cls._locked(order_ids)

    @Prepared
    @staticmethod
    def _locked(order_ids: list[Any]) -> Query:
        return for_update(Order.select().where(Order.id.in_(order_ids)).order_by(Order.id))

    def with_joined_values(self) -> Self:
        """Clean up after an outer join: None for a missing attempt or report, int for the sum."""
        self.attempt, self.report = (row if row is not None and row.id else None for row in (self.attempt, self.report))
        self.received = int(self.received)
        return self

    def remember(self, choices: dict[str, str], **kept: Any) -> bool:
        """Store the form's fields in the draft. False if it is no longer a draft."""
        is_new = choices != self.choices
        values = {"typed": json.dumps(choices, ensure_ascii=False), "revision": Order.revision + int(is_new)} | kept
        return Order.update(values).where(Order.id == self.id, Order.state == OrderState.DRAFT).execute() == 1

    def move(self, to: OrderState, *, came_from: Collection[OrderState], **values: Any) -> bool:
        """Change the state. True for the one call that changed it; False if the state is not in `came_from`."""
        return moved(self, came_from, state=to, **values)

    @classmethod
    def move_each(
        cls, rows: Mapping[int, Mapping[str, Any]], to: OrderState, *, came_from: Collection[OrderState], **values: Any
    ) -> set[int]:
        """The same for several, by id, each with its own values besides. Returns the ids of those that this call changed."""
        return moved_all(cls, rows, came_from, state=to, **values)


class OrderLine(Row):
    """A confirmed line. Its name and prices stay, even if the catalog changes. Without an order: of a contract that was imported.

    `subscription`: the one to renew; None for a new purchase. `is_last_time`: the catalog no longer sells this period.
    `renews_by_default`: paying by card or wallet turns automatic renewal on. `undone_subscription`: what a new purchase had bought until
    staff undid its payment; the line has the days of that term, and gives them back when it is paid again. `part_of`: it adds devices to
    the running term of that subscription, until `ends_on`. `common_name`: of the certificate, as people write it, if it had one then.
    """

    order = ForeignKeyField(Order, backref="lines", null=True)
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
    undone_subscription = DeferredForeignKey("Subscription", backref="undone_lines", null=True)
    part_of = DeferredForeignKey("Subscription", backref="added_lines", null=True)
    is_last_time = BooleanField(default=False)
    renews_by_default = BooleanField(default=True)
    common_name = CharField(default="")

    @property
    def label(self) -> str:
        """As `rules.orders.quote.label`."""
        return f"{self.name} {self.common_name}".rstrip()

    @property
    def needs_common_name(self) -> bool:
        """As of `rules.orders.quote.Line`."""
        return self.kind == ProductKind.CERTIFICATE and self.subscription_id is None and not self.common_name

    @property
    def continued(self) -> "Subscription | None":
        """The subscription that the line gives its next term to, or its first one back. None for a new purchase."""
        return self.subscription or self.undone_subscription

    @classmethod
    def of_orders(cls, order_ids: Sequence[int]) -> dict[int, list[Self]]:
        """By order, sorted by position, each with the subscription that it renews and the last term of that."""
        found: dict[int, list[Self]] = {order_id: [] for order_id in order_ids}
        for line in cls._with_subscriptions(order_ids):
            found[line.order_id].append(line)
            if line.subscription:
                line.subscription.last_term = getattr(line.subscription, "newest", None)
        return found

    @Prepared
    @staticmethod
    def _with_subscriptions(order_ids: list[Any]) -> Query:
        query = OrderLine.select(OrderLine, Subscription, Term).join(Subscription, JOIN.LEFT_OUTER, on=OrderLine.subscription)
        query = query.join(Term, JOIN.LEFT_OUTER, on=(Term.subscription == Subscription.id) & Term.is_newest(), attr="newest")
        return query.where(OrderLine.order.in_(order_ids)).order_by(OrderLine.order, OrderLine.position)


class Consent(Row):
    """The customer's consent to one version of a document, with an order."""

    order = ForeignKeyField(Order, backref="consents")
    document = CharField()
    version = CharField()
    title = CharField()
    sha256 = CharField()
    agreed_at = InstantField()


# -- money -------------------------------------------------------------------------------------------------------------


class PaymentMethod(Row):
    """A card or a linked wallet, stored as the company's token. Never a card number, a wallet ID or a password.

    `expires`: the card's last valid day. `label`: the wallet's name for its owner. Token and its hash become NULL
    once the company has detached it.
    """

    account = ForeignKeyField(Account, backref="payment_methods")
    method = CharField()
    company = CharField()
    token = EncryptedField(null=True)
    token_hash = CharField(null=True)
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
        """The card or wallet as shown to its owner."""
        return f"{self.brand} 下4桁 {self.last4}" if self.last4 else self.label

    @property
    def is_active(self) -> bool:
        return self.state == PaymentMethodState.ACTIVE

    @property
    def is_kept(self) -> bool:
        """True if it may be charged: it was not dropped."""
        return self.state in (PaymentMethodState.READY, PaymentMethodState.ACTIVE)

    @classmethod
    def left_over(cls, cutoff: datetime, limit: int) -> list[Self]:
        """Cards entered until `cutoff` that nothing needs, be it a renewal, an [OK] or a charge under way. Oldest first."""
        waiting = PaymentMethodSetup.select().where(
            PaymentMethodSetup.payment_method == cls.id,
            PaymentMethodSetup.state == SQL("'ready'"),
            PaymentMethodSetup.method == SQL("'card'"),
        )
        charged = Payment.select().where(Payment.payment_method == cls.id, Payment.state.in_(as_literals(LIVE)))
        idle = (cls.state == SQL("'ready'")) & (cls.created_at <= cutoff) & (cls.method == SQL("'card'"))
        return list(cls.select().where(idle, ~fn.EXISTS(waiting), ~fn.EXISTS(charged)).order_by(cls.created_at).limit(limit))

    @classmethod
    def to_detach(cls, now: datetime, method: str, company: str, limit: int) -> list[Self]:
        """Dropped methods whose next detach request is due, with their accounts."""
        due = (cls.state == SQL("'detaching'")) & (cls.next_try_at <= now) & (cls.method == method) & (cls.company == company)
        return list(cls.select(cls, Account).join(Account).where(due).order_by(cls.next_try_at).limit(limit))

    def move(self, to: PaymentMethodState, *, came_from: Collection[PaymentMethodState], **values: Any) -> bool:
        """Change the state. True for the one call that changed it; False if the state is not in `came_from`."""
        return moved(self, came_from, state=to, **values)

    def claim_detaching(self, next_try_at: datetime, *, wait_for_lock: bool) -> bool:
        """True for the one caller that may send the detach request; the next one is at `next_try_at`.

        Raises RowIsLocked without `wait_for_lock`.
        """
        is_detaching = (PaymentMethod.id == self.id) & (PaymentMethod.state == PaymentMethodState.DETACHING)
        unchanged = is_detaching & (PaymentMethod.tries == self.tries)
        values, owner = {"tries": self.tries + 1, "next_try_at": next_try_at}, Account.one(self.account_id)
        claimed = (
            PaymentMethod.update(values).where(unchanged).execute() == 1
            if wait_for_lock
            else claim(PaymentMethod, unchanged, owner, **values)
        )
        self.tries += 1
        return claimed


class PaymentMethodSetup(Row):
    """A setup: one visit to a company's page, and the card or wallet that it returned.

    With an order, it pays that order; without one, it changes the method of automatic renewals. `seen`: the mark of the order's content
    on the page that led there (`Quote.mark`). `next_try_at`: when to ask the company next to end the visit, after it was not used.
    `company_key`: see `key_at_company`.
    """

    reference = CharField()
    account = ForeignKeyField(Account, backref="setups")
    order = ForeignKeyField(Order, backref="setups", null=True)
    method = CharField(default=Method.CARD)
    state = CharField(default=SetupState.OPEN)
    address = CharField(default="")
    company_key = CharField(default="")
    payment_method = ForeignKeyField(PaymentMethod, backref="setups", null=True)
    wallet_day = IntegerField(null=True)
    seen = CharField(default="")
    code = CharField(null=True)
    next_try_at = InstantField(null=True)
    created_at = InstantField()

    @property
    def key_at_company(self) -> str:
        """The key by which the company knows this visit: one of its own, if it gave one, else our reference."""
        return self.company_key or self.reference

    @classmethod
    def with_method(cls) -> Query:
        """A query for setups with their card or wallet."""
        return cls.select(cls, PaymentMethod).join(PaymentMethod, JOIN.LEFT_OUTER)

    @classmethod
    def cards_left(cls, cutoff: datetime, limit: int) -> list[Self]:
        """Card setups that wait for [OK] and were created until `cutoff`; the oldest first."""
        indexed = (cls.method == SQL("'card'")) & cls.state.in_(as_literals([SetupState.OPEN, SetupState.READY]))
        unused = indexed & (cls.state == SetupState.READY)
        return list(cls.select().where(unused, cls.created_at <= cutoff).order_by(cls.created_at).limit(limit))

    @classmethod
    def left_open(cls, cutoff: datetime, limit: int) -> list[Self]:
        """Setups whose customer has not returned, created until `cutoff`; the oldest first."""
        return list(cls.select().where(cls.state == SQL("'open'"), cls.created_at <= cutoff).order_by(cls.created_at).limit(limit))

    @classmethod
    def to_end(cls, now: datetime, methods: list[str], limit: int) -> list[Self]:
        """Ended setups of these methods whose company is to be asked now to end them too."""
        due = cls.next_try_at.is_null(False) & (cls.next_try_at <= now) & cls.method.in_(methods)
        return list(cls.select().where(due).order_by(cls.next_try_at).limit(limit))

    def move(self, to: SetupState, *, came_from: SetupState, **values: Any) -> bool:
        """Change the state. True for the one call that changed it; False if the state is not `came_from`."""
        return (
            PaymentMethodSetup.update(state=to, **values)
            .where(PaymentMethodSetup.id == self.id, PaymentMethodSetup.state == came_from)
            .execute()
            == 1
        )


LIVE = (PaymentState.CREATED, PaymentState.SUBMITTED, PaymentState.UNKNOWN)
ASKED = (PaymentState.SUBMITTED, PaymentState.UNKNOWN)


class Payment(Row):
    """One attempt to pay an order by card or wallet. Its idempotency key is committed before the company is asked.

    Without a setup it is an automatic charge. `is_final`: a hard decline, do not retry with this card or wallet.
    `company_key`: see `key_at_company`. `page`: where the bank asks the customer, who has until `page_until` to answer.
    """

    order = ForeignKeyField(Order, backref="payments")
    attempt = IntegerField()
    method = CharField()
    key = CharField()
    company_key = CharField(default="")
    yen = BigIntegerField()
    state = CharField(default=PaymentState.CREATED)
    setup = ForeignKeyField(PaymentMethodSetup, backref="payments", null=True)
    payment_method = ForeignKeyField(PaymentMethod, backref="payments")
    company_reference = CharField(null=True)
    code = CharField(null=True)
    is_final = BooleanField(default=False)
    page = CharField(default="")
    page_until = InstantField(null=True)
    lookups = IntegerField(default=0)
    next_lookup_at = InstantField()
    created_at = InstantField()
    updated_at = InstantField()

    @property
    def key_at_company(self) -> str:
        """The key by which the company knows this attempt: one of its own, if it gave one before the money was asked for, else ours."""
        return self.company_key or self.key

    @property
    def is_automatic(self) -> bool:
        """True for a charge by the worker, without a setup."""
        return self.setup_id is None

    @property
    def is_unknown(self) -> bool:
        return self.state == PaymentState.UNKNOWN

    def is_at_page(self, now: datetime) -> bool:
        """The customer is, or may be, at the bank's page."""
        return self.is_unknown and self.page_until is not None and now < self.page_until

    def has_left_page(self, now: datetime) -> bool:
        """The customer did not answer the bank in time."""
        return self.is_unknown and self.page_until is not None and now >= self.page_until

    @property
    def is_held(self) -> bool:
        """The money was taken and could not be allocated to the order: staff look at it."""
        return self.code == "not_allocated"

    @property
    def is_declined(self) -> bool:
        return self.state == PaymentState.DECLINED

    @classmethod
    def by_key(cls, key: str) -> Self | None:
        return cls.get_or_none(cls.key == key)

    @classmethod
    def of_charge(cls, method: str, reference: str) -> Self | None:
        """The attempt whose charge the company knows by this reference, before its answer came too, where the company gave its key."""
        by_key = (cls.company_key == reference) & (cls.company_key != SQL("''"))
        known = (cls.company_reference == reference) | by_key
        return cls.get_or_none(cls.method == method, known) if reference else None

    @classmethod
    def locked(cls, payment_id: int) -> Self:
        """The current payment row, locked until the transaction ends."""
        return for_update(cls.select().where(cls.id == payment_id)).get()

    @classmethod
    def all_locked(cls, payment_ids: Sequence[int]) -> list[Self]:
        """The same for several, whose accounts and orders are locked."""
        return cls._locked(payment_ids)

    @Prepared
    @staticmethod
    def with_orders(payment_ids: list[Any]) -> Query:
        """With what the card or wallet is called, and without its token."""
        shown = (PaymentMethod.id, PaymentMethod.label, PaymentMethod.brand, PaymentMethod.last4)
        query = Payment.select(Payment, Order, *shown).join(Order).switch(Payment).join(PaymentMethod)
        return query.where(Payment.id.in_(payment_ids))

    @Prepared
    @staticmethod
    def _locked(payment_ids: list[Any]) -> Query:
        return for_update(Payment.select().where(Payment.id.in_(payment_ids)).order_by(Payment.id))

    @classmethod
    def due(cls, now: datetime) -> list[Self]:
        """Attempts without a result whose next lookup is due."""
        live = cls.state.in_(as_literals(LIVE))
        return list(cls.select().where(live, cls.next_lookup_at <= now).order_by(cls.next_lookup_at).limit(100))

    def move(self, to: PaymentState, *, came_from: Collection[PaymentState], at: datetime, **values: Any) -> bool:
        """Change the state. True for the one call that changed it, even if the company sends its answer twice."""
        return moved(self, came_from, state=to, updated_at=at, **values)

    @classmethod
    def move_all(cls, payments: "Iterable[Self]", to: PaymentState, *, came_from: PaymentState, at: datetime) -> "list[Self]":
        """Change the state of several by one statement. Returns those that this call changed."""
        payments = list(payments)
        unchanged = cls.id.in_([payment.id for payment in payments]) & (cls.state == came_from)
        changed = {row.id for row in cls.update(state=to, updated_at=at).where(unchanged).returning(cls.id).execute()}
        return [payment for payment in payments if payment.id in changed]

    @classmethod
    def move_each(
        cls, references: Mapping[int, str], to: PaymentState, *, came_from: Collection[PaymentState], at: datetime, code: str | None
    ) -> set[int]:
        """The same, by id, each with its reference at the company. Returns the ids of those that this call changed."""
        rows = {number: {"company_reference": reference} for number, reference in references.items()}
        return moved_all(cls, rows, came_from, state=to, updated_at=at, code=code)

    def claim_lookup(self, until: datetime) -> bool:
        """True for the one worker that may look this payment up; the next lookup is at `until`. Raises RowIsLocked."""
        unchanged = (Payment.id == self.id) & (Payment.next_lookup_at == self.next_lookup_at) & Payment.state.in_(LIVE)
        order = Order.select(Order.id).join(Account).where(Order.id == self.order_id)
        return claim(Payment, unchanged, order, next_lookup_at=until)


class Confirmation(Row):
    """The text of the final screen when the customer pressed OK: for an order, a reservation, a switch or another renewal method."""

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
    """One line of a bank statement. Its allocations say which order got how much; the rest is one allocation without an order."""

    number = CharField()
    booked_on = DateField()
    valued_on = DateField()
    yen = BigIntegerField()
    payer = CharField()
    payer_key = CharField(default="")
    form_token = CharField()
    staff = ForeignKeyField(Staff, backref="deposits")
    created_at = InstantField()

    @property
    def counts_on(self) -> date:
        """The day on which it was received: the earlier of the bank's two dates, not the day when staff entered it."""
        return min(self.booked_on, self.valued_on)

    @property
    def rest_yen(self) -> int:
        """What is neither allocated nor returned, nor kept for a payout."""
        return self.rest[0]

    @property
    def rest(self) -> tuple[int, int | None]:
        """`rest_yen`, and the id of the account whose money it is, if that is known. One query."""
        owner = Allocation.select(Allocation.account).where(
            Allocation.deposit == self.id, Allocation.order.is_null(), Allocation.source == AllocationSource.BANK
        )
        used, kept, account = Deposit.select(self.used_of(self.id), Payout.kept_of(self.id), owner).limit(1).tuples().get()
        return self.yen - int(used) - int(kept), account

    @property
    def rest_owner(self) -> Account | None:
        """Whose money the rest is, if that is known."""
        rests = Account.select().join(Allocation, on=Allocation.account == Account.id).where(Allocation.deposit == self.id)
        return rests.where(Allocation.order.is_null(), Allocation.source == AllocationSource.BANK).first()

    @classmethod
    def used_of(cls, deposit: Any) -> Query:
        """A query for the yen that were allocated, or returned out of the rest."""
        is_allocated = (Allocation.source == AllocationSource.BANK) & Allocation.order.is_null(False)
        is_returned = (Allocation.source == AllocationSource.RETURNED) & Allocation.order.is_null()
        used = Allocation.select(fn.COALESCE(fn.SUM(fn.ABS(Allocation.yen)), 0))
        return used.where(Allocation.deposit == deposit, is_allocated | is_returned)

    @classmethod
    def locked(cls, deposit_id: int) -> Self:
        return for_update(cls.select().where(cls.id == deposit_id)).get()


class BankFile(Row):
    """A file of the bank. READ: shown to staff, nothing counts. IMPORTED: its new lines are deposits. `account`: which staff chose.

    `staff`: who read it, and once it is imported who did that.
    """

    number = CharField()
    sha256 = CharField()
    name = CharField()
    account = CharField(default="")
    format = CharField()
    content = TextField()
    state = CharField(default=BankFileState.READ)
    staff = ForeignKeyField(Staff, backref="bank_files")
    read_at = InstantField()
    imported_at = InstantField(null=True)

    @property
    def state_label(self) -> str:
        return BankFileState(self.state).label

    @property
    def is_imported(self) -> bool:
        return self.state == BankFileState.IMPORTED

    def begin_import(self, at: datetime, staff: Staff) -> bool:
        """True for the one import that did it."""
        values = {"state": BankFileState.IMPORTED, "imported_at": at, "staff": staff}
        return BankFile.update(values).where(BankFile.id == self.id, BankFile.state == BankFileState.READ).execute() == 1


class BankLine(Row):
    """One line of a bank's file (migrations/0025). Its state is read from its deposit: `actions/staff/bank_lists.py`."""

    file = ForeignKeyField(BankFile, backref="lines")
    record = IntegerField()
    kind = CharField()
    account = CharField()
    identity = CharField()
    ordinal = IntegerField()
    booked_on = DateField()
    valued_on = DateField()
    yen = BigIntegerField()
    payer = CharField()
    payer_key = CharField()
    code = CharField(default="")
    reference = CharField(default="")
    note = CharField(default="")
    deposit = ForeignKeyField(Deposit, backref="bank_lines", null=True)
    was_typed = BooleanField(default=False)
    ignored_reason = CharField(null=True)

    @property
    def kind_label(self) -> str:
        return LineKind(self.kind).label

    @property
    def is_correction(self) -> bool:
        return self.kind == LineKind.CORRECTION

    @property
    def is_open_correction(self) -> bool:
        """The bank took something back, and nobody has said yet what."""
        return self.is_correction and self.deposit_id is None and self.ignored_reason is None

    @classmethod
    def locked(cls, line_id: int) -> Self:
        return for_update(cls.select().where(cls.id == line_id)).get()


class StatementDay(Row):
    """What an imported file of the bank says of one day of one account: balances, and what came and went. Yen, as the bank counts."""

    file = ForeignKeyField(BankFile, backref="days")
    account = CharField()
    day = DateField()
    opening_yen = BigIntegerField()
    incoming_yen = BigIntegerField()
    outgoing_yen = BigIntegerField()
    closing_yen = BigIntegerField()


class Remittance(Row):
    """What a payment company sends to our bank account (migrations/0042). Yen; its parts are None where the company does not say them.

    `bank_line`: where it reached the bank. `seen_at`: when the company last told of it.
    """

    method = CharField()
    company = CharField()
    number = CharField()
    yen = BigIntegerField()
    arrives_on = DateField()
    state = CharField()
    charged_yen = BigIntegerField(null=True)
    refunded_yen = BigIntegerField(null=True)
    disputed_yen = BigIntegerField(null=True)
    fee_yen = BigIntegerField(null=True)
    other_yen = BigIntegerField(null=True)
    bank_line = ForeignKeyField(BankLine, backref="remittances", null=True)
    seen_at = InstantField()

    @property
    def state_label(self) -> str:
        return RemittanceState(self.state).label

    @property
    def parts_yen(self) -> int | None:
        """The sum of its parts."""
        if self.charged_yen is None:
            return None
        return self.charged_yen + self.refunded_yen + self.disputed_yen + self.fee_yen + self.other_yen

    @classmethod
    def of_line(cls, line: BankLine) -> Self | None:
        return cls.get_or_none(cls.bank_line == line)


class CsvMapping(Row):
    """How a bank's CSV is read, as staff have said it (migrations/0031). `bank`: the name of its format."""

    bank = CharField()
    header = TextField()
    header_key = CharField()
    date_form = CharField()
    day = CharField()
    came = CharField()
    went = CharField()
    payer = CharField()
    balance = CharField()
    staff = ForeignKeyField(Staff, backref="csv_mappings")
    made_at = InstantField()


class PayerAlias(Row):
    """Staff have confirmed that this payer pays for that account. Forgotten by deleting the row; the history keeps it."""

    account = ForeignKeyField(Account, backref="payer_aliases")
    payer = CharField()
    payer_key = CharField()
    staff = ForeignKeyField(Staff, backref="payer_aliases")
    learned_at = InstantField()


class VirtualAccount(Row):
    """A number that is one customer's alone, to transfer to, for ever. `code`: 支店番号3 + 口座番号7, as in the bank's files."""

    account = ForeignKeyField(Account, backref="virtual_accounts")
    code = CharField()
    assigned_at = InstantField()


class MatchingRun(Row):
    """One press of 「まとめて充当する」. `sha256`: of the list that was shown. `pairs`: JSON, see migrations/0026."""

    sha256 = CharField()
    pairs = TextField()
    staff = ForeignKeyField(Staff, backref="matching_runs")
    begun_at = InstantField()


class TransferReport(Row):
    """「振り込みました」: the customer's report of a transfer. It is not a payment."""

    order = ForeignKeyField(Order, backref="transfer_reports")
    payer = CharField()
    payer_key = CharField(default="")
    paid_on = DateField()
    reported_at = InstantField()


class Allocation(Row):
    """Received money, allocated to an order. Without an order staff must handle it: a charge that no order needs, or a deposit's rest.

    The `bank` rows of a deposit always add up to the deposit. `waived`: a difference that staff accepted, no money. `returned`: negative,
    money given back of an order, or of what has no order; positive if it came again (a refund that failed later, a dispute won in the end).
    `account`: whose money waits without an order, if that is known. `was_held`: it was お預かり before it paid the order.
    """

    number = CharField()
    source = CharField()
    company_reference = CharField()
    yen = BigIntegerField()
    order = ForeignKeyField(Order, backref="allocations", null=True)
    deposit = ForeignKeyField(Deposit, backref="allocations", null=True)
    received_on = DateField()
    created_at = InstantField()
    account = ForeignKeyField(Account, backref="unallocated", null=True)
    was_held = BooleanField(default=False)

    @property
    def is_waived(self) -> bool:
        return self.source == AllocationSource.WAIVED

    @classmethod
    def counts_for(cls, order: Any) -> Any:
        """A query condition: the row counts towards the order's total. Returned money does not undo that the order was paid."""
        return (cls.order == order) & (cls.source != AllocationSource.RETURNED)

    @classmethod
    def sum_for(cls, order: Any) -> Query:
        """A query for the yen that count towards the order's total."""
        return cls.select(fn.COALESCE(fn.SUM(cls.yen), 0)).where(cls.counts_for(order))


class MovedMoney(Row):
    """An allocation that was taken off its order, or a deposit (`source` "deposit") that went, as it was made. Only ever added.

    Without it the journal of a day that is over would change (actions/staff/journal.py).
    """

    number = CharField()
    source = CharField()
    company_reference = CharField()
    yen = BigIntegerField()
    order = ForeignKeyField(Order, backref="moved_money", null=True)
    received_on = DateField()
    created_at = InstantField()
    moved_at = InstantField()


BEING_REFUNDED = (RefundState.CREATED, RefundState.UNKNOWN)


class Dispute(Row):
    """A holder disputes a charge at the card company. `reference`: the company's number of it; `reason`: its code. `told_at`: the moment
    of the newest event about it. `respond_by`: until when the company takes our answer. `checked_at`: staff have seen how it ended.
    """

    account = ForeignKeyField(Account, backref="disputes")
    payment = ForeignKeyField(Payment, backref="disputes")
    reference = CharField()
    yen = BigIntegerField()
    state = CharField()
    reason = CharField()
    respond_by = InstantField(null=True)
    told_at = InstantField()
    checked_at = InstantField(null=True)
    created_at = InstantField()

    @property
    def state_label(self) -> str:
        return DisputeState(self.state).label

    @property
    def is_lost(self) -> bool:
        return self.state == DisputeState.LOST

    @property
    def is_over(self) -> bool:
        return self.state in (DisputeState.WON, DisputeState.LOST)


class Refund(Row):
    """Money given back. With a `payment`, its company is asked with `key`; without one, staff have made a transfer on `returned_on`: of an
    order's money, or of the rest of a deposit. `ordinal` counts the refunds of that order or deposit.

    Without `staff` it was made at the company, and `key` is the company's number of it; `dispute`: the lost one that took the money back.
    `checked_at`: when staff have seen that.
    """

    account = ForeignKeyField(Account, backref="refunds", null=True)
    order = ForeignKeyField(Order, backref="refunds", null=True)
    deposit = ForeignKeyField(Deposit, backref="refunds", null=True)
    payment = ForeignKeyField(Payment, backref="refunds", null=True)
    ordinal = IntegerField()
    method = CharField()
    key = CharField()
    yen = BigIntegerField()
    state = CharField(default=RefundState.CREATED)
    reason = TextField()
    staff = ForeignKeyField(Staff, backref="refunds", null=True)
    dispute = ForeignKeyField(Dispute, backref="refunds", null=True)
    checked_at = InstantField(null=True)
    returned_on = DateField(null=True)
    code = CharField(null=True)
    lookups = IntegerField(default=0)
    next_lookup_at = InstantField()
    created_at = InstantField()
    updated_at = InstantField()

    @property
    def state_label(self) -> str:
        return RefundState(self.state).label

    @property
    def is_under_way(self) -> bool:
        return self.state in BEING_REFUNDED

    @property
    def is_returned(self) -> bool:
        return self.state == RefundState.SUCCEEDED

    @property
    def is_made_elsewhere(self) -> bool:
        return self.staff_id is None

    @classmethod
    def took_back(cls, order: Any) -> Any:
        """A query expression: a dispute was lost, and the card company took money of this order back. False again once it is won."""
        return fn.EXISTS(cls.lost_to(order))

    @classmethod
    def lost_to(cls, order: Any) -> Query:
        return cls.select(SQL("1")).where(cls.order == order, cls.dispute.is_null(False), cls.state == SQL("'succeeded'"))

    @classmethod
    def due(cls, now: datetime) -> list[Self]:
        """Refunds without an answer that are to be asked about."""
        live = cls.state.in_(as_literals(BEING_REFUNDED))
        return list(cls.select().where(live, cls.next_lookup_at <= now).order_by(cls.next_lookup_at).limit(100))

    def move(self, to: RefundState, *, came_from: Collection[RefundState], at: datetime, **values: Any) -> bool:
        """Change the state. True for the one call that changed it, however often the company answers."""
        return moved(self, came_from, state=to, updated_at=at, **values)

    def claim_lookup(self, until: datetime) -> bool:
        """True for the one worker that may ask about this refund; the next time is `until`. Raises RowIsLocked."""
        unchanged = (Refund.id == self.id) & (Refund.next_lookup_at == self.next_lookup_at) & Refund.state.in_(BEING_REFUNDED)
        values = {"next_lookup_at": until, "lookups": Refund.lookups + 1}
        return claim(Refund, unchanged, Account.one(self.account_id), **values)


class PayoutFile(Row):
    """A 総合振込 file for the bank. `sender`: its header, as JSON. It can be made again byte by byte: `sha256`. `transfers`: how many."""

    number = CharField()
    pays_on = DateField()
    sender = TextField()
    sha256 = CharField()
    transfers = IntegerField()
    yen = BigIntegerField()
    staff = ForeignKeyField(Staff, backref="payout_files")
    created_at = InstantField()


LIVE_PAYOUTS = (PayoutState.PLANNED, PayoutState.FILED)


class Payout(Row):
    """Money that goes back by a transfer of a file: of an order, or of the rest of a deposit. Its yen are kept for it until it is over.

    `kind`: of the customer's account as banks write it (1 普通, 2 当座, 4 貯蓄). `refund`: what was recorded when the bank had paid.
    """

    number = CharField()
    account = ForeignKeyField(Account, backref="payouts")
    order = ForeignKeyField(Order, backref="payouts", null=True)
    deposit = ForeignKeyField(Deposit, backref="payouts", null=True)
    yen = BigIntegerField()
    state = CharField(default=PayoutState.PLANNED)
    reason = TextField()
    staff = ForeignKeyField(Staff, backref="payouts")
    bank_code = CharField()
    branch_code = CharField()
    kind = CharField()
    account_number = EncryptedField()
    account_name = EncryptedField()
    file = ForeignKeyField(PayoutFile, backref="payouts", null=True)
    refund = ForeignKeyField(Refund, backref="payouts", null=True)
    created_at = InstantField()
    updated_at = InstantField()

    @property
    def state_label(self) -> str:
        return PayoutState(self.state).label

    @property
    def is_planned(self) -> bool:
        return self.state == PayoutState.PLANNED

    @property
    def is_filed(self) -> bool:
        return self.state == PayoutState.FILED

    @classmethod
    def is_live(cls) -> Any:
        """A query condition, with the literals of the partial indexes."""
        return cls.state.in_(as_literals(LIVE_PAYOUTS))

    @classmethod
    def kept_of(cls, deposit: Any) -> Query:
        """A query for the yen of the deposit that are kept for a payout."""
        return cls.select(fn.COALESCE(fn.SUM(cls.yen), 0)).where(cls.deposit == deposit, cls.is_live())

    def move(self, to: PayoutState, *, came_from: Collection[PayoutState], at: datetime, **values: Any) -> bool:
        """Change the state. True for the one call that changed it."""
        return moved(self, came_from, state=to, updated_at=at, **values)


class ReleasedPart(Row):
    """A part of a deposit that paid an order until that was over; now in the deposit's rest. It comes along if the order reopens."""

    order = ForeignKeyField(Order, backref="released_parts")
    deposit = ForeignKeyField(Deposit, backref="released_parts")
    yen = BigIntegerField()


class WebhookEvent(Row):
    """A company's webhook, stored unchanged. Each event id is recorded once."""

    company = CharField()
    event_id = CharField()
    body = TextField()
    received_at = InstantField()

    @classmethod
    def record(cls, **values: Any) -> bool:
        """True the first time; False if this company's event is known."""
        return cls.insert(**values).on_conflict_ignore().as_rowcount().execute() == 1


# -- papers ------------------------------------------------------------------------------------------------------------


class Invoice(Row):
    """A paper as it was issued: 領収書, 請求書 or 適格返還請求書. The database refuses to change or delete it, or to leave a number out.

    `content`: what it says, as JSON (rules/documents/papers.py), `sha256` that text's. `customer`: the account's name of that day.
    `traded_on`: 取引年月日, the day of the money. `refund`: what a 適格返還請求書 gives back.
    """

    number = BigIntegerField()
    kind = CharField()
    account = ForeignKeyField(Account, backref="invoices")
    order = ForeignKeyField(Order, backref="invoices")
    refund = ForeignKeyField(Refund, backref="invoices", null=True)
    customer = CharField()
    issued_on = DateField()
    traded_on = DateField()
    total_yen = BigIntegerField()
    tax_percent = IntegerField()
    tax_yen = BigIntegerField()
    content = TextField()
    sha256 = CharField()
    created_at = InstantField()

    @property
    def kind_label(self) -> str:
        return InvoiceKind(self.kind).label

    @property
    def written_addressee(self) -> "InvoiceAddressee | None":
        """None until the paper is opened for the first time."""
        return self.addressees.first()

    @property
    def void(self) -> "InvoiceVoid | None":
        return self.voids.first()

    @classmethod
    def with_states(cls) -> Query:
        """A query for papers, each with `addressee` (as audit_invoices says it) and `voided_on`."""
        addressee = fn.COALESCE(InvoiceAddressee.addressee, cls.customer).alias("addressee")
        query = cls.select(cls, addressee, InvoiceVoid.voided_on.alias("voided_on"))
        query = query.join(InvoiceAddressee, JOIN.LEFT_OUTER, on=InvoiceAddressee.invoice == cls.id, attr="written")
        return query.join_from(cls, InvoiceVoid, JOIN.LEFT_OUTER, on=InvoiceVoid.invoice == cls.id, attr="taken_back").objects()

    @classmethod
    def next_number(cls) -> int:
        """The number after the last one. Nobody else may be issuing a paper: hold the name `invoice` first."""
        [last] = cls._last_number()
        return int(last.number) + 1

    @Prepared
    @staticmethod
    def _last_number() -> Query:
        return Invoice.select(fn.COALESCE(fn.MAX(Invoice.number), 0).alias("number"))

    @classmethod
    def is_valid(cls) -> Any:
        """A query condition: the paper is not void."""
        return ~fn.EXISTS(InvoiceVoid.select(SQL("1")).where(InvoiceVoid.invoice == cls.id))


class InvoiceAddressee(Row):
    """宛名: written once, when the paper is opened for the first time."""

    invoice = ForeignKeyField(Invoice, backref="addressees", primary_key=True)
    addressee = CharField()
    written_at = InstantField()

    @classmethod
    def write(cls, **values: Any) -> bool:
        """True for the one call that wrote it; False if the paper has one."""
        return cls.insert(**values).on_conflict_ignore().as_rowcount().execute() == 1


class InvoiceVoid(Row):
    """取消: the paper is not valid any more. Its number stays."""

    invoice = ForeignKeyField(Invoice, backref="voids", primary_key=True)
    voided_on = DateField()
    reason = TextField()
    voided_at = InstantField()


class InvoiceDay(Row):
    """The papers that were issued on a day, added up, what became void later too. Written by the database with each paper. Yen."""

    issued_on = DateField()
    tax_percent = IntegerField()
    kind = CharField()
    papers = BigIntegerField()
    total_yen = BigIntegerField()
    tax_yen = BigIntegerField()


class InvoiceOwed(Row):
    """An order that was paid before there were papers, and gets its own from a job."""

    order = ForeignKeyField(Order, primary_key=True)


# -- contracts ---------------------------------------------------------------------------------------------------------


class Subscription(Row):
    """A product that a customer has. `stopped_on`, `stopped_until`: the days of 停止中; `ended_on`: 解約済.

    `runs_until`: staff undid the payment of its last term; it runs until that day, and stops on the next, unless it is paid again.
    `cancelled_on`: they did so for good, and the money goes back. `part_of`: devices that were added to the running term of that
    subscription: they end with it, and its next term has them too. `switched_on`: when the customer turned its automatic renewal on.
    """

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
    runs_until = DateField(null=True)
    cancelled_on = DateField(null=True)
    part_of = ForeignKeyField("self", backref="parts", null=True)
    switched_on = DateField(null=True)
    created_at = InstantField()

    @cached_property
    def last_term(self) -> "Term | None":
        """None if the payment of its only term was undone. Read once; who gives it a term writes it here too."""
        return self.terms.order_by(Term.starts_on.desc()).first()

    @property
    def usable_until(self) -> date | None:
        """The last usable day; None if it has ended."""
        return None if self.ended_on else max(filter(None, (self.covered_until, self.runs_until)), default=None)

    @property
    def covered_until(self) -> date | None:
        """The end of its last term; without one the day until which it runs. Its next term begins on the day after."""
        term = self.last_term
        return term.ends_on if term else self.runs_until

    @classmethod
    @cache
    def with_terms(cls) -> Query:
        """A query for subscriptions, a row for each term, with its line and order. `joined_term` of a row is the term.

        What was added during a term is no row of its own: `added_to_term`.
        """
        query = cls.select(cls, Term, OrderLine, Order, Certificate.shown, *cls.added_to_term()).join(Term, JOIN.LEFT_OUTER, attr="term")
        query = query.join_from(cls, OrderLine, on=OrderLine.id == cls.line_id(), attr="line").join(Order, JOIN.LEFT_OUTER)
        return query.join_from(cls, Certificate, JOIN.LEFT_OUTER, attr="certificate").where(cls.part_of.is_null())

    @classmethod
    def added_to_term(cls) -> tuple[Any, Any]:
        """Two columns: `added` and `added_yen`, the devices that were added during the joined term, and their yen for one month."""
        added = cls._of_parts(lambda line: line.quantity).alias("added")
        return added, cls._of_parts(lambda line: line.quantity * line.monthly_yen).alias("added_yen")

    @classmethod
    def _of_parts(cls, what: Callable[[type["OrderLine"]], Any]) -> Query:
        """A query for a sum over what was added to the joined term."""
        part, term, line = cls.alias(), Term.alias(), OrderLine.alias()
        found = part.select(fn.COALESCE(fn.SUM(what(line)), 0)).join(term, on=term.subscription == part.id)
        return found.join(line, on=line.id == term.order_line).where(part.part_of == cls.id, term.ends_on == Term.ends_on)

    @classmethod
    def line_id(cls) -> Any:
        """A query expression: the order line of the joined term; without a term, the one whose payment was undone."""
        undone = OrderLine.alias()
        return fn.COALESCE(Term.order_line, undone.select(undone.id).where(undone.undone_subscription == cls.id))

    @property
    def common_name(self) -> str:
        """Of its certificate, as people write it; empty without one. Of a joined row: see `with_terms`."""
        return getattr(getattr(self, "certificate", None), "shown", None) or ""

    @property
    def joined_term(self) -> "Term":
        """The term of a row. If there is none, the one that was withdrawn, until the day on which the service stops."""
        term, line = getattr(self, "term", None), self.line
        if term is None or term.id is None:
            term = Term(starts_on=line.starts_on, ends_on=self.runs_until)
        term.subscription, term.order_line, term.order = self, line, line.order if line.order_id else None
        term.added, term.added_yen = int(getattr(self, "added", 0)), int(getattr(self, "added_yen", 0))
        return term


class Term(Row):
    """One paid period of a subscription, both days inclusive. It starts on the day after the previous term's end.

    Without an order: it is older than the portal, and its line says what the next one was agreed to cost.
    """

    subscription = ForeignKeyField(Subscription, backref="terms")
    starts_on = DateField()
    ends_on = DateField()
    order = ForeignKeyField(Order, backref="terms", null=True)
    order_line = ForeignKeyField(OrderLine, backref="terms")
    previous_term = ForeignKeyField("self", null=True)
    previous_ends_on = DateField(null=True)

    @property
    def name(self) -> str:
        return self.order_line.name

    @property
    def label(self) -> str:
        """With the common name that its certificate has now."""
        return f"{self.name} {self.subscription.common_name}".rstrip()

    @property
    def kind(self) -> str:
        return self.subscription.kind

    @property
    def quantity(self) -> int:
        """Devices in this term, those that were added during it counted. Of a joined term: see `Subscription.with_terms`."""
        return self.order_line.quantity + self.added

    @property
    def is_undone(self) -> bool:
        """True if it is not paid any more and not stored: staff undid its payment, and the service runs until `ends_on`."""
        return self.id is None

    @classmethod
    def is_newest(cls) -> Any:
        """A query condition: the term is the newest of its subscription."""
        others = cls.alias()
        return cls.starts_on == others.select(fn.MAX(others.starts_on)).where(others.subscription == cls.subscription)

    @classmethod
    def has_one_after(cls) -> Any:
        """A query condition: a newer term of the same subscription exists."""
        newer = cls.alias()
        return fn.EXISTS(newer.select(SQL("1")).where(newer.previous_term == cls.id))

    @classmethod
    def has_two_after(cls) -> Any:
        """A query condition: two newer terms of the same subscription exist."""
        newer, newest = cls.alias(), cls.alias()
        two_newer = newer.select(SQL("1")).join(newest, on=(newest.previous_term == newer.id)).where(newer.previous_term == cls.id)
        return fn.EXISTS(two_newer)


class RenewalSetting(Row):
    """How an account pays automatic charges: the last card or wallet that it paid with or set."""

    account = ForeignKeyField(Account, backref="renewal_settings")
    method = CharField()
    wallet_day = IntegerField(null=True)
    payment_method = ForeignKeyField(PaymentMethod, backref="renewal_settings")
    set_on = DateField()
    updated_at = InstantField()


class Reservation(Row):
    """Other lines that the customer reserved for the next automatic charge. `content`: lines, dropped subscriptions, documents (JSON)."""

    account = ForeignKeyField(Account, backref="reservations")
    ends_on = DateField()
    typed = TextField()
    content = TextField()
    yen = BigIntegerField()
    made_at = InstantField()


class Announcement(Row):
    """The limits that notices set for a charge: the first notice the maximum yen, the newest one the earliest day (`charge_on`).

    `content`: yen by subscription id (JSON). `charge_on` is NULL after the customer changed the charge day.
    """

    account = ForeignKeyField(Account, backref="announcements")
    ends_on = DateField()
    charge_on = DateField(null=True)
    yen = BigIntegerField()
    content = TextField()
    announced_on = DateField()


class SentNotice(Row):
    """A notice that was mailed and is not mailed again. Kinds `end` and `deletion` are about one subscription, `reset` has no `ends_on`.

    `which`: first or second, or the day that it is about. `mail`: the one that told it; the row goes if that is withdrawn unsent.
    """

    account = ForeignKeyField(Account, backref="sent_notices")
    kind = CharField()
    subscription = ForeignKeyField(Subscription, null=True)
    ends_on = DateField(null=True)
    which = CharField(default="")
    written_at = InstantField()
    mail = DeferredForeignKey("Mail", backref="notices", null=True)

    @classmethod
    def was_reset_since(cls, account: Account, moment: datetime) -> bool:
        return cls.select().where(cls.account == account, cls.kind == NoticeKind.RESET, cls.written_at > moment).exists()


class Schedule(Row):
    """The next day on which the worker must process an account. `lease_until` is a worker's lease, in real time; `fence` numbers claims."""

    account = ForeignKeyField(Account, backref="schedules", primary_key=True)
    due_on = DateField()
    fence = IntegerField(default=0)
    lease_until = InstantField(null=True)

    @classmethod
    def wake(cls, account: Account | int, on: date) -> None:
        """Make the account due on this day at the latest. Called inside the transaction that changes its snapshot."""
        cls.wake_all([account.id if isinstance(account, Account) else account], on)

    @classmethod
    def wake_all(cls, account_ids: Sequence[int], on: date) -> None:
        """The same for several."""
        cls._wake.changes(on, account_ids, on)

    @Prepared
    @staticmethod
    def _wake(on: Any, account_ids: list[Any], later_than: Any) -> Query:
        rows = Account.select(Account.id, on, SQL("0")).where(Account.id.in_(account_ids))
        query = Schedule.insert_from(rows, [Schedule.account, Schedule.due_on, Schedule.fence])
        query = query.on_conflict(conflict_target=[Schedule.account], preserve=[Schedule.due_on], where=Schedule.due_on > later_than)
        return query.as_rowcount()

    @classmethod
    def due(cls, today: date, real_now: datetime, limit: int) -> list[Self]:
        """Due accounts that no worker has claimed."""
        return some_of(cls._all_due(today, real_now).order_by(cls.due_on, cls.account), limit)

    @classmethod
    def _all_due(cls, today: date, real_now: datetime) -> Query:
        return cls.select().where(cls.due_on <= today, cls.lease_until.is_null() | (cls.lease_until <= real_now))

    @classmethod
    def due_after(cls, account_id: int, today: date, real_now: datetime, limit: int) -> list[Self]:
        """The same, sorted by account id and after `account_id`: to read all of them in batches."""
        return list(cls._all_due(today, real_now).where(cls.account > account_id).order_by(cls.account).limit(limit))

    @classmethod
    def claim_all(cls, rows: "Sequence[Self]", real_now: datetime, until: datetime) -> "list[Self]":
        """The rows of these that are this worker's now, by one statement. The others are locked, or another worker's."""
        owners = Account.select(Account.id).where(Account.id.in_([row.account_id for row in rows]))
        claimed = claim_all(cls, cls._are_free(rows, real_now), owners, fence=cls.fence + 1, lease_until=until)
        mine = [row for row in rows if row.account_id in claimed]
        for row in mine:
            row.fence += 1
        return mine

    @classmethod
    def unclaimed(cls, rows: "Sequence[Self]", real_now: datetime) -> "list[Self]":
        """Those of these that no worker has claimed since they were read."""
        return list(cls.select().where(cls._are_free(rows, real_now))) if rows else []

    @classmethod
    def _are_free(cls, rows: "Sequence[Self]", real_now: datetime) -> Any:
        unchanged = reduce(or_, [(cls.account == row.account_id) & (cls.fence == row.fence) for row in rows])
        return unchanged & (cls.lease_until.is_null() | (cls.lease_until <= real_now))

    @classmethod
    def still_mine(cls, rows: "Sequence[Self]") -> set[int]:
        """The account ids of these that no other worker has claimed since. Check it in the transaction that handles the events."""
        fences = {row.account_id: row.fence for row in cls._of([row.account_id for row in rows])}
        return {row.account_id for row in rows if fences[row.account_id] == row.fence}

    @Prepared
    @staticmethod
    def _of(account_ids: list[Any]) -> Query:
        return Schedule.select().where(Schedule.account.in_(account_ids))

    def release(self, due_on: date) -> bool:
        """End the claim and set the next due day. False if another worker has claimed the account meanwhile."""
        return self._release.changes(due_on, self.account_id, self.fence) == 1

    @Prepared
    @staticmethod
    def _release(due_on: Any, account: Any, fence: Any) -> Query:
        claimed = (Schedule.account == account) & (Schedule.fence == fence)
        return Schedule.update(due_on=due_on, lease_until=None).where(claimed)

    @classmethod
    def release_all(cls, days: "Mapping[int, date]") -> None:
        """The same for several, by account id: called with the accounts locked, after `still_mine` has found them ours.

        Nobody can claim one meanwhile.
        """
        for due_on, found in groupby(sorted(days.items(), key=itemgetter(1)), itemgetter(1)):
            cls._release_these.changes(due_on, [account_id for account_id, _ in found])

    @Prepared
    @staticmethod
    def _release_these(due_on: Any, account_ids: list[Any]) -> Query:
        return Schedule.update(due_on=due_on, lease_until=None).where(Schedule.account.in_(account_ids))


_SENT = SQL("'sent'")  # a literal for the partial index: see as_literals


class HostingEvent(Outgoing):
    """An event for the hosting system: created once per `key`, sent with `body`, in the order of ids within a subscription."""

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
        """A query condition: the event was not sent yet."""
        return cls.state != _SENT

    @classmethod
    def is_known(cls, key: str, subscription: Subscription) -> bool:
        """True if this event was written before."""
        return cls.select().where(cls.key == key, cls.subscription == subscription).exists()

    @classmethod
    def due(cls, now: datetime, real_now: datetime, limit: int) -> list[Self]:
        return some_of(cls.all_due(now, real_now).order_by(cls.next_try_at, cls.id), limit)

    @classmethod
    def all_due(cls, now: datetime, real_now: datetime) -> Query:
        """Events that are due, and those whose worker's lease has expired. Only the first unsent event of each subscription."""
        due = cls.state.in_([HostingEventState.WAITING, HostingEventState.FAILED]) & (cls.next_try_at <= now)
        expired = (cls.state == HostingEventState.SENDING) & (cls.claimed_until <= real_now)
        other = cls.alias()
        earlier = other.select(other.id).where(other.subscription == cls.subscription, other.id < cls.id, other.state != _SENT)
        return cls.select().where(cls.is_unsent(), due | expired, ~fn.EXISTS(earlier))


# -- certificates ------------------------------------------------------------------------------------------------------


class Domain(Row):
    """A customer's own domain. At most one account has it confirmed, and an account has it once (unless removed): indexes say so.

    `name`: as the DNS has it; `shown`: as people write it. `proof`: what its TXT record must say. `asked`: counts the checks,
    so that an answer names its question. `reason`: why the last one found nothing.
    """

    account = ForeignKeyField(Account, backref="domains")
    name = CharField()
    shown = CharField()
    state = CharField(default=DomainState.ADDED)
    proof = CharField()
    asked = IntegerField(default=0)
    reason = TextField(default="")
    created_at = InstantField()
    removed_at = InstantField(null=True)

    @property
    def state_label(self) -> str:
        return DomainState(self.state).label

    @property
    def is_confirmed(self) -> bool:
        return self.state == DomainState.CONFIRMED

    @property
    def is_asked(self) -> bool:
        return self.state == DomainState.ASKED

    @property
    def is_removed(self) -> bool:
        return self.state == DomainState.REMOVED

    @property
    def question(self) -> str:
        """The id of the newest event that asks the hosting side for it."""
        return f"domain {self.id} check {self.asked}"

    @classmethod
    def locked(cls, domain_id: int) -> Self:
        return for_update(cls.select().where(cls.id == domain_id)).get()

    @classmethod
    def of(cls, account: Account) -> Query:
        """The account's domains, without removed ones, in the order of their names."""
        return cls.select().where(cls.account == account, cls.state != DomainState.REMOVED).order_by(cls.name)

    @classmethod
    def belongs_to_another(cls, name: str, account: Account) -> bool:
        return cls.select().where(cls.name == name, cls.state == SQL("'confirmed'"), cls.account != account).exists()

    def move(self, to: DomainState, *, came_from: Iterable[DomainState], **values: Any) -> bool:
        """Change the state. True for the one call that changed it; False if the state is not in `came_from`, or the check is another."""
        same = (Domain.id == self.id) & (Domain.asked == self.asked) & Domain.state.in_(list(came_from))
        return Domain.update(state=to, **values).where(same).execute() == 1


STANDING = (CertificateState.REQUESTED, CertificateState.ISSUED)


class Certificate(Row):
    """The common name of a certificate's subscription, and how far its issue is. No row: it has no common name yet.

    `common_name`, `shown`: as in the certificate, and as people write it. `asked` counts the requests, so that an answer names its own.
    `issued_on`, `issued_until`: of the newest one that was issued; a renewal is requested while the one before still runs.
    """

    subscription = ForeignKeyField(Subscription, backref="certificates")
    domain = ForeignKeyField(Domain, backref="certificates")
    common_name = CharField()
    shown = CharField()
    state = CharField(default=CertificateState.REQUESTED)
    asked = IntegerField(default=1)
    requested_on = DateField()
    issued_on = DateField(null=True)
    issued_until = DateField(null=True)
    reason = TextField(default="")

    @property
    def question(self) -> str:
        """The id of the newest event that asks the hosting side for it."""
        return f"certificate {self.id} request {self.asked}"

    @property
    def is_failed(self) -> bool:
        return self.state == CertificateState.FAILED

    def valid_until(self, today: date) -> date | None:
        """The last day of the newest one that was issued; None if none is valid today."""
        return self.issued_until if self.issued_until and self.issued_until >= today else None

    @classmethod
    def locked(cls, certificate_id: int) -> Self:
        return for_update(cls.select().where(cls.id == certificate_id)).get()

    @classmethod
    def of(cls, subscription: Subscription | int) -> Self | None:
        return cls.get_or_none(cls.subscription == subscription)

    @classmethod
    def by_subscription(cls, account: Account) -> "dict[Subscription, Self | None]":
        """Every subscription of a certificate that the account has or had, the oldest first. None: it has no common name."""
        query = Subscription.select(Subscription, cls).join(cls, JOIN.LEFT_OUTER, attr="certificate")
        rows = query.where(Subscription.account == account, Subscription.kind == ProductKind.CERTIFICATE).order_by(Subscription.id)
        return {row: getattr(row, "certificate", None) for row in rows}

    @classmethod
    def standing_on(cls, domain: Domain) -> Query:
        """The certificates that are requested or issued for this domain."""
        return cls.select().where(cls.domain == domain, cls.state.in_(as_literals(STANDING)))

    @classmethod
    def is_unissued(cls) -> Any:
        """A query condition: paid, and could not be issued. The literal is that of a partial index."""
        return cls.state == SQL("'failed'")

    @classmethod
    def end(cls, subscription_id: int) -> None:
        """The subscription has ended: its common name is free for another."""
        cls.update(state=CertificateState.ENDED, reason="").where(cls.subscription == subscription_id).execute()

    def move(self, to: CertificateState, *, came_from: Iterable[CertificateState], **values: Any) -> bool:
        """Change the state. True for the one call that changed it; False if the state is not in `came_from`, or the request is another."""
        same = (Certificate.id == self.id) & (Certificate.asked == self.asked) & Certificate.state.in_(list(came_from))
        return Certificate.update(state=to, **values).where(same).execute() == 1


# -- history -----------------------------------------------------------------------------------------------------------


class Event(Row):
    """The history: who changed which state, when and why. `account`: the customer concerned. Rows are only added."""

    account = ForeignKeyField(Account, backref="events", null=True)
    entity = CharField()
    from_state = CharField(null=True)
    to_state = CharField()
    actor = CharField()
    reason = TextField()
    at = InstantField()


class Installation(Row):
    """The identity of this database, so that a copy of it charges nobody.

    `catalog_sha256`: the catalog used for the schedule; `catalog_since`: when the worker that brought it had read it, in real time.
    """

    installation_id = CharField()
    is_demo = BooleanField()
    catalog_sha256 = CharField(null=True)
    catalog_since = InstantField(null=True)


class Heartbeat(Row):
    """The last sign of life of a kind of process, in real time. `expected_by`: when the next one is late. `trouble`: why it pauses."""

    OUTDATED = "old worker"

    name = CharField(primary_key=True)
    at = InstantField()
    expected_by = InstantField()
    trouble = CharField(default="")

    @classmethod
    def beat(cls, name: str, at: datetime, expected_by: datetime, trouble: str) -> None:
        values = {"at": at, "expected_by": expected_by, "trouble": trouble}
        cls.insert(name=name, **values).on_conflict(conflict_target=[cls.name], update=values).execute()


# -- mail --------------------------------------------------------------------------------------------------------------


class Mail(Outgoing):
    """One mail about one event to one address. A retry has the same text and Message-ID.

    `good_until`: the last day on which its text is true; after that it is withdrawn, not sent. `untrue_since`: what it says of a coming
    day has changed, so it is not sent again. `link`: what only the sent mail has; the stored text does not.
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
    untrue_since = InstantField(null=True)
    link = ForeignKeyField(OneTimeLink, null=True)

    @classmethod
    @cache
    def has_bounced(cls) -> Any:
        """A query condition on mails joined with their account: its address did not take the newest mail to it."""
        later = cls.alias()
        newer = (later.account == cls.account) & (later.recipient == cls.recipient) & (later.id > cls.id)
        decided = later.state.in_([MailState.SENT, MailState.FAILED])
        is_newest = ~fn.EXISTS(later.select(SQL("1")).where(newer, decided))
        return (cls.state == SQL("'failed'")) & (cls.recipient == Account.email) & is_newest

    @classmethod
    def due(cls, now: datetime, real_now: datetime, limit: int) -> list[Self]:
        return some_of(cls.all_due(now, real_now).order_by(cls.next_try_at, cls.id), limit)

    @classmethod
    def all_due(cls, now: datetime, real_now: datetime) -> Query:
        """Mails that are due, and those whose worker's lease has expired."""
        due = (cls.state == MailState.WAITING) & (cls.next_try_at <= now)
        expired = (cls.state == MailState.SENDING) & (cls.claimed_until <= real_now)
        unsent = cls.state.in_(as_literals([MailState.WAITING, MailState.SENDING]))
        return cls.select().where(unsent, due | expired)


TABLES = (
    Installation, Account, Staff, RecoveryCode, Session, OneTimeLink, PasswordRequest, KeptInput, CountedTry, Order, OrderLine, Consent,
    PaymentMethod, PaymentMethodSetup, Payment, Confirmation, Deposit, BankFile, BankLine, StatementDay, Remittance, CsvMapping,
    PayerAlias, VirtualAccount, MatchingRun, TransferReport, Allocation, MovedMoney, Dispute, Refund, PayoutFile, Payout, ReleasedPart,
    WebhookEvent, Invoice, InvoiceAddressee, InvoiceVoid, InvoiceDay, InvoiceOwed, Subscription, Term, RenewalSetting, Reservation,
    Announcement, SentNotice, Schedule, HostingEvent, Domain, Certificate, Event, Heartbeat, Mail,
)  # fmt: skip
