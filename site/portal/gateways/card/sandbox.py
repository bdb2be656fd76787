"""The pretend card company, asked through its books and never over HTTP."""

from functools import partial

from portal.gateways.card import Card, Declined, Failed, Page, Paid, Pending, Unknown
from portal.gateways.sandbox_company import PretendCompany, check_address, reachable
from portal.sandbox.books import Books, charges, setups
from portal.sandbox.books.notices import secret_of

NAME = "card company"


class SandboxCardCompany(PretendCompany):
    """`prefix` is where the company's pages are mounted, seen from the portal's origin."""

    def __init__(self, books: Books, secret: str, prefix: str = "/sandbox") -> None:
        till = charges.till(books)
        super().__init__(till, till.give_back, secret_of("card", secret))
        self._books = books
        self._prefix = prefix

    def begin_setup(self, reference: str, return_url: str) -> Page:
        check_address(return_url)
        with reachable(NAME):
            entry = setups.open_entry(self._books, reference, return_url)
        return Page(f"{self._prefix}/card/entry/{entry.token}")

    def finish_setup(self, reference: str) -> Card | Pending | Failed:
        with reachable(NAME):
            entry = setups.newest_entry(self._books, reference)
        if entry is None:
            return Failed("not_found")
        if entry.state == "failed":
            return Failed(entry.code)
        if entry.card_token is None or entry.card is None:
            return Pending()
        return Card(entry.card_token, entry.card.brand, entry.card.last4, entry.card.expires)

    def charge(self, token: str, yen: int, key: str) -> Paid | Declined | Unknown:
        return self._take(partial(charges.take, self._books), token, yen, key)

    def detach(self, token: str) -> None:
        with reachable(NAME):
            setups.forget_card(self._books, token)
