"""The sandbox wallet company おさいぽ!. It uses the sandbox's books directly, without HTTP."""

from functools import partial
from urllib.parse import quote, urlsplit, urlunsplit

from portal.gateways.checks import check_address
from portal.gateways.sandbox_company import PretendCompany, named, reachable
from portal.gateways.wallet import Customer, Declined, Failed, Link, LinkRemoved, Page, Paid, Pending, Unknown
from portal.sandbox.books import Books, wallet_visits, wallets
from portal.sandbox.books.webhook_queue import secret_of

NAME = "wallet company"


class SandboxWalletCompany(PretendCompany):
    """`prefix`: where the company's pages are mounted under the portal's origin."""

    def __init__(self, books: Books, secret: str, prefix: str = "/sandbox") -> None:
        super().__init__(wallets.ledger(books), partial(wallets.give_back, books), secret_of("wallet", secret))
        self._books = books
        self._prefix = prefix

    def begin_link(self, reference: str, return_url: str, customer: Customer) -> Page:
        check_address(return_url)
        with reachable(NAME):
            visit = wallet_visits.open_visit(self._books, reference, return_url, customer.shop, named(customer))
        return Page(f"{self._prefix}/wallet/link/{visit.token}")

    def finish_link(self, reference: str, code: str) -> Link | Pending | Failed:
        with reachable(NAME):
            visit = wallet_visits.newest_visit(self._books, reference)
        if visit is None:
            return Failed("not_found")
        if visit.state == "failed":
            return Failed(visit.code)
        if visit.link_token is None or not visit.is_proved_by(code):
            return Pending()
        return Link(visit.link_token, _masked(visit.wallet_id))

    def end_link(self, reference: str) -> None:
        with reachable(NAME):
            wallet_visits.end(self._books, reference)

    def points_page(self, return_url: str) -> Page:
        """The page is on the portal's own origin, so only the path of `return_url` is kept."""
        check_address(return_url)
        path = urlunsplit(("", "", *urlsplit(return_url)[2:4], ""))
        return Page(f"{self._prefix}/wallet?back={quote(path)}")

    def balance(self, token: str) -> int:
        with reachable(NAME):
            wallet_id = wallets.wallet_of(self._books, token)
            if wallet_id is None:
                raise LinkRemoved("no such link")
            return wallets.points_of(self._books, wallet_id)

    def debit(self, token: str, yen: int, key: str) -> Paid | Declined | Unknown:
        return self._take(partial(wallets.debit, self._books), token, yen, key)

    def unlink(self, token: str) -> None:
        with reachable(NAME):
            wallets.unlink(self._books, token)


def _masked(wallet_id: str) -> str:
    """Enough for the owner to recognize it, always the same length."""
    return f"{wallet_id[:2]}****{wallet_id[-2:]}"
