"""Who has left is erased when the law no longer asks for the records; nobody else is, and no yen is lost."""

from dataclasses import replace
from datetime import date

import peewee
import pytest

from models import (
    TABLES,
    Account,
    Allocation,
    Announcement,
    BankFile,
    BankLine,
    Certificate,
    Confirmation,
    Consent,
    CountedTry,
    CsvMapping,
    Deposit,
    Dispute,
    Domain,
    Event,
    Heartbeat,
    HostingEvent,
    Installation,
    Invoice,
    InvoiceAddressee,
    InvoiceVoid,
    KeptInput,
    Mail,
    MatchingRun,
    MovedMoney,
    OneTimeLink,
    Order,
    OrderLine,
    PasswordRequest,
    PayerAlias,
    Payment,
    PaymentMethod,
    PaymentMethodSetup,
    Payout,
    PayoutFile,
    RecoveryCode,
    Refund,
    RenewalSetting,
    Reservation,
    SentNotice,
    Session,
    Staff,
    StatementDay,
    Subscription,
    Term,
    TransferReport,
    WebhookEvent,
)
from portal import clock
from portal.actions.accounts import password_reset
from portal.actions.mail import money_mails
from portal.actions.privacy import erasing
from portal.actions.refusals import NotPossible
from portal.actions.renewals import closing
from portal.actions.transfers.allocation_preview import preview_allocation
from portal.actions.transfers.held_money import hold_for_customer
from portal.catalog import RetentionNumbers
from portal.enums import HeldBecause
from portal.rules.orders.quote import quote
from portal.store import database as store
from tests import additions, bank
from tests.balance import terms
from tests.choices import a_selection
from tests.factories import a_confirmed_domain
from tests.passes import run_job
from tests.purchase import CATALOG, EVERYTHING

PAPERS = (Invoice, InvoiceAddressee, InvoiceVoid)  # the database refuses to change them; the privacy page says that they stay
TEN = RetentionNumbers(records_years=10)
BOUGHT = date(2014, 11, 22)  # until 2015-11-30; 停止中 and 解約 in December 2015
NAMES = ("leaver", "消本 太郎", "ｹｼﾓﾄ", "192.0.2.1", "keshimoto.example.jp")


@pytest.fixture
def leaver(shop, business_day, settings, companies) -> Account:
    """A customer who bought everything in 2014 by card, and left when the year was over."""
    business_day(BOUGHT)
    shop.buy("leaver", selection=EVERYTHING)
    account = Account.by_login("leaver")
    found = quote(a_selection(ssl="quick"), CATALOG.plan(account.plan), CATALOG, BOUGHT)
    line = replace(found.lines[0], common_name=a_confirmed_domain(account, "keshimoto.example.jp").shown)
    additions.order(shop, "leaver", f"ssl {line.common_name}", replace(found, lines=(line,)))
    Account.update(name="消本 太郎", email="leaver@example.jp", notice_email="leaver2@example.jp").where(Account.id == account.id).execute()
    account = Account.by_login("leaver")
    password_reset.send_link(account, "operator", "消本様のお電話で")
    closing.close(account, "staff keiri", "消本様のご希望", CATALOG)
    for day in (date(2015, 12, 1), date(2015, 12, 2), date(2015, 12, 16), date(2015, 12, 17)):
        business_day(day)
        run_job("billing", settings, companies)
    assert not Subscription.select().where(Subscription.ended_on.is_null()).exists()
    run_job("detach", settings, companies)
    return Account.by_login("leaver")


def erased() -> list[int]:
    """Two passes: the first asks the company to drop a card or wallet that is left."""
    planned = [account.id for account in erasing.due(TEN)]
    done = [found.id for _ in range(2) for found in erasing.erase_due(TEN)]
    assert sorted(planned) == sorted(done)
    return done


def found_in_the_tables(*names: str) -> dict[str, list[str]]:
    rows = [(table.__name__, repr(row)) for table in TABLES if table not in PAPERS for row in table.select().dicts()]
    return {name: [f"{table} {row}" for table, row in rows if name in row] for name in names if any(name in row for _, row in rows)}


@pytest.mark.store
def test_the_person_is_in_no_table_and_every_yen_and_day_stays(leaver, business_day):
    before = (terms(), [(row.number, row.yen, row.received_on) for row in Allocation.select()], [row.number for row in Order.select()])
    assert found_in_the_tables(*NAMES).keys() >= {"leaver", "消本 太郎"}
    business_day(date(2025, 12, 31))
    assert erased() == []
    business_day(date(2026, 1, 1))
    assert erased() == [leaver.id]

    assert found_in_the_tables(*NAMES) == {}
    assert before == (
        terms(),
        [(row.number, row.yen, row.received_on) for row in Allocation.select()],
        [row.number for row in Order.select()],
    )
    assert Event.get(Event.to_state == "erased").entity == f"account erased-{leaver.id}"
    assert store.database.execute_sql("SELECT account FROM audit_orders").fetchone()[0] == f"erased-{leaver.id}"
    assert erased() == []


def test_money_that_comes_for_an_erased_customer_is_held_for_nobody_and_no_mail_waits_for_ever(leaver, business_day):
    business_day(date(2026, 1, 1))
    erased()
    order, money = Order.select().order_by(Order.id).first(), bank.deposit(500)
    with pytest.raises(NotPossible, match="消去済み"):
        hold_for_customer(money, order, bank.staff(), "番号が一致")
    money_mails.money_held(order.account, money, order, 500, HeldBecause.PAID)

    assert not preview_allocation(money, order).may_hold
    assert not Mail.select().where(Mail.recipient == "").exists()
    assert money.rest == (500, None)


@pytest.mark.parametrize(
    "what",
    {
        "a server that runs": lambda account: Subscription.update(ended_on=None).execute(),
        "money that waits": lambda account: Allocation.update(account=account, order=None).execute(),
        "a mail of last year": lambda account: Event.update(at=clock.now()).execute(),
        "a payment of last year": lambda account: Allocation.update(received_on=date(2025, 1, 1)).execute(),
        "a term until last year": lambda account: Term.update(ends_on=date(2025, 1, 31)).execute(),
        "an order that waits": lambda account: Order.update(state="placed", paid_on=None).execute(),
        "neither closed nor ever a server": lambda account: (
            Account.update(closed_at=None).execute(),
            Term.delete().execute(),
            Subscription.update(account=bank_customer()).execute(),
        ),
    }.items(),
    ids=lambda item: item[0],
)
def test_nobody_is_erased_too_early(leaver, business_day, what):
    business_day(date(2026, 1, 1))
    assert [account.id for account in erasing.due(TEN)] == [leaver.id]
    what[1](leaver)

    assert erased() == []


def bank_customer() -> Account:
    return Account.create(login="other", password_hash="", name="", email="", plan="light", created_at=clock.now())


def test_a_card_or_wallet_that_is_left_is_dropped_by_its_company_first(leaver, business_day):
    [oldest, *_] = leaver.payment_methods.order_by(PaymentMethod.id)
    PaymentMethod.update(state="active", token="still-there", token_hash="x" * 64).where(PaymentMethod.id == oldest.id).execute()
    business_day(date(2026, 1, 1))
    assert list(erasing.erase_due(TEN)) == []
    assert PaymentMethod.get_by_id(oldest.id).state == "detaching"


def test_of_a_transfer_the_payer_goes_unless_it_paid_somebody_else_too(shop, business_day):
    business_day(BOUGHT)
    mine, theirs = (shop.place_for_transfer(shop.draft(login)) for login in ("leaver", "stays"))
    alone, both = bank.pay_in(mine, 1_000), bank.deposit(20_000)
    bank.allocate(both, mine)
    bank.allocate(both, theirs, 1_000)
    business_day(date(2026, 1, 1))
    account = mine.account
    for rows in erasing._without_the_person(account):
        rows.execute()

    assert [Deposit.get_by_id(each.id).payer for each in (alone, both)] == [erasing.NAME, "ﾐﾎﾝ ﾀﾛｳ"]


# -- every column with a text has its place

ERASED = {
    Account: "login name name_key email notice_email password_hash",
    Session: "token_hash data browser address",
    OneTimeLink: "address",
    KeptInput: "token_hash page typed network",
    CountedTry: "kind who network browser press",
    Order: "typed former_name_key adds",
    PaymentMethod: "brand label last4",
    PaymentMethodSetup: "address",
    Confirmation: "content address browser",
    Deposit: "payer payer_key",
    BankLine: "payer payer_key code reference note",
    PayerAlias: "payer payer_key",
    TransferReport: "payer payer_key",
    Refund: "reason",
    Payout: "reason account_number account_name",
    Certificate: "common_name shown reason",
    Domain: "name shown reason",
    HostingEvent: "body",
    Event: "entity actor reason",
    Mail: "entity recipient subject body last_error",
}
STAYS = {
    "the company's own, and of the program": (
        Installation,
        Staff,
        RecoveryCode,
        Heartbeat,
        CsvMapping,
        MatchingRun,
        PayoutFile,
        StatementDay,
    ),
    "gone long before, by its own age": (PasswordRequest, WebhookEvent, BankFile, Reservation, Announcement),
    "a paper is never changed": PAPERS,
    "what was bought, when, for how much": (Consent, Payment, Dispute, Allocation, MovedMoney, Subscription, RenewalSetting, SentNotice),
    "the same; its common name is found by its words": (OrderLine,),
}
SAYS_NOTHING = """plan purpose state token_hash kind method number typed_page company token code company_key reference seen about
    sha256 form_token key from_state to_state proof order_number product variant last_error message_id
    account identity ignored_reason bank_code branch_code sender"""


def test_every_column_with_a_text_is_erased_or_says_nothing_of_a_person() -> None:
    """A new one fails here: name it in actions/privacy/erasing.py and in ERASED, or say in STAYS or SAYS_NOTHING why it may stay."""
    whole = {table for tables in STAYS.values() for table in tables}
    texts = (peewee.CharField, peewee.TextField)
    columns = {
        (table, field.name) for table in TABLES if table not in whole for field in table._meta.sorted_fields if isinstance(field, texts)
    }
    placed = {(table, name) for table, names in ERASED.items() for name in names.split()}

    assert placed - columns == set()
    assert [f"{table.__name__}.{name}" for table, name in columns - placed if name not in SAYS_NOTHING.split()] == []
