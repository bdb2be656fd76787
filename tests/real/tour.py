"""Visits every page in every state in one window, for checks that do not know the way."""

from collections.abc import Iterator
from datetime import timedelta

from portal import clock
from portal.rules.documents.guide import GUIDE
from tests import steps
from tests.real.chromium import Window
from tests.real.mouse import Mouse
from tests.real.server import Server
from tests.real.staff_desk import Desk, Person

STAFF_LISTS = (
    ("deposits", "入金一覧"),
    ("held", "お預かりの一覧"),
    ("payouts", "振込での返金"),
    ("bank", "銀行のファイル"),
    ("remittances", "会社からの入金"),
    ("bank/new", "銀行のファイルを取り込む"),
    ("bank/mappings", "CSV の読み方"),
    ("matching", "まとめて充当する"),
    ("waiting", "1件ずつ充当する"),
    ("orders", "担当者、申し込みの一覧"),
    ("accounts", "担当者、契約の一覧"),
    ("attention", "要確認"),
    ("mails", "担当者、メールの一覧"),
    ("provisioning", "サーバー連絡"),
    ("certificates", "担当者、独自SSLの一覧"),
    ("certificates/failed", "発行できなかった独自SSL"),
    ("domains", "担当者、独自ドメインの一覧"),
    ("history", "履歴"),
    ("papers", "担当者、領収書の一覧"),
    ("papers/months", "担当者、領収書の月ごとの合計"),
    ("files", "CSV"),
    ("day", "1日のまとめ"),
    ("day/2026-11-10/cards", "1日のまとめ、行のない項目"),
)
PUBLIC_PAGES = (
    ("/legal/tokutei", "特定商取引法に基づく表記"),
    ("/legal/accessibility/criteria", "達成基準の一覧"),
    ("/legal/privacy", "プライバシーポリシー"),
    ("/prices", "料金"),
    ("/documents", "約款"),
    ("/guide", "ご利用ガイド"),
    *((f"/guide/{name}", f"ご利用ガイド、{title}") for name, title in GUIDE.items()),
)


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
    for address, name in PUBLIC_PAGES:
        page.goto(address)
        yield name
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
    yield "カード会社、カード情報の入力"
    card = page.url
    mouse.press("送信する")
    yield "カード会社、誤り"
    mouse.enter_card(steps.ASKS_THEN_PAYS)
    yield "カード会社、本人認証"
    mouse.press("認証しない")
    yield "お支払い方法、認証しない"
    page.goto(card)
    yield "カード会社、終わったお手続き"
    page.goto("/sandbox/card/nobody")
    yield "カード会社、ページが見つかりません"
    page.goto(payment)
    mouse.press("クレジットカード情報入力")
    mouse.enter_card(steps.REFUSED)
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
    mouse.press("内容を変えて申し込み直す").choose(steps.SERVER_TERMS).press("お支払い方法選択へ").pay()
    yield "申し込み、完了"
    page.goto(payment)
    yield "申し込み、取消"
    page.goto("/contract")
    yield "サーバー契約・更新、入金確認済"
    page.goto("/")
    yield "コントロールパネル、入金確認済"
    mouse.follow("送信済みメール")
    yield "送信済みメール"
    page.goto("/history?first=x")
    yield "お支払い履歴・領収書、誤り"
    page.goto("/history")
    yield "お支払い履歴・領収書"
    mouse.follow("領収書 ").fill("宛名", "").press("この宛名で開く")
    yield "領収書の宛名、誤り"
    mouse.fill("宛名", "株式会社見本").press("この宛名で開く")
    yield "領収書"
    yield from around_the_renewal(window)


def around_the_renewal(window: Window) -> Iterator[str]:
    """From the timeline over a reservation and another card to the reset."""
    mouse, page = Mouse(window), window.page
    page.goto("/contract/timeline")
    yield "今後の予定"
    page.goto("/renewal/change")
    yield "次回ご契約内容を変更する"
    mouse.follow("次回の自動更新から変更する（今は支払わない）")
    yield "次回の自動更新から変更する"
    mouse.choose("24か月").press("最終確認へ進む")
    yield "次回の自動更新の最終確認"
    mouse.press("OK")
    yield "サーバー契約・更新、予約した"
    mouse.follow("予約を取り消す")
    yield "予約を取り消す"
    page.goto("/renewal/method")
    yield "お支払い方法の変更"
    mouse.press("次へ進む")
    mouse.enter_card()
    yield "お支払い方法の変更の最終確認"
    yield from domains(window)
    page.goto("/renewal/reset")
    yield "リセット"
    mouse.press("OK")
    yield "リセット後"
    page.goto("/contract")
    yield "サーバー契約・更新、自動更新なし"
    page.goto("/")
    yield "コントロールパネル、自動更新なし"


def domains(window: Window) -> Iterator[str]:
    mouse, page = Mouse(window), window.page
    page.goto("/domains")
    yield "独自ドメイン設定、なし"
    mouse.press("追加する")
    yield "独自ドメイン設定、誤り"
    mouse.fill("独自ドメイン", "日本語.jp").press("追加する")
    yield "独自ドメイン、確認前"
    mouse.press("TXTレコードを確認する")
    yield "独自ドメイン、確認中"
    page.goto("/domains")
    yield "独自ドメイン設定"
    mouse.follow("内容を見る").follow("この独自ドメインを削除する")
    yield "独自ドメインの削除"
    page.goto("/ssl")
    yield "独自SSL、なし"


def unanswered(window: Window, login: str) -> Iterator[str]:
    """The pages while nobody knows whether the money was taken."""
    mouse, page = Mouse(window), window.page
    mouse.to_the_payment(login).pay(steps.ANSWER_LOST)
    yield "申し込み、確認中"
    page.goto("/contract")
    yield "サーバー契約・更新、確認中"
    page.goto("/contract?watch=no")
    yield "サーバー契約・更新、確認中、自動表示なし"


def by_wallet(window: Window, login: str) -> Iterator[str]:
    """The wallet company's pages, too few points, the amount, the confirmation, and アカウント設定 with and without the link."""
    mouse, page = Mouse(window), window.page
    mouse.sign_in(login)
    page.goto("/account/data")
    yield "保存されている情報"
    page.goto("/account")
    yield "アカウント設定、連携なし"
    mouse.press("パスワードを変更する")
    yield "アカウント設定、誤り"
    mouse.follow("サーバー契約・更新").press("新規契約のお申し込みへ進む").choose(steps.SERVER_TERMS)
    mouse.press("お支払い方法選択へ").take("おさいぽ!")
    yield "お支払い方法、おさいぽ!"
    mouse.press("お支払い")
    yield "おさいぽ!、ID"
    visit = page.url
    mouse.press("おさいぽ!IDを認証する")
    yield "おさいぽ!、IDの誤り"
    mouse.fill("おさいぽ!ID", steps.EMPTY_WALLET).press("おさいぽ!IDを認証する")
    yield "おさいぽ!、パスワード"
    mouse.fill("パスワード", "wrong").press("ログイン")
    yield "おさいぽ!、パスワードの誤り"
    mouse.fill("パスワード", steps.WALLET_PASSWORD).press("ログイン")
    yield "おさいぽ!、登録の確認"
    mouse.press("OK")
    yield "おさいぽ!でのお支払い、ポイントが足りない"
    amount = page.url
    page.goto(visit)
    yield "おさいぽ!、終わったお手続き"
    page.goto(amount)
    mouse.follow("おさいぽ!のポイントを購入する")
    yield "おさいぽ!、ログイン"
    mouse.press("おさいぽ!IDを認証する")
    yield "おさいぽ!、ログインの誤り"
    mouse.fill("おさいぽ!ID", steps.EMPTY_WALLET).press("おさいぽ!IDを認証する")
    mouse.fill("パスワード", steps.WALLET_PASSWORD).press("ログイン")
    mouse.press("ポイントを購入する")
    yield "おさいぽ!、ポイントの誤り"
    mouse.choose("50,000ポイント").press("ポイントを購入する")
    yield "おさいぽ!、ポイントを購入した"
    mouse.follow("お店に戻る")
    yield "おさいぽ!でのお支払い"
    mouse.press("おさいぽ!ポイントから支払う")
    yield "おさいぽ!、最終確認"
    page.locator("[name=shown]").evaluate("it => { it.value = 'old' }")
    mouse.press("OK")
    yield "おさいぽ!、最終確認、内容が変わった"
    mouse.press("OK")
    yield "おさいぽ!、完了"
    page.goto("/contract")
    yield "サーバー契約・更新、おさいぽ!"
    page.goto("/account")
    yield "アカウント設定、連携あり"
    mouse.follow("おさいぽ!の連携を解除する")
    yield "連携の解除"
    mouse.press("OK")
    yield "アカウント設定、連携を解除した"
    mouse.follow("ログイン中の端末を見る")
    yield "ログイン中の端末"
    for address, name in (("name", "お名前"), ("address", "メールアドレス"), ("notices", "お知らせの宛先")):
        page.goto(f"/account/{address}")
        mouse.press("お名前を変更する" if address == "name" else "確認のリンクを送る")
        yield f"{name}の変更、誤り"
    page.goto("/address/new/done")
    yield "アドレスを登録した"
    page.goto("/address/nowhere")
    yield "アドレスのリンクが使えない"
    page.goto("/password")
    mouse.press("リンクをメールで送る")
    yield "パスワードを忘れたとき、誤り"
    page.goto("/password/link/sent")
    yield "パスワードのリンクを受け付けた"
    page.goto("/password/new/done")
    yield "パスワードを変更した"
    page.goto("/password/nowhere")
    yield "パスワードのリンクが使えない"


def by_transfer(window: Window, login: str, server: Server, colleague: Person) -> Iterator[str]:
    """おさいぽ! left half way, お支払い情報, the report, the mails, and each end of an order: 取消, 期限切れ, 一部入金."""
    mouse, page = Mouse(window), window.page
    number = mouse.to_the_method(login, "おさいぽ!").draft_number
    mouse.press("お支払い")
    page.goto(f"/orders/{number}/wallet/{server.newest_setup()}")
    yield "おさいぽ!の認証が終わっていません"
    mouse.follow("お支払い方法の選択へ戻る").take("銀行振込")
    yield "お支払い方法、銀行振込"
    mouse.press("お支払い")
    yield "銀行振込、最終確認"
    mouse.press("OK")
    yield "申し込み、お振込待ち"
    page.goto("/contract?watch=no")
    yield "サーバー契約・更新、お振込待ち"
    mouse.follow("振り込みました")
    yield "振り込みました"
    mouse.fill("振込名義", "").fill("振り込んだ日", "１２").press("連絡する")
    yield "振り込みました、誤り"
    mouse.fill("振込名義", "見本 花").fill("振り込んだ日", clock.today().isoformat()).press("連絡する")
    yield "サーバー契約・更新、お振込確認中"
    mouse.press("お支払い情報をメールで再送する").follow("ほかのお支払い方法に変更する")
    yield "お支払い方法、変更"
    page.goto("/contract?watch=no")
    mouse.follow("お申し込みを取り消す")
    yield "お申し込みを取り消す"
    mouse.press("OK")
    yield "申し込み、お客様の取消"
    page.goto("/mails")
    yield "送信済みメール、一覧"
    mouse.follow("お申し込み")
    yield "送信済みメール、1通"
    server.age(order_again(mouse), clock.today() - timedelta(days=60))
    wait_for_the_worker(mouse, "期限切れ")
    yield "サーバー契約・更新、期限切れ"
    page.goto("/")
    yield "コントロールパネル、期限切れ"
    number = order_again(mouse)
    page.goto("/demo/bank")
    page.get_by_role("region", name=number).get_by_role("button", name="440円足りない").click()
    yield "デモの銀行"
    Desk(window).sign_in(colleague).confirm(number, "880")
    page.goto("/contract?watch=no")
    yield "サーバー契約・更新、一部入金"
    page.goto(f"/orders/{number}")
    yield "申し込み、一部入金"


def presenting(window: Window, login: str) -> Iterator[str]:
    """The demo's own pages, for nobody and for a customer; the clock stands still."""
    mouse, page = Mouse(window), window.page
    page.goto("/demo")
    yield "デモの目次"
    page.goto("/demo/mails/1")
    yield "デモ、メール1通"
    page.goto("/demo/restart")
    yield "最初からやり直す"
    window.sign_in(login)
    page.goto("/demo/clock")
    yield "デモの時計"
    mouse.fill("日付", "2026/11/31").press("この日へ")
    yield "デモの時計、誤り"
    mouse.fill("日付", clock.today().isoformat()).press("この日へ")
    yield "デモの時計、その日"


def staff_area(window: Window, login: str, colleague: Person) -> Iterator[str]:
    """Every page of staff, from the password to the undo of what was confirmed; with rows, and with nothing found."""
    mouse, page = Mouse(window), window.page
    mouse.to_the_method(login, "銀行振込").press("お支払い").press("OK")
    number = mouse.order_number
    desk = Desk(window)
    yield "担当者ログイン"
    desk.press("次へ")
    yield "担当者ログイン、誤り"
    desk.fill("ログインID", colleague.login).fill("パスワード", colleague.password).press("次へ")
    yield "確認コード"
    desk.fill("確認コード", "x").press("ログイン")
    yield "確認コード、誤り"
    desk.fill("確認コード", colleague.totp.now()).press("ログイン")
    yield "入金待ち"
    page.goto("/staff/?q=どこにもない")
    yield "入金待ち、見つからない"
    page.goto("/staff/nowhere")
    yield "担当者、ページが見つかりません"
    desk.follow("入金の入力")
    yield "入金の入力"
    desk.press("入力する")
    yield "入金の入力、誤り"
    desk.enter("2,320", f"{number} ﾐﾎﾝ ﾊﾅｺ")
    yield "入金、候補あり"
    deposit = page.url
    desk.enter("2,320", f"{number} ﾐﾎﾝ ﾊﾅｺ")
    yield "同じ入金"
    page.goto(deposit)
    desk.follow(number).fill("充当する金額", "1.5").press("確認へ進む")
    yield "充当、誤り"
    page.goto(deposit)
    desk.to_the_review(number)
    yield "充当の確認"
    desk.press("OK")
    yield "入金、充当した"
    for address, state in STAFF_LISTS:
        page.goto(f"/staff/{address}")
        yield state
    page.goto(f"/staff/orders/{number}")
    yield "担当者、申し込み"
    desk.follow("最終確認の内容と同意 1")
    yield "担当者、最終確認の内容"
    page.goto(f"/staff/accounts/{login}")
    yield "担当者、お客様の契約"
    for change in ("name", "address", "password-link", "sessions-end", "erasure"):
        page.goto(f"/staff/accounts/{login}/{change}")
        yield f"お客様の{change}、理由の入力"
    page.goto("/staff/mails")
    page.locator("main table a").first.click()
    yield "担当者、メール1通"
    page.goto(deposit)
    desk.follow("取り消す").press("確認へ進む")
    yield "充当を取り消す、誤り"
    desk.fill("理由", "別のお客様の入金だったため").press("確認へ進む")
    yield "取り消しの確認"
    desk.press("OK")
    yield "入金、充当を取り消した"


def order_again(mouse: Mouse) -> str:
    """One more order by transfer, from サーバー契約・更新; its number."""
    mouse.page.goto("/contract")
    mouse.press("新規契約のお申し込みへ進む").choose("1か月").choose(steps.SERVER_TERMS).press("お支払い方法選択へ")
    return mouse.take("銀行振込").press("お支払い").press("OK").order_number


def wait_for_the_worker(mouse: Mouse, money: str) -> None:
    """It looks every two seconds; the page is loaded anew until 入金状況 is this."""
    for _ in range(40):
        mouse.page.goto("/contract?watch=no")
        if mouse.money.inner_text() == money:
            return
        mouse.page.wait_for_timeout(500)
    raise AssertionError(f"入金状況 is {mouse.money.inner_text()}, not {money}")


def choose_everything(mouse: Mouse) -> None:
    """Each option, for different periods, every box ticked."""
    mouse.choose("12か月").choose("クイック認証").select(steps.BACKUP, "36か月").select(steps.DEVICE, "12か月").fill("台数", "3")
    for terms in (steps.SERVER_TERMS, steps.SSL_TERMS, steps.BACKUP_TERMS, steps.DEVICE_TERMS):
        mouse.choose(terms)
