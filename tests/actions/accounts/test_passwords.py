import unicodedata
from importlib import util

from argon2 import extract_parameters
from hypothesis import example, given
from hypothesis import strategies as st

from portal.actions.accounts import accounts


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=8, max_size=128))
@example("か\u3099き\u3099ＡＢｃ　 ｶﾞ🍣")
def test_what_was_set_signs_in_in_its_whole_length_and_case(password):
    made = accounts.Account(password_hash=accounts.hash_password(password))

    assert accounts.has_password(made, password)
    assert accounts.has_password(made, unicodedata.normalize("NFD", password))
    assert not accounts.has_password(made, password + " ")
    assert not accounts.has_password(made, password[:-1])
    assert password.swapcase() == password or not accounts.has_password(made, password.swapcase())


def test_a_password_beyond_a_thousand_characters_is_no_password_even_if_it_begins_with_one():
    made = accounts.Account(password_hash=accounts.hash_password("xy" * 500))

    assert accounts.has_password(made, "xy" * 500)
    assert not accounts.has_password(made, "xy" * 500 + "z")


def test_a_password_that_was_stored_as_typed_before_still_signs_in():
    typed = "か\u3099" * 8
    made = accounts.Account(password_hash=accounts._HASHER.hash(typed))

    assert accounts.has_password(made, typed)


def test_a_wrong_password_takes_as_long_for_a_login_that_nobody_has():
    found = util.spec_from_file_location("as_in_real_use", accounts.__file__)  # here passwords are hashed cheaply (tests/fast_setup.py)
    found.loader.exec_module(real := util.module_from_spec(found))

    assert extract_parameters(real._NOBODY) == extract_parameters(real.hash_password("some password"))
    assert not real.has_password(None, "some password")
