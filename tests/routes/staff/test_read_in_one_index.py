"""What waits is read in one index alone. SQLite takes another one and reads every order if the query names a column that it has not."""

from collections.abc import Callable

import pytest

from models import Account
from portal import clock
from portal.actions.staff import counts, day, figures, lists
from portal.actions.staff.searching import SearchQuery
from portal.actions.transfers import waiting_money
from portal.rules.transfers.sure_matches import Money
from tests.plans import Recorder, plan_of

QUESTIONS: dict[str, Callable[[], object]] = {
    "figures": lambda: figures.of_transfers(clock.today()),
    "list": lambda: lists.awaited(SearchQuery()),
    "search": lambda: lists.awaited(SearchQuery("ミホン")),
    "search of all orders": lambda: lists.orders(SearchQuery("1234", 1_234)),
    "day": lambda: day.figures(clock.today()),
    "menu": lambda: list(Account.select(*counts.columns()).tuples()),
    "matching": lambda: waiting_money.awaited_yen([Money(1, 13_200, clock.today(), "", ())]),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_orders_that_wait_are_read_in_one_index_alone(question: str, database: str) -> None:
    recorder = Recorder()
    with recorder.listening():
        QUESTIONS[question]()

    plans = [" ".join(plan_of(sql, params)) for sql, params in recorder.statements.items()]
    assert any("USING COVERING INDEX order_awaited" in plan for plan in plans), plans
