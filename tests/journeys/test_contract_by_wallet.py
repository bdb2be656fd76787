"""Paying with おさいぽ! from お支払い方法 to 入金確認済, and every way it fails."""

from collections.abc import Callable
from datetime import date

import pytest

from models import Mail, Order, Payment, PaymentMethod, PaymentMethodSetup, RenewalSetting, Subscription
from portal.enums import MailKind
from portal.runtime.settings import Settings
from portal.sandbox import webhooks
from portal.sandbox.books import Books, wallets
from tests import balance, steps
from tests.balance import linked_wallets
from tests.browser import Browser
from tests.gateways.wallets import debits, points
from tests.passes import ask_about_payments
from tests.purchase import later

SUNDAY = date(2026, 11, 22)
YEN = 13_200


def mails_of(kind: MailKind) -> list[Mail]:
    return list(Mail.select().where(Mail.kind == kind).order_by(Mail.id))


def spend(books: Books, yen: int) -> None:
    """The owner spends points elsewhere."""
    token = linked_wallets()[0].token
    wallets.debit(books, token, yen, "elsewhere-1")


def buy_points(browser: Browser, wallet: str, amount: str) -> Browser:
    """From the amount to the wallet company's points and back."""
    browser.follow("おさいぽ!のポイントを購入する").fill("おさいぽ!ID", wallet).press("おさいぽ!IDを認証する")
    browser.fill("パスワード", steps.WALLET_PASSWORD).press("ログイン")
    return (
        browser.choose("ほかの金額", under="購入するポイント").fill("ほかの金額", amount).press("ポイントを購入する").follow("お店に戻る")
    )


def test_a_customer_links_a_wallet_and_pays_with_its_points(browser: Browser, books: Books, business_day: Callable) -> None:
    business_day(SUNDAY)
    steps.to_the_wallet_company(browser)
    assert browser.h1 == "おさいぽ!IDの認証"
    steps.link_wallet(browser)
    assert browser.h1 == "おさいぽ!でのお支払い"
    assert browser.says("ご請求額 13,200円（13,200ポイント）")
    assert browser.says("おさいぽ!の残高 50,000ポイント")
    assert points(books) == 50_000

    browser.press("おさいぽ!ポイントから支払う")
    assert browser.h1 == "お申し込みの最終確認"
    for sentence in (
        "今回のお支払い総額13,200円",
        "OK を押したときに、13,200円分のポイントを一括で引き落とします",
        "2027年11月15日（月）に13,200円（税込）",
        "自動更新され、同じおさいぽ!でお支払いいただきます",
        "お支払いできなかったときは、11月20日、25日、28日に再手続きします",
        "再手続きします 2027年11月11日（木）23時59分まで",
    ):
        assert browser.says(sentence), sentence
    browser.press("OK（この内容で申し込み、13,200円を支払う）")

    assert browser.h1 == "お支払いが完了しました"
    assert points(books) == 50_000 - YEN
    assert balance.received() == [YEN]
    assert balance.terms() == [("server", SUNDAY, date(2027, 11, 30))]
    browser.visit("/contract")
    assert browser.says("入金確認済", "#status")
    assert browser.says("次回のお支払い日 2027年11月15日（月）", "#renewal")
    assert browser.says("おさいぽ! 毎回15日", "#renewal")
    setting = RenewalSetting.get()
    assert (setting.method, setting.wallet_day, setting.payment_method.method) == ("wallet", 15, "wallet")
    assert Subscription.get().renews


def test_the_mail_names_the_payment_and_the_next_charge(browser: Browser, business_day: Callable) -> None:
    business_day(SUNDAY)

    steps.pay_by_wallet(browser)

    (mail,) = mails_of(MailKind.PAYMENT_CONFIRMED)
    assert mail.recipient == "new@example.jp"
    for line in ("お支払い方法：おさいぽ!", "お支払い総額：13,200円", "次回のお支払い：2027年11月15日（月）に13,200円（税込）"):
        assert line in mail.body, line
    assert "変更・解除の期限：2027年11月11日（木） 23時59分まで" in mail.body


@pytest.mark.parametrize("day", [5, 10, 15, 20, 25])
def test_every_offered_charge_day_can_be_chosen(browser: Browser, business_day: Callable, day: int) -> None:
    business_day(SUNDAY)

    steps.to_the_method(browser, "おさいぽ!").choose(f"毎回 {day}日").press("選んだ方法の説明を見る")

    charge = date(2027, 11, day)
    assert browser.says(f"最初のお支払いは2027年11月{day}日（{'月火水木金土日'[charge.weekday()]}）です", "#panel")
    assert browser.value("自動更新日") == str(day)


@pytest.mark.parametrize("day", ["", "1", "28", "15.0", "-5", "🍣"])
def test_a_charge_day_not_on_offer_is_refused(browser: Browser, day: str) -> None:
    steps.to_the_method(browser, "おさいぽ!").press("お支払い", forged={"wallet_day": day})

    if day:  # nothing chosen means the first day
        assert (browser.status, browser.h1) == (422, "お支払い方法")
        assert browser.says("自動更新日は、表示されている中から選んでください", ".errors")
    assert not Payment.select().exists()


def test_a_linked_wallet_skips_the_setup(browser: Browser) -> None:
    steps.to_the_amount(browser).visit("/contract").press("お申し込みの続きへ進む").press("お支払い方法選択へ")
    browser.choose("おさいぽ!", under="お支払い方法").press("選んだ方法の説明を見る").choose("毎回 20日").press("お支払い")

    assert browser.h1 == "おさいぽ!でのお支払い"
    browser.press("おさいぽ!ポイントから支払う").press("OK")
    assert browser.h1 == "お支払いが完了しました"
    assert RenewalSetting.get().wallet_day == 20
    assert len(linked_wallets()) == 1


def test_too_few_points_show_the_missing_amount_and_what_to_do(browser: Browser, books: Books) -> None:
    steps.to_the_amount(browser, steps.EMPTY_WALLET)
    assert browser.says("ポイントが13,200ポイント足りません")
    assert not browser.offers("おさいぽ!ポイントから支払う")
    assert browser.new_tab().follow("いまのおさいぽ!の連携を解除").h1 == "おさいぽ!の連携を解除する", "to take another one"

    buy_points(browser, steps.EMPTY_WALLET, "１３，０００")
    assert browser.h1 == "おさいぽ!でのお支払い"
    assert browser.says("ポイントが200ポイント足りません")
    buy_points(browser, steps.EMPTY_WALLET, "200")
    browser.press("おさいぽ!ポイントから支払う").press("OK")

    assert browser.h1 == "お支払いが完了しました"
    assert points(books, steps.EMPTY_WALLET) == 0
    assert Order.select().count() == 1


def test_points_spent_elsewhere_before_ok_decline_the_payment(browser: Browser, books: Books) -> None:
    steps.to_the_amount(browser).press("おさいぽ!ポイントから支払う")
    spend(books, 36_801)

    browser.press("OK")

    assert browser.h1 == "お支払いは完了していません"
    assert browser.says("おさいぽ!のポイントが足りませんでした")
    assert browser.says("お金は引き落とされていません")
    assert points(books) == 50_000 - 36_801
    assert (balance.states(), balance.payments(), balance.received()) == (["placed"], ["declined"], [])
    (mail,) = mails_of(MailKind.CARD_REFUSED)
    assert "おさいぽ!でのお支払いができませんでした" in mail.subject
    assert "カード" not in mail.body.partition("――")[0]

    browser.follow("お支払い手続きへ").choose("おさいぽ!", under="お支払い方法").press("選んだ方法の説明を見る").press("お支払い")
    assert browser.says("ポイントが1ポイント足りません")
    buy_points(browser, steps.WALLET, "1").press("おさいぽ!ポイントから支払う").press("OK")
    assert browser.h1 == "お支払いが完了しました"
    assert balance.payments() == ["declined", "succeeded"]


def test_after_a_declined_wallet_a_card_pays_the_same_order(browser: Browser, books: Books) -> None:
    steps.to_the_amount(browser).press("おさいぽ!ポイントから支払う")
    spend(books, 50_000)
    browser.press("OK").follow("お支払い手続きへ").choose("クレジットカード", under="お支払い方法").press("選んだ方法の説明を見る")

    steps.enter_card(browser.press("クレジットカード情報入力")).press("OK")

    assert browser.h1 == "お支払いが完了しました"
    assert (balance.states(), balance.payments()) == (["paid"], ["declined", "succeeded"])
    assert RenewalSetting.get().method == "card"


def test_a_missing_answer_is_queried_and_points_are_taken_once(
    browser: Browser, books: Books, companies: object, settings: Settings
) -> None:
    steps.pay_by_wallet(browser, steps.SLOW_WALLET)
    assert browser.h1 == "お支払いを確認しています"
    assert browser.visit("/contract").says("お支払い確認中", "#status")
    assert browser.says("二重にお支払いいただく必要はありません")

    with later(minutes=2):
        assert ask_about_payments(settings, companies) == 1
    browser.press("今すぐ確認する")

    assert browser.says("入金確認済", "#status")
    assert points(books, steps.SLOW_WALLET) == 50_000 - YEN
    assert balance.received() == [YEN]
    assert list(debits(books).values()) == [-YEN]


def test_the_wallet_companys_webhook_settles_the_payment_once(browser: Browser, books: Books, settings: object) -> None:
    statuses = []

    def post(path: str, headers: dict, body: bytes) -> int:
        """Delivered twice, as after a lost answer."""
        for _ in range(2):
            statuses.append((path, browser.client.post(path, headers=headers, data=body, base_url=browser.base_url).status_code))
        return 200

    steps.pay_by_wallet(browser)
    webhooks.deliver(books, settings.notice_secret, post)

    assert len(statuses) > 1
    assert set(statuses) == {("/notices/wallet", 200)}
    assert (balance.received(), balance.payments()) == ([YEN], ["succeeded"])
    assert len(mails_of(MailKind.PAYMENT_CONFIRMED)) == 1


def test_ok_pressed_twice_takes_the_points_once(browser: Browser, books: Books) -> None:
    steps.to_the_amount(browser).press("おさいぽ!ポイントから支払う")
    other = browser.new_tab()

    browser.press("OK")
    other.press("OK")

    assert (browser.h1, other.h1) == ("お支払いが完了しました", "お支払いが完了しました")
    assert points(books) == 50_000 - YEN


def test_going_back_from_the_wallet_company_pays_nothing_and_keeps_the_order(browser: Browser, books: Books) -> None:
    steps.to_the_wallet_company(browser).press("戻る")

    assert browser.h1 == "お支払い方法"
    assert browser.says("おさいぽ!の認証を取りやめました。お支払いは行われていません")
    assert browser.is_chosen("おさいぽ!", under="お支払い方法")
    assert browser.value("自動更新日") == "15"
    assert debits(books) == {}


def test_returning_before_the_wallet_is_linked_redirects_to_its_company(browser: Browser) -> None:
    steps.to_the_wallet_company(browser)
    setup = PaymentMethodSetup.get()

    for page in ("", "/confirm"):
        browser.visit(f"/orders/{setup.order.number}/wallet/{setup.reference}{page}")
        assert browser.h1 == "おさいぽ!の認証が終わっていません"
    browser.follow("おさいぽ!の画面へ戻る")
    steps.link_wallet(browser)

    assert browser.h1 == "おさいぽ!でのお支払い"


def test_a_wallet_unlinked_meanwhile_is_linked_again(browser: Browser, books: Books) -> None:
    steps.to_the_amount(browser)
    wallets.unlink(books, linked_wallets()[0].token)

    browser.reload()

    assert browser.h1 == "お支払い方法"
    assert browser.says("おさいぽ!の連携が解除されています")
    assert not linked_wallets()
    browser.press("お支払い")
    steps.link_wallet(browser).press("おさいぽ!ポイントから支払う").press("OK")
    assert browser.h1 == "お支払いが完了しました"


def test_a_wallet_unlinked_before_ok_is_not_charged(browser: Browser, books: Books) -> None:
    steps.to_the_amount(browser).press("おさいぽ!ポイントから支払う")
    wallets.unlink(books, linked_wallets()[0].token)

    browser.press("OK")

    assert browser.h1 == "お支払いは完了していません"
    assert browser.says("おさいぽ!の連携が解除されています")
    assert debits(books) == {}


def test_an_old_page_of_a_removed_wallet_does_not_remove_the_new_one(browser: Browser, books: Books) -> None:
    old = steps.to_the_amount(browser).new_tab()
    browser.visit("/account").follow("おさいぽ!の連携を解除する").press("OK")
    browser.visit("/contract").press("お申し込みの続きへ進む").press("お支払い方法選択へ").press("お支払い")
    steps.link_wallet(browser, steps.SLOW_WALLET)
    linked = linked_wallets()[0].token

    old.reload()

    assert old.h1 == "お支払い方法"
    assert linked_wallets()[0].token == linked


def test_an_amount_changed_meanwhile_is_shown_again(browser: Browser, books: Books) -> None:
    steps.to_the_amount(browser).press("おさいぽ!ポイントから支払う").press("OK", forged={"shown": "old"})

    assert (browser.status, browser.h1) == (409, "お申し込みの最終確認")
    assert debits(books) == {}


def test_the_wallets_id_and_password_stay_with_its_company(browser: Browser, database: str) -> None:
    steps.pay_by_wallet(browser)

    assert linked_wallets()[0].label == PaymentMethodSetup.get().payment_method.label == "os****mo"
    stored = [value for row in (*PaymentMethodSetup.select().dicts(), *PaymentMethod.select().dicts()) for value in row.values()]
    assert steps.WALLET not in stored
    assert steps.WALLET_PASSWORD not in stored
