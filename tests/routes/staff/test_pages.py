"""Staff pages to read: orders, contracts, items needing attention, mails, history."""

from collections.abc import Callable
from datetime import date

import pytest

from models import Allocation, Mail, Payment
from portal import clock
from portal.actions.staff.export import VIEWS
from portal.catalog import Catalog
from portal.enums import MailState
from portal.sandbox.books.outcomes import Outcome
from tests.browser import Browser
from tests.factories import Workshop, a_customer
from tests.staff_desk import YEN, Clerk, a_bank_order, a_deposit, a_report, allocate


@pytest.fixture
def workshop(catalog: Catalog, books: object, companies: object) -> Workshop:
    return Workshop(catalog, books, companies)


def test_the_page_of_an_order_shows_everything_about_it(desk: Browser, clerk: Clerk, catalog: Catalog, business_day: Callable) -> None:
    business_day(date(2026, 11, 22))
    order = a_bank_order(catalog)
    a_report(order, "ミホン タロウ")
    allocate(desk, a_deposit(clerk, 3_000), order)
    allocate(desk, a_deposit(clerk, 10_200, "別"), order)

    desk.visit(f"/staff/orders/{order.number}")

    snapshot = ["入金確認済", "見本 太郎", "新規契約・銀行振込", "13,200円・0円", "ミホン タロウ", "3,000円", "10,200円"]
    for fact in [*snapshot, "2026年11月22日（日）から2027年11月30日（火）まで", "申し込み済み → 支払い済み", "担当者 keiri"]:
        assert desk.says(fact), fact
    desk.follow("最終確認の内容と同意 1")
    assert desk.says("「サーバーご利用約款」")
    assert desk.says("最終確認", "main")


def test_an_order_paid_by_card_shows_its_attempts(desk: Browser, workshop: Workshop) -> None:
    order = workshop.order(a_customer(), Outcome.REFUSED)

    desk.visit(f"/staff/orders/{order.number}")

    assert desk.says("不成立")
    assert desk.says("お支払い未完了")


def test_unknown_and_declined_payments_need_attention(desk: Browser, workshop: Workshop) -> None:
    assert desk.visit("/staff/attention").text("main").count("ありません。") == 4
    unknown = workshop.order(a_customer("one"), Outcome.ANSWER_LOST)
    refused = workshop.order(a_customer("two"), Outcome.REFUSED)

    desk.visit("/staff/attention")

    assert desk.says(unknown.number)
    assert desk.says(refused.number)
    assert desk.says("確認中")


def test_an_order_that_was_declined_twice_is_one_row_with_what_to_do(desk: Browser, workshop: Workshop) -> None:
    order = workshop.order(a_customer(), Outcome.REFUSED)
    tried = order.latest_payment
    again = {"attempt": 2, "key": f"{tried.key}-again", "setup": None} | {
        name: getattr(tried, name) for name in ("method", "yen", "state", "payment_method", "next_lookup_at", "created_at", "updated_at")
    }
    Payment.create(order=order, code="card_declined", **again)

    desk.visit("/staff/attention")

    assert desk.text("tbody").count(order.number) == 1
    assert desk.says("不成立（カード会社の承認なし）（2回目")
    assert desk.says("次の再手続きの日は、お客様のページの「今後の予定」にあります")
    assert desk.says("要確認 1", "nav")


def test_unallocated_money_needs_attention(desk: Browser) -> None:
    values = {"source": "card", "company_reference": "ch_1", "yen": 500, "received_on": clock.today(), "created_at": clock.now()}
    allocation = Allocation.create(number="1234567890", **values)

    assert desk.visit("/staff/attention").says("1234567890")
    allocation.delete_instance()


def test_a_contract_is_found_by_the_customers_name(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    allocate(desk, a_deposit(clerk), a_bank_order(catalog))
    a_customer("other", name="ほか 三郎")

    desk.visit("/staff/accounts").fill("検索", "見本太郎").press("検索する")
    assert desk.says("スタンダードプラン", "tbody")
    assert not desk.says("ほか 三郎")
    desk.follow("見本 太郎")

    assert desk.h1 == "見本 太郎 様の契約"
    assert desk.says("スタンダードプラン")
    assert desk.says("新規契約・銀行振込：支払い済み 13,200円")


def test_the_history_can_be_searched(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog)
    allocate(desk, a_deposit(clerk), order, reason="電話で確認した")

    desk.visit("/staff/history").fill("検索", "電話で").press("検索する")

    assert desk.says("電話で確認した", "tbody")
    assert len(desk.page.soup.select("tbody tr")) == 1


def test_text_from_customers_is_escaped(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    order = a_bank_order(catalog, name="<script>alert(1)</script>")
    a_report(order, "<img src=x onerror=alert(1)>")
    deposit = a_deposit(clerk, payer="<b>x</b>")
    allocate(desk, deposit, order, reason="<i>x</i>")

    one = [f"orders/{order.number}", f"deposits/{deposit.number}", "accounts/new"]
    for address in ["", "orders", "deposits", "accounts", "history", *one]:
        desk.visit(f"/staff/{address}")
        assert not desk.page.soup.select("main script, main img, main tbody i"), address


def test_staff_resend_a_failed_mail(desk: Browser, catalog: Catalog) -> None:
    a_bank_order(catalog)
    mail = Mail.get()
    mail.move(MailState.FAILED, came_from=[MailState.WAITING], last_error="550 no such user")

    desk.visit("/staff/mails").follow(mail.subject)
    assert desk.says("550 no such user")
    desk.press("再送")

    assert desk.says("再送を受け付けました")
    again = Mail.get()
    assert (again.state, again.message_id) == (MailState.WAITING, mail.message_id)


def test_staff_cannot_resend_a_mail_in_flight(desk: Browser, catalog: Catalog) -> None:
    a_bank_order(catalog)
    Mail.update(state=MailState.SENDING, claimed_until=clock.real_now()).execute()

    desk.visit(f"/staff/mails/{Mail.get().id}").press("再送")

    assert desk.says("いま送信中か")


def test_no_page_shows_a_secret(desk: Browser, clerk: Clerk, workshop: Workshop) -> None:
    order = workshop.order(a_customer())
    token = order.setups.get().payment_method.token

    files = [f"files/{view}.csv" for view in VIEWS]
    for address in ["", "orders", f"orders/{order.number}", "accounts/new", "history", *files]:
        desk.visit(f"/staff/{address}")
        assert not [secret for secret in (token, clerk.totp.secret, clerk.staff.password_hash) if secret in desk.html], address
    assert Payment.get().yen == YEN
