"""The states of the companies' pages, and of errors."""

GROUPS = {
    "決済会社（カード）": {
        "card-entry": "カード情報の入力",
        "card-errors": "カード情報の入力、誤り",
        "card-3d-secure": "本人認証（3Dセキュア）",
        "card-over": "終わったお手続き",
    },
    "決済会社（おさいぽ!）": {
        "wallet-id": "おさいぽ!IDの認証",
        "wallet-id-errors": "おさいぽ!IDの認証、誤り",
        "wallet-password": "パスワードの入力",
        "wallet-password-errors": "パスワードの入力、誤り",
        "wallet-link": "登録の確認",
        "wallet-over": "終わったお手続き（おさいぽ!）",
        "wallet-start": "おさいぽ!にログイン",
        "wallet-start-errors": "おさいぽ!にログイン、誤り",
        "wallet-points": "ポイントの購入",
        "wallet-points-errors": "ポイントの購入、誤り",
        "wallet-points-bought": "ポイントを購入した",
    },
    "うまくいかないとき": {
        "error-outdated-page": "画面の有効期限切れ（400）",
    },
}
