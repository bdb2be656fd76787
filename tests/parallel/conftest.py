import pytest

from portal.app import Companies
from portal.catalog import Catalog
from portal.sandbox.books import Books
from tests.purchase import Shop


@pytest.fixture
def shop(catalog: Catalog, books: Books, companies: Companies) -> Shop:
    return Shop(catalog, books, companies.card)
