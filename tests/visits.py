"""The customer at a company's page, without pages: all in one browser, which returns with the one-time code."""

from portal.sandbox.books import Books, wallet_visits
from portal.sandbox.books.setups import StoredCard
from portal.sandbox.books.visit import return_code
from tests.cards import BROWSER, cards_of


def enter_card(books: Books, address: str, card: StoredCard, browser: str = BROWSER) -> str:
    """Type the card at whatever company the books are of. Returns the code."""
    return cards_of(books).enter(address, card, browser)


def link_wallet(books: Books, address: str, wallet_id: str = "osaipo-demo", browser: str = BROWSER) -> str:
    """Sign in to the wallet and press [OK]. Returns the code."""
    token = address.rpartition("/")[2]
    wallet_visits.name(books, token, wallet_id, browser)
    wallet_visits.sign_in(books, token, wallet_id)
    wallet_visits.link(books, token, browser)
    return return_code(token, browser)
