"""What of the company's guide each way by card is: `WAYS`, by name.

docs/guide.md is the list. A sentence there that no way here claims, and that `WITHOUT_CARD` does not name, fails a test.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.real.stripe_ways import (
    Stand,
    another_card,
    another_card_not_proved,
    another_period,
    backup_added_and_switched_on,
    card_refused,
    certificate_added,
    charge_not_proved,
    charge_proved,
    charge_refused_and_paid,
    devices_added,
    entry_cancelled,
    from_card_to_transfer,
    from_card_to_wallet,
    from_transfer_to_card,
    from_wallet_to_card,
    holder_not_proved,
    new_contract,
    new_contract_with_options,
    refund_seen,
    renewal_by_hand,
    renewal_by_itself,
    too_late_to_change,
)

GUIDE = Path(__file__).parents[2] / "docs" / "guide.md"


@dataclass(frozen=True)
class Way:
    """`of`: the sentences of the guide that it is, by how they begin; or a heading (with ##) for all beneath it."""

    go: Callable[[Stand], None]
    of: tuple[str, ...] = ()


OPTIONS = (
    "コントロールパネルへログインし、「サーバー契約・更新」へ進む",
    "ご希望の契約期間、各種必要なオプションを選択",
    "独自SSL：",
    "バックアップオプション：",
    "デバイスセキュリティ：",
    "※お支払方法で",
    "[お支払い方法選択へ]",
    "※オプションを選択いただいた場合",
)
BY_ITSELF = (
    "※クレジットカードもしくはおさいぽ!で",
    "クレジットカードもしくはおさいぽ!で",
    "自動更新が設定されている場合",
    "契約期間やお支払い方法の変更が必要がなければ",
    "自動更新は前回と同じ",
)
BY_HAND = (
    "自動更新が設定されていない場合",
    "ご希望の契約期間、各種必要なオプションにチェック",
    "支払い方法に合わせて手続き",
    "[支払い方法をリセットする]",
)
WAYS = {way.go.__name__: way for way in (
    Way(new_contract, ("支払い方法の選択", "## クレジットカードでのお支払い")),
    Way(new_contract_with_options, OPTIONS), Way(holder_not_proved), Way(entry_cancelled), Way(card_refused),
    Way(renewal_by_itself, BY_ITSELF), Way(renewal_by_hand, BY_HAND),
    Way(another_period, ("[次回ご契約内容を変更する]", "[契約期間を変更する]")),
    Way(too_late_to_change, ("契約期間の変更が必要な場合", "クレジットカード：変更が必要な場合", "例）")),
    Way(charge_refused_and_paid), Way(charge_proved), Way(charge_not_proved), Way(another_card), Way(another_card_not_proved),
    Way(from_card_to_wallet), Way(from_wallet_to_card), Way(from_card_to_transfer), Way(from_transfer_to_card),
    Way(backup_added_and_switched_on), Way(devices_added), Way(certificate_added, ("※複数お申し込み",)), Way(refund_seen),
)}  # fmt: skip
# A domain, a certificate's own settings and what is paid otherwise.
WITHOUT_CARD = (
    "独自ドメインが未設定",
    "※自動更新設定は独自SSL設定後",
    "※この時点では、1コモンネーム分",
    "おさいぽ!：",
    "変更が必要な場合は自動更新日の",
    "## おさいぽ!でのお支払い",
    "## 銀行振込でのお支払い",
)


def sentences() -> list[tuple[str, str]]:
    """Heading and sentence of each row of the guide."""
    found, heading = [], ""
    for line in GUIDE.read_text().splitlines():
        if line.startswith("## "):
            heading = line
        elif row := re.match(r"\| (?!the guide|---)(.+?) \| `tests/", line):
            found.append((heading, row[1]))
    return found


def left_out() -> list[str]:
    """What of the guide is no way here, and is not said to be without a card."""
    known = (*WITHOUT_CARD, *(words for way in WAYS.values() for words in way.of))
    return [sentence for heading, sentence in sentences() if heading not in known and not sentence.startswith(tuple(known))]


def forgotten() -> list[str]:
    """What is claimed, and is not in the guide."""
    found = sentences()
    known = (*WITHOUT_CARD, *(words for way in WAYS.values() for words in way.of))
    return [words for words in known if not any(words == heading or sentence.startswith(words) for heading, sentence in found)]
