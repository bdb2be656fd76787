"""The states of the companies' pages, and of errors."""

GROUPS = {
    "カード会社（カード）": {
        "card-entry": "カード情報の入力",
        "card-errors": "カード情報の入力、誤り",
        "card-3d-secure": "本人認証（3Dセキュア）",
        "card-over": "終わったお手続き（カード）",
        "error-not-found-card": "ページが見つからない（カード）",
    },
    "カード会社（おさいぽ!）": {
        "wallet-id": "おさいぽ!IDの認証",
        "wallet-id-errors": "おさいぽ!IDの認証、誤り",
        "wallet-password": "おさいぽ!のパスワードの入力",
        "wallet-password-errors": "おさいぽ!のパスワードの入力、誤り",
        "wallet-link": "おさいぽ!の登録の確認",
        "wallet-over": "終わったお手続き（おさいぽ!）",
        "wallet-start": "おさいぽ!にログイン",
        "wallet-start-errors": "おさいぽ!にログイン、誤り",
        "wallet-points": "ポイントの購入",
        "wallet-points-errors": "ポイントの購入、誤り",
        "wallet-points-bought": "ポイントを購入した",
        "error-not-found-wallet": "ページが見つからない（おさいぽ!）",
    },
    "エラーと制限": {
        "error-outdated-page": "この画面からは操作できない（400）",
        "error-other-site": "ほかのサイトから送られた操作（400）",
        "error-not-allowed": "閲覧だけの担当者の操作（403）",
        "error-not-found": "ページが見つからない（404）",
        "error-not-possible": "この操作はできない（405）",
        "error-too-long": "入力が長すぎる（413）",
        "error-host": "別の名前で開いた（421）",
        "error-broken": "処理できなかった（500）",
        "error-company": "カード会社に接続できない（503）",
        "error-database": "データベースが応答しない（503）",
        "limit-sign-in": "ログインの制限（429）",
        "limit-password-links": "パスワードのリンクの制限（429）",
    },
}
