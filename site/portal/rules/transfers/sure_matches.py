"""Which deposits surely pay which orders. Nothing is allocated without a press; these may be confirmed together (the company's rules).

Sure is a match whose yen equals what is missing, dated in time, with the number of exactly one open order, or to the customer's own
account (専用口座) with exactly one open order of that yen, whatever the name; or with no number, and a name that staff have confirmed for
exactly one account, whose order is the only one that waits for that yen. A customer's own name alone is never sure: the company knows many
names in kanji only, so the payer may be somebody else of that sound.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.rules.accounts.name_key import SHORTEST_NAME


@dataclass(frozen=True)
class Money:
    """A deposit of which nothing was used yet. `numbers`: order numbers in the payer's text or the bank's code. `owner`: the account whose
    own number (専用口座) it was transferred to.
    """

    deposit: int
    yen: int
    counts_on: date
    payer_key: str
    numbers: tuple[str, ...]
    owner: int | None = None


@dataclass(frozen=True)
class KnownOrder:
    """`is_open`: placed by transfer, and no card or wallet payment of the account is in progress. Yen."""

    id: int
    number: str
    account: int
    is_open: bool
    missing_yen: int
    placed_on: date | None
    due_on: date | None

    def fits(self, money: Money) -> bool:
        """Open, in time, and exactly this much is missing. Money from before the order is for something else."""
        if not (self.is_open and self.placed_on and self.due_on):
            return False
        return self.missing_yen == money.yen and self.placed_on <= money.counts_on <= self.due_on


@dataclass(frozen=True)
class Names:
    """Accounts by the key of a payer's name. `certain`: staff have confirmed that this payer pays for the account.

    `possible`: also customers' own and former names, reported payers, and accounts whose own name is that of a certain one.
    """

    certain: Mapping[str, frozenset[int]]
    possible: Mapping[str, frozenset[int]]

    def only_account(self, key: str) -> int | None:
        """The one account that the name can mean."""
        certain, possible = self.certain.get(key, frozenset()), self.possible.get(key, frozenset())
        return next(iter(certain)) if len(key) >= SHORTEST_NAME and len(certain | possible) == len(certain) == 1 else None


@dataclass(frozen=True)
class SureMatch:
    deposit: int
    order: int
    yen: int
    by_number: bool


def sure_matches(deposits: Iterable[Money], orders: Iterable[KnownOrder], names: Names, awaited: Mapping[int, int]) -> list[SureMatch]:
    """Each deposit and each order at most once. Of two with an order's number the earlier one is sure; of two with a name, neither.

    `awaited`: yen -> how many orders of all customers wait for exactly that.
    """
    orders = list(orders)
    by_number = {order.number: order for order in orders}
    by_account: dict[int, list[KnownOrder]] = defaultdict(list)
    for order in orders:
        by_account[order.account].append(order)
    claims: dict[int, list[tuple[Money, bool]]] = defaultdict(list)
    for money in sorted(deposits, key=lambda money: (money.counts_on, money.deposit)):
        is_numbered = bool(money.numbers) or money.owner is not None
        order = _numbered(money, by_number, by_account) if is_numbered else _by_name(money, by_account, names, awaited)
        if order:
            claims[order.id].append((money, is_numbered))
    chosen = ((order, _chosen(found)) for order, found in claims.items())
    return [SureMatch(found[0].deposit, order, found[0].yen, found[1]) for order, found in chosen if found]


def _numbered(money: Money, orders: Mapping[str, KnownOrder], accounts: Mapping[int, Sequence[KnownOrder]]) -> KnownOrder | None:
    """By the customer's own number to transfer to, whatever the name; an order's number beside it must not say otherwise."""
    if money.owner is None:
        return _by_number(money, orders)
    mine = [order for order in accounts.get(money.owner, ()) if order.is_open and order.missing_yen == money.yen]
    fits = len(mine) == 1 and mine[0].fits(money) and set(money.numbers) <= {mine[0].number}
    return mine[0] if fits else None


def _by_number(money: Money, orders: Mapping[str, KnownOrder]) -> KnownOrder | None:
    """One number alone: with two of them somebody has to look."""
    order = orders.get(money.numbers[0]) if len(money.numbers) == 1 else None
    return order if order and order.fits(money) else None


def _by_name(money: Money, orders: Mapping[int, Sequence[KnownOrder]], names: Names, awaited: Mapping[int, int]) -> KnownOrder | None:
    if awaited.get(money.yen) != 1:
        return None
    account = names.only_account(money.payer_key)
    same_yen = [order for order in orders.get(account or 0, ()) if order.is_open and order.missing_yen == money.yen]
    return same_yen[0] if len(same_yen) == 1 and same_yen[0].fits(money) else None


def _chosen(claims: Sequence[tuple[Money, bool]]) -> tuple[Money, bool] | None:
    numbered = [claim for claim in claims if claim[1]]
    if numbered:
        return numbered[0]
    return claims[0] if len(claims) == 1 else None
