"""Wrappers that make the sandbox company misbehave as their name says; they charge as it does."""

import threading
from collections.abc import Callable
from typing import Any

from portal.gateways.card import CardCompany, Declined, NotFound, Paid
from portal.gateways.wallet import WalletCompany

Company = CardCompany | WalletCompany
TAKES = ("charge", "debit")  # what takes money: of a card, of a wallet


class Wrapped:
    """The wrapped company, with a count of its calls."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._lock = threading.Lock()
        self.asked: list[str] = []

    @property
    def name(self) -> str:
        return self._company.name

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def ask(*arguments: Any) -> Any:
            with self._lock:
                self.asked.append(name)
            return self.answer(name, *arguments)

        return ask

    def answer(self, name: str, *arguments: Any) -> Any:
        return getattr(self._company, name)(*arguments)


class LosesAnswers(Wrapped):
    """Takes the money; the connection breaks before it can say so. `questions` may be lost as well."""

    def __init__(self, company: Company, *questions: str) -> None:
        super().__init__(company)
        self.lost = {*TAKES, *questions}

    def answer(self, name: str, *arguments: Any) -> Any:
        result = super().answer(name, *arguments)
        if name in self.lost:
            raise TimeoutError("the answer never came")
        return result


class NeverReached(Wrapped):
    """Charges never arrive; questions do."""

    def answer(self, name: str, *arguments: Any) -> Any:
        if name in TAKES:
            raise ConnectionError("no route to the company")
        return super().answer(name, *arguments)


class Interrupted(Wrapped):
    """`before` and `after` happen while the portal waits for the answer to a charge."""

    def __init__(self, company: Company, *, before: Callable[[], Any] = tuple, after: Callable[[], Any] = tuple) -> None:
        super().__init__(company)
        self._before, self._after = before, after

    def answer(self, name: str, *arguments: Any) -> Any:
        if name not in TAKES:
            return super().answer(name, *arguments)
        self._before()
        result = super().answer(name, *arguments)
        self._after()
        return result


class Answers(Wrapped):
    """Gives fixed answers to calls, whatever is true: `Answers(company, lookup=NotFound())`."""

    def __init__(self, company: Company, **words: Any) -> None:
        super().__init__(company)
        self.words = words

    def answer(self, name: str, *arguments: Any) -> Any:
        said = self.words.get(name)
        return super().answer(name, *arguments) if said is None else said


class WithoutIdempotency(Wrapped):
    """A company without idempotency: every charge takes money, under a new key if needed. For negative controls."""

    def answer(self, name: str, *arguments: Any) -> Any:
        if name in TAKES and not isinstance(super().answer("lookup", arguments[2]), NotFound):
            token, yen, key = arguments
            return super().answer(name, token, yen, f"{key}-again-{len(self.asked)}")
        return super().answer(name, *arguments)


def amount_changed(paid: Paid, yen: int) -> Paid:
    return Paid(paid.reference, yen, paid.at)


class KeysOfItsOwn(Wrapped):
    """Knows an attempt by a key of its own, as Stripe does: what it was not told of before can take no money, and cannot be closed."""

    OWN = "own-"

    def answer(self, name: str, *arguments: Any) -> Any:
        if name == "prepare":
            return self.OWN + arguments[2]
        if name in (*TAKES, "lookup", "close"):
            *others, key = arguments
            if not key.startswith(self.OWN):
                return NotFound() if name == "lookup" else Declined("closed", retryable=True)
            return super().answer(name, *others, key.removeprefix(self.OWN))
        return super().answer(name, *arguments)
