"""Names and numbers as banks write them: half-width kana, no spaces, the order's number somewhere in front."""

import re
import unicodedata

DIGITS_OF_A_NUMBER = 8
_KANA = [chr(code) + mark for code in range(0xFF66, 0xFF9E) for mark in ("", "ﾞ", "ﾟ")]
_HALF = {full: half for half in reversed(_KANA) if len(full := unicodedata.normalize("NFKC", half)) == 1}
_HALF |= {"ー": "ｰ"}


def plain(text: str) -> str:
    """Full-width kana, narrow letters and digits, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def spellings(text: str) -> tuple[str, ...]:
    """The same name as it may be stored, without spaces: as typed, in katakana, in half-width kana."""
    typed = "".join(text.split())
    katakana = "".join(chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter for letter in plain(text))
    half = "".join(_HALF.get(letter, letter) for letter in katakana)
    return tuple(dict.fromkeys(found for found in (typed, plain(text), katakana, half) if found))


def numbers_in(payer: str) -> tuple[str, ...]:
    """The order numbers that may stand in the payer's name: 「１２３４－５６７８ ﾔﾏﾀﾞ」 holds 12345678."""
    runs = re.findall(r"\d[\d-]*", re.sub(r"[ー−‐–—]", "-", unicodedata.normalize("NFKC", payer)), re.ASCII)
    return tuple(dict.fromkeys(digits for run in runs if len(digits := run.replace("-", "")) == DIGITS_OF_A_NUMBER))


def name_in(payer: str) -> str:
    """What is left of the payer's name without numbers and company words: 「12345678 ｶ)ﾔﾏﾀﾞ」 -> ヤマダ."""
    without_numbers = re.sub(r"[\d-]+", "", plain(payer), flags=re.ASCII)
    return re.sub(r"\([ァ-ヶ]\)|^[ァ-ヶ]{1,3}\)|\([ァ-ヶ]{1,3}$", "", without_numbers)
