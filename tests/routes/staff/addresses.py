"""Every address of staff, filled with numbers that exist."""

from collections.abc import Iterator

from flask import Flask

from models import BankFile, HostingEvent, Invoice, Mail, Order, Payout
from portal import clock
from portal.actions.payments.money import assign_rest
from portal.actions.transfers import bank_files, payout_files, payouts, returns
from portal.actions.transfers.payouts import Payee
from portal.catalog import Catalog
from portal.runtime.settings import Settings
from tests.actions.hosting.contracts import a_contract, start
from tests.balance import an_allocation
from tests.bank_files import Paid, as_bytes, zengin01
from tests.browser import Browser
from tests.factories import a_customer
from tests.staff_desk import Clerk, a_bank_order, a_clerk, a_deposit, allocate, sign_in

SIGN_IN = {"/staff/login", "/staff/code", "/staff/logout"}
DEMO = {"/staff/demo/clock"}


def staff_addresses(app: Flask, clerk: Clerk, catalog: Catalog, settings: Settings) -> list[tuple[str, str]]:
    """Method and address of every rule below /staff, filled with numbers that exist."""
    a_customer("other", name="ほか 三郎")
    order, deposit = a_bank_order(catalog), a_deposit(clerk, 20_000)
    desk = sign_in(Browser(app, settings.public_url), a_clerk("helper"))
    allocate(desk, deposit, order)
    waiting = a_bank_order(catalog, "waiting")
    file, payout, filed = a_bank_file(clerk, catalog), a_payout(clerk, catalog, "planned"), a_payout(clerk, catalog, "filed")
    payout_file = payout_files.make([filed], clock.today(), payout_files.sender_of(catalog.payouts), clerk.staff)
    start(a_contract("hosted"))
    known = {"number": deposit.number, "order_number": waiting.number, "receipt_number": an_allocation().number}
    known |= {"login": "new", "which": 1, "view": "audit_orders", "attempt": 1, "act": "closing", "change": "password-link"}
    known |= {"file": file.number, "record": 2, "deposit_number": deposit.number, "unknown": an_unknown_file(clerk).number}
    known |= {"period": f"{clock.today():%Y-%m}", "form": "list", "day_text": clock.today().isoformat(), "part": "deposits"}
    known |= {"payout": payout.number, "payout_file": payout_file.number}
    return list(_addresses(app, known, order))


def a_bank_file(clerk: Clerk, catalog: Catalog) -> BankFile:
    """Imported, with one line."""
    content = as_bytes(zengin01([Paid(660, "ﾐﾎﾝ ﾀﾛｳ", clock.today())]))
    file = bank_files.keep(content, "今日.txt", clerk.staff, catalog.bank_accounts)
    bank_files.import_file(file, clerk.staff, catalog.bank_accounts, is_as_shown=lambda plan: True)
    return file


def an_unknown_file(clerk: Clerk) -> BankFile:
    """A bank's CSV whose columns nobody has chosen yet."""
    return bank_files.keep_unknown("日付,お名前,入金\n20261104,ﾐﾎﾝ,660".encode(), "meisai.csv", clerk.staff)


def a_payout(clerk: Clerk, catalog: Catalog, login: str) -> Payout:
    """お預かり of a customer of its own, planned to go back."""
    deposit = a_deposit(clerk, 700, f"ﾍﾝｷﾝ {login}")
    assign_rest(deposit, a_customer(login, name=f"返金 {login}"))
    payee = Payee("0001", "012", "1", "7654321", "ﾍﾝｷﾝ")
    return payouts.plan_rest(returns.rest_of(deposit), 500, payee, clerk.staff, "お客様のご希望")


def _addresses(app: Flask, known: dict[str, object], order: Order) -> Iterator[tuple[str, str]]:
    adapter = app.url_map.bind("127.0.0.1")
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/staff") or rule.rule in SIGN_IN | DEMO:
            continue
        numbers = {
            "staff.orders": order.number,
            "staff.order": known["order_number"],
            "staff.bank": known["file"],
            "staff.lines": known["file"],
            "staff.columns": known["unknown"],
            "staff.papers": Invoice.get().number,
            "staff.reissue": Invoice.get().number,
            "staff.mails": Mail.get().id,
            "staff.provisioning": HostingEvent.get().id,
        }
        values = known | {"number": numbers.get(rule.endpoint.rpartition(".")[0], known["number"])}
        address = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        yield from ((method, address) for method in sorted(rule.methods - {"HEAD", "OPTIONS"}))
