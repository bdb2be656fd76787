"""Stretches of the way to a contract, as the customer goes them: each one leaves the browser at the page that it is named for."""

from tests.browser import Browser

GOOD = "4242 4242 4242 4242"
ASKS_THEN_PAYS = "4000 0000 0000 3220"
FAILS_WHEN_ASKED = "4000 0084 0000 1280"
REFUSED = "4000 0000 0000 0002"
EXPIRED = "4000 0000 0000 0069"
ANSWER_LOST = "4000 0000 0000 5043"
PAYS_ONCE = "4000 0000 0000 9995"

SERVER_TERMS = "「サーバーご利用約款」に同意します"
SSL_TERMS = "「独自SSL特約」に同意します"
BACKUP_TERMS = "「バックアップオプション特約」に同意します"
DEVICE_TERMS = "「デバイスセキュリティ特約」に同意します"
BACKUP = "バックアップの契約期間"
DEVICE = "デバイスセキュリティの契約期間"


def to_the_form(browser: Browser, login: str = "new") -> Browser:
    """Signed in, at the contract form."""
    return browser.sign_in(login).visit("/contract").press("新規契約のお申し込みへ進む")


def to_the_payment(browser: Browser, login: str = "new") -> Browser:
    """A server for 12 months is chosen; the payment method is not."""
    return to_the_form(browser, login).tick(SERVER_TERMS).press("お支払い方法選択へ")


def to_the_card_page(browser: Browser, login: str = "new") -> Browser:
    """At the card company's page."""
    return to_the_payment(browser, login).press("クレジットカード情報入力")


def to_the_confirmation(browser: Browser, login: str = "new", card: str = GOOD) -> Browser:
    """The card is entered; nothing is paid."""
    return enter_card(to_the_card_page(browser, login), card)


def enter_card(browser: Browser, card: str = GOOD) -> Browser:
    """At the card company's page: type the card and send it."""
    browser.fill("カード番号", card).fill("有効期限", "12/35").fill("セキュリティコード", "123").fill("カード名義", "TARO MIHON")
    return browser.press("送信する")


def pay(browser: Browser, login: str = "new", card: str = GOOD) -> Browser:
    """From signing in to [OK]."""
    return to_the_confirmation(browser, login, card).press("OK")
