"""Staff read words: no page of theirs shows a key, a code, a stored state or the name of a setting, over the whole demo world."""

import re
from datetime import datetime

import pytest
import time_machine
from bs4 import BeautifulSoup

from portal import enums
from portal.demo import filling
from portal.demo.personas import PERSONAS
from portal.enums import LabelEnum
from portal.rules.payments.declines import _SHORT
from portal.rules.staff.wording import ENTITIES, OTHER_STATES
from tests.browser import Browser

LOGINS = {persona.login for persona in PERSONAS} | {"staff"}
ENUMS = [found for found in vars(enums).values() if isinstance(found, type) and issubclass(found, LabelEnum) and found is not LabelEnum]
VALUES = {str(value) for found in ENUMS for value in found} | OTHER_STATES.keys() | _SHORT.keys()
RAW = [
    re.compile(rf"\b({'|'.join(sorted(map(re.escape, VALUES - LOGINS), key=len, reverse=True))})\b"),
    re.compile(rf"\b(?!staff \d)({'|'.join(ENTITIES)}) [\w-]", re.ASCII),  # the login of the demo's staff beside an amount
    re.compile(r"\b[A-Z]+_[A-Z_]+\b"),
    re.compile(r"-o\d+-a\d+"),
]
QUOTED = "pre, input, h2 ~ article, .letter, [data-quoted]"  # what was sent or shown elsewhere, word for word
A_FILE = re.compile(r"\.csv(\?|$)")  # for programs: its words are fixed by what reads it
ELSEWHERE = ("/staff/files", "/staff/logout", "/staff/login", "/staff/code", "/staff/demo")
OF_EACH_KIND = 6


@pytest.fixture
def desk(app, browser):
    with time_machine.travel(datetime(2026, 11, 25, 3, 0)):
        filling.make_ready(app)
        browser.visit("/staff/login").fill("ログインID", "staff").fill("パスワード", "demo-pass").press("次へ")
        yield browser.fill("確認コード", browser.text("main .notice b")).press("ログイン")


def test_no_page_of_staff_shows_keys_codes_states_or_settings(desk: Browser) -> None:
    waiting, seen, found = ["/staff/"], {}, []
    while waiting:
        address = waiting.pop()
        kind = re.sub(r"\d+|accounts/[^/?]+", "*", address)
        if address in seen or sum(known == kind for known in seen.values()) >= OF_EACH_KIND:
            continue
        seen[address] = kind
        desk.visit(address)
        found += [(address, word) for word in raw_words(desk.html)]
        links = [link["href"].partition("#")[0] for link in desk.page.soup.select("a[href^='/staff']")]
        waiting += [link for link in links if not link.startswith(ELSEWHERE) and not A_FILE.search(link)]

    assert len(seen) > 40
    assert not found, sorted(set(found))


@pytest.mark.parametrize("text", ["placed", "order 12345678", "PROVISION_URL", "demo-o12345678-a1", "card_declined", "renewal on"])
def test_a_raw_word_is_reported(text: str) -> None:
    assert raw_words(f"<main><p>状態：{text}</p></main>")


def raw_words(html: str) -> list[str]:
    main = BeautifulSoup(html, "html.parser").main
    for quoted in main.select(QUOTED):
        quoted.decompose()
    text = main.get_text(" ")
    return [match.group(0) for pattern in RAW for match in pattern.finditer(text)]
