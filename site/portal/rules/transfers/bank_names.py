"""Names as banks take them in a 総合振込 file: half-width kana, capital letters, digits, space and ( ) - . only (全銀協 使用文字)."""

import re
import unicodedata

LONGEST = 30  # bytes of 受取人名: a mark (゛゜) counts as one
_HALF = range(0xFF71, 0xFF9E)  # ｱ to ﾝ
_KANA = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in _HALF}
_MARKS = {"\u3099": "ﾞ", "\u309a": "ﾟ"}
_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶヰヱヲ・", "アイウエオツヤユヨワカケイエオ ")  # no small kana, no ヲ, no middle dot
_LONG = re.compile("[ー−ｰ─━﹣－‐‑‒–—―]")
_PLAIN = re.compile("[A-Z0-9 ().-]")


def bank_name(text: str) -> tuple[str, str]:
    """The name in the bank's characters, and the characters that it has none for (kanji, &): 「やまだ　タロー」 -> 「ﾔﾏﾀﾞ ﾀﾛ-」."""
    wide = unicodedata.normalize("NFKC", " ".join(text.split())).upper()
    kana = "".join(chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter for letter in wide)
    letters = unicodedata.normalize("NFD", _LONG.sub("-", kana).translate(_LARGE))
    written = [_written(letter) for letter in letters]
    unknown = dict.fromkeys(letter for letter, found in zip(letters, written, strict=True) if found is None)
    return " ".join("".join(found or "" for found in written).split()), unicodedata.normalize("NFC", "".join(unknown))


def is_bank_name(text: str, most: int = LONGEST) -> bool:
    """True if the text is written so already."""
    return 0 < len(text) <= most and bank_name(text) == (text, "")


def _written(letter: str) -> str | None:
    return _KANA.get(letter) or _MARKS.get(letter) or (letter if _PLAIN.fullmatch(letter) else None)
