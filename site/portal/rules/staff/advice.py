"""What staff do about an order whose payment has no result or was declined, for 要確認."""


def advice(*, is_unknown: bool, is_automatic: bool, is_final: bool) -> str:
    """`is_unknown`: no result yet. `is_automatic`: an automatic charge. `is_final`: not tried again with this card or wallet."""
    if is_unknown:
        return "待ちます。結果は自動で問い合わせ、分かりしだいお客様にメールが届きます。二重のお支払いは受け付けません。"
    if is_automatic and is_final:
        return "お客様に、別の方法でのお支払いをお願いします（メール済み）。自動では再手続きしません。"
    if is_automatic:
        return "待ちます（お客様にメール済み）。次の再手続きの日は、お客様のページの「今後の予定」にあります。"
    return "待ちます。お客様がもう一度お支払いになれます。お手続きがなければ、自動で取り消されます。"
