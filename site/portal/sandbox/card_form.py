"""The card form: returns a stored card or error messages. Card number and security code never leave this module."""

import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from portal.forms import reading
from portal.sandbox.books.setups import StoredCard
from portal.sandbox.check_digit import has_check_digit
from portal.sandbox.published import BRAND, BY_DIGITS, TestCard

LONGEST_NAME = 60
LONGEST_EXPIRY = 9
LAST_YEAR = 2099
NAME_SIGNS = " .,'’-‐－・･&/　"


class Mistake(Exception):
    """An error message for the customer."""


@dataclass(frozen=True)
class CardForm:
    """Only `expiry` and `name` are shown again."""

    expiry: str = ""
    name: str = ""
    mistakes: Mapping[str, str] = field(default_factory=dict)
    card: StoredCard | None = None


def read_form(typed: Mapping[str, str], today: date) -> CardForm:
    mistakes: dict[str, str] = {}
    readers = {"number": _published, "expiry": lambda text: _expires(text, today), "code": _check_code, "name": _check_name}
    values = {}
    for name, reader in readers.items():
        try:
            values[name] = reader(typed.get(name, "").strip())
        except Mistake as mistake:
            mistakes[name] = str(mistake)
    card = None if mistakes else _card(values["number"], values["expiry"])
    return CardForm(_shown(typed.get("expiry", ""), LONGEST_EXPIRY), _shown_name(typed.get("name", "")), mistakes, card)


def _card(published: TestCard, expires: date) -> StoredCard:
    return StoredCard(published.outcome, BRAND, published.digits[-4:], expires)


def _published(text: str) -> TestCard:
    if not text:
        raise Mistake("カード番号を入力してください。")
    digits = reading.digits(text)
    if not digits:
        raise Mistake("カード番号は、カードに書かれた数字だけを入力してください。")
    if not 13 <= len(digits) <= 19 or not has_check_digit(digits):
        raise Mistake("カード番号に誤りがあります。桁数と数字をお確かめのうえ、もう一度入力してください。")
    if digits not in BY_DIGITS:
        raise Mistake("このカード番号は使えません。ここは試験用の会社です。この画面の「試験用カード番号」にある番号を入力してください。")
    return BY_DIGITS[digits]


def _expires(text: str, today: date) -> date:
    if not text:
        raise Mistake("有効期限を入力してください。")
    found = reading.card_expiry(text)
    if not found:
        raise Mistake("有効期限は「12/28」のように、月、年の順に入力してください。")
    month, year = found
    if not 1 <= month <= 12:
        raise Mistake("有効期限の月は、01から12までの数字で入力してください。")
    if not 2000 <= year <= LAST_YEAR:
        raise Mistake("有効期限の年をお確かめください。「28」または「2028」のように入力してください。")
    last_day = date(year, month, monthrange(year, month)[1])
    if last_day < today:
        raise Mistake("有効期限が過ぎています。期限内のカードの有効期限を入力してください。")
    return last_day


def _check_code(text: str) -> None:
    if not text:
        raise Mistake("セキュリティコードを入力してください。")
    if len(reading.digits(text)) not in (3, 4):
        raise Mistake("セキュリティコードは、3桁または4桁の数字で入力してください。")


def _check_name(text: str) -> None:
    if not text:
        raise Mistake("カード名義を入力してください。")
    if len(text) > LONGEST_NAME:
        raise Mistake(f"カード名義は{LONGEST_NAME}文字までで入力してください。")
    if not all(_may_be_in_a_name(character) for character in text):
        raise Mistake("カード名義は、カードに書かれた文字で入力してください。数字や絵文字は使えません。")


def _may_be_in_a_name(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" or character in NAME_SIGNS


def _shown(text: str, longest: int) -> str:
    """Text too long for its field may be a card number in the wrong field, so it is not shown again."""
    return text if len(text) <= longest else ""


def _shown_name(text: str) -> str:
    has_number = any(unicodedata.category(character)[0] == "N" for character in text[: LONGEST_NAME + 1])
    return "" if has_number else _shown(text, LONGEST_NAME)
