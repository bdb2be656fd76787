"""Order numbers in a text: what a payer wrote before the name, a line of a bank statement, what staff paste into a search."""

import re
import unicodedata

DIGITS_OF_A_NUMBER = 8
_DIGIT = re.compile(r"\d", re.ASCII)
_DASH = re.compile("[ー−ｰ─━﹣－‐‑‒–—―]")
_RUNS = re.compile(r"(?<!\d)(?:(?<!\d )\d{4} \d{4}(?! ?\d)|\d(?:-?\d)*)(?!\d)", re.ASCII)
_SIGN = re.compile(r"^(?:#|no\.?(?=\d))", re.IGNORECASE | re.ASCII)
_UNLIKE_DIGITS = ("No", "Nl")  # ②, Ⅳ: NFKC would make digits of them


def order_numbers(text: str) -> tuple[str, ...]:
    """All runs of eight digits, which may have dashes or one space inside: 「１２３４－５６７８ ﾔﾏﾀﾞ」 -> 12345678."""
    if not _DIGIT.search(unicodedata.normalize("NFKC", text)):  # most payers write a name alone: asked of thousands at once
        return ()
    seen = "".join(" " if unicodedata.category(character) in _UNLIKE_DIGITS else character for character in text)
    runs = _RUNS.findall(_DASH.sub("-", unicodedata.normalize("NFKC", seen)))
    numbers = (re.sub("[ -]", "", run) for run in runs)
    return tuple(dict.fromkeys(number for number in numbers if len(number) == DIGITS_OF_A_NUMBER))


def half_width(text: str) -> str:
    """For searches by a part of a number or an ID: without white space and the sign of a number: 「Ｎｏ．１２３」「#123」 -> 123."""
    return _SIGN.sub("", "".join(unicodedata.normalize("NFKC", text).split()))
