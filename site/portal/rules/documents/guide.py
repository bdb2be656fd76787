"""GUIDE: the pages of ご利用ガイド, one for each way through the portal. Names are their addresses and their templates."""

from typing import Final

GUIDE: Final[dict[str, str]] = {
    "new": "新規契約",
    "card": "クレジットカードでのお支払い",
    "osaipo": "おさいぽ!でのお支払い",
    "transfer": "銀行振込でのお支払い",
    "ssl": "独自ドメインと独自SSLの設定",
    "renewal": "更新方法",
    "period": "契約期間の変更",
    "method": "支払い方法の変更方法",
}
