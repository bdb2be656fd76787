"""お支払い方法だけを変更する（今は支払わない）."""

import pytest

from models import Confirmation, PaymentMethodSetup, RenewalSetting, Subscription
from portal.sandbox.books import Books
from tests import balance, steps
from tests.balance import linked_wallets
from tests.browser import Browser
from tests.clock_days import Worker, at
from tests.factories import a_customer

OK_CARD, OK_WALLET = "OK（次回からこのカードで支払う）", "OK（次回からこのおさいぽ!で支払う）"


@pytest.fixture
def contracted(browser: Browser) -> Browser:
    """By a card that is declined at every automatic charge; the month ends on 2025-11-30."""
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser, steps.PAYS_ONCE)
    return browser


def to_the_choice(browser: Browser) -> Browser:
    return steps.go(browser, "/contract").follow("お支払い方法だけを変更する（今は支払わない）")


def to_the_new_card(browser: Browser, card: str = steps.GOOD) -> Browser:
    return steps.enter_card(to_the_choice(browser).choose("クレジットカード").press("次へ進む"), card)


def to_the_new_wallet(browser: Browser, day: str = "毎回 15日") -> Browser:
    browser = to_the_choice(browser).choose("おさいぽ!", under="新しいお支払い方法").choose(day).press("次へ進む")
    return steps.link_wallet(browser)


def method() -> tuple:
    setting = RenewalSetting.get()
    return setting.method, setting.payment_method.last4, setting.wallet_day


def test_a_new_renewal_card_is_confirmed_with_its_charges_and_not_charged_now(contracted: Browser, worker: Worker, books: Books) -> None:
    with at(2025, 10, 21, 10):
        to_the_new_card(contracted)
        assert contracted.h1 == "お支払い方法の変更の最終確認"
        for sentence in (
            "新しいお支払い方法 クレジットカード Visa 下4桁 4242（有効期限 12/2035）",
            "いまのお支払い方法 クレジットカード Visa 下4桁 9995",
            "今回のお支払い ありません",
            "2025年11月5日（水）に1,320円（税込）",
            "11月10日、15日、20日、25日、28日に再手続きします",
            "2025年11月4日（火） 23時59分まで変更・解除できます",
        ):
            assert contracted.says(sentence), sentence
        assert method() == ("card", "9995", None)
        contracted.press(OK_CARD)

        assert (contracted.url, contracted.h1) == ("/contract", "サーバー契約・更新")
        assert contracted.says("お支払い方法を変更しました。今回のお支払いは行われていません")
        assert contracted.says("Visa 下4桁 4242", "#renewal")
    assert method() == ("card", "4242", None)
    assert Subscription.get().renews
    assert balance.asked(books) == 1
    assert "今回のお支払い" in Confirmation.get(Confirmation.about == "method").content

    worker.comes(2025, 11, 5, 0, 5)
    assert balance.taken(books) == [1_320, 1_320]


def test_a_new_renewal_card_needs_three_d_secure_where_its_issuer_asks(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        to_the_new_card(contracted, steps.ASKS_THEN_PAYS).press("認証する")

        assert contracted.h1 == "お支払い方法の変更の最終確認"


def test_a_failed_authentication_changes_no_renewal_method_and_says_why(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        to_the_new_card(contracted, steps.FAILS_WHEN_ASKED).press("認証する")

        assert contracted.h1 == "お支払い方法の変更"
        assert contracted.says("本人認証ができなかったため")
        assert method() == ("card", "9995", None)


def test_going_back_from_the_companys_page_changes_nothing(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        to_the_choice(contracted).press("次へ進む")
        setup = PaymentMethodSetup.select().order_by(PaymentMethodSetup.id.desc()).get()
        tab = contracted.new_tab().visit(f"/renewal/method/card/{setup.reference}")
        assert tab.h1 == "カード情報の入力が終わっていません"
        tab.follow("カード会社の画面へ戻る")
        contracted.press("戻る")

        assert contracted.h1 == "お支払い方法の変更"
        assert contracted.says("カード情報の入力を取りやめました")
        assert method() == ("card", "9995", None)


def test_a_wallet_linked_for_renewal_is_charged_on_its_day(contracted: Browser, worker: Worker, books: Books) -> None:
    with at(2025, 10, 21, 10):
        to_the_new_wallet(contracted)
        assert contracted.says("おさいぽ! 毎回15日（os****mo）")
        assert contracted.says("2025年11月15日（土）に1,320円（税込）（いまの予定：2025年11月5日（水））")
        contracted.press(OK_WALLET)
        assert method() == ("wallet", None, 15)

    for day in (5, 10, 15):
        worker.comes(2025, 11, day, 0, 5)
    assert balance.received() == [1_320, 1_320]
    assert balance.asked(books) == 1


def test_the_wallets_charge_day_can_be_changed_alone(browser: Browser) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month_by_wallet(browser)
        to_the_choice(browser).choose("毎回 25日").press("次へ進む")
        assert browser.url == "/renewal/method/day/25"
        assert browser.says("2025年11月25日（火）に1,320円（税込）（いまの予定：2025年11月15日（土））")
        again = browser.new_tab()
        browser.press("OK（次回から毎回25日に支払う）")

        assert method() == ("wallet", None, 25)
        again.press("OK（次回から毎回25日に支払う）")
        assert again.h1 == "サーバー契約・更新"
        assert Confirmation.select().where(Confirmation.about == "method").count() == 1


def test_a_method_change_close_to_the_charge_postpones_it_and_says_so(contracted: Browser) -> None:
    with at(2025, 11, 3, 10):
        to_the_new_card(contracted)

        assert contracted.says("2025年11月10日（月）に1,320円（税込）（いまの予定：2025年11月5日（水））")


def test_a_method_change_that_leaves_no_charge_day_says_that_nothing_auto_renews(contracted: Browser, worker: Worker) -> None:
    worker.comes(2025, 11, 5, 0, 5)
    with at(2025, 11, 25, 10):
        to_the_new_card(contracted)

        assert contracted.says(
            "自動では更新されません。スタンダードプランは、変更するとお支払い日が残らないため、2025年11月30日（日）までに更新のお手続きが必要です"
        )


def test_a_new_card_between_two_retries_is_charged_on_the_next_retry_day(contracted: Browser, worker: Worker, books: Books) -> None:
    worker.comes(2025, 11, 5, 0, 5)
    with at(2025, 11, 6, 10):
        to_the_choice(contracted)
        assert contracted.says("最も早い場合2025年11月10日（月）に再手続きします")
        steps.enter_card(contracted.press("次へ進む")).press(OK_CARD)

    worker.comes(2025, 11, 10, 0, 5)
    assert balance.taken(books) == [1_320, 1_320]


def test_the_method_can_be_changed_while_the_next_term_is_paid(browser: Browser, worker: Worker) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser)
    worker.comes(2025, 11, 5, 0, 5)
    with at(2025, 11, 6, 10):
        to_the_new_card(browser, steps.PAYS_ONCE)
        assert browser.says("2025年12月5日（金）に1,320円（税込）")
        browser.press(OK_CARD)

    assert method() == ("card", "9995", None)


def test_ok_pressed_twice_shows_the_first_result(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        again = to_the_new_card(contracted).new_tab()
        contracted.press(OK_CARD)
        again.press(OK_CARD)

        assert again.h1 == "サーバー契約・更新"
        assert not again.says("変更されていません")
        assert (
            again.visit(f"/renewal/method/card/{PaymentMethodSetup.select().order_by(PaymentMethodSetup.id.desc()).get().reference}").url
            == "/contract"
        )
    assert Confirmation.select().where(Confirmation.about == "method").count() == 1


def test_a_confirmation_outdated_meanwhile_is_shown_again(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        to_the_new_card(contracted).press(OK_CARD, forged={"shown": "old"})

        assert (contracted.status, contracted.h1) == (409, "お支払い方法の変更の最終確認")
        assert method() == ("card", "9995", None)


def test_after_a_reset_in_another_tab_no_method_can_be_changed(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        tab = to_the_new_card(contracted).new_tab()
        tab.visit("/renewal/reset").press("OK")

        contracted.press(OK_CARD)

        assert contracted.h1 == "サーバー契約・更新"
        assert contracted.says("自動更新は設定されていません")
        assert not RenewalSetting.select().exists()


def test_a_wallet_unlinked_in_another_tab_is_not_set(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        tab = to_the_new_wallet(contracted).new_tab()
        tab.visit("/account").follow("おさいぽ!の連携を解除する").press("OK")

        contracted.press(OK_WALLET)

        assert contracted.says("お支払い方法は変更されていません")
        assert method() == ("card", "9995", None)
        assert not linked_wallets()


@pytest.mark.parametrize("wrong", [{"method": "bank"}, {"method": "x"}, {"method": "wallet", "wallet_day": "28"}, {"wallet_day": "🍣"}])
def test_a_method_not_on_offer_is_refused_in_japanese(contracted: Browser, wrong: dict) -> None:
    with at(2025, 10, 21, 10):
        to_the_choice(contracted).press("次へ進む", forged=wrong)

        assert (contracted.status, contracted.h1) == (422, "お支払い方法の変更")
        assert contracted.says("表示されている中から選んでください", ".errors")
        assert not PaymentMethodSetup.select().where(PaymentMethodSetup.order.is_null()).exists()


@pytest.mark.parametrize("day", ["0", "1", "28", "x", "-5"])
def test_a_charge_day_not_on_offer_is_not_found(browser: Browser, day: str) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month_by_wallet(browser)

        assert browser.visit(f"/renewal/method/day/{day}").status == 404


def test_a_charge_day_for_a_card_is_not_found(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        assert steps.go(contracted, "/renewal/method/day/15").status == 404


def test_setup_references_of_another_customer_or_an_order_are_not_found(contracted: Browser, app: object) -> None:
    a_customer("other")
    with at(2025, 10, 21, 10):
        to_the_new_card(contracted)
        mine = PaymentMethodSetup.select().order_by(PaymentMethodSetup.id.desc()).get()
        of_an_order = PaymentMethodSetup.get(PaymentMethodSetup.order.is_null(False))
        assert contracted.visit(f"/renewal/method/card/{of_an_order.reference}").status == 404
        assert contracted.visit(f"/renewal/method/wallet/{mine.reference}").status == 404
        assert Browser(app, contracted.base_url).sign_in("other").visit(f"/renewal/method/card/{mine.reference}").status == 404
