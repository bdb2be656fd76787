"""Why a card was refused or never came, in words that say what to do. The company's code stays in the history."""

_TEXTS = {
    "expired_card": "カードの有効期限が切れています。別のカードをお試しください。",
    "card_removed": "このカードは登録が削除されています。もう一度カード情報を入力してください。",
    "insufficient": "おさいぽ!のポイントが足りませんでした。ポイントを購入するか、別のお支払い方法をお選びください。",
    "link_removed": "おさいぽ!の連携が解除されています。もう一度、おさいぽ!IDの認証からお手続きください。",
    "closed": "お支払いは決済会社に届いていませんでした。もう一度お手続きください。",
}
_OTHERWISE = "カード会社の承認が得られませんでした。時間をおくか、別のカードをお試しください。"

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


def decline_text(code: str | None) -> str:
    """One Japanese sentence for a refusal; a code that is not known gets the general one."""
    return _TEXTS.get(code or "", _OTHERWISE)


def no_card_text(code: str | None) -> str:
    """One or two Japanese sentences for a visit to the card company's page from which no card came."""
    return _NO_CARD.get(code or "", _NO_CARD_OTHERWISE)


def no_wallet_text(code: str | None) -> str:
    """The same for a visit to the wallet company's page from which no wallet came."""
    return _NO_WALLET.get(code or "", _NO_WALLET_OTHERWISE)
