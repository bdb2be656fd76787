from datetime import date

import pytest

from portal.forms.reading import digits
from portal.sandbox.card_form import read_form
from portal.sandbox.check_digit import has_check_digit
from portal.sandbox.published import TEST_CARDS

TODAY = date(2026, 11, 22)


CARD_NUMBERS = [
    "4242424242424242",
    "4242 4242 4242 4242",
    "4242-4242-4242-4242",
    "４２４２　４２４２　４２４２　４２４２",
    "４２４２－４２４２−４２４２ー４２４２",
    "4242‐4242–4242—4242",
    "4242ｰ4242―4242‑4242",
    "\t4242\u00a04242\u200b4242\ufeff4242\n",
]


@pytest.mark.parametrize("text", CARD_NUMBERS)
def test_a_card_number_is_accepted_in_any_usual_notation(text):
    assert digits(text) == "4242424242424242"


@pytest.mark.parametrize("text", ["", "４２a", "²³", "①②", "٣٤", "四", "4.2", "-"])
def test_characters_that_only_look_like_digits_are_refused(text):
    assert digits(text) == ""


@pytest.mark.parametrize("card", TEST_CARDS, ids=lambda card: card.outcome.value)
def test_the_published_numbers_have_valid_check_digits(card):
    assert has_check_digit(card.digits)
    assert not has_check_digit(card.digits[:-1] + str((int(card.digits[-1]) + 1) % 10))


def test_a_card_is_good_until_the_last_day_of_its_month():
    assert not read_form({"expiry": "11/26"}, date(2026, 11, 30)).mistakes.get("expiry")
    assert "過ぎています" in read_form({"expiry": "11/26"}, date(2026, 12, 1)).mistakes["expiry"]


@pytest.mark.parametrize(
    ("expiry", "word"),
    [("00/28", "01から12"), ("13/28", "01から12"), ("10/26", "過ぎています"), ("12/9999", "年をお確かめ"), ("１３／２８", "01から12")],
)
def test_a_wrong_expiry_date_says_what_is_wrong(expiry, word):
    assert word in read_form({"expiry": expiry}, TODAY).mistakes["expiry"]


@pytest.mark.parametrize("code", ["12", "12345", "abc", "1 2", "🎉", "9" * 1_000_000])
def test_a_security_code_has_three_or_four_digits(code):
    assert "3桁または4桁" in read_form({"code": code}, TODAY).mistakes["code"]


@pytest.mark.parametrize("code", ["123", "1234", "１２３", " 123 "])
def test_any_security_code_is_accepted(code):
    assert "code" not in read_form({"code": code}, TODAY).mistakes


@pytest.mark.parametrize("name", ["TARO YAMADA", "𠮷田　太郎", "O'Brien-Müller Jr.", "ﾔﾏﾀﾞ ﾀﾛｳ", "葛\U000e0100城"])
def test_usual_names_are_accepted(name):
    form = read_form({"name": name}, TODAY)

    assert "name" not in form.mistakes
    assert form.name == name


@pytest.mark.parametrize("name", ["🎉", "TARO\x00", "<b>", "TARO 4242424242424242", "４２４２", "x" * 61, "x" * 1_000_000])
def test_an_invalid_name_is_refused(name):
    assert "name" in read_form({"name": name}, TODAY).mistakes


@pytest.mark.parametrize("field", ["expiry", "name"])
@pytest.mark.parametrize("number", ["4242424242424242", "４２４２　４２４２　４２４２　４２４２", "4242-4242-4242-4242"])
def test_a_card_number_in_the_wrong_field_is_not_shown_again(field, number):
    form = read_form({field: number}, TODAY)

    assert (form.expiry, form.name) == ("", "")
