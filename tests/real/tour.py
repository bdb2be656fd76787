"""Every page in every state, one after the other, in one window: whoever looks at them need not know the way."""

from collections.abc import Iterator

from tests import ways
from tests.real.chromium import Window
from tests.real.mouse import Mouse


def before_the_contract(window: Window, login: str) -> Iterator[str]:
    """From the login page to a form full of mistakes; each name is yielded while its state is on the screen."""
    mouse, page = Mouse(window), window.page
    page.goto("/login")
    yield "ログイン"
    mouse.press("ログイン")
    yield "ログイン、空欄"
    mouse.fill("ログインID", login).fill("パスワード", "wrong").press("ログイン")
    yield "ログイン、誤り"
    mouse.sign_in(login)
    yield "コントロールパネル、契約なし"
    mouse.follow("サーバー契約・更新")
    yield "サーバー契約・更新、契約なし"
    page.goto("/legal/tokutei")
    yield "特定商取引法に基づく表記"
    page.goto("/nowhere")
    yield "ページが見つかりません"
    mouse.follow("サーバー契約・更新").press("新規契約のお申し込みへ進む")
    yield "契約内容の選択"
    address = page.locator("#for-agree_server").get_by_role("link").get_attribute("href")
    form = page.url
    page.goto(address)
    yield "約款"
    page.goto("/contract")
    yield "サーバー契約・更新、入力中"
    page.goto(form)
    choose_everything(mouse)
    mouse.press("金額を再計算する")
    yield "契約内容の選択、すべてのオプション"
    mouse.fill("台数", "21").press("お支払い方法選択へ")
    yield "契約内容の選択、誤り"
    page.context.clear_cookies()
    mouse.press("お支払い方法選択へ")
    yield "ログインの期限切れ"


def paying(window: Window, login: str) -> Iterator[str]:
    """From お支払い方法 over the card company's pages and a refused card to the reset after a paid contract."""
    mouse, page = Mouse(window), window.page
    mouse.to_the_payment(login)
    yield "お支払い方法"
    payment = page.url
    page.locator("[name=csrf_token]").last.evaluate("it => { it.value = 'stale' }")
    mouse.press("クレジットカード情報入力")
    yield "画面の有効期限切れ"
    page.goto(payment)
    mouse.press("クレジットカード情報入力")
    yield "決済会社、カード情報の入力"
    card = page.url
    mouse.press("送信する")
    yield "決済会社、誤り"
    mouse.enter_card(ways.ASKS_THEN_PAYS)
    yield "決済会社、本人認証"
    mouse.press("認証しない")
    yield "お支払い方法、認証しない"
    page.goto(card)
    yield "決済会社、終わったお手続き"
    page.goto("/sandbox/card/nobody")
    yield "決済会社、ページが見つかりません"
    page.goto(payment)
    mouse.press("クレジットカード情報入力")
    mouse.enter_card(ways.REFUSED)
    yield "最終確認"
    page.locator("[name=shown]").evaluate("it => { it.value = 'old' }")
    mouse.press("OK")
    yield "最終確認、内容が変わった"
    mouse.press("OK")
    yield "申し込み、カードが使えない"
    page.goto("/contract")
    yield "サーバー契約・更新、カードが使えない"
    page.goto("/")
    yield "コントロールパネル、手続き中"
    page.goto(payment)
    yield "お支払い方法、カードが使えない"
    page.goto("/contract")
    mouse.press("内容を変えて申し込む").choose(ways.SERVER_TERMS).press("お支払い方法選択へ").pay()
    yield "申し込み、完了"
    page.goto(payment)
    yield "申し込み、取消"
    page.goto("/contract")
    yield "サーバー契約・更新、入金確認済"
    page.goto("/")
    yield "コントロールパネル、入金確認済"
    mouse.follow("送信済みメール")
    yield "送信済みメール"
    page.goto("/renewal/reset")
    yield "リセット"
    mouse.press("OK")
    yield "サーバー契約・更新、リセット後"


def unanswered(window: Window, login: str) -> Iterator[str]:
    """The pages while nobody knows whether the money was taken."""
    mouse, page = Mouse(window), window.page
    mouse.to_the_payment(login).pay(ways.ANSWER_LOST)
    yield "申し込み、確認中"
    page.goto("/contract")
    yield "サーバー契約・更新、確認中"
    page.goto("/contract?watch=no")
    yield "サーバー契約・更新、確認中、自動で新しくしない"
    page.goto("/contract/status")
    yield "入金状況、確認中"


def choose_everything(mouse: Mouse) -> None:
    """Each option, for different periods, every box ticked."""
    mouse.choose("12か月").choose("クイック認証").select(ways.BACKUP, "36か月").select(ways.DEVICE, "12か月").fill("台数", "3")
    for terms in (ways.SERVER_TERMS, ways.SSL_TERMS, ways.BACKUP_TERMS, ways.DEVICE_TERMS):
        mouse.choose(terms)
