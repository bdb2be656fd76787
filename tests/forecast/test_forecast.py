"""The forecast test: random worlds are copied, left alone and turned to the end of everything that was said. What was said is compared
with what then happened.

The suite does it for a few, of which the last have Stripe in the sandbox's place; `./run forecast` for 300 worlds, `./run forecast 1 17`
for the world with the seed 17, `./run forecast 60 1 stripe` for sixty with Stripe.
"""

import os
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask

from tests import sampling
from tests.forecast import moves, turning
from tests.forecast.comparing import Book
from tests.forecast.crawler import faults_of_pages
from tests.forecast.happened import happenings
from tests.forecast.looks import faults_of_looks
from tests.forecast.mails import Postbox
from tests.forecast.world import World

FIRST_SEED, WORLDS = int(os.environ.get("FORECAST_SEED", "1")), int(os.environ.get("FORECAST_WORLDS", "0"))
SEEDS = range(FIRST_SEED, FIRST_SEED + WORLDS) if WORLDS else range(1, 1 + sampling.usual(6, 20))
SEEDS_AT_STRIPE = SEEDS if WORLDS else range(7, 7 + sampling.usual(2, 8))
STEPS = 25 if WORLDS else 16
LOOKS = 2 if WORLDS else 1  # of each customer
AT_MOST = timedelta(days=3_650 if WORLDS else 100)  # in the suite what is said of later days is not awaited


def faults_of(world: World, app: Flask, covered: Counter[str]) -> list[str]:
    """What is said falsely in this world: by mails while it lives, by final screens at its end, by all of them when it is left alone."""
    postbox = Postbox(covered)
    world.watch = postbox.read
    moves.history(world, STEPS)
    covered.update(world.did)
    return postbox.faults + faults_of_looks(app, world, covered, LOOKS) + left_alone(world, app, covered, postbox.read_until)


def left_alone(world: World, app: Flask, covered: Counter[str], read_until: int = 0) -> list[str]:
    since, book, postbox = world.today, Book(covered=covered), Postbox(covered, read_until=read_until)
    with world.copied("alone") as copy:
        copy.let_companies_answer()
        copy.turn(since)
        book.read(copy)
        pages = faults_of_pages(app, copy, covered)
        copy.watch = lambda world: (book.read(world), postbox.read(world))
        until = min(book.until(since), since + AT_MOST)
        turning.turn_until(copy, until)
        return pages + postbox.faults + book.faults(since, until)


@pytest.mark.companies
def test_what_was_said_is_what_happens(worlds, app, cards, record_property, capsys):
    covered, found = Counter[str](), []
    for seed in SEEDS_AT_STRIPE if cards else SEEDS:
        world = worlds(seed)
        try:
            found += [f"seed {seed}: {fault}" for fault in faults_of(world, app, covered)]
        except Exception as problem:
            problem.add_note(f"in the world of seed {seed}")
            raise
        world.close()
        if WORLDS:
            with capsys.disabled():
                print(f"seed {seed}: {len(found)} faults so far", flush=True)

    record_property("covered", sorted(covered.items()))
    assert not found, "\n".join([f"{len(found)} faults", *found])


def test_turning_from_event_to_event_does_what_turning_day_by_day_does(worlds):
    for seed in (3, 8)[: sampling.usual(1, 2)]:
        world, done = worlds(seed), []
        moves.history(world, STEPS)
        since, until = world.today, Book().until(world.today)
        for name, turn in (("by day", turning.turn_daily), ("by event", turning.turn_until)):
            with world.copied(name) as copy:
                copy.let_companies_answer()
                copy.turn(since)
                turn(copy, until)
                done.append(happenings(since))
        world.close()
        assert done[0] == done[1]
