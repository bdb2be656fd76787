"""Pages against a dictionary that the browser has (RFC 9842): the same text, for those who have it and nobody else."""

import brotli
import pytest

from portal.runtime.compression import Dictionary
from tests.browser import Browser
from tests.budgets import name_of, unpack
from tests.factories import a_customer

TAKES = {"Accept-Encoding": "gzip, br, zstd, dcb, dcz"}
CHROMIUM = {"Accept-Encoding": "gzip, br, zstd"}
LINK = '<link rel="compression-dictionary"'


@pytest.fixture
def dictionary(browser: Browser) -> bytes:
    a_customer("new")
    browser.sign_in("new")
    return _ask(browser, _address(browser), **{"Accept-Encoding": "identity"}).data


def _ask(browser: Browser, address: str, **headers: str):
    return browser.client.get(address, base_url=browser.base_url, headers=headers)


def _address(browser: Browser) -> str:
    page = _ask(browser, "/", **{"Accept-Encoding": "zstd"}).text
    return page.partition(f'{LINK} href="')[2].partition('"')[0]


def test_a_page_against_the_dictionary_is_the_same_page_in_few_bytes(browser: Browser, dictionary: bytes) -> None:
    plain = _ask(browser, "/contract", **{"Accept-Encoding": "identity"}).data
    packed = _ask(browser, "/contract", **TAKES, **{"Available-Dictionary": name_of(dictionary)})

    assert packed.headers["Content-Encoding"] == "dcz"
    assert unpack(packed.data, dictionary) == plain
    assert packed.content_length == len(packed.data) < len(brotli.compress(plain)) / 4
    assert packed.headers["Cache-Control"] == "private, no-cache"


def test_a_public_page_says_what_it_depends_on(browser: Browser, dictionary: bytes) -> None:
    packed = _ask(browser, "/legal/tokutei", **TAKES, **{"Available-Dictionary": name_of(dictionary)})

    assert set(packed.vary) == {"Accept-Encoding", "Available-Dictionary"}
    assert unpack(packed.data, dictionary) == _ask(browser, "/legal/tokutei", **{"Accept-Encoding": "identity"}).data
    assert LINK not in _text(_ask(browser, "/legal/tokutei", **CHROMIUM))


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"Available-Dictionary": name_of(b"another")},
        {"Available-Dictionary": "x"},
        {"Accept-Encoding": "gzip, br"},
    ],
)
def test_without_this_very_dictionary_a_page_comes_as_for_others(browser: Browser, dictionary: bytes, said: dict[str, str]) -> None:
    has = {"Available-Dictionary": name_of(dictionary)} if "Accept-Encoding" in said else {}

    assert _ask(browser, "/", **TAKES | has | said).headers["Content-Encoding"] == "br"


@pytest.mark.parametrize(
    ("said", "is_named"),
    [
        (CHROMIUM, True),
        (CHROMIUM | {"Save-Data": "on"}, False),
        ({"Accept-Encoding": "gzip, br"}, False),
        ({}, False),
        (TAKES | {"Available-Dictionary": name_of(b"an older one")}, True),
    ],
)
def test_the_dictionary_is_named_to_who_can_use_it_and_does_not_save_data(browser: Browser, said: dict[str, str], is_named: bool) -> None:
    assert (LINK in _text(_ask(browser, "/login", **said))) == is_named


def test_the_dictionary_is_kept_for_a_year_and_holds_nothing_of_a_person(browser: Browser, dictionary: bytes) -> None:
    answer = _ask(browser, _address(browser), **{"Accept-Encoding": "br"})

    assert (answer.headers["Cache-Control"], answer.headers["Use-As-Dictionary"]) == ("public, max-age=31536000, immutable", 'match="/*"')
    assert len(answer.data) < 10_000
    assert "Set-Cookie" not in answer.headers
    assert _ask(browser, "/static/older/pages.dictionary").status_code == 404
    assert "見本" not in dictionary.decode()


def test_negative_control_another_dictionary_does_not_unpack_it() -> None:
    with pytest.raises(AssertionError):
        unpack(Dictionary(b"one dictionary").pack(b"text" * 100), b"another one")


def _text(page) -> str:
    return (brotli.decompress(page.data) if page.content_encoding == "br" else page.data).decode()
