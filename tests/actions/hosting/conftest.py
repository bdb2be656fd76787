import secrets
from collections.abc import Iterator

import pytest

from models import Subscription
from portal.gateways.hosting import WebhookHosting
from tests.actions.hosting.contracts import a_contract
from tests.actions.hosting.receiver import HostingSide


@pytest.fixture
def contract(database: str) -> Subscription:
    return a_contract()


@pytest.fixture
def side() -> Iterator[HostingSide]:
    side = HostingSide(secrets.token_hex(32)).start()
    yield side
    side.stop()


@pytest.fixture
def hosting(side: HostingSide) -> WebhookHosting:
    return WebhookHosting(side.url, side.secret)
