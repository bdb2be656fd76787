import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from portal.gateways.card import Customer
from portal.gateways.card.sandbox import SandboxCardCompany
from portal.gateways.wallet.sandbox import SandboxWalletCompany
from portal.sandbox.app import create_sandbox
from portal.sandbox.books import Books
from tests.fake_stripe import fake_stripe

SECRET = "notice-secret"
CUSTOMER = Customer("見本レンタルサーバー", "new", "見本 新")


@pytest.fixture
def books(tmp_path):
    books = Books(tmp_path / "missing" / "sandbox.db")
    yield books
    books.close()


@pytest.fixture
def fake():
    with fake_stripe() as fake:
        yield fake


@pytest.fixture
def company(books):
    return SandboxCardCompany(books, SECRET)


@pytest.fixture
def wallet_company(books):
    return SandboxWalletCompany(books, SECRET)


@pytest.fixture
def visitor(books):
    """A customer's browser that knows the portal's origin alone: the sandbox is mounted where the portal mounts it."""

    def shop(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"shop"]

    sandbox = create_sandbox(books, secret_key="sandbox-pages")
    return Client(DispatcherMiddleware(shop, {"/sandbox": sandbox}))
