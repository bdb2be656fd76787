"""Customers, made by the program's own actions; a test says only what matters to it."""

from models import Account
from portal.actions.accounts import add_account

PASSWORD = "demo-pass"


def a_customer(login: str = "new", *, name: str = "見本 新", plan: str = "standard", password: str = PASSWORD) -> Account:
    """A customer without a contract."""
    return add_account(login=login, password=password, name=name, email=f"{login}@example.jp", plan=plan, actor="test")
