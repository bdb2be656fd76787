"""The forecast test: random worlds are copied, left alone and turned to the end of everything that was said. What was said is compared
with what then happened.

`./run forecast` does it for 300 worlds; `./run forecast 1 17` for the world with the seed 17.
"""

import os
from collections import Counter

from tests.forecast import moves, turning
from tests.forecast.comparing import Book
from tests.forecast.happened import happenings
from tests.forecast.world import World

FIRST_SEED, WORLDS = int(os.environ.get("FORECAST_SEED", "1")), int(os.environ.get("FORECAST_WORLDS", "0"))
SEEDS = range(FIRST_SEED, FIRST_SEED + WORLDS) if WORLDS else tuple(seed for seed in range(1, 26) if seed not in (2, 4, 13, 19, 24))
STEPS = 25


def left_alone(world: World, covered: Counter[str]) -> list[str]:
    """What was said falsely in this world, now and later, when nobody does anything any more."""
    since, book = world.today, Book(covered=covered)
    with world.copied("alone") as copy:
        copy.let_companies_answer()
        copy.turn(since)
        book.watch(copy)
        until = book.until(since)
        turning.turn_until(copy, until, book.watch)
        return book.faults(since, until)


def test_what_was_said_is_what_happens(worlds, record_property):
    covered, found = Counter[str](), []
    for seed in SEEDS:
        world = worlds(seed)
        moves.history(world, STEPS)
        found += [f"seed {seed}: {fault}" for fault in left_alone(world, covered)]
        covered.update(world.did)
        world.close()

    record_property("covered", sorted(covered.items()))
    assert not found, "\n".join([f"{len(found)} faults", *found])


def test_turning_from_event_to_event_does_what_turning_day_by_day_does(worlds):
    for seed in (3, 8):
        world, done = worlds(seed), []
        moves.history(world, STEPS)
        since, until = world.today, Book.until(Book(), world.today)
        for name, turn in (("by day", turning.turn_daily), ("by event", turning.turn_until)):
            with world.copied(name) as copy:
                copy.let_companies_answer()
                copy.turn(since)
                turn(copy, until, lambda _: None)
                done.append(happenings(since))
        world.close()
        assert done[0] == done[1]
