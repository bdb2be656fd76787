import pytest

from portal.catalog import Catalog
from portal.gateways.companies import Companies
from portal.sandbox.books import Books
from tests.factories import Workshop


@pytest.fixture
def workshop(app: object, catalog: Catalog, books: Books, companies: Companies) -> Workshop:
    return Workshop(catalog, books, companies)
