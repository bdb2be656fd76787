"""Japanese texts for declined payments and failed setups: the reason and what to do next. The company's code stays in the history."""

from portal.enums import Method

AUTHENTICATION = "authentication_required"
_TEXTS = {
    "expired_card": "カードの有効期限が切れています。別のカードをお試しください。",
    "card_removed": "このカードは登録が削除されています。もう一度カード情報を入力してください。",
    "card_limit": "カードのご利用限度額を超えています。カード会社にご確認いただくか、別のカードをお試しください。",
    "insufficient_funds": "カードの残高またはご利用可能額が足りません。カード会社にご確認いただくか、別のカードをお試しください。",
    "try_again": "カード会社と通信できませんでした。しばらくしてから、もう一度お試しください。",
    "incorrect_card": "カード番号、有効期限、セキュリティコードのいずれかが違います。もう一度カード情報を入力してください。",
    "card_not_supported": "このカードはこのお支払いに使えません。別のカードをお試しください。",
    "authentication_required": "カード会社が本人認証を求めています。もう一度お手続きいただき、本人認証をしてください。",
    "charges_stopped": "このカードからの継続したお支払いは、カード会社で止められています。別のカードをお試しください。",
    "insufficient": "おさいぽ!のポイントが足りませんでした。ポイントを購入するか、別のお支払い方法をお選びください。",
    "link_removed": "おさいぽ!の連携が解除されています。もう一度、おさいぽ!IDの認証からお手続きください。",
    "closed": "お支払いの依頼は届いていませんでした。もう一度お手続きください。",
}
_DEFAULT_TEXTS = {
    Method.CARD: "カード会社の承認が得られませんでした。時間をおくか、別のカードをお試しください。",
    Method.WALLET: "おさいぽ!でのお支払いができませんでした。時間をおくか、別のお支払い方法をお選びください。",
}
_SHORT = {
    "expired_card": "カードの有効期限切れ",
    "card_removed": "カードの登録が削除済み",
    "card_declined": "カード会社の承認なし",
    "card_limit": "カードの限度額超過",
    "insufficient_funds": "カードの残高不足",
    "try_again": "カード会社と通信できない",
    "incorrect_card": "カード情報の誤り",
    "card_not_supported": "使えないカード",
    "authentication_required": "本人認証が必要",
    "charges_stopped": "継続課金が止められている",
    "insufficient": "ポイント不足",
    "link_removed": "おさいぽ!の連携が解除済み",
    "closed": "依頼が届いていない",
    "not_allocated": "受け取ったが充当できない",
    "refunded": "返金済み",
    "not_refundable": "返金できる残りがない",
    "refund_failed": "カード会社で不成立",
    "dispute_won": "申請が認められず、お金が戻った",
}
_NOT_CHARGED = "お金は引き落とされていません。"
_CHARGED_BUT_NOT_ALLOCATED = (
    "お支払いは受け付けましたが、このお申し込みには使えませんでした。担当者が確認します。もう一度お支払いいただく必要はありません。"
)

_CARD_SETUP_FAILED = {
    "cancelled": "カード情報の入力を取りやめました。お支払いは行われていません。",
    "three_d_secure": "本人認証ができなかったため、お支払いは行われていません。もう一度お試しいただくか、別のカードをお使いください。",
    "expired": "カード情報の入力画面の有効期限が切れました。お支払いは行われていません。もう一度入力してください。",
}
_CARD_SETUP_DEFAULT = "カードを確認できなかったため、お支払いは行われていません。もう一度お試しいただくか、別のカードをお使いください。"

_WALLET_SETUP_FAILED = {
    "cancelled": "おさいぽ!の認証を取りやめました。お支払いは行われていません。",
    "expired": "おさいぽ!の認証画面の有効期限が切れました。お支払いは行われていません。もう一度お手続きください。",
}
_WALLET_SETUP_DEFAULT = "おさいぽ!を確認できなかったため、お支払いは行われていません。もう一度お試しください。"

_SETUP_FAILED = {
    Method.CARD: (_CARD_SETUP_FAILED, _CARD_SETUP_DEFAULT),
    Method.WALLET: (_WALLET_SETUP_FAILED, _WALLET_SETUP_DEFAULT),
}


def short_reason(code: str) -> str:
    """The reason for a decline in a few words, for staff. The company's own code is in the history's CSV."""
    return _SHORT.get(code, "受け付けられなかった")


def decline_text(code: str | None, method: str = Method.CARD) -> str:
    """The reason for a decline, what to do next, and that nothing was charged. An unknown code gets the default text of its method."""
    if code == "not_allocated":
        return _CHARGED_BUT_NOT_ALLOCATED
    return _TEXTS.get(code or "", _DEFAULT_TEXTS[Method(method)]) + _NOT_CHARGED


def setup_failed_text(method: str, code: str | None) -> str:
    """Why a setup ended without a card or wallet, in Japanese, by the company's code."""
    texts, default = _SETUP_FAILED[Method(method)]
    return texts.get(code or "", default)
