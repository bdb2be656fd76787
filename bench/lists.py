"""Staff's lists and searches, and the counts in their menu, over many contracts: seconds of each, the best of five.

`lists.py [contracts] [--postgresql]`: contracts (100,000), written as rows. Prints and judges nothing.
"""

import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from bench.contracts import fill
from bench.stores import empty_store
from models import Account, Order
from portal import clock
from portal.actions.staff import counts, figures, lists
from portal.actions.staff.searching import SearchQuery
from portal.store import database as store

CONTRACTS = 100_000
CHARGE_DAY = date(2030, 12, 5)
TURNS = 5


def main() -> None:
    numbers = [int(text.replace(",", "")) for text in sys.argv[1:] if not text.startswith("-")]
    contracts = numbers[0] if numbers else CONTRACTS
    with empty_store(is_postgresql="--postgresql" in sys.argv) as found:
        fill(found.url, contracts, 10, CHARGE_DAY)
        store.bind(found.url)
        store.ensure_connection()
        print(f"{found.name}: {contracts:,} contracts, {Order.select().count():,} orders, {found.megabytes():,.0f} MB")
        for name, ask in questions(contracts).items():
            print(f"{name:34} {_best(ask) * 1000:9,.1f} ms", flush=True)


def questions(contracts: int) -> dict[str, Callable[[], Any]]:
    """Each list as it opens, and searched for one thing of the middle."""
    order = Order.select(Order, Account).join(Account).where(Account.login == f"bench{contracts // 2:06}").first()
    account = order.account
    sought = {"number": order.number, "login": account.login, "name": account.name, "nothing": "ないもの"}
    found: dict[str, Callable[[], Any]] = {
        "the counts in the menu": lambda: list(Account.select(*counts.columns()).limit(1).dicts()),
        "the three figures": lambda: figures.of_transfers(clock.today()),
    }
    for about in (lists.awaited, lists.orders, lists.deposits, lists.accounts, lists.mails, lists.events, lists.unsent_hosting_events):
        found[about.__name__] = lambda about=about: about(SearchQuery())
        for what, text in sought.items():
            found[f"{about.__name__}, by {what}"] = lambda about=about, text=text: about(SearchQuery(text))
    return found


def _best(ask: Callable[[], Any]) -> float:
    return min(_seconds(ask) for _ in range(TURNS))


def _seconds(ask: Callable[[], Any]) -> float:
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
