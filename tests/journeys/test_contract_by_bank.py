"""入金状況 in all its values: paying by bank transfer, from お支払い方法 to 入金確認済."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from models import Allocation, Confirmation, Event, Mail, Order, RenewalSetting, Term, TransferReport
from portal import clock
from portal.actions.transfers.deposits import NotPossible
from portal.enums import MailKind, MailState
from tests import balance, bank, steps
from tests.browser import Browser
from tests.fragment import Fragment
from tests.passes import expire_unpaid

SUNDAY, DUE = date(2026, 11, 22), date(2026, 12, 6)
YEN = 13_200


@pytest.fixture
def waiting(browser: Browser, business_day: Callable) -> Browser:
    """Ordered on Sunday, November 22nd; at 「サーバー契約・更新」."""
    business_day(SUNDAY)
    return steps.order_by_transfer(browser).follow("戻る")


def all_is_sent() -> None:
    """By now, and not just now."""
    Mail.update(state=MailState.SENT, sent_at=clock.now(), created_at=clock.now() - timedelta(minutes=1)).execute()


def mails_of(kind: MailKind) -> list[Mail]:
    return list(Mail.select().where(Mail.kind == kind).order_by(Mail.id))


def ask(browser: Browser) -> Fragment:
    """What an open page gets that shows another state of the order."""
    return browser.fragment("GET", f"/contract/status?page=contract&order={Order.get().number}&state=old")


def money(browser: Browser) -> str:
    """入金状況 as the panel polls it."""
    return ask(browser).text("#status .tag")


def polls(browser: Browser) -> bool:
    return bool(ask(browser).soup.select("#poll[data-hx-get]"))


def report(browser: Browser, payer: str = "ミホン タロウ", day: str = "2026-11-22") -> Browser:
    browser.visit("/contract").follow("振り込みました")
    return browser.fill("振込名義", payer).fill("振り込んだ日", day).press("連絡する")


def transfer_facts(number: str) -> list[str]:
    return ["テスト銀行", "本店", "普通", "9000001", "カ）サンプルサーバー", "13,200円", number, "2026年12月6日（日）"]


def test_a_customer_orders_by_bank_transfer_and_reads_the_payment_information(browser: Browser, business_day: Callable) -> None:
    business_day(SUNDAY)
    steps.to_the_method(browser, "銀行振込")
    assert browser.says("2026年12月6日（日）までにお振り込みください", "#panel")
    assert browser.says("自動更新はされません", "#panel")
    browser.press("お支払い")
    assert browser.h1 == "お申し込みの最終確認"
    assert browser.says("2026年12月6日（日）までに、13,200円をお振り込みください")
    assert browser.says("期限までにご入金がないと、お申し込みは期限切れになります")
    assert browser.says("なし：スタンダードプランは2027年11月30日（火）に終了します")
    assert not mails_of(MailKind.ORDER_ACCEPTED)

    browser.press("OK（この内容で申し込み、13,200円を銀行振込で支払う）")

    order = Order.get()
    assert browser.h1 == "お申し込みを受け付けました"
    for page in (browser.text("main"), browser.follow("戻る").text("main")):
        for fact in transfer_facts(order.number):
            assert fact in page, fact
        assert "振込手数料" in page
        assert "平日に確認しています。本日お振り込みの場合、通常2026年11月26日（木）までに確認します" in page
        assert "2026年11月23日（月）はお休みです" in page
    assert browser.h1 == "サーバー契約・更新"
    assert (order.due_on, order.state, order.method) == (DUE, "placed", "bank")
    assert Confirmation.select().count() == 1
    assert balance.payments() == balance.terms() == []


def test_the_payment_information_mail_matches_the_page(waiting: Browser) -> None:
    (mail,) = mails_of(MailKind.ORDER_ACCEPTED)

    assert mail.recipient == "new@example.jp"
    for fact in transfer_facts(Order.get().number):
        assert fact in mail.body, fact
    for line in ("お振込金額：13,200円", "お支払い期限：2026年12月6日（日）", "2026年11月23日（月）", "銀行コード 9999", "支店コード 999"):
        assert line in mail.body, line
    waiting.visit("/mails")
    assert waiting.says("お申し込みを受け付けました（お振込先のご案内）")


def test_the_payment_information_is_mailed_again_three_times_an_hour(waiting: Browser) -> None:
    for _ in range(3):
        all_is_sent()
        waiting.visit("/contract").press("お支払い情報をメールで再送する")
        assert waiting.says("お支払い情報をメールでお送りします")
    all_is_sent()

    waiting.press("お支払い情報をメールで再送する")

    said = "お支払い情報のメールを続けて再送したため、1時間お待ちください。お送りしたメールは「送信済みメール」でご覧いただけます。"
    assert waiting.says(said)
    found = mails_of(MailKind.ORDER_ACCEPTED)
    assert len(found) == len({mail.message_id for mail in found}) == 4
    assert all("13,200円" in mail.body and Order.get().number in mail.body for mail in found)


def test_ok_pressed_twice_places_one_order_and_writes_one_mail(browser: Browser) -> None:
    steps.to_the_method(browser, "銀行振込").press("お支払い")
    other = browser.new_tab()

    browser.press("OK")
    other.press("OK")

    assert browser.h1 == other.h1 == "お申し込みを受け付けました"
    assert len(mails_of(MailKind.ORDER_ACCEPTED)) == Confirmation.select().count() == 1


@pytest.mark.parametrize(
    ("payer", "day"),
    [
        ("ミホン タロウ", "2026-11-22"),
        ("ミホン タロウ", "２０２６／１１／２２"),
        ("12345678 ﾐﾎﾝ ﾀﾛｳ", "2026年11月22日"),
        ("𠮷田 🍣", "2026.11.22"),
        ('=HYPERLINK("x")', "2026/11/22"),
    ],
)
def test_a_reported_transfer_is_shown_as_being_checked(waiting: Browser, payer: str, day: str) -> None:
    report(waiting, payer, day)

    assert waiting.says("振込のご連絡を受け付けました")
    assert waiting.says("お振込確認中", "#status")
    assert waiting.says(f"2026年11月22日（日）{payer}", "main")
    assert (TransferReport.get().payer, TransferReport.get().paid_on) == (payer, SUNDAY)
    assert money(waiting) == "お振込確認中"


def test_the_latest_transfer_report_counts(waiting: Browser) -> None:
    report(waiting, "ミホン")
    report(waiting, "ミホン タロウ")

    assert [row.payer for row in TransferReport.select()] == ["ミホン タロウ"]


@pytest.mark.parametrize("day", ["", "きのう", "2026-11-21", "2026-11-23", "2026-02-30", "22/11/2026", "9999-99-99", "0", "1e9", "🍣"])
def test_a_transfer_date_before_the_order_after_today_or_invalid_is_refused(waiting: Browser, day: str) -> None:
    report(waiting, day=day)

    assert (waiting.status, waiting.h1) == (422, "振り込みました")
    assert waiting.says("振り込んだ日は、", ".errors")
    assert waiting.value("振込名義") == "ミホン タロウ"
    assert not TransferReport.select().exists()


@pytest.mark.parametrize("payer", ["", "  ", "　", "\n\u200b", "あ" * 101, "x" * 5000])
def test_an_empty_or_overlong_payer_name_is_refused(waiting: Browser, payer: str) -> None:
    waiting.follow("振り込みました").press("連絡する", forged={"payer": payer})

    assert waiting.status == 422
    assert waiting.says("振込名義", ".errors") or waiting.says("100文字まで", ".errors")
    assert not TransferReport.select().exists()


@pytest.mark.parametrize("payer", ["ミホン\nタロウ", "ミホン\u2028タロウ", "\u202eミホン　タロウ", "ミホン\u00a0タロウ"])
def test_a_pasted_payer_name_becomes_one_visible_line(waiting: Browser, payer: str) -> None:
    waiting.follow("振り込みました").press("連絡する", forged={"payer": payer})

    assert TransferReport.get().payer == "ミホン タロウ"


def test_an_order_can_be_cancelled_before_any_money_arrived(waiting: Browser) -> None:
    waiting.follow("お申し込みを取り消す").press("OK（お申し込みを取り消す）")

    assert waiting.visit("/contract").says("取消", "#status")
    assert balance.states() == ["cancelled"]
    assert waiting.offers("新規契約のお申し込みへ進む")


def test_a_partially_paid_order_cannot_be_cancelled(waiting: Browser) -> None:
    waiting.follow("お申し込みを取り消す")
    bank.pay_in(Order.get(), 1)

    waiting.press("OK（お申し込みを取り消す）")

    assert balance.states() == ["placed"]
    assert waiting.says("一部入金", "#status")


def test_a_card_can_pay_instead_before_any_money_arrived(waiting: Browser) -> None:
    waiting.follow("ほかのお支払い方法に変更する").choose("クレジットカード", under="お支払い方法").press("選んだ方法の説明を見る")
    steps.enter_card(waiting.press("クレジットカード情報入力")).press("OK")

    assert waiting.h1 == "お支払いが完了しました"
    order = Order.get()
    assert (order.state, order.method, order.due_on) == ("paid", "card", DUE)
    assert RenewalSetting.get().method == "card"


def test_a_wallet_can_pay_instead_before_any_money_arrived(waiting: Browser) -> None:
    waiting.follow("ほかのお支払い方法に変更する").choose("おさいぽ!", under="お支払い方法").press("選んだ方法の説明を見る").press(
        "お支払い"
    )
    steps.link_wallet(waiting).press("おさいぽ!ポイントから支払う").press("OK")

    assert waiting.h1 == "お支払いが完了しました"
    assert Order.get().method == "wallet"


def test_a_transfer_can_pay_after_a_declined_card(browser: Browser, business_day: Callable) -> None:
    business_day(SUNDAY)
    steps.pay(browser, card=steps.REFUSED)
    browser.follow("お支払い手続きへ").choose("銀行振込", under="お支払い方法").press("選んだ方法の説明を見る").press("お支払い").press(
        "OK"
    )

    assert browser.h1 == "お申し込みを受け付けました"
    assert money(browser) == "お振込待ち"
    bank.pay_in(Order.get())
    assert browser.visit("/contract").says("入金確認済", "#status")
    assert not RenewalSetting.select().exists()


def test_a_transfer_chosen_again_keeps_its_due_date_and_is_mailed_again(waiting: Browser, business_day: Callable) -> None:
    waiting.follow("ほかのお支払い方法に変更する").choose("クレジットカード", under="お支払い方法").press("選んだ方法の説明を見る")
    steps.enter_card(waiting.press("クレジットカード情報入力"), steps.REFUSED).press("OK")
    business_day(date(2026, 11, 23))

    waiting.visit("/contract").follow("お支払い手続きへ")
    waiting.choose("銀行振込", under="お支払い方法").press("選んだ方法の説明を見る").press("お支払い")
    assert waiting.says("2026年12月6日（日）までに、13,200円をお振り込みください")
    waiting.press("OK")

    assert waiting.h1 == "お申し込みを受け付けました"
    assert Order.get().due_on == DUE
    assert ["2026年12月6日（日）" in mail.body for mail in mails_of(MailKind.ORDER_ACCEPTED)] == [True, True]


def test_a_partial_transfer_closes_the_other_methods(waiting: Browser) -> None:
    waiting.follow("ほかのお支払い方法に変更する").choose("クレジットカード", under="お支払い方法").press("選んだ方法の説明を見る")
    steps.enter_card(waiting.press("クレジットカード情報入力"))
    bank.pay_in(Order.get(), 200)

    waiting.press("OK")

    assert balance.payments() == []
    assert balance.received() == [200]
    assert waiting.visit("/contract").says("一部入金", "#status")


def test_the_term_begins_on_the_day_of_the_confirmation(waiting: Browser, business_day: Callable) -> None:
    business_day(date(2026, 12, 1))

    bank.pay_in(Order.get(), on=date(2026, 11, 30))

    assert balance.terms() == [("server", date(2026, 12, 1), date(2027, 11, 30))]
    assert Order.get().paid_on == date(2026, 11, 30)
    waiting.visit("/contract")
    assert waiting.says("入金確認済", "#status")
    assert waiting.says("2026年12月1日（火）から2027年11月30日（火）まで")
    assert waiting.says("自動更新は設定されていません")
    (mail,) = mails_of(MailKind.PAYMENT_CONFIRMED)
    assert "お支払い方法：銀行振込" in mail.body
    assert "2026年12月1日（火）から2027年11月30日（火）まで" in mail.body
    assert "13,200円" in mail.body


def test_a_partial_transfer_shows_the_missing_amount_and_the_rest_pays(waiting: Browser) -> None:
    order = Order.get()
    bank.pay_in(order, 12_760)

    waiting.visit("/contract")
    assert waiting.says("一部入金", "#status")
    assert waiting.says("あと440円のお振り込みが必要です", "#status")
    assert not waiting.offers("お申し込みを取り消す")
    assert money(waiting) == "一部入金"
    assert balance.terms() == []
    waiting.press("お支払い情報をメールで再送する")
    assert "440円" in mails_of(MailKind.ORDER_ACCEPTED)[-1].body

    bank.pay_in(order, 440)
    assert money(waiting) == "入金確認済"
    assert balance.received() == [12_760, 440]
    assert len(mails_of(MailKind.PAYMENT_CONFIRMED)) == 1


def test_an_overpayment_stays_unallocated_on_the_deposit(waiting: Browser) -> None:
    deposit = bank.pay_in(Order.get(), YEN + 1_000)

    assert money(waiting) == "入金確認済"
    assert balance.received() == [YEN]
    assert deposit.rest_yen == 1_000


def test_an_allocation_is_limited_by_the_missing_amount_and_the_deposit(waiting: Browser) -> None:
    order, deposit = Order.get(), bank.deposit(YEN + 1)

    for yen in (YEN + 1, YEN + 2, -1):
        with pytest.raises(NotPossible):
            bank.allocate(deposit, order, yen)
    bank.allocate(deposit, order)
    with pytest.raises(NotPossible):
        bank.allocate(deposit, order, 1)

    assert balance.received() == [YEN]


@pytest.mark.parametrize(("today", "expired"), [(date(2026, 12, 9), 0), (date(2026, 12, 10), 1), (date(2027, 1, 20), 1)])
def test_an_order_waits_until_the_fourth_bank_business_day_after_its_due_date(
    waiting: Browser, business_day: Callable, today: date, expired: int
) -> None:
    """Due on Sunday, December 6th: Monday to Thursday are four business days."""
    business_day(today)

    assert expire_unpaid() == expired


def test_an_order_expires_once_with_one_mail(waiting: Browser, business_day: Callable) -> None:
    business_day(date(2026, 12, 9))
    assert expire_unpaid() == 0
    business_day(date(2026, 12, 10))

    assert [expire_unpaid(), expire_unpaid()] == [1, 0]

    waiting.visit("/contract")
    assert waiting.says("期限切れ", "#status")
    assert money(waiting) == "期限切れ"
    assert not polls(waiting)
    assert waiting.offers("新規契約のお申し込みへ進む")
    (mail,) = mails_of(MailKind.ORDER_EXPIRED)
    assert mail.recipient == "new@example.jp"
    assert "13,200円" in mail.body
    assert "2026年12月6日（日）" in mail.body


def test_a_deposit_dated_in_time_pays_an_expired_order_and_a_late_one_does_not(waiting: Browser, business_day: Callable) -> None:
    business_day(date(2026, 12, 10))
    expire_unpaid()
    late = bank.deposit(YEN, on=date(2026, 12, 7))

    with pytest.raises(NotPossible):
        bank.allocate(late, Order.get())
    assert (balance.states(), late.rest_yen) == (["expired"], YEN)

    bank.pay_in(Order.get(), on=DUE)
    assert balance.states() == ["paid"]
    assert balance.terms() == [("server", date(2026, 12, 10), date(2027, 12, 31))]


def test_an_undone_confirmation_reopens_the_order_and_both_stay_in_the_history(waiting: Browser) -> None:
    order, deposit = Order.get(), bank.pay_in(Order.get())

    bank.take_back(deposit)

    assert money(waiting) == "お振込待ち"
    assert not Term.select().exists()
    assert [(found.yen, found.order) for found in Allocation.select()] == [(YEN, None)], "the whole deposit waits again"
    assert waiting.visit("/contract").says("お支払い情報", "main")
    moves = [
        (event.from_state, event.to_state) for event in Event.select().where(Event.entity == f"order {order.number}").order_by(Event.id)
    ]
    assert moves == [("draft", "placed"), ("placed", "paid"), ("paid", "placed")]

    bank.allocate(deposit, order)
    assert money(waiting) == "入金確認済"
    assert len(balance.terms()) == 1
    assert len(mails_of(MailKind.PAYMENT_CONFIRMED)) == 2


def test_a_partial_transfer_for_a_declined_card_order_is_shown(browser: Browser, business_day: Callable) -> None:
    """Staff allocate money that a customer transferred instead of paying by card."""
    business_day(SUNDAY)
    steps.pay(browser, card=steps.REFUSED)

    bank.pay_in(Order.get(), 200)

    assert browser.visit("/contract").says("一部入金", "#status")
    assert browser.says("あと13,000円のお振り込みが必要です", "#status")
    assert browser.says("2026年12月6日（日）", "#status")


def test_the_panel_polls_until_the_transfer_is_confirmed(waiting: Browser) -> None:
    assert money(waiting) == "お振込待ち"
    assert polls(waiting)
    report(waiting)
    assert money(waiting) == "お振込確認中"
    assert polls(waiting)

    bank.pay_in(Order.get())

    found = ask(waiting)
    assert found.says("入金確認済")
    assert found.spoken == "ご入金を確認しました"
    assert not polls(waiting)


def test_a_changed_order_replaces_the_one_awaiting_a_transfer(waiting: Browser) -> None:
    first = Order.get()
    waiting.press("内容を変えて申し込み直す").tick(steps.SERVER_TERMS).press("お支払い方法選択へ")
    waiting.choose("銀行振込", under="お支払い方法").press("選んだ方法の説明を見る").press("お支払い").press("OK")

    assert balance.states() == ["cancelled", "placed"]
    assert len(mails_of(MailKind.ORDER_ACCEPTED)) == 2
    with pytest.raises(NotPossible):
        bank.pay_in(first)
    assert clock.today() == SUNDAY
