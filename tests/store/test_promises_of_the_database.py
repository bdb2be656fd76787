"""The database's own constraints: rows are written without the actions, as a bug would."""

from datetime import date, timedelta

import peewee
import pytest

from models import (
    Account,
    Allocation,
    Deposit,
    Mail,
    Order,
    OrderLine,
    Payment,
    PaymentMethod,
    PaymentMethodSetup,
    Refund,
    RenewalSetting,
    Subscription,
    Term,
    TransferReport,
    WebhookEvent,
)
from portal import clock
from portal.actions.transfers import bank_orders
from portal.actions.transfers.allocation import allocate
from portal.enums import Method
from portal.sandbox.books.outcomes import Outcome
from portal.store import database as store
from portal.store.database import database
from tests.balance import linked_wallets
from tests.purchase import EVERYTHING

pytestmark = pytest.mark.store


def copy(row, **changed):
    """The same row again, but for what is `changed`."""
    values = row.__data__ | changed
    if "id" in values:
        del values["id"]
    with database.atomic():
        return type(row).create(**values)


def refused(row, **changed):
    with pytest.raises(peewee.IntegrityError):
        copy(row, **changed)
    return True


@pytest.fixture
def order(shop):
    return shop.buy(selection=EVERYTHING)


@pytest.fixture
def waiting(shop):
    """An order whose payment is unknown."""
    return shop.buy("waiting", Outcome.ANSWER_LOST)


@pytest.mark.parametrize("state", ["created", "submitted", "unknown"])
def test_an_order_has_one_live_attempt(waiting, state):
    payment = waiting.latest_payment

    assert refused(payment, attempt=2, key="second", setup=None, state=state)
    assert copy(payment, attempt=2, key="second", setup=None, state="declined")


def test_an_order_has_one_succeeded_payment(order):
    payment = order.latest_payment

    assert refused(payment, attempt=2, key="second", setup=None)
    assert copy(payment, attempt=2, key="second", setup=None, state="abandoned")


def test_a_key_an_attempt_and_a_setup_are_used_once(order):
    payment, other = order.latest_payment, {"state": "declined", "attempt": 2, "key": "second", "setup": None}

    assert refused(payment, **other | {"key": payment.key})
    assert refused(payment, **other | {"attempt": 1})
    assert refused(payment, **other | {"setup": payment.setup_id})


@pytest.mark.parametrize("kind", ["new", "renew", "change", "auto"])
def test_an_account_has_one_placed_order(waiting, kind):
    assert refused(waiting, number="20000000", kind=kind)
    assert copy(waiting, number="20000001", kind="add", adds="backup")
    assert copy(waiting, number="20000002", kind=kind, state="cancelled")


def test_an_account_has_one_placed_addition_of_a_thing_beside_its_order(waiting):
    assert copy(waiting, number="20000000", kind="add", adds="backup")
    assert copy(waiting, number="20000001", kind="add", adds="ssl www.example.jp")
    assert copy(waiting, number="20000002", kind="add", adds="backup", state="cancelled")

    assert refused(waiting, number="20000003", kind="add", adds="backup")


def test_an_addition_says_what_it_adds_and_nothing_else_does(waiting):
    assert refused(waiting, number="20000000", kind="add", adds="")
    assert refused(waiting, number="20000000", kind="renew", state="draft", adds="backup")


def test_an_account_has_one_draft_of_a_kind(shop):
    draft = shop.draft()

    assert refused(draft, number="20000000")
    assert copy(draft, number="20000000", kind="renew")
    assert copy(draft, number="20000001", kind="add", adds="backup")
    assert copy(draft, number="20000002", kind="add", adds="device")
    assert refused(draft, number="20000003", kind="add", adds="device")


def test_two_terms_of_a_subscription_cannot_begin_on_one_day(order):
    term = Term.select().order_by(Term.id).first()
    line = copy(order.lines.first(), position=90)

    assert refused(term, order_line=line, previous_term=term)


def test_a_subscription_has_one_first_term(order):
    """A second one would overlap the first, or leave a gap before it."""
    term = Term.select().order_by(Term.id).first()
    line = copy(order.lines.first(), position=90)

    assert refused(term, order_line=line, starts_on=date(2030, 1, 1), ends_on=date(2030, 12, 31))


def test_a_term_has_one_following_term(order):
    term = Term.select().order_by(Term.id).first()
    lines = [copy(order.lines.first(), position=90 + number) for number in range(2)]
    next_day = term.ends_on + timedelta(days=1)
    following = {"previous_term": term, "previous_ends_on": term.ends_on, "starts_on": next_day, "ends_on": next_day}

    assert copy(term, order_line=lines[0], **following)
    assert refused(term, order_line=lines[1], **following)


@pytest.mark.parametrize(
    "gap",
    [
        {"starts_on": 2},
        {"starts_on": 0},
        {"previous_ends_on": -1, "starts_on": 0},
        {"previous_ends_on": 1, "starts_on": 2},
    ],
    ids=["a day is missing", "they share a day", "the end of another day, overlapping", "the end of another day, with a gap"],
)
def test_a_term_begins_on_the_day_after_the_one_before(order, gap):
    term = Term.select().order_by(Term.id).first()
    line = copy(order.lines.first(), position=90)
    days = {name: term.ends_on + timedelta(days=days) for name, days in ({"previous_ends_on": 0, "starts_on": 1} | gap).items()}

    assert refused(term, order_line=line, previous_term=term, ends_on=date(2040, 12, 31), **days)


def test_an_order_line_has_one_term(order):
    term = Term.select().order_by(Term.id).first()

    assert refused(term, starts_on=date(2030, 1, 1), ends_on=date(2030, 12, 31), previous_term=term)


def test_no_term_ends_before_it_begins(order):
    term = Term.select().order_by(Term.id).first()
    line = copy(order.lines.first(), position=90)

    assert refused(term, order_line=line, previous_term=term, starts_on=date(2030, 1, 2), ends_on=date(2030, 1, 1))


def test_a_companys_payment_is_received_once(order, waiting):
    allocation = Allocation.get(Allocation.order.is_null(False))

    assert refused(allocation, number="2000000000")
    assert refused(allocation, number="2000000000", order=waiting)
    assert refused(allocation, number="2000000000", order=None)
    assert refused(allocation, company_reference="other")
    assert copy(allocation, number="2000000000", source="wallet")


def test_one_deposit_may_pay_two_orders(order, waiting):
    allocation = copy(Allocation.get(Allocation.order.is_null(False)), number="2000000000", source="bank")

    assert copy(allocation, number="2000000001", order=waiting)
    assert refused(allocation, number="2000000002", order=waiting)


def test_an_account_has_one_subscription_per_product_except_certificates(order):
    rows = {subscription.product: subscription for subscription in Subscription.select()}

    for product in ("server", "backup", "device"):
        assert refused(rows[product])
        assert copy(rows[product], ended_on=date(2030, 1, 1))
    assert copy(rows["ssl"])


def test_an_account_renews_with_one_method(order):
    assert refused(RenewalSetting.get())


def test_a_webhook_is_recorded_once(order):
    notice = WebhookEvent.create(company="card", event_id="1", body="", received_at=clock.now())

    assert refused(notice)
    assert copy(notice, company="wallet")


NONSENSE = [
    (Order, "kind", "gift"),
    (Order, "state", "nearly paid"),
    (Order, "method", "cash"),
    (Order, "total_yen", 0),
    (Order, "total_yen", -1),
    (Order, "tax_yen", -1),
    (Order, "tax_yen", 10**9),
    (Order, "placed_at", None),
    (Order, "method", None),
    (Order, "total_yen", None),
    (Order, "paid_on", None),
    (Order, "account", 10**6),
    (OrderLine, "quantity", 0),
    (OrderLine, "months", 0),
    (OrderLine, "yen", -1),
    (OrderLine, "order", 10**6),
    (PaymentMethodSetup, "state", "lost"),
    (PaymentMethodSetup, "payment_method", None),
    (Payment, "payment_method", None),
    (Payment, "state", "perhaps"),
    (Payment, "method", "bank"),
    (Payment, "yen", 0),
    (Payment, "attempt", 0),
    (Payment, "company_reference", None),
    (Payment, "order", 10**6),
    (Allocation, "source", "purse"),
    (Allocation, "yen", 0),
    (Allocation, "order", 10**6),
    (Subscription, "quantity", 0),
    (Subscription, "account", 10**6),
    (Term, "order", 10**6),
    (RenewalSetting, "method", "bank"),
    (RenewalSetting, "method", "wallet"),
    (RenewalSetting, "wallet_day", 7),
    (PaymentMethod, "method", "bank"),
    (PaymentMethod, "state", "lost"),
    (PaymentMethod, "token", None),
    (PaymentMethod, "last4", None),
    (PaymentMethod, "next_try_at", clock.now()),
    (RenewalSetting, "payment_method", None),
    (Account, "login", "UPPER"),
]


def test_an_inconsistent_row_is_refused(order):
    accepted = [f"{table.__name__}.{column} = {value!r}" for table, column, value in NONSENSE if not makes_no_sense(table, column, value)]

    assert accepted == []


def makes_no_sense(table, column, value):
    mine = table._meta.primary_key == table.select().first().get_id()
    try:
        with database.atomic():
            table.update({column: value}).where(mine).execute()
    except peewee.IntegrityError:
        return True
    return False


def test_only_a_paid_order_has_a_payment_date(order, waiting):
    for number, paid_on in ((order.id, None), (waiting.id, date(2026, 1, 1))):
        with pytest.raises(peewee.IntegrityError), database.atomic():
            Order.update(paid_on=paid_on).where(Order.id == number).execute()


@pytest.mark.parametrize("state", ["created", "unknown"])
def test_an_order_has_one_refund_without_a_result(order, shop, state):
    values = {"account": order.account, "order": order, "payment": order.latest_payment, "method": "card", "yen": 1, "reason": "x"}
    values |= {"staff": shop.staff, "next_lookup_at": clock.now(), "created_at": clock.now(), "updated_at": clock.now(), "ordinal": 1}
    refund = Refund.create(key="first", **values)

    assert refused(refund, ordinal=2, key="second", state=state)
    assert refused(refund, ordinal=2, state="declined"), "the same key"
    assert refused(refund, key="second", state="declined"), "the same ordinal"
    assert copy(refund, ordinal=2, key="second", state="declined")
    for wrong in ({"yen": 0}, {"payment": None}, {"method": "bank"}, {"order": None}, {"state": "succeeded"}):
        assert refused(refund, **{"ordinal": 3, "key": "third", "state": "declined"} | wrong), wrong


@pytest.mark.parametrize("table", [Account, Order, Payment, Subscription, PaymentMethodSetup])
def test_rows_with_money_cannot_be_deleted(order, table):
    with pytest.raises(peewee.IntegrityError), database.atomic():
        table.delete().execute()


def test_a_deposit_is_recorded_once_and_allocated_once_per_order(shop):
    first, second = (shop.place_for_transfer(shop.draft(login)) for login in ("one", "two"))
    deposit = shop.deposit(20_000)
    allocate(deposit, first, 13_200, shop.staff, "x", catalog=shop.catalog)
    allocation = Allocation.get(Allocation.order.is_null(False))

    assert refused(deposit, number="second")
    assert refused(deposit, form_token="second")
    assert makes_no_sense(Deposit, "yen", 0)
    assert refused(allocation, number="second", yen=1), "the same deposit for the same order"
    assert copy(allocation, number="second", yen=1, order=second)


def test_money_given_back_and_differences_accepted_have_their_own_rules(shop):
    order, other = (shop.place_for_transfer(shop.draft(login)) for login in ("one", "two"))
    deposit = shop.deposit(20_000)
    allocate(deposit, order, 13_000, shop.staff, "x", catalog=shop.catalog)
    part, rest = Allocation.get(Allocation.order == order), Allocation.get(Allocation.order.is_null())
    waived = {"number": "1", "source": "waived", "company_reference": order.number, "yen": 200, "deposit": None}
    returned = {"number": "2", "source": "returned", "company_reference": f"bank:{part.company_reference}", "yen": -200}

    assert refused(part, **(waived | {"order": None})), "a difference is accepted for an order"
    assert refused(part, **(waived | {"yen": -200}))
    assert copy(part, **waived)
    assert refused(part, **(waived | {"number": "3", "company_reference": "other"})), "once per order"
    assert copy(part, **(waived | {"number": "4", "order": other}))
    assert refused(part, **(returned | {"yen": 0})), "money given back, or come again, is some"
    assert refused(part, number="2", yen=-200), "only money given back is negative"
    assert refused(part, **(returned | {"company_reference": part.company_reference})), "it says where it came from"
    assert copy(part, **returned)
    assert copy(part, **(returned | {"number": "5"})), "a second part of it"
    assert copy(rest, **(returned | {"number": "6"})), "of the rest, which has no order"
    assert refused(rest, number="7", yen=1), "one rest of a deposit"
    assert refused(part, number="8", order=other, account=order.account_id), "money of an order waits for nobody"
    assert (order.received_yen, order.missing_yen, deposit.rest_yen) == (13_200, 0, 6_800)


def test_mails_wallets_and_transfer_reports_are_unique(shop):
    wallet = shop.by(Method.WALLET).buy("wallet")
    bank_orders.report(shop.place_for_transfer(shop.draft("bank")), "ﾐﾎﾝ", date(2026, 11, 22))
    mail = Mail.get(Mail.account == wallet.account)

    assert refused(mail, message_id="second")
    assert refused(mail, entity="second")
    assert refused(linked_wallets()[0], token="second"), "an account has one wallet"
    assert refused(TransferReport.get(), payer="second")
    assert makes_no_sense(Order, "wallet_day", 7)


def test_the_models_are_bound_to_the_database_under_test(database):
    assert store.is_postgresql() == database.startswith("postgresql")


def test_an_order_that_a_card_pays_is_not_written_once_more_for_its_money(shop):
    shop.buy()
    shop.renew("new")

    assert Order.select().count() == 2
    assert not Order.select().where(Order.has_money).exists()
