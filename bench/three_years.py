"""Three years of the demo's clock, told as one text that is the same for every program that does the same.

`three_years.py CHECKOUT [CHECKOUT2]`: starts `CHECKOUT/run demo` in an empty folder, lets the people of years/stories.txt live three years
through its pages, and prints what came of it. With two it prints how the second one differs, and ends with 1 if it does, or if a step was
lost: a page did not offer what the story wants. In the place of a checkout may stand a file with the text of an earlier run, if that demo
began on the same day.

Nothing of the project is imported. Python 3.11 and BeautifulSoup are enough.
"""

import difflib
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

from years.browser import Browser, Lost, read
from years.demo import demo, hosting_side
from years.people import Customer, day_of
from years.staff import Clerk
from years.text import Letter, as_text, japanese_day

LOST = " | lost: "
STORIES = Path(__file__).with_name("years") / "stories.txt"
END = "36-14"


def main() -> int:
    found = [lines_of(Path(argument)) for argument in sys.argv[1:3]]
    has_lost = any(LOST in line for lines in found for line in lines)
    if len(found) < 2:
        print("\n".join(found[0] if found else [__doc__]))
        return int(has_lost) if found else 2
    difference = list(difflib.unified_diff(*found, *sys.argv[1:3], n=0, lineterm=""))
    print("\n".join(difference or ["The same."]))
    return int(has_lost or bool(difference))


def lines_of(place: Path) -> list[str]:
    """Of a checkout, or of an earlier run."""
    if place.is_file():
        return place.read_text().splitlines()
    began, today = time.monotonic(), japanese_day(datetime.now(UTC))
    steps = planned_steps()
    with tempfile.TemporaryDirectory() as folder, hosting_side() as (hosting, told):
        with demo(place, Path(folder), hosting, [login for login, _, _ in steps]) as base:
            log = live(base, steps)
            letters = letters_of(base)
        lines = as_text(Path(folder), log, letters, told)
    if japanese_day(datetime.now(UTC)) != today:
        sys.exit("A new day has begun in Japan meanwhile: run it again.")
    counts = Counter("lost step" if LOST in line else line.partition(" | ")[0] for line in lines)
    print(f"{place}: {', '.join(f'{count} {kind}' for kind, count in counts.items())}, {time.monotonic() - began:.0f} s", file=sys.stderr)
    return lines


def planned_steps() -> list[tuple[str, str, list[str]]]:
    """Login, day, and the verb with its words, in the order of the days."""
    stories = [line.partition(" ") for line in STORIES.read_text().splitlines() if not line.startswith("#")]
    steps = [(login, step.split()) for login, _, story in stories for step in story.split(";")]
    return sorted(((login, day, words) for login, (day, *words) in steps), key=lambda step: step[1])


def live(base: str, steps: list[tuple[str, str, list[str]]]) -> list[str]:
    """Three years; each step, and the heading of the page to which it led, or what the page did not offer: that is compared as well."""
    clock, clerk, log = Browser(base), Clerk(base), []
    clock.visit("/demo/clock")
    first = today_of(clock)
    people = {login: Customer(base, login, clerk, first) for login, _, _ in steps}
    for login, day, (verb, *words) in steps:
        turn(clock, day_of(first, day))
        plain, named = [word for word in words if "=" not in word], dict(word.split("=") for word in words if "=" in word)
        try:
            getattr(people[login], verb)(*plain, **named)
            led_to = people[login].heading
        except Exception as trouble:
            led_to = f"lost: {type(trouble).__name__}: {trouble}"
            print(login, day, verb, *words, led_to, file=sys.stderr)
        log.append(f"{day} | {login} | {' '.join([verb, *words])} | {led_to}")
    turn(clock, day_of(first, END))
    return log


def turn(clock: Browser, day: date) -> None:
    """With the real jobs of every day between. A press is refused while the worker beside is busy for long."""
    while today_of(clock) < day:
        clock.fill("日付", day.isoformat())
        clock.press("この日へ")
        clock.visit("/demo/clock")


def today_of(clock: Browser) -> date:
    return date.fromisoformat(clock.page.find("input", {"name": "from"})["value"])


def letters_of(base: str) -> dict[str, Letter]:
    """Every mail, by its number."""
    browser, letters = Browser(base), {}
    browser.visit("/demo/mails")
    newest = max(int(link["href"].rpartition("/")[2]) for link in browser.page("a", href=True) if link["href"].startswith("/demo/mails/"))
    for number in range(1, newest + 1):
        try:
            browser.visit(f"/demo/mails/{number}")
        except Lost:  # a number that was never used
            continue
        recipient, written, state = (read(each) for each in browser.page("dd"))
        body = [line for line in browser.page.pre.get_text().splitlines() if line.strip()]
        letters[str(number)] = Letter(recipient, written, state, browser.heading, " / ".join(body))
    return letters


if __name__ == "__main__":
    sys.exit(main())
