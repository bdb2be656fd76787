"""Normalizes payer names from bank statements: half-width kana, no spaces, often with the order number."""

import re
import unicodedata

DIGITS_OF_A_NUMBER = 8
_KANA = [chr(code) + mark for code in range(0xFF66, 0xFF9E) for mark in ("", "ﾞ", "ﾟ")]
_HALF = {full: half for half in reversed(_KANA) if len(full := unicodedata.normalize("NFKC", half)) == 1}
_HALF |= {"ー": "ｰ"}


def plain(text: str) -> str:
    """The text with full-width kana, half-width letters and digits (NFKC), without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def spellings(text: str) -> tuple[str, ...]:
    """The ways in which the same name may be stored, without spaces: as typed, in katakana, in half-width kana."""
    typed = "".join(text.split())
    katakana = "".join(chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter for letter in plain(text))
    half = "".join(_HALF.get(letter, letter) for letter in katakana)
    return tuple(dict.fromkeys(found for found in (typed, plain(text), katakana, half) if found))


def numbers_in(payer: str) -> tuple[str, ...]:
    """Possible order numbers in the payer's name: 「１２３４－５６７８ ﾔﾏﾀﾞ」 -> 12345678."""
    runs = re.findall(r"\d[\d-]*", re.sub(r"[ー−‐–—]", "-", unicodedata.normalize("NFKC", payer)), re.ASCII)
    return tuple(dict.fromkeys(digits for run in runs if len(digits := run.replace("-", "")) == DIGITS_OF_A_NUMBER))


def name_in(payer: str) -> str:
    """The payer's name without numbers and abbreviations of company forms: 「12345678 ｶ)ﾔﾏﾀﾞ」 -> ヤマダ."""
    without_numbers = re.sub(r"[\d-]+", "", plain(payer), flags=re.ASCII)
    return re.sub(r"\([ァ-ヶ]\)|^[ァ-ヶ]{1,3}\)|\([ァ-ヶ]{1,3}$", "", without_numbers)
