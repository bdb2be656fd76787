"""Steps of a purchase through the pages: each leaves the browser at the page in its name."""

from tests.browser import Browser

GOOD = "4242 4242 4242 4242"
ASKS_THEN_PAYS = "4000 0000 0000 3220"
FAILS_WHEN_ASKED = "4000 0084 0000 1280"
REFUSED = "4000 0000 0000 0002"
EXPIRED = "4000 0000 0000 0069"
ANSWER_LOST = "4000 0000 0000 5043"
PAYS_ONCE = "4000 0000 0000 9995"
WALLET, EMPTY_WALLET, SLOW_WALLET = "osaipo-demo", "osaipo-empty", "osaipo-slow"
WALLET_PASSWORD = "osaipo-pass"

SERVER_TERMS = "「サーバーご利用約款」に同意します"
SSL_TERMS = "「独自SSL特約」に同意します"
BACKUP_TERMS = "「バックアップオプション特約」に同意します"
DEVICE_TERMS = "「デバイスセキュリティ特約」に同意します"
BACKUP = "バックアップの契約期間"
DEVICE = "デバイスセキュリティの契約期間"


def go(browser: Browser, address: str, login: str = "new") -> Browser:
    """At that address, signed in: anew where the session is over."""
    browser.visit(address)
    return browser.fill("ログインID", login).fill("パスワード", "demo-pass").press("ログイン") if browser.h1 == "ログイン" else browser


def to_the_form(browser: Browser, login: str = "new") -> Browser:
    """Signed in, at the contract form."""
    return browser.sign_in(login).visit("/contract").press("新規契約のお申し込みへ進む")


def to_the_payment(browser: Browser, login: str = "new") -> Browser:
    """A server for 12 months is chosen; the payment method is not."""
    return to_the_form(browser, login).choose("12か月 13,200円").tick(SERVER_TERMS).press("お支払い方法選択へ")


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


def to_the_method(browser: Browser, method: str, login: str = "new") -> Browser:
    """At お支払い方法, with that one chosen and explained."""
    return to_the_payment(browser, login).choose(method, under="お支払い方法").press("選んだ方法の説明を見る")


def to_the_wallet_company(browser: Browser, day: str = "毎回 15日", login: str = "new") -> Browser:
    """At the wallet company's first page."""
    return to_the_method(browser, "おさいぽ!", login).choose(day).press("お支払い")


def link_wallet(browser: Browser, wallet: str = WALLET) -> Browser:
    """At the wallet company's first page: to the amount."""
    browser.fill("おさいぽ!ID", wallet).press("おさいぽ!IDを認証する").fill("パスワード", WALLET_PASSWORD).press("ログイン")
    return browser.press("OK")


def to_the_amount(browser: Browser, wallet: str = WALLET) -> Browser:
    return link_wallet(to_the_wallet_company(browser), wallet)


def pay_by_wallet(browser: Browser, wallet: str = WALLET) -> Browser:
    """From signing in to [OK]."""
    return to_the_amount(browser, wallet).press("おさいぽ!ポイントから支払う").press("OK")


def order_by_transfer(browser: Browser, login: str = "new") -> Browser:
    """From signing in to お支払い情報."""
    return to_the_method(browser, "銀行振込", login).press("お支払い").press("OK")


def buy_a_month(browser: Browser, card: str = GOOD, *, options: bool = False, login: str = "new") -> Browser:
    """From signing in to a server for one month, paid by card; with `options` also backup, two devices and a certificate."""
    to_the_form(browser, login).choose("1か月 1,320円").tick(SERVER_TERMS)
    if options:
        browser.choose("1か月", under=BACKUP).choose("3か月", under=DEVICE).fill("台数", "2").choose("クイック認証", under="独自SSL")
        browser.tick(BACKUP_TERMS).tick(DEVICE_TERMS).tick(SSL_TERMS)
    return enter_card(browser.press("お支払い方法選択へ").press("クレジットカード情報入力"), card).press("OK")


def buy_a_month_with_devices(browser: Browser, login: str = "new") -> Browser:
    """A server and two devices for one month, paid by card, so that one charge renews both."""
    to_the_form(browser, login).choose("1か月 1,320円").choose("1か月", under=DEVICE).fill("台数", "2")
    return enter_card(browser.tick(SERVER_TERMS).tick(DEVICE_TERMS).press("お支払い方法選択へ").press("クレジットカード情報入力")).press(
        "OK"
    )


def buy_a_month_by_wallet(browser: Browser, day: str = "毎回 15日", login: str = "new") -> Browser:
    """The same from the wallet that has plenty of points."""
    to_the_form(browser, login).choose("1か月 1,320円").tick(SERVER_TERMS).press("お支払い方法選択へ")
    browser.choose("おさいぽ!", under="お支払い方法").press("選んだ方法の説明を見る").choose(day).press("お支払い")
    return link_wallet(browser).press("おさいぽ!ポイントから支払う").press("OK")


def to_the_renewal(browser: Browser, login: str = "new") -> Browser:
    """Signed in, at the form that lists what there is: 契約更新, or a change where something renews by itself."""
    return open_renewal(browser.sign_in(login))


def open_renewal(browser: Browser, kind: str = "renew") -> Browser:
    return browser.visit("/contract").post_raw("/orders", {"kind": kind})


def by_card(browser: Browser, card: str = GOOD) -> Browser:
    """At お支払い方法: to the confirmation of a payment by card."""
    return enter_card(browser.choose("クレジットカード", under="お支払い方法").press("クレジットカード情報入力"), card)


def by_wallet(browser: Browser, day: str = "毎回 15日") -> Browser:
    """At お支払い方法: to the confirmation of a payment by a wallet that is linked already, or is linked now."""
    browser.choose("おさいぽ!", under="お支払い方法").press("選んだ方法の説明を見る").choose(day).press("お支払い")
    browser = browser if "/sandbox/" not in browser.url else link_wallet(browser)
    return browser.press("おさいぽ!ポイントから支払う")


def by_transfer(browser: Browser) -> Browser:
    """At お支払い方法: to the confirmation of a transfer."""
    return browser.choose("銀行振込", under="お支払い方法").press("選んだ方法の説明を見る").press("お支払い")
