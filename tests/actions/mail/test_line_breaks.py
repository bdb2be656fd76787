import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.actions.mail.rendering.line_breaks import width, wrapped


def measured(line: str) -> int:
    """The width, computed independently of the program."""
    letters = [letter for letter in line if not unicodedata.combining(letter) and unicodedata.category(letter) not in ("Mn", "Me", "Cf")]
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in letters)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("漢字かな", 8), ("ﾊﾝｶｸ", 4), ("𠮷", 2), ("😀", 2), ("が", 2), ("か\u3099", 2), ("☺\ufe0f", 2), ("🇯🇵", 2), ("", 0)],
)
def test_japanese_letters_are_two_columns_wide(text, columns):
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("あいうえおかきく。", ["あいうえおかき", "く。"]),
        ("あいうえおかき「く」け", ["あいうえおかき", "「く」け"]),
        ("あいうえおか13,200円です", ["あいうえおか", "13,200円です"]),
        ("・あいうえおかきくけ", ["・あいうえおか", "  きくけ"]),
        ("　あいうえおかきくけ", ["　あいうえおか", "  きくけ"]),
        ("long words stay whole", ["long words stay", "whole"]),
        ("", [""]),
    ],
)
def test_lines_break_where_japanese_lines_may(text, lines):
    assert wrapped(text, 16 if text.startswith("long") else 15).split("\n") == lines


def test_an_address_to_click_on_is_never_broken():
    address = "https://portal.example.jp/" + "a" * 100

    assert wrapped(f"こちらへ：{address} です").split("\n")[1] == address


def test_combining_characters_stay_with_their_letter():
    family = "👨\u200d👩\u200d👧"

    assert all(line.strip("あ") in ("", family) for line in wrapped("あ" * 34 + family + "あ" * 5).split("\n"))


@example("あ" * 36 + "\u0300" * 3)  # marks that stand above the last letter of a full line
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cf"]), max_size=400))
def test_no_line_is_wider_than_72_and_no_letter_is_lost(text):
    lines = wrapped(text).split("\n")

    assert "://" in text or all(measured(line) <= 72 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
