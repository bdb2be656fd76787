"""The sandbox card company. It uses the sandbox's books directly, without HTTP."""

from functools import partial

from portal.gateways.card import Card, Customer, Declined, Failed, Page, Paid, Pending, Unknown
from portal.gateways.checks import check_address
from portal.gateways.sandbox_company import PretendCompany, named, reachable
from portal.sandbox.books import Books, charges, setups
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
        """The sandbox's banks ask nobody again after the entry."""
        return self.charge(token, yen, key)

    def detach(self, token: str) -> None:
        with reachable(NAME):
            setups.remove_card(self._books, token)
