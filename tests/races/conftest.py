import pytest

from portal.catalog import Catalog
from portal.gateways.companies import Companies
from portal.sandbox.books import Books
from tests.purchase import Shop


@pytest.fixture
def shop(catalog: Catalog, books: Books, companies: Companies) -> Shop:
    return Shop(catalog, books, companies.card)
