"""Japanese words for why a holder disputes a charge, by the company's code (docs.stripe.com/disputes/categories)."""

_REASONS = {
    "fraudulent": "本人が使っていない",
    "unrecognized": "覚えのない請求",
    "duplicate": "二重の請求",
    "subscription_canceled": "解約後の請求",
    "product_not_received": "サービスを受けられない",
    "product_unacceptable": "サービスが説明と違う",
    "credit_not_processed": "約束された返金がない",
    "noncompliant": "カード会社の規則の違反",
}


def reason_ja(code: str) -> str:
    return _REASONS.get(code, "そのほか")
