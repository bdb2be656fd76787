"""The wallet pages' forms: they return values or error messages. Neither contains a typed password."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.forms.reading import login_id, visible, yen_amount

WALLET_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
LONGEST_PASSWORD = 200
FEWEST_POINTS, MOST_POINTS = 1, 100_000
CHOICES = (1_000, 5_000, 10_000, 50_000)
OTHER = "other"


@dataclass(frozen=True)
class IdForm:
    """`typed` is shown again."""

    typed: str = ""
    wallet_id: str = ""
    mistakes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PointsForm:
    """`choice` and `amount` are shown again."""

    choice: str = ""
    amount: str = ""
    points: int = 0
    mistakes: Mapping[str, str] = field(default_factory=dict)


def read_id(typed: Mapping[str, str]) -> IdForm:
    text = typed.get("wallet_id", "")
    wallet_id = login_id(text)
    if not text.strip():
        return IdForm(visible(text), mistakes={"wallet_id": "おさいぽ!IDを入力してください。"})
    if not WALLET_ID.fullmatch(wallet_id):
        return IdForm(visible(text), mistakes={"wallet_id": "おさいぽ!IDは、英数字と「-」「_」「.」の64文字までで入力してください。"})
    return IdForm(visible(text), wallet_id)


def password_mistakes(password: str) -> dict[str, str]:
    if not password:
        return {"password": "パスワードを入力してください。"}
    if len(password) > LONGEST_PASSWORD:
        return {"password": f"パスワードが長すぎます。{LONGEST_PASSWORD}文字までで入力してください。"}
    return {}


def read_points(typed: Mapping[str, str]) -> PointsForm:
    choice, amount = typed.get("choice", ""), visible(typed.get("amount", ""))
    points, mistakes = 0, {}
    if choice in map(str, CHOICES):
        points = int(choice)
        if amount.strip():
            mistakes["amount"] = "ほかの金額にしないときは、この欄を空にしてください。"
    elif choice == OTHER or (not choice and amount.strip()):
        choice, points = OTHER, yen_amount(typed.get("amount", "")) or 0
        if not FEWEST_POINTS <= points <= MOST_POINTS:
            mistakes["amount"] = _amount_mistake(amount)
    else:
        mistakes["choice"] = "購入するポイントを選んでください。"
    return PointsForm(choice, amount, 0 if mistakes else points, mistakes)


def _amount_mistake(amount: str) -> str:
    span = f"{FEWEST_POINTS}から{MOST_POINTS:,}まで"
    if not amount.strip():
        return f"購入するポイントを、{span}の数字で入力してください。"
    if yen_amount(amount) is None:
        return f"購入するポイントは、{span}の数字だけで入力してください。小数や「-」は使えません。"
    return f"一度に購入できるのは、{span}です。"
