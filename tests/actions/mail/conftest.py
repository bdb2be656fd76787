"""A test mail server that can misbehave, and the company that mails are sent for."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from models import Account
from portal.actions.mail import rendering
from portal.gateways.smtp import SmtpMailer
from tests.actions.mail.smtp_server import MailServer
from tests.factories import a_customer

if TYPE_CHECKING:
    from portal.catalog import Catalog


@pytest.fixture(autouse=True)
def letterhead(catalog: "Catalog") -> rendering.Letterhead:
    found = rendering.Letterhead(catalog.company, "https://portal.example.jp", "info@kawasemi.example.jp", "test-1")
    rendering.bind(found)
    return found


@pytest.fixture
def account(database: str) -> Account:
    return a_customer()


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mailer(server: MailServer) -> SmtpMailer:
    return SmtpMailer(server.url)
