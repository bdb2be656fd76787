"""Turning the clock runs the real scheduled jobs day by day and lists what happened."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from models import Account, Certificate, Domain, Event, Mail, Order, Payment, Schedule, Subscription, WebhookEvent
from portal import clock
from portal.actions.certificates import common_names
from portal.actions.payments import pay
from portal.demo import telling, turning
from portal.demo.turning import MOST_DAYS
from portal.enums import CertificateState, DomainState, OrderKind, OrderState, PaymentState
from portal.formats import date_ja
from portal.sandbox.books import Books, bank
from portal.sandbox.books.outcomes import Outcome
from tests.choices import a_selection
from tests.factories import a_customer, a_domain
from tests.purchase import Shop

PLACED = date(2026, 11, 9)
DUE = date(2026, 11, 23)
EXPIRES = date(2026, 11, 27)


def test_an_order_expires_on_its_day_and_not_before(presenter, transfer):
    presenter.fill("日付", "2026-11-26").press("この日へ")
    assert Order.get().state == OrderState.PLACED

    presenter.press("1日進める")

    assert clock.today() == EXPIRES
    assert Order.get().state == OrderState.EXPIRED
    assert clock.day_of(Event.get(Event.to_state == OrderState.EXPIRED).at) == EXPIRES


def test_the_result_of_a_turn_lists_events_by_day_with_mail_and_order(presenter, transfer):
    presenter.fill("日付", "2026年12月1日").press("この日へ")

    assert presenter.says("2026年11月9日（月）から2026年12月1日（火）まで進めました")
    assert [heading.get_text() for heading in presenter.page.soup.select("h3")] == ["2026年11月27日（金）"]
    assert presenter.says("申し込み済み → 期限切れ（期限 2026-11-23 までに全額の入金がないため、定期処理）")
    assert presenter.page.link(f"申し込み {transfer.number}")["href"] == f"/staff/orders/{transfer.number}"
    subject = Mail.select().order_by(Mail.id.desc()).get().subject
    assert presenter.follow(subject).h1 == subject
    assert presenter.says("new@example.jp")


def test_the_jobs_of_a_day_run_with_that_date(presenter, transfer):
    presenter.fill("日付", "2026-12-31").press("この日へ")

    assert {clock.day_of(mail.sent_at) for mail in Mail.select()} == {PLACED, EXPIRES}


def test_a_turn_without_events_says_so(presenter, on):
    on(PLACED)

    presenter.visit("/demo/clock").press("1日進める")

    assert presenter.says("この間には、何も起きませんでした")


def test_the_next_event_is_the_due_day_then_the_expiry_then_none(presenter, transfer):
    presenter.visit("/demo/clock")
    assert presenter.says(f"2026年11月23日（月）：お振込の期限（申し込み {transfer.number}）")

    presenter.press("次の出来事へ")
    assert clock.today() == DUE
    presenter.press("次の出来事へ")
    assert clock.today() == EXPIRES
    presenter.press("次の出来事へ")

    assert (presenter.status, clock.today()) == (409, EXPIRES)
    assert presenter.says("予定されている出来事はありません", "[role=alert]")


def test_a_contract_auto_renews_on_its_charge_day(presenter, on, workshop, companies):
    """A month from 2026-11-09 lasts until 12-31: the card is charged on 12-05."""
    on(PLACED)
    customer = a_customer()
    draft = workshop.draft(customer, months=1)
    pay.pay_order(draft, workshop.setup(draft), workshop.accepted(draft, customer), companies.card, "test", workshop.catalog)

    presenter.visit("/demo/clock").press("次の出来事へ")
    assert PLACED < clock.today() < date(2026, 12, 5)
    presenter.fill("日付", "2026-12-31").press("この日へ")

    assert [(order.kind, order.paid_on) for order in Order.select().order_by(Order.id)] == [
        (OrderKind.NEW, PLACED),
        (OrderKind.AUTO, date(2026, 12, 5)),
    ]
    assert presenter.says("2026年12月5日（土）", "h3")
    assert presenter.says("（new）：")


def test_turning_back_schedules_every_account_again(presenter, on):
    on(PLACED - timedelta(days=1))
    account = a_customer()
    Schedule.create(account=account, due_on=date(2027, 3, 1))
    on(date(2026, 12, 24))

    presenter.visit("/demo/clock").fill("日付", "2026-11-20").press("この日へ")

    assert Schedule.get().due_on == date(2026, 11, 20)


def test_webhooks_are_delivered_during_the_turn(presenter, on, workshop):
    on(PLACED)
    workshop.order(a_customer(), Outcome.PAYS)
    Payment.update(state=PaymentState.UNKNOWN, next_lookup_at=clock.now() + timedelta(days=30)).execute()
    assert not WebhookEvent.select().exists()

    presenter.visit("/demo/clock").press("1日進める")

    assert WebhookEvent.select().count() == 1


@pytest.mark.parametrize("typed", ["2026/12/1", "２０２６年１２月１日", " 2026-12-01 ", "2026.12.1"])
def test_a_date_is_accepted_in_any_usual_notation(presenter, on, typed):
    on(PLACED)

    presenter.visit("/demo/clock").fill("日付", typed).press("この日へ")

    assert clock.today() == date(2026, 12, 1)


@pytest.mark.parametrize("typed", ["", "あした", "2026/11/31", "２０２６", "11-30", "99999-01-01", "<b>", "0000-01-01"])
@pytest.mark.parametrize("page", ["/demo/clock", "/login"])
def test_an_invalid_date_is_kept_and_explained_at_its_field(browser, on, typed, page):
    on(PLACED)

    browser.visit(page).fill("日付", typed).press("この日へ")

    assert (browser.status, clock.today()) == (422, PLACED)
    assert browser.title.startswith("エラー：")
    assert browser.says("日付は、2026-11-09 のように年・月・日で入力してください。", "#day-error")
    assert browser.value("日付") == typed


@pytest.mark.parametrize(("days", "is_taken"), [(MOST_DAYS, True), (MOST_DAYS + 1, False)])
def test_one_turn_is_limited_to_400_days(presenter, on, hurried, days, is_taken):
    on(PLACED)

    presenter.visit("/demo/clock").fill("日付", str(PLACED + timedelta(days=days))).press("この日へ")

    assert clock.today() == (PLACED + timedelta(days=days) if is_taken else PLACED)
    assert presenter.says("一度に進められるのは400日までです。2027年12月14日（火）までの日付を入力してください。") != is_taken
    assert presenter.status == (200 if is_taken else 422)


def test_the_clock_can_go_back_while_nothing_was_recorded(presenter, on):
    on(date(2026, 12, 24))

    presenter.visit("/demo/clock").fill("日付", "2026-12-01").press("この日へ")

    assert clock.today() == date(2026, 12, 1)
    assert presenter.says("2026年12月1日（火）に戻しました")


def test_after_something_was_recorded_only_a_restart_goes_back(presenter, transfer):
    presenter.fill("日付", "2026-11-08").press("この日へ")

    assert (presenter.status, clock.today(), presenter.value("日付")) == (422, PLACED, "2026-11-08")
    assert presenter.says("2026年11月8日（日）より後の日時で記録されたものがあるため、時計を戻せません。", "#day-error")
    assert presenter.follow("最初からやり直す").h1 == "最初からやり直す"


def test_money_in_the_sandbox_counts_as_recorded(presenter, on, books):
    on(PLACED)
    bank.pay_in(books, 13_200, "ﾐﾎﾝ ﾀﾛｳ")

    presenter.visit("/demo/clock").fill("日付", "2026-11-08").press("この日へ")

    assert (presenter.status, clock.today()) == (422, PLACED)


def test_the_clock_goes_back_to_today_and_no_further(presenter, on):
    with time_machine.travel(datetime(2026, 11, 25, 3, 0)):
        on(date(2027, 3, 1))
        presenter.visit("/demo/clock").press("今日に戻す")
        assert clock.today() == date(2026, 11, 25)
        on(date(2027, 3, 1))
        a_customer()

        presenter.visit("/demo/clock").press("今日に戻す")

        assert (presenter.status, clock.today()) == (409, date(2027, 3, 1))
        assert presenter.says("「最初からやり直す」を使ってください", "[role=alert]")


def test_a_demo_that_began_in_the_past_can_turn_forward_to_today(presenter, transfer):
    with time_machine.travel(datetime(2026, 11, 30, 3, 0)):
        turning.set_day(presenter.application.extensions["books"], PLACED)

        presenter.visit("/demo/clock").press("今日に戻す")

        assert clock.today() == date(2026, 11, 30)
        assert Order.get().state == OrderState.EXPIRED


def test_turning_to_the_current_day_does_nothing(presenter, on):
    on(PLACED)

    presenter.visit("/demo/clock").fill("日付", "2026-11-09").press("この日へ")

    assert (presenter.status, clock.today()) == (409, PLACED)
    assert presenter.says("時計は、すでに2026年11月9日（月）です。")


def test_a_second_press_on_the_same_screen_does_not_turn_the_clock(presenter, on):
    on(PLACED)
    presenter.visit("/demo/clock")
    tab = presenter.new_tab()

    presenter.press("1日進める")
    tab.press("1日進める")

    assert clock.today() == PLACED + timedelta(days=1)
    assert (tab.h1, tab.status) == ("デモの時計", 200)


def test_the_first_200_events_are_shown_and_the_rest_counted(presenter, on):
    on(PLACED)
    presenter.visit("/demo/clock").press("1日進める")
    rows = [{"entity": f"order {n}", "to_state": "paid", "actor": "worker", "reason": "x", "at": clock.now()} for n in range(201)]
    Event.insert_many(rows).execute()
    presenter.application.extensions["books"].reader().execute("UPDATE demo_turn SET until_event = NULL")

    presenter.visit("/demo/clock")

    assert len(presenter.page.soup.select("h3 + ul li")) == 200
    assert presenter.says("はじめの200件だけを表示しています")


class SlowBooks(Books):
    """Books that take six seconds of the wall clock to write the date."""

    def __init__(self, path: Path, wall: time_machine.Traveller) -> None:
        super().__init__(path)
        self.wall, self.days = wall, []

    def set_offset_days(self, days: int) -> None:
        super().set_offset_days(days)
        self.days.append(self.today())
        self.wall.shift(timedelta(seconds=6))


def test_real_midnight_during_a_turn_skips_no_day(app, books, transfer):
    with time_machine.travel(datetime(2026, 11, 25, 14, 59, 50), tick=False) as wall:
        turning.set_day(books, PLACED)
        app.extensions["books"] = slow = SlowBooks(books.path, wall)

        turning.turn(app, PLACED + timedelta(days=4))

    assert slow.days == [PLACED + timedelta(days=ahead) for ahead in (1, 2, 3, 4)]


@pytest.mark.parametrize(("variant", "day"), [("organization", date(2026, 11, 12)), ("ev", date(2026, 11, 24))])
def test_the_next_event_is_the_day_on_which_a_certificate_is_issued(presenter, on, catalog, books, companies, variant, day):
    """3 and 10 business days after 2026-11-09; the 23rd is a holiday. What was told before names it as the next one."""
    on(PLACED)
    Shop(catalog, books, companies.card).buy(selection=a_selection(12, ssl=variant))
    Domain.update(state=DomainState.CONFIRMED, asked=1).where(Domain.id == a_domain(Account.get()).id).execute()
    common_names.choose(Subscription.get(Subscription.product == "ssl"), "example.jp")
    assert presenter.visit("/demo/clock").says(f"{date_ja(day)}：独自SSLの発行の返事（example.jp）（new）")
    [before] = telling.told(0, None, catalog)

    presenter.press("次の出来事へ")

    assert before.coming == (day, "独自SSLの発行の返事")
    assert (clock.today(), Certificate.get().state) == (day, CertificateState.ISSUED)
    assert presenter.says("独自SSL")
