"""Staff's pages cost no more than customers', however much there is to list."""

from dataclasses import replace
from typing import Any

import pytest
import time_machine

from models import Allocation, BankFile, Certificate, Deposit, Event, Mail, Order
from portal import clock
from portal.actions.payments.money import add_unallocated
from portal.actions.transfers import bank_files
from portal.catalog import Catalog
from portal.rules.transfers.bank_files.csv_file import MOST_COLUMNS
from portal.runtime.settings import Settings
from tests.bank_files import Paid, as_bytes, zengin01, zengin03
from tests.browser import Browser
from tests.budgets import FORM, Ledger, Meter, table
from tests.factories import a_certificate, a_confirmed_domain
from tests.many_rows import a_crowd
from tests.staff_desk import Clerk, a_bank_order, a_deposit, a_report, allocate, enter_password, sign_in, to_the_review

MANY = 100
LOOK = 120  # a second look runs the action, reads the account before and after, and rolls back


def much(clerk: Clerk, catalog: Catalog) -> tuple[Order, Deposit]:
    """Lists that have more than a page, and an order with much to show."""
    a_crowd(MANY)
    orders = [a_bank_order(catalog, f"waits{place}", name=f"見本 {place}郎") for place in range(25)]
    for order in orders:
        a_report(order, f"{order.number} ミホン {order.id}")
    entered = {"booked_on": clock.today(), "valued_on": clock.today(), "yen": 13_200, "staff": clerk.staff, "created_at": clock.now()}
    rows = [{"number": f"9{place:07}", "payer": f"ﾐﾎﾝ{place}ﾛｳ", "form_token": f"many{place}"} for place in range(MANY)]
    Deposit.insert_many([row | entered for row in rows]).execute()
    for entered_deposit in Deposit.select():
        add_unallocated(entered_deposit, entered_deposit.yen)
    owner = orders[0].account
    for place in range(MANY):
        failed = a_certificate(owner, a_confirmed_domain(owner, f"a-long-name-of-many-{place}.example.co.jp"))
        Certificate.update(state="failed", reason="ドメインが見つかりません。").where(Certificate.subscription == failed).execute()
    changed = {"entity": f"order {orders[0].number}", "from_state": "placed", "to_state": "placed", "actor": "staff x", "at": clock.now()}
    Event.insert_many([changed | {"reason": f"{place}円を電話で確認したため充当した"} for place in range(MANY)]).execute()
    return orders[0], a_deposit(clerk, 20_000, f"{orders[0].number} ﾐﾎﾝ")


def many_lines(clerk: Clerk, catalog: Catalog) -> BankFile:
    """An imported file of many lines; the last one takes the first one back."""
    lines = [Paid(13_200, f"ﾐﾎﾝ{place}ﾛｳ", clock.today()) for place in range(MANY)]
    content = as_bytes(zengin01([*lines, replace(lines[0], is_cancelled=True)]))
    file = bank_files.keep(content, "今日の明細.txt", clerk.staff, catalog.bank_accounts)
    bank_files.import_file(file, clerk.staff, catalog.bank_accounts, is_as_shown=lambda plan: True)
    return file


@pytest.fixture
def ledger(app: Any, settings: Settings) -> Ledger:
    meter = Meter(app)
    meter.jinja_env.globals.pop("demo_clock", None)  # in real use no page carries the demo's bar
    return Ledger(meter, Browser(meter, settings.public_url))


def test_every_staff_page_stays_within_its_budget(ledger: Ledger, clerk: Clerk, catalog: Catalog) -> None:
    order, deposit = much(clerk, catalog)
    desk = ledger.browser
    desk.visit("/staff/login").press("次へ")
    ledger.page("staff: sign in, with mistakes")
    enter_password(desk, clerk).press("ログイン")
    ledger.page("staff: code, with mistakes")
    sign_in(desk, clerk)
    to_the_review(desk, deposit, order)
    ledger.page("staff: allocation, second look", most_queries=LOOK)
    desk.press("OK")
    undone = Allocation.get(Allocation.deposit == deposit, Allocation.order.is_null(False)).number
    addresses = ["", "?q=見本", "deposits", "deposits/new", f"deposits/{deposit.number}", "orders", f"orders/{order.number}"]
    addresses += [
        "accounts",
        "history",
        "certificates",
        "certificates/failed",
        "domains",
        "accounts/waits0",
        "attention",
        "papers",
        "papers/1",
        "papers/months",
        "files",
        f"day/{clock.today()}",
        f"day/{clock.today()}/deposits",
        f"day/{clock.today()}/done",
        "held",
        "remittances",
        "payouts",
        "payouts/file",
        "mails",
        f"mails/{Mail.get().id}",
        f"orders/{order.number}/confirmations/1",
    ]
    file = many_lines(clerk, catalog)
    addresses += [
        "matching",
        "waiting",
        "accounts/waits0/payer-names",
        "accounts/waits0/erasure",
        "bank",
        "bank/new",
        f"bank/{file.number}",
        f"bank/{file.number}?state=waiting",
        f"bank/{file.number}/lines/2",
    ]
    addresses += [f"bank/{file.number}/lines/{MANY + 2}", f"bank/{file.number}/lines/2/ignoring"]
    addresses += [f"deposits/{deposit.number}/receipts/{undone}/undo", "deposits?rest=yes", "orders?page=2"]
    for address in addresses:
        desk.visit(f"/staff/{address}")
        assert desk.status == 200
        ledger.page(f"staff: {address}")
    desk.visit(f"/staff/deposits/{deposit.number}/receipts/{undone}/undo").fill("理由", "x").press("確認へ進む")
    ledger.page("staff: undo, second look", most_queries=LOOK)
    lines = [Paid(660, f"ﾐﾎﾝ{place}ﾛｳ", clock.today()) for place in range(MANY)]
    desk.visit("/staff/bank/new").attach("ファイル", "今日.txt", as_bytes(zengin03(lines))).press("内容を確かめる")
    ledger.page("staff: file of the bank, second look")
    others = range(MOST_COLUMNS - 3)
    wide = ",".join(("日付", "入金", "摘要", *(f"列の名前{place}" for place in others)))
    numbers = [[str(7_919 * (place + 1) * (column + 97))[-7:] for column in others] for place in range(MANY)]
    lines = [",".join((clock.today().isoformat(), "660", f"ﾐﾎﾝ{place}", *numbers[place])) for place in range(MANY)]
    desk.visit("/staff/bank/new").attach("ファイル", "x.csv", "\n".join((wide, *lines)).encode()).press("内容を確かめる")
    desk.fill("銀行の名前", "みほん銀行").press("試しに読む")
    ledger.page("staff: columns of a CSV, tried", FORM)
    desk.press("覚える").visit("/staff/bank/mappings")
    ledger.page("staff: saved columns of CSV")
    desk.visit("/staff/papers?first=x&least=y")
    ledger.page("staff: papers, with mistakes")
    desk.visit("/staff/deposits/9").visit("/staff/deposits/90000001")
    ledger.page("staff: deposit with candidates")

    print("\n" + table(ledger.rows, {}))
    assert not ledger.over


def test_the_page_of_a_full_order_stays_within_its_budget_after_a_pause(ledger: Ledger, clerk: Clerk, catalog: Catalog) -> None:
    """The session is marked as seen once a minute: that write fits into the budget as well."""
    desk, order = sign_in(ledger.browser, clerk), a_bank_order(catalog)
    allocate(desk, a_deposit(clerk), order)

    with time_machine.travel(clock.real_now().timestamp() + 120, tick=True):
        desk.visit(f"/staff/orders/{order.number}")
        ledger.page("order, after a pause")
        desk.visit("/staff/accounts/new")
        ledger.page("account, after a pause")

    assert not ledger.over
