"""Strict parsing of what staff type. An ambiguous amount is refused, never guessed."""

import re
import unicodedata

from wtforms import Field, ValidationError

MOST_YEN = 999_999_999
_WIDE = str.maketrans("０１２３４５６７８９，￥\u3000", "0123456789,¥ ")
_AMOUNT = re.compile(r"¥?(\d{1,3}(?:,\d{3})+|\d{1,15})円?", re.ASCII)
_UNSEEN = ("C", "Zl", "Zp")


def yen_amount(text: str | None) -> int | None:
    """Whole yen as people type them: 1234, 1,234, １，２３４, ¥1,234, 1234円. None for anything else (12.5, −1, 10¹², 1,23)."""
    found = _AMOUNT.fullmatch((text or "").translate(_WIDE).strip())
    return int(found[1].replace(",", "")) if found else None


def one_line(_form: object, field: Field) -> None:
    """Validator: no line breaks and no invisible characters."""
    if not (field.data or "").strip():
        raise ValidationError(f"{field.label.text}を入力してください。")
    if any(unicodedata.category(letter).startswith(_UNSEEN) for letter in field.data):
        raise ValidationError(f"{field.label.text}は、改行などを含まない文字で入力してください。")


def whole_yen(_form: object, field: Field) -> None:
    """Validator: whole yen from 1 to 999,999,999."""
    yen = yen_amount(field.data)
    if yen is None or not 1 <= yen <= MOST_YEN:
        raise ValidationError(f"{field.label.text}は、1円から{MOST_YEN:,}円までの整数で入力してください（例：13,200）。")
