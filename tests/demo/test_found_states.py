"""Who looks for a state types a few words into the browser's search of /demo/states: what was meant is among the first three found."""

import pytest

from portal.demo.states import table

WANTED = {
    "本人認証（3Dセキュア）": "card-3d-secure",
    "カードの有効期限切れ": "order-refused-for-good",
    "返事が来ない": "order-checking",
    "一部入金": "contract-partly",
    "停止中": "contract-stopped",
    "解約済": "contract-ended",
    "お支払い情報": "order-awaited",
    "ポイントが足りない": "wallet-amount-short",
    "約款に同意していない": "form-consent-missing",
    "内容が変わった": "confirm-changed",
    "予約を取り消す": "reservation-undo",
    "発行できなかった": "certificate-failed",
    "領収書、再発行": "paper-reissued",
    "ログインの制限": "limit-sign-in",
    "見つからない（404）": "error-not-found",
    "充当の確認": "allocation-look",
    "返金の確認": "refund-look",
    "個人データの消去": "erasure",
    "お預かりの一覧": "held-list",
    "リセットする": "reset",
}


@pytest.mark.parametrize("words", WANTED)
def test_a_state_is_found_by_words_that_a_tester_would_use(words: str) -> None:
    found = [state for state, name in table.NAMES.items() if words in name]

    assert WANTED[words] in found[:3]
