import pytest

from models import Account
from tests.factories import a_customer


@pytest.fixture
def newcomer(app: object) -> Account:
    """`new` has an account and no contract."""
    return a_customer("new")
