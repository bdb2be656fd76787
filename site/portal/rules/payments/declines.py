"""Why a card was refused or never came, in words that say what to do. The company's code stays in the history."""

from portal.enums import Method

_TEXTS = {
    "expired_card": "カードの有効期限が切れています。別のカードをお試しください。",
    "card_removed": "このカードは登録が削除されています。もう一度カード情報を入力してください。",
    "insufficient": "おさいぽ!のポイントが足りませんでした。ポイントを購入するか、別のお支払い方法をお選びください。",
    "link_removed": "おさいぽ!の連携が解除されています。もう一度、おさいぽ!IDの認証からお手続きください。",
    "closed": "お支払いは決済会社に届いていませんでした。もう一度お手続きください。",
}
_OTHERWISE = {
    Method.CARD: "カード会社の承認が得られませんでした。時間をおくか、別のカードをお試しください。",
    Method.WALLET: "おさいぽ!でのお支払いができませんでした。時間をおくか、別のお支払い方法をお選びください。",
}
_NOTHING_TAKEN = "お金は引き落とされていません。"
_TAKEN_FOR_NOTHING = (
    "お支払いは受け付けましたが、このお申し込みには使えませんでした。担当者が確認します。もう一度お支払いいただく必要はありません。"
)

_NO_CARD = {
    "cancelled": "カード情報の入力を取りやめました。お支払いは行われていません。",
    "three_d_secure": "本人認証ができなかったため、お支払いは行われていません。もう一度お試しいただくか、別のカードをお使いください。",
    "expired": "カード情報の入力画面の有効期限が切れました。お支払いは行われていません。もう一度入力してください。",
}
_NO_CARD_OTHERWISE = "カードを確認できなかったため、お支払いは行われていません。もう一度お試しいただくか、別のカードをお使いください。"

_NO_WALLET = {
    "cancelled": "おさいぽ!の認証を取りやめました。お支払いは行われていません。",
    "expired": "おさいぽ!の認証画面の有効期限が切れました。お支払いは行われていません。もう一度お手続きください。",
}
_NO_WALLET_OTHERWISE = "おさいぽ!を確認できなかったため、お支払いは行われていません。もう一度お試しください。"


_NOTHING_CAME = {Method.CARD: (_NO_CARD, _NO_CARD_OTHERWISE), Method.WALLET: (_NO_WALLET, _NO_WALLET_OTHERWISE)}


def decline_text(code: str | None, method: str = Method.CARD) -> str:
    """Why, what to do, and that nothing was taken; a code that is not known gets the general words of its method."""
    if code == "not_allocated":
        return _TAKEN_FOR_NOTHING
    return _TEXTS.get(code or "", _OTHERWISE[Method(method)]) + _NOTHING_TAKEN


def nothing_came_text(method: str, code: str | None) -> str:
    """One or two Japanese sentences for a visit to a company's page from which no card or wallet came."""
    texts, otherwise = _NOTHING_CAME[Method(method)]
    return texts.get(code or "", otherwise)
