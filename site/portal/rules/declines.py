"""Why a card was refused, in words that say what to do. The company's code stays in the history."""

_TEXTS = {
    "expired_card": "カードの有効期限が切れています。別のカードをお試しください。",
    "card_removed": "このカードは登録が削除されています。もう一度カード情報を入力してください。",
    "closed": "お支払いは決済会社に届いていませんでした。もう一度お手続きください。",
}
_OTHERWISE = "カード会社の承認が得られませんでした。時間をおくか、別のカードをお試しください。"


def decline_text(code: str | None) -> str:
    """One Japanese sentence for a refusal; a code that is not known gets the general one."""
    return _TEXTS.get(code or "", _OTHERWISE)
