"""What a person reads when a limit is reached: how long to wait, and what else is possible meanwhile. One row for each kind."""

from portal.rules.accounts.limits import Limited, TooMany

BY_TRANSFER = "銀行振込ではいまお申し込みいただけます。"
TRANSFER_STAYS = "銀行振込でのお申し込みは、そのまま有効です。"
_NOT_PAID = "お支払いは行われていません。"
_AGAIN = "そのあと、もう一度お試しください。"
_WORDS: dict[Limited, tuple[str, str]] = {
    Limited.PAYMENT: ("続けて承認されなかったため", _NOT_PAID),
    Limited.VISIT: ("カード・おさいぽ!の画面を続けて開かれたため", _NOT_PAID),
    Limited.PAYMENT_DETAILS: ("お支払い情報のメールを続けて再送したため", "お送りしたメールは「送信済みメール」でご覧いただけます。"),
    Limited.ADDRESS_LINK: ("確認のリンクを続けてお送りしたため", _AGAIN),
    Limited.NAME: ("お名前の変更が続いたため", _AGAIN),
    Limited.RESET: ("パスワードの再設定のお申し込みが続いたため", "お送りしたメールのリンクは、いまもお使いいただけます。"),
    Limited.SESSION: (
        "お使いの回線から短い時間に多くの画面が開かれたため",
        "以前にログインしたことのあるブラウザーでは、いまログインできます。",
    ),
    Limited.SEARCH: ("検索が続いたため", "検索のほかの画面は、そのままお使いいただけます。"),
}
_GUESSED = "間違いが続いたため"


def refusal_ja(refusal: TooMany, possible: str = "") -> str:
    """「続けて承認されなかったため、12分お待ちください。…」 `possible`: what else can be done on the page concerned."""
    because, meanwhile = _WORDS.get(refusal.kind, (_GUESSED, _AGAIN))
    return f"{because}、{wait_ja(refusal.minutes)}お待ちください。{possible}{meanwhile}"


def guessed_ja(refusal: TooMany) -> str:
    """For the field of a password or a code."""
    return f"間違いが続いたため、受け付けを止めています。{wait_ja(refusal.minutes)}ほどたってから、もう一度お試しください。"


def wait_ja(minutes: int) -> str:
    """「12分」, 「2時間」, 「2時間5分」."""
    hours, rest = divmod(minutes, 60)
    return (f"{hours}時間" if hours else "") + (f"{rest}分" if rest or not hours else "")
