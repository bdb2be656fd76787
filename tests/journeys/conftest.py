import pytest

from models import Account
from portal.gateways.companies import Companies
from portal.runtime.settings import Settings
from tests.clock_days import Worker
from tests.factories import a_customer


@pytest.fixture(autouse=True)
def newcomer(app: object) -> Account:
    """`new` has an account and no contract."""
    return a_customer("new")


@pytest.fixture
def worker(settings: Settings, companies: Companies) -> Worker:
    return Worker(settings, companies)
