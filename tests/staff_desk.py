"""Staff at work: who they are, what customers have ordered by bank transfer, and the steps they take on their pages."""

import hashlib
from dataclasses import dataclass
from datetime import date

import pyotp
from werkzeug.test import Cookie

from models import Account, Deposit, Order, Staff, TransferReport
from portal import clock
from portal.actions.accounts import staff_members
from portal.actions.orders import drafts
from portal.actions.orders.placement import AcceptedOrder
from portal.actions.transfers import bank_orders, deposits
from portal.actions.transfers.deposits import Entered
from portal.catalog import Catalog
from portal.enums import Method, OrderKind
from portal.rules.orders.quote import quote
from portal.rules.renewals.offer import offer
from portal.rules.renewals.snapshot import Snapshot
from tests.browser import Browser
from tests.choices import a_selection
from tests.factories import a_customer

PASSWORD = "staff-pass"
YEN = 13_200
REASON = "番号と金額が一致"


@dataclass(frozen=True)
class Clerk:
    """One of the staff with the phone in hand."""

    staff: Staff
    totp: pyotp.TOTP
    recovery_codes: tuple[str, ...]

    def code(self) -> str:
        """The code of now. The clock of a test stands almost still, so the last use of it is forgotten here."""
        Staff.update(totp_step=0).where(Staff.id == self.staff.id).execute()
        return self.totp.at(clock.real_now())


def a_clerk(login: str = "keiri", name: str = "経理 花子") -> Clerk:
    made = staff_members.add_staff(login, PASSWORD, name, site=(), actor="test")
    return Clerk(made.staff, made.totp, made.recovery_codes)


def enter_password(browser: Browser, clerk: Clerk) -> Browser:
    """One factor: at the page that asks for the code."""
    return browser.visit("/staff/login").fill("ログインID", clerk.staff.login).fill("パスワード", PASSWORD).press("次へ")


def sign_in(browser: Browser, clerk: Clerk) -> Browser:
    """Pass both factors; ends at 入金待ち."""
    return enter_password(browser, clerk).fill("確認コード", clerk.code()).press("ログイン")


def staff_cookie(browser: Browser) -> Cookie:
    return browser.client.get_cookie("staff", domain="127.0.0.1", path="/staff")


def a_bank_order(catalog: Catalog, login: str = "new", *, months: int = 12, name: str = "見本 太郎") -> Order:
    """A customer's order that waits for a transfer."""
    account = Account.by_login(login) or a_customer(login, name=name)
    draft = drafts.open_draft(account, OrderKind.NEW)
    choices = {"months": str(months), "ssl": "", "backup": "", "device_months": "", "devices": "1"}
    drafts.remember(draft, choices | {"agree_server": catalog.document_of("server").version})
    draft, today = Order.get_by_id(draft.id), clock.today()
    found = quote(a_selection(months=months), catalog.plan(account.plan), catalog, today)
    made = offer(found, Method.BANK, today, Snapshot(account.plan), catalog)
    content = "<p>最終確認</p>"
    evidence = (content, hashlib.sha256(content.encode()).hexdigest(), "127.0.0.1", "test")
    documents = (catalog.document_of("server"),)
    accepted = AcceptedOrder(*evidence, made.quote, made.method, account.plan, documents, draft.revision)
    bank_orders.place(draft, accepted, catalog.bank_accounts, ())
    return Order.get_by_id(draft.id)


def a_report(order: Order, payer: str) -> TransferReport:
    bank_orders.report(order, payer, clock.today())
    return order.transfer_report


def a_deposit(clerk: Clerk, yen: int = YEN, payer: str = "ﾐﾎﾝ ﾀﾛｳ", *, on: date | None = None) -> Deposit:
    day = on or clock.today()
    return deposits.enter(Entered(day, day, yen, payer), clerk.staff, f"form-{Deposit.select().count()}")


def to_the_review(browser: Browser, deposit: Deposit, order: Order, *, yen: str | None = None, reason: str = REASON) -> Browser:
    """Open the confirmation of an allocation."""
    browser.visit(f"/staff/deposits/{deposit.number}/orders/{order.number}")
    if yen is not None:
        browser.fill("充当する金額", yen)
    return browser.fill("理由", reason).press("確認へ進む")


def allocate(browser: Browser, deposit: Deposit, order: Order, **typed: str) -> Browser:
    return to_the_review(browser, deposit, order, **typed).press("OK")


def undo(browser: Browser, deposit: Deposit, *, reason: str = "別のお客様の入金") -> Browser:
    browser.visit(f"/staff/deposits/{deposit.number}").follow("取り消す")
    return browser.fill("理由", reason).press("確認へ進む").press("OK")
