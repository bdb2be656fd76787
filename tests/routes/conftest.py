from dataclasses import replace

import pytest

import models
from portal.app import Companies, create_app
from portal.catalog import Catalog
from portal.sandbox.books import Books
from portal.settings import Settings
from tests.browser import Browser
from tests.factories import Workshop


@pytest.fixture
def workshop(app: object, catalog: Catalog, books: Books, companies: Companies) -> Workshop:
    return Workshop(catalog, books, companies)


@pytest.fixture
def over_https(app: object, settings: Settings, companies: Companies) -> Browser:
    """The portal in real use, on the same rows."""
    models.close()
    real = create_app(replace(settings, demo=False, public_url="https://portal.example.jp"), companies=companies)
    models.ensure_connection()
    return Browser(real, "https://portal.example.jp")
