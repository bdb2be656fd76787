"""Eight planted lies, each found where it is said; the same world without them has no fault."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from portal.enums import Method
from portal.sandbox.books.outcomes import Outcome
from tests.choices import a_selection
from tests.forecast import lies, looks, turning
from tests.forecast.comparing import Book
from tests.forecast.crawler import faults_of_pages
from tests.forecast.looks import Way
from tests.forecast.mails import Postbox
from tests.forecast.world import World

MAILS, PAGES = "mails", "pages"
BOUGHT_ON, A_WEEK_AHEAD = date(2026, 11, 22), date(2026, 12, 1)


@pytest.fixture
def world(worlds: Callable[[int], World]) -> World:
    """Mina's server and backup renew by card on 2026-12-05; Sora's transfer is awaited."""
    world = worlds(0)
    assert world.today == BOUGHT_ON
    world.customers.buy("sora", Method.BANK, a_selection(months=1))
    return world


def told(world: World, app: Flask, by: Way | str | None = None) -> Iterator[str]:
    """What is said falsely by mails, pages, a final screen and staff's look. `by`: only one of these."""
    covered, postbox = Counter[str](), Postbox()
    world.watch = postbox.read
    world.customers.buy("mina", Method.CARD, a_selection(months=1, backup_months=1), Outcome.PAYS)
    turning.turn_daily(world, A_WEEK_AHEAD)
    yield from postbox.faults
    if by in (PAGES, None):
        yield from faults_of_pages(app, world, covered)
    for way in {looks.reservation, looks.allocation} & ({by} if by else {looks.reservation, looks.allocation}):
        yield from looks.faults_of(app, world, "mina" if way is looks.reservation else "sora", way, covered)


# where: who says it, the templates that lie, what the fault names
LIES = {
    "notice": (MAILS, ("renewal_notice.txt", "_charge.txt"), "mail renewal_notice to mina"),
    "completion mail": (MAILS, ("payment_confirmed.txt", "_renewals.txt", "_charge.txt"), "mail payment_confirmed to mina"),
    "timeline": (PAGES, ("renewals/timeline.html",), "/contract/timeline"),
    "panel": (PAGES, ("components/contract_card.html", "components/card_words.html"), " /:"),
    "contract page": (PAGES, ("renewals/contract.html", "renewals/_renewal.html", "components/renewal.html"), " /contract:"),
    "reset page": (PAGES, ("renewals/reset.html", "components/renewal.html"), "/renewal/reset"),
    "final screen": (looks.reservation, ("renewals/_reservation.html",), "reservation of mina"),
    "staff's look": (looks.allocation, ("staff/allocation/_look.html", "components/consequences.html"), "allocation of sora"),
}


@pytest.mark.parametrize("where", LIES)
def test_a_planted_lie_is_found(world: World, app: Flask, where: str) -> None:
    by, templates, place = LIES[where]
    with lies.lying(lies.of_mails() if by is MAILS else app.jinja_env, *templates):
        found = list(told(world, app, by))

    assert any(place in fault for fault in found), found


def test_without_a_lie_there_is_no_fault(world: World, app: Flask) -> None:
    assert list(told(world, app)) == []


def test_a_page_that_reckons_with_other_numbers_than_the_worker_is_found(world: World, app: Flask) -> None:
    """What the pages say and what the worker does are compared, not only pages with pages."""
    book, since = Book(), world.today
    reckons_with = replace(world.catalog, renewal=replace(world.catalog.renewal, card_day=12, stopped_days=20))
    world.customers.buy("mina", Method.CARD, a_selection(months=1), Outcome.PAYS_ONCE)
    book.read(world, reckons_with)
    turning.turn_until(world, book.until(since))

    found = book.faults(since, world.today)
    assert any("2026-12-12: there was no charge; charges on 2026-12-05" in fault for fault in found)
    assert any("deletion" in fault for fault in found)
