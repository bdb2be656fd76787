"""Renewing manually, and changing the next renewal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from models import Account, Consent, Order, RenewalSetting, Subscription
from portal.actions.renewals import method_reset
from portal.enums import Method, OrderKind
from portal.rules.orders.selection import Selection
from tests import balance, bank, steps
from tests.browser import Browser
from tests.choices import a_selection, repriced
from tests.purchase import CATALOG, Shop

BOUGHT, END = date(2024, 11, 30), date(2025, 11, 30)
AFTER, NEXT_END = date(2025, 12, 1), date(2026, 11, 30)
YEAR = a_selection(months=12)
ALL = a_selection(months=12, backup_months=12, devices=3, device_months=12)
OK = "OK（この内容で申し込み、13,200円を支払う）"


@pytest.fixture
def shop(app: object, catalog: object, books: object, companies: object) -> Shop:
    return Shop(catalog, books, companies.card)


@pytest.fixture
def by_hand(shop: Shop, business_day: Callable) -> Callable:
    """A contract paid by transfer, without auto-renewal. The date is `today`."""

    def contract(today: date = date(2025, 11, 20), selection: Selection = YEAR) -> None:
        business_day(BOUGHT)
        bank.pay_in(shop.place_for_transfer(shop.draft(), selection))
        business_day(today)

    return contract


@pytest.fixture
def by_itself(shop: Shop, business_day: Callable) -> Callable:
    """A contract that auto-renews by card or wallet. The date is `today`."""

    def contract(today: date = date(2025, 10, 20), selection: Selection = YEAR, method: Method = Method.CARD) -> None:
        business_day(BOUGHT)
        shop.by(method).buy(selection=selection)
        business_day(today)

    return contract


def server_terms() -> list[tuple[date, date]]:
    return [(starts_on, ends_on) for product, starts_on, ends_on in balance.terms() if product == "server"]


def kinds() -> list[str]:
    return [str(order.kind) for order in Order.select().order_by(Order.id)]


def test_a_customer_renews_by_hand_with_a_card(browser: Browser, books: object, by_hand: Callable) -> None:
    by_hand()
    steps.to_the_renewal(browser)
    assert browser.h1 == "契約内容の選択"
    assert browser.says("契約終了日 2025年11月30日（日）（12か月）")
    assert browser.is_chosen("12か月 13,200円")
    assert browser.says("いまの契約終了日 → 更新後の契約終了日", "#estimate")
    assert browser.says("スタンダードプラン：2025年11月30日（日） → 2026年11月30日（月）（365日間）", "#estimate")
    assert not browser.says(steps.SERVER_TERMS)
    assert browser.says("お支払い方法でクレジットカード・おさいぽ!を選ぶと、自動更新が設定されます")

    steps.by_card(browser.press("お支払い方法選択へ"))
    assert browser.says("いまの終了日 2025年11月30日（日） → 更新後の終了日 2026年11月30日（月）（365日間）")
    assert browser.says("スタンダードプラン 2026年11月5日（木）に13,200円（税込）")
    assert browser.offers(OK)
    browser.press("OK")

    assert browser.h1 == "お支払いが完了しました"
    assert server_terms() == [(BOUGHT, END), (AFTER, NEXT_END)]
    assert balance.taken(books) == [13_200]
    assert kinds() == ["new", "renew"]
    assert RenewalSetting.get().method == "card"


def test_a_customer_renews_by_hand_with_the_wallet(browser: Browser, by_hand: Callable) -> None:
    by_hand()

    steps.by_wallet(steps.to_the_renewal(browser).press("お支払い方法選択へ"))
    assert browser.says("いまの終了日 2025年11月30日（日） → 更新後の終了日 2026年11月30日（月）")
    browser.press("OK")

    assert server_terms() == [(BOUGHT, END), (AFTER, NEXT_END)]
    assert (RenewalSetting.get().method, RenewalSetting.get().wallet_day) == ("wallet", 15)


def test_a_customer_renews_by_hand_with_a_transfer(browser: Browser, by_hand: Callable, business_day: Callable) -> None:
    by_hand()
    steps.by_transfer(steps.to_the_renewal(browser).press("お支払い方法選択へ"))
    assert browser.says("2025年12月4日（木）までに、13,200円をお振り込みください")
    assert browser.says("ご入金の日にかかわらず、更新後の期間はいまの終了日の翌日から始まります")
    assert browser.says("なし：スタンダードプランは2026年11月30日（月）に終了します")
    browser.press("OK")
    order = Order.get(Order.kind == "renew")
    assert browser.h1 == "お申し込みを受け付けました"

    business_day(date(2025, 12, 3))
    bank.pay_in(order)

    assert server_terms() == [(BOUGHT, END), (AFTER, NEXT_END)]
    assert not RenewalSetting.select().exists()


def test_the_months_are_changed_and_paid_now_by_card(browser: Browser, by_itself: Callable) -> None:
    by_itself()
    steps.open_renewal(browser.sign_in("new"), "change").choose("24か月 25,080円").press("お支払い方法選択へ")
    assert browser.is_chosen("クレジットカード", under="お支払い方法")
    steps.by_card(browser)
    assert browser.says("いまの終了日 2025年11月30日（日） → 更新後の終了日 2027年11月30日（火）")
    assert browser.says("自動更新のお支払い方法は、これまでのクレジットカード（Visa 下4桁 4242）に代わり、今回のカードになります")
    assert browser.says("スタンダードプラン 2027年11月5日（金）に25,080円（税込）")

    browser.press("OK")

    assert server_terms()[-1] == (AFTER, date(2027, 11, 30))
    assert kinds() == ["new", "change"]


def test_a_change_paid_by_transfer_keeps_the_renewal_card(browser: Browser, by_itself: Callable) -> None:
    by_itself()
    steps.by_transfer(steps.open_renewal(browser.sign_in("new"), "change").press("お支払い方法選択へ"))
    assert browser.says("銀行振込でお支払いいただいても、自動更新の設定は変わりません")
    assert browser.says("スタンダードプラン 2026年11月5日（木）に13,200円（税込）")
    assert browser.says("自動更新され、登録済みのクレジットカード（Visa 下4桁 4242）でお支払いいただきます")
    assert not browser.says("自動更新されません")
    browser.press("OK")
    bank.pay_in(Order.get(Order.kind == "change"))

    assert server_terms()[-1] == (AFTER, NEXT_END)
    assert RenewalSetting.get().method == "card"
    assert Subscription.get().renews


def test_after_a_reset_the_address_of_a_change_opens_a_renewal(browser: Browser, by_itself: Callable) -> None:
    by_itself()
    steps.to_the_renewal(browser)
    method_reset.stop(Order.get().account, CATALOG)
    steps.open_renewal(browser, "change")

    assert kinds() == ["new", "change", "renew"]


def test_the_draft_is_reopened_with_its_choices(browser: Browser, by_hand: Callable) -> None:
    by_hand()
    steps.to_the_renewal(browser).choose("3か月 3,795円").press("金額を再計算する")

    steps.open_renewal(browser)

    assert browser.is_chosen("3か月 3,795円")
    assert kinds() == ["new", "renew"]


def test_a_draft_forgets_the_choices_of_an_earlier_term(browser: Browser, shop: Shop, by_hand: Callable, business_day: Callable) -> None:
    by_hand()
    steps.to_the_renewal(browser).choose("3か月 3,795円").press("お支払い方法選択へ")
    shop.press_ok(shop.draft("new", OrderKind.CHANGE), shop.setup(shop.draft("new", OrderKind.CHANGE)), YEAR)
    method_reset.stop(Account.get(), CATALOG)
    business_day(date(2026, 11, 20))

    steps.open_renewal(browser)

    assert browser.is_chosen("12か月 13,200円")
    assert browser.says("契約終了日 2026年11月30日（月）")


@pytest.mark.parametrize("kind", ["renew", "change"])
def test_without_a_server_no_renewal_is_offered(browser: Browser, kind: str) -> None:
    steps.open_renewal(browser.sign_in("new"), kind)

    assert browser.h1 == "サーバー契約・更新"
    assert browser.says("更新できるサーバーのご契約がありません")
    assert balance.states() == []


def test_every_option_is_listed_with_its_end_and_preselected(browser: Browser, by_hand: Callable) -> None:
    by_hand(selection=ALL)

    steps.to_the_renewal(browser)

    assert browser.text("#choices").count("契約終了日 2025年11月30日（日）") == 3
    assert browser.is_chosen("12か月 3,960円", under=steps.BACKUP)
    assert browser.is_chosen("12か月 1台 3,300円", under=steps.DEVICE)
    assert browser.value("台数") == "3"
    assert browser.says("お見積り合計27,060円", "#estimate")


def test_an_option_that_outlasts_the_server_is_not_preselected(browser: Browser, by_hand: Callable) -> None:
    by_hand(selection=a_selection(12, backup_months=36, devices=3, device_months=12))

    steps.to_the_renewal(browser)

    assert browser.is_chosen("更新しない", under=steps.BACKUP)
    assert browser.says("契約終了日 2027年11月30日（火）（36か月）")


def test_an_option_not_renewed_keeps_its_term(browser: Browser, by_hand: Callable) -> None:
    by_hand(selection=ALL)

    steps.to_the_renewal(browser).choose("更新しない", under=steps.BACKUP).tick(steps.DEVICE_TERMS).press("お支払い方法選択へ")
    steps.by_card(browser).press("OK")

    assert [(product, ends_on) for product, _, ends_on in balance.terms()[3:]] == [("server", NEXT_END), ("device", NEXT_END)]
    assert {row.product: row.renews for row in Subscription.select()} == {"server": True, "backup": False, "device": True}


def test_an_option_is_added_and_begins_when_it_is_paid(browser: Browser, by_hand: Callable) -> None:
    by_hand()
    steps.to_the_renewal(browser).choose("今回は更新しない").choose("1か月 440円", under=steps.BACKUP)
    browser.tick(steps.BACKUP_TERMS).press("お支払い方法選択へ")
    steps.by_card(browser)
    assert browser.says("バックアップオプション：2025年11月20日（木）から2025年12月31日（水）まで（1か月、42日間）")
    assert not browser.says("いまの終了日")

    browser.press("OK")

    assert balance.terms()[-1] == ("backup", date(2025, 11, 20), date(2025, 12, 31))
    assert server_terms() == [(BOUGHT, END)]


def test_an_option_that_outlasts_the_servers_current_term_shows_a_warning(browser: Browser, by_hand: Callable) -> None:
    by_hand()

    steps.to_the_renewal(browser).choose("今回は更新しない").choose("12か月", under=steps.BACKUP).press("金額を再計算する")

    assert browser.says("バックアップオプションの期間は、サーバーの契約期間より後に終わります", "#estimate .warn")


def test_certificates_are_renewed_one_by_one(browser: Browser, by_hand: Callable, shop: Shop) -> None:
    by_hand(selection=a_selection(12, ssl="quick"))
    certificate = Subscription.get(Subscription.product == "ssl")

    steps.to_the_renewal(browser).choose("今回は更新しない")
    assert browser.is_chosen("更新しない", under="証明書1"), "nobody pays for one without having chosen it"
    browser.choose("更新する（12か月 11,000円）", under="証明書1")
    assert not browser.says("EV SSL")
    browser.press("お支払い方法選択へ")
    assert browser.says("独自SSLの特約への同意が必要です", ".errors")
    steps.by_card(browser.tick(steps.SSL_TERMS).press("お支払い方法選択へ"))
    assert browser.says("なし：独自SSL（クイック認証）は、サーバーを更新されない場合、サーバーの解約とともに")
    browser.press("OK")

    assert [(term.starts_on, term.ends_on) for term in certificate.terms] == [(BOUGHT, END), (AFTER, NEXT_END)]
    assert server_terms() == [(BOUGHT, END)]


def test_a_certificate_is_left_out_unless_it_is_chosen(browser: Browser, by_hand: Callable) -> None:
    by_hand(selection=a_selection(12, ssl="quick"))

    steps.to_the_renewal(browser).press("お支払い方法選択へ")

    assert browser.h1 == "お支払い方法"
    assert not browser.says("独自SSL（クイック認証）", "table")


def test_a_renewal_of_nothing_is_refused(browser: Browser, by_hand: Callable) -> None:
    by_hand()

    steps.to_the_renewal(browser).choose("今回は更新しない").press("お支払い方法選択へ")

    assert browser.status == 422
    assert browser.says("何も選ばれていません", ".errors")
    assert browser.says("何も選ばれていません", "p.error")
    assert browser.is_chosen("今回は更新しない")


def test_a_term_already_paid_is_not_offered_again(browser: Browser, by_itself: Callable) -> None:
    by_itself()
    steps.by_card(steps.to_the_renewal(browser).press("お支払い方法選択へ")).press("OK")

    steps.open_renewal(browser, "change")

    assert browser.says("次回のご契約はお支払い済みです", "#months")
    assert not browser.says("13,200円", "#choices")
    browser.press("お支払い方法選択へ", forged={"months": "12"})
    assert browser.status == 422
    assert browser.says("次回のご契約はお支払い済みです", ".errors")
    assert balance.states() == ["paid", "paid", "draft"]


def test_with_every_next_term_paid_nothing_is_offered(browser: Browser, by_itself: Callable) -> None:
    by_itself(selection=a_selection(12, ssl="quick", backup_months=12, devices=3, device_months=12))
    steps.to_the_renewal(browser).choose("12か月", under=steps.BACKUP).choose("12か月 1台", under=steps.DEVICE)
    browser.choose("更新する（12か月 11,000円）", under="証明書1")
    for terms in (steps.SSL_TERMS, steps.BACKUP_TERMS, steps.DEVICE_TERMS):
        browser.tick(terms)
    steps.by_card(browser.press("お支払い方法選択へ")).press("OK")

    steps.open_renewal(browser, "change")

    assert browser.h1 == "サーバー契約・更新"
    assert browser.says("いまお手続きいただけるものがありません")


def test_a_term_paid_late_begins_on_its_old_date(browser: Browser, by_hand: Callable) -> None:
    by_hand(date(2025, 12, 10))
    Subscription.update(stopped_on=date(2025, 12, 1), stopped_until=date(2025, 12, 14)).execute()

    steps.by_card(steps.to_the_renewal(browser).press("お支払い方法選択へ"))
    assert browser.says("更新後の期間はその翌日の2025年12月1日（月）にさかのぼって始まります")
    browser.press("OK")

    assert server_terms()[-1] == (AFTER, NEXT_END)
    assert Subscription.get().stopped_on is None


def test_after_the_servers_term_ended_options_are_sold_only_with_it(browser: Browser, by_hand: Callable) -> None:
    by_hand(date(2025, 12, 10))
    steps.to_the_renewal(browser)
    assert browser.says("契約期間が終わっています", "#choices")
    assert not browser.says("今回は更新しない")

    browser.choose("12か月", under=steps.BACKUP).tick(steps.BACKUP_TERMS).press("お支払い方法選択へ", forged={"months": ""})

    assert browser.status == 422
    assert browser.says("契約期間を選んでください", ".errors")


def test_a_transfer_for_an_ended_term_is_due_before_the_suspension_ends(browser: Browser, by_hand: Callable) -> None:
    by_hand(date(2025, 12, 10))
    Subscription.update(stopped_on=date(2025, 12, 1), stopped_until=date(2025, 12, 14)).execute()

    steps.by_transfer(steps.to_the_renewal(browser).press("お支払い方法選択へ"))
    assert browser.says("2025年12月14日（日）までに、13,200円をお振り込みください")
    browser.press("OK")

    assert Order.get(Order.kind == "renew").due_on == date(2025, 12, 14)


def test_months_no_longer_sold_are_replaced_by_the_nearest(browser: Browser, app: object, catalog: object, by_hand: Callable) -> None:
    by_hand()
    app.extensions["catalog"] = repriced(catalog, lambda prices: {months: yen for months, yen in prices.items() if months != 12}, "server")

    steps.to_the_renewal(browser)

    assert browser.says("12か月のお取り扱いは終了しました。近い期間を選んであります")
    assert browser.is_chosen("6か月 7,260円")


def test_changed_terms_of_service_need_a_new_consent(browser: Browser, app: object, catalog: object, by_hand: Callable) -> None:
    by_hand()
    old = catalog.document_of("server")
    new = replace(old, version="2026-10-01", sha256="1" * 64)
    documents = tuple(new if document is old else document for document in catalog.documents)
    app.extensions["catalog"] = replace(catalog, documents=documents, old_documents=(old,))

    steps.to_the_renewal(browser).press("お支払い方法選択へ")
    assert browser.says("「サーバーご利用約款」への同意が必要です", ".errors")
    steps.by_card(browser.tick(steps.SERVER_TERMS).press("お支払い方法選択へ")).press("OK")

    assert [consent.version for consent in Consent.select().order_by(Consent.id)] == ["2026-04-01", "2026-10-01"]
    assert browser.h1 == "お支払いが完了しました"


def test_a_partially_transferred_order_blocks_another_order(browser: Browser, by_hand: Callable) -> None:
    by_hand()
    steps.by_transfer(steps.to_the_renewal(browser).press("お支払い方法選択へ")).press("OK")
    bank.pay_in(Order.get(Order.kind == "renew"), 100)

    steps.open_renewal(browser)

    assert browser.h1 == "ご入金の一部を確認しました"
    assert browser.says("ご入金の一部を確認しているため、お申し込みは変更できません")


def test_a_pending_payment_blocks_another_order(browser: Browser, books: object, by_hand: Callable) -> None:
    by_hand()
    steps.by_card(steps.to_the_renewal(browser).press("お支払い方法選択へ"), steps.ANSWER_LOST).press("OK")

    steps.open_renewal(browser)

    assert browser.h1 == "お支払いを確認しています"
    assert browser.says("お支払いの結果を確認中のお申し込みがあります")
    assert balance.states() == ["paid", "placed"]


def test_pressing_ok_twice_pays_once(browser: Browser, books: object, by_hand: Callable) -> None:
    by_hand()
    steps.by_card(steps.to_the_renewal(browser).press("お支払い方法選択へ"))

    browser.new_tab().press("OK")
    browser.press("OK")

    assert browser.h1 == "お支払いが完了しました"
    assert balance.taken(books) == [13_200]
    assert server_terms() == [(BOUGHT, END), (AFTER, NEXT_END)]


def test_a_confirmation_whose_term_was_paid_meanwhile_places_no_order(browser: Browser, books: object, by_hand: Callable) -> None:
    by_hand()
    steps.by_card(steps.to_the_renewal(browser).press("お支払い方法選択へ"))
    left = browser.new_tab()
    steps.by_card(browser.visit(f"/orders/{Order.get(Order.kind == 'renew').number}/payment")).press("OK")

    left.press("OK")

    assert left.h1 == "お支払いが完了しました"
    assert balance.taken(books) == [13_200]
