"""The sandbox card company. It uses the sandbox's books directly, without HTTP."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from portal.gateways.card import Card, CardEvent, Customer, Declined, Failed, KeyReused, Movement, NotFound, Page, Paid, Pending, Unknown
from portal.gateways.card.sandbox_events import parse_card_event
from portal.gateways.checks import check_address, check_key, check_yen
from portal.gateways.sandbox_company import PretendCompany, moved, named, reachable
from portal.sandbox.books import Books, charges, disputes, proofs, setups
from portal.sandbox.books.webhook_queue import secret_of

NAME = "card company"


class SandboxCardCompany(PretendCompany):
    """`prefix`: where the company's pages are mounted under the portal's origin."""

    def __init__(self, books: Books, secret: str, prefix: str = "/sandbox") -> None:
        ledger = charges.ledger(books)
        super().__init__(ledger, ledger.give_back, secret_of("card", secret))
        self._books = books
        self._prefix = prefix

    def begin_setup(self, reference: str, return_url: str, customer: Customer) -> Page:
        check_address(return_url)
        with reachable(NAME):
            setup = setups.open_setup(self._books, reference, return_url, customer.shop, named(customer))
        return Page(f"{self._prefix}/card/entry/{setup.token}")

    def finish_setup(self, reference: str, code: str) -> Card | Pending | Failed:
        with reachable(NAME):
            setup = setups.newest_setup(self._books, reference)
        if setup is None:
            return Failed("not_found")
        if setup.state == "failed":
            return Failed(setup.code)
        if setup.card_token is None or setup.card is None or not setup.is_proved_by(code):
            return Pending()
        return Card(setup.card_token, setup.card.brand, setup.card.last4, setup.card.expires)

    def end_setup(self, reference: str) -> None:
        with reachable(NAME):
            setups.end(self._books, reference)

    def charge(self, token: str, yen: int, key: str) -> Paid | Declined | Unknown:
        return self._take(partial(charges.take, self._books), token, yen, key)

    def authenticate(self, token: str, yen: int, key: str, return_url: str) -> Page | Paid | Declined | Unknown:
        """One test card's bank asks for its holder again; the others charge at once."""
        check_address(return_url)
        try:
            if self._ledger.find(key) or not charges.wants_holder(self._books, token):
                return self.charge(token, yen, key)
            check_yen(yen)
            check_key(key)
            proof = proofs.open_proof(self._books, token, yen, key, return_url)
        except sqlite3.Error:
            return Unknown()
        if (proof.card_token, proof.yen) != (token, yen):
            raise KeyReused(key)
        return Page(f"{self._prefix}/card/proof/{proof.token}")

    def lookup(self, key: str) -> Paid | Declined | NotFound | Unknown:
        """Unknown while the holder has not answered."""
        found = super().lookup(key)
        return Unknown() if isinstance(found, NotFound) and proofs.of_key(self._books, key) else found

    def movements(self, begin: datetime, end: datetime) -> list[Movement]:
        with reachable(NAME):
            return [*super().movements(begin, end), *map(moved, disputes.movements(self._books, begin, end))]

    def parse_event(self, headers: Mapping[str, str], body: bytes) -> CardEvent:
        return parse_card_event(self._secret, self._ledger.word, headers, body)

    def detach(self, token: str) -> None:
        with reachable(NAME):
            setups.remove_card(self._books, token)
