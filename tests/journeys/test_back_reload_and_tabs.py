"""Back, reload, double click and two tabs: the first result counts."""

from models import Order
from portal.sandbox.books import Books
from tests import balance, steps
from tests.browser import Browser

YEN = 13_200


def test_ok_pressed_again_after_going_back_pays_nothing_more(browser: Browser, books: Books) -> None:
    steps.pay(browser)
    paid = browser.url

    for _ in range(2):
        browser.back().press("OK")

        assert (browser.status, browser.url, browser.h1) == (200, paid, "お支払いが完了しました")
        assert not browser.says("お支払いは行われていません")
    assert balance.taken(books) == balance.received() == [YEN]
    assert balance.asked(books) == 1


def test_ok_pressed_again_after_a_decline_makes_no_second_attempt(browser: Browser, books: Books) -> None:
    steps.pay(browser, card=steps.REFUSED)

    browser.back().press("OK")

    assert browser.h1 == "お支払いは完了していません"
    assert balance.asked(books) == 1


def test_reloading_the_page_after_the_payment_pays_nothing_more(browser: Browser, books: Books) -> None:
    steps.pay(browser).reload().reload()

    assert browser.h1 == "お支払いが完了しました"
    assert balance.taken(books) == [YEN]


def test_the_return_address_opened_again_after_the_payment_shows_that_it_is_paid(browser: Browser, books: Books) -> None:
    returns = steps.to_the_confirmation(browser).url
    browser.press("OK")

    for _ in range(2):
        browser.visit(returns)
        assert browser.h1 == "お支払いが完了しました"

    assert balance.taken(books) == [YEN]


def test_the_return_address_opened_again_before_the_payment_shows_the_confirmation(browser: Browser, books: Books) -> None:
    steps.to_the_confirmation(browser).reload().reload()

    assert browser.h1 == "お申し込みの最終確認"
    assert balance.is_nothing_moved(books)


def test_leaving_the_card_page_by_back_continues_with_the_known_card(browser: Browser, books: Books) -> None:
    steps.to_the_confirmation(browser)

    browser.back()
    assert browser.says("カードの登録は済んでいます")
    browser.follow("お店に戻る").press("OK")

    assert balance.taken(books) == [YEN]


def test_going_back_to_the_form_shows_what_was_chosen(browser: Browser) -> None:
    steps.to_the_form(browser).choose("24か月 25,080円").tick(steps.SERVER_TERMS).press("お支払い方法選択へ")

    browser.follow("内容を変更する")

    assert browser.is_chosen("24か月 25,080円")
    assert browser.is_chosen(steps.SERVER_TERMS)


def test_resubmitting_the_form_of_a_paid_order_shows_the_paid_order(browser: Browser, books: Books) -> None:
    form = steps.to_the_form(browser).new_tab()
    steps.enter_card(
        browser.choose("12か月 13,200円").tick(steps.SERVER_TERMS).press("お支払い方法選択へ").press("クレジットカード情報入力")
    ).press("OK")

    form.choose("36か月 35,640円").tick(steps.SERVER_TERMS).press("お支払い方法選択へ")

    assert form.h1 == "お支払いが完了しました"
    assert Order.get().choices["months"] == "12"
    assert balance.taken(books) == [YEN]


def test_a_paid_order_gets_no_new_estimate(browser: Browser) -> None:
    form = steps.to_the_form(browser).new_tab()
    steps.enter_card(
        browser.choose("12か月 13,200円").tick(steps.SERVER_TERMS).press("お支払い方法選択へ").press("クレジットカード情報入力")
    ).press("OK")

    address = form.page.soup.select_one("#choices")["data-hx-post"]
    form.post_raw(address, {"months": "36"})

    assert form.h1 == "お支払いが完了しました"
    assert Order.get().choices["months"] == "12"


def test_two_tabs_open_one_draft(browser: Browser) -> None:
    browser.sign_in("new").visit("/contract")
    tab = browser.new_tab()

    browser.press("新規契約のお申し込みへ進む")
    tab.press("新規契約のお申し込みへ進む")

    assert browser.url == tab.url
    assert balance.states() == ["draft"]


def test_a_change_in_a_second_tab_shows_the_confirmation_again_with_new_amounts(browser: Browser, books: Books) -> None:
    steps.to_the_confirmation(browser)
    tab = browser.new_tab()
    tab.follow("内容を変更する").choose("1か月 1,320円").press("金額を再計算する")

    browser.press("OK")

    assert (browser.status, browser.h1) == (409, "お申し込みの最終確認")
    assert browser.says("表示したあとで内容が変わりました")
    assert browser.says("今回のお支払い総額1,320円")
    assert balance.is_nothing_moved(books)
    browser.press("OK（この内容で申し込み、1,320円を支払う）")
    assert balance.taken(books) == balance.received() == [1_320]


def test_an_option_added_in_a_second_tab_without_consent_is_not_sold(browser: Browser, books: Books) -> None:
    steps.to_the_confirmation(browser)
    tab = browser.new_tab()
    tab.follow("内容を変更する").choose("クイック認証", under="独自SSL").press("金額を再計算する")

    browser.press("OK")

    assert browser.h1 == "契約内容の選択"
    assert browser.says("契約内容の入力が必要です")
    assert balance.is_nothing_moved(books)


def test_two_tabs_with_different_cards_pay_once(browser: Browser, books: Books) -> None:
    steps.to_the_confirmation(browser)
    tab = browser.new_tab()
    tab.visit(f"/orders/{Order.get().number}/payment").press("クレジットカード情報入力")
    steps.enter_card(tab, steps.ASKS_THEN_PAYS).press("認証する")

    browser.press("OK")
    tab.press("OK")

    assert browser.h1 == tab.h1 == "お支払いが完了しました"
    assert balance.taken(books) == balance.received() == [YEN]
    assert len(balance.terms()) == 1


def test_after_a_decline_the_confirmation_in_another_tab_still_pays(browser: Browser, books: Books) -> None:
    steps.to_the_confirmation(browser)
    tab = browser.new_tab()
    tab.visit(f"/orders/{Order.get().number}/payment").press("クレジットカード情報入力")
    steps.enter_card(tab, steps.REFUSED).press("OK")

    browser.press("OK")

    assert browser.h1 == "お支払いが完了しました"
    assert balance.taken(books) == balance.received() == [YEN]


def test_a_second_device_continues_the_same_order(browser: Browser, app: object, books: Books) -> None:
    steps.to_the_form(browser).choose("24か月 25,080円").press("金額を再計算する")
    phone = Browser(app, browser.base_url)

    phone.sign_in("new").visit("/contract").press("お申し込みの続きへ進む")

    assert phone.is_chosen("24か月 25,080円")
    assert phone.url == browser.url
