"""What the pages of /demo/states say of the future is in the forecast of the day of their scene, also where only a post shows it."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests import gallery
from tests.forecast import crawler, noted
from tests.forecast.noted import Note
from tests.gallery import Gallery

# Forms and final screens say what would be so after OK: looks.py presses it and compares then.
PROPOSES = re.compile(r"<button[^>]*>\s*(OK|おさいぽ!ポイントから支払う|お支払い方法選択へ)")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    return gallery.made_once(tmp_path_factory)


def test_what_every_state_says_is_foreseen(made: Gallery, record_property) -> None:
    covered, found = Counter[str](), []
    for state, note in noted.notes_in(made.folder).items():
        found += faults_of(made.html(state), state, note, covered)

    record_property("covered", sorted(covered.items()))
    assert not found, "\n".join(found)
    assert sum(times for what, times in covered.items() if what.startswith("day on a page")) > 300
    assert covered["yen on a page"] > 10


def test_negative_control_another_day_and_other_yen_are_found(made: Gallery) -> None:
    state = "contract-renewing"
    note, html = noted.notes_in(made.folder)[state], made.html(state)
    later = re.sub(r'(?<= datetime=")\d{4}-\d\d-\d\d', lambda day: str(date.fromisoformat(day[0]) + timedelta(days=1)), html)
    dearer = re.sub(r'(?<=<data value=")\d+', lambda yen: str(int(yen[0]) + 1), html)

    for changed, fault in ((html, ""), (later, "is not foreseen"), (dearer, "yen are not foreseen")):
        found = list(faults_of(changed, state, note, Counter()))
        assert bool(found) == bool(fault), found
        assert all(fault in each for each in found)


def faults_of(html: str, state: str, note: Note, covered: Counter[str]) -> Iterator[str]:
    if PROPOSES.search(html):
        covered["proposal"] += 1
    else:
        yield from crawler.faults_of_page(html, f"{state} ({note.address})", note.known, note.today, covered)
