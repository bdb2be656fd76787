"""The customer's ways, button by button: for tests that do something to every press."""

from collections.abc import Callable
from dataclasses import dataclass

from tests import steps
from tests.real.mouse import Mouse

DRIVEN = Callable[[Mouse], object]


@dataclass(frozen=True)
class Step:
    """`at`: the heading of the page on which it stands. `opens`: its address, if the last step does not lead there.

    `first`: what is chosen or typed before the press. `is_ours`: the page is the portal's, not a company's.
    """

    at: str
    button: str
    first: DRIVEN = lambda mouse: None
    opens: str = ""
    is_ours: bool = True

    def prepare(self, mouse: Mouse) -> None:
        if self.opens:
            mouse.page.goto(self.opens)
        self.first(mouse)

    def take(self, mouse: Mouse) -> None:
        self.prepare(mouse)
        mouse.press(self.button)


def chosen(mouse: Mouse) -> None:
    mouse.choose("1か月").choose(steps.SERVER_TERMS)


def card_typed(mouse: Mouse) -> None:
    mouse.fill("カード番号", steps.GOOD).fill("有効期限", "12/35").fill("セキュリティコード", "123").fill("カード名義", "TARO MIHON")


def reported(mouse: Mouse) -> None:
    if mouse.heading != "振り込みました":
        mouse.follow("振り込みました")
    mouse.fill("振込名義", "ﾐﾎﾝ ﾊﾅｺ")


def sign_in(login: str) -> Step:
    return Step("ログイン", "ログイン", lambda mouse: mouse.fill("ログインID", login).fill("パスワード", "demo-pass"), opens="/login")


TO_THE_METHODS = (
    Step("サーバー契約・更新", "新規契約のお申し込みへ進む", opens="/contract"),
    Step("契約内容の選択", "お支払い方法選択へ", chosen),
)
WAYS = {
    "card": (
        *TO_THE_METHODS,
        Step("お支払い方法", "クレジットカード情報入力", lambda mouse: mouse.take("クレジットカード")),
        Step("カード情報の入力", "送信する", card_typed, is_ours=False),
        Step("お申し込みの最終確認", "OK"),
    ),
    "wallet": (
        *TO_THE_METHODS,
        Step("お支払い方法", "お支払い", lambda mouse: mouse.take("おさいぽ!").select("自動更新日", "毎回 10日")),
        Step("おさいぽ!にログイン", "おさいぽ!IDを認証する", lambda mouse: mouse.fill("おさいぽ!ID", steps.WALLET), is_ours=False),
        Step("おさいぽ!のパスワードの入力", "ログイン", lambda mouse: mouse.fill("パスワード", steps.WALLET_PASSWORD), is_ours=False),
        Step("おさいぽ!の登録の確認", "OK", is_ours=False),
        Step("おさいぽ!でのお支払い", "おさいぽ!ポイントから支払う"),
        Step("お申し込みの最終確認", "OK"),
    ),
    "transfer": (
        *TO_THE_METHODS,
        Step("お支払い方法", "お支払い", lambda mouse: mouse.take("銀行振込")),
        Step("お申し込みの最終確認", "OK"),
        Step("サーバー契約・更新", "連絡する", reported, opens="/contract"),
    ),
}
TO_PAY_BY_CARD = WAYS["card"][2:]
AFTERWARDS = (
    Step("次回の自動更新から変更する", "最終確認へ進む", lambda mouse: mouse.choose("12か月"), opens="/renewal/reservation"),
    Step("次回の自動更新の最終確認", "OK"),
    Step("予約を取り消す", "OK", opens="/renewal/reservation/undo"),
    Step("お支払い方法の変更", "次へ進む", lambda mouse: mouse.choose("クレジットカード"), opens="/renewal/method"),
    Step("カード情報の入力", "送信する", card_typed, is_ours=False),
    Step("お支払い方法の変更の最終確認", "OK"),
    Step("次回ご契約内容を変更する", "契約期間を変更する", opens="/renewal/change"),
    Step("契約内容の選択", "お支払い方法選択へ", lambda mouse: mouse.choose("12か月")),
    *TO_PAY_BY_CARD,
    Step("支払い方法をリセットする", "OK", opens="/renewal/reset"),
    Step("サーバー契約・更新", "ログアウト", opens="/contract"),
)
