"""The pretend companies' pages, and what the portal shows around them; the account and its mails."""

from models import Order
from portal.actions.privacy.own_sections import SECTIONS
from tests import steps
from tests.factories import PASSWORD, a_customer
from tests.mailbox import Mailbox
from tests.page_costs.ways import mails


def test_the_card_companys_pages_stay_within_their_budget(ledger, printed):
    browser = ledger.browser
    a_customer()
    steps.to_the_card_page(browser)
    setup = browser.url
    ledger.page("card company: card")
    browser.press("送信する")
    ledger.page("card company: card, with mistakes")
    steps.enter_card(browser, steps.FAILS_WHEN_ASKED)
    ledger.page("card company: authentication")
    browser.press("認証する")
    ledger.page("payment, card not authenticated")
    browser.visit(setup)
    ledger.page("card company: over, not authenticated")
    browser.visit("/sandbox/card/entry/unknown")
    ledger.page("card company: error 404")
    browser.post_raw(setup, csrf=False)
    ledger.page("card company: error 403")

    browser.visit("/contract").press("お申し込みの続きへ進む").press("お支払い方法選択へ").press("クレジットカード情報入力")
    setup = browser.url
    browser.press("戻る").visit(setup)
    ledger.page("card company: over, cancelled")

    printed[0].extend(ledger.rows)
    assert not ledger.over


def test_the_wallet_pages_stay_within_their_budget(ledger, printed):
    browser = ledger.browser
    a_customer()
    steps.to_the_method(browser, "おさいぽ!")
    ledger.page("payment, by wallet")
    browser.press("お支払い")
    ledger.page("wallet company: ID")
    tab = browser.new_tab().visit(f"/orders/{Order.get().number}/wallet/{Order.get().setups.get().reference}")
    ledger.page("wallet, not finished", browser=tab)
    browser.press("おさいぽ!IDを認証する")
    ledger.page("wallet company: ID, with mistakes")
    browser.fill("おさいぽ!ID", steps.EMPTY_WALLET).press("おさいぽ!IDを認証する")
    ledger.page("wallet company: password")
    browser.press("ログイン")
    ledger.page("wallet company: password, with mistakes")
    browser.fill("パスワード", steps.WALLET_PASSWORD).press("ログイン")
    ledger.page("wallet company: confirmation")
    browser.press("OK")
    ledger.page("wallet, too few points")
    browser.follow("おさいぽ!のポイントを購入する")
    ledger.page("wallet company: its own door")
    browser.fill("おさいぽ!ID", steps.EMPTY_WALLET).press("おさいぽ!IDを認証する").fill("パスワード", steps.WALLET_PASSWORD).press(
        "ログイン"
    )
    ledger.page("wallet company: points")
    for points in ("50,000ポイント", "1,000ポイント", "1,000ポイント", "1,000ポイント"):
        browser.choose(points).press("ポイントを購入する")
    ledger.page("wallet company: points, bought")
    browser.follow("お店に戻る")
    ledger.page("wallet, amount")
    browser.press("おさいぽ!ポイントから支払う")
    ledger.page("confirmation, by wallet")
    browser.press("OK")
    ledger.page("order, paid by wallet")
    browser.visit("/contract")
    ledger.page("contract, paid by wallet")
    browser.visit("/renewal/reset")
    ledger.page("reset of the payment method, wallet")
    browser.visit("/renewal/method")
    ledger.page("method for later, wallet")
    browser.choose("毎回 25日").press("次へ進む")
    ledger.page("method for later, another day")
    browser.visit("/account")
    ledger.page("account, wallet linked")
    browser.follow("おさいぽ!の連携を解除する")
    ledger.page("account, removing the wallet")
    browser.press("OK")
    ledger.page("account, wallet removed")
    browser.press("パスワードを変更する")
    ledger.page("account, with mistakes")
    browser.follow("ログイン中の端末を見る")
    ledger.page("sign-ins")
    for page in ("name", "address", "notices"):
        browser.visit(f"/account/{page}").press("お名前を変更する" if page == "name" else "確認のリンクを送る")
        ledger.page(f"account, {page}, with mistakes")
    browser.fill("新しいメールアドレス", "neu@example.jp").fill("いまのパスワード", PASSWORD).press("確認のリンクを送る")
    for address, name in ((Mailbox().worker_passes().link, "address, link"), ("/address/new/done", "address, done")):
        browser.visit(address)
        ledger.page(name)
    browser.visit("/account/data")
    ledger.page("own data", most_queries=len(SECTIONS) + 2)  # every table about the customer, each once
    browser.follow("履歴")
    ledger.page("own data, the history", most_queries=len(SECTIONS) + 2)
    browser.press("ログアウト").follow("パスワードを忘れたとき").press("リンクをメールで送る")
    ledger.page("password, with mistakes")
    browser.fill("ログインIDまたはメールアドレス", "new").press("リンクをメールで送る")
    ledger.page("password, sent")
    link = Mailbox().worker_passes().link
    browser.visit(link).press("このパスワードにする")
    ledger.page("password, with mistakes in the new one")
    browser.fill("新しいパスワード", "川べりの ねこ 7匹").press("このパスワードにする")
    ledger.page("password, done")
    browser.visit(link)
    ledger.page("password, link used")
    mails(ledger)

    printed[0].extend(ledger.rows)
    assert not ledger.over
