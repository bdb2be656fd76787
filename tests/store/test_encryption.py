"""What a copy of the database does not say: second factors of staff and tokens of companies. And the change of the key."""

import pytest

from models import PaymentMethod, Staff
from portal import clock
from portal.store import encryption, key_rotation
from portal.store.database import database as opened
from portal.store.encryption import WrongKey
from portal.store.fields import EncryptedField
from tests.keys import KEYS
from tests.purchase import Shop

OLD, NEW = KEYS[0], "another key of the tests: fedcba9876543210"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def own_key():
    yield
    encryption.bind(KEYS)


def colleagues(number: int = 1) -> None:
    about = {"password_hash": "", "name": "経理", "totp_secret": SECRET, "created_at": clock.now()}
    Staff.insert_many([about | {"login": f"staff-{each}", "totp_step": 0, "is_active": True} for each in range(number)]).execute()


def stored(column: str, table: str) -> list[str]:
    return [row[0] for row in opened.execute_sql(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY id").fetchall()]


@pytest.mark.store
def test_the_tables_do_not_hold_what_the_models_read(shop: Shop):
    colleagues()
    shop.buy()
    token = PaymentMethod.get().token

    assert (Staff.get(Staff.login == "staff-0").totp_secret, token[:5]) == (SECRET, "card_")
    for value, secret in ((stored("totp_secret", "staff")[-1], SECRET), (stored("token", "payment_method")[0], token)):
        assert secret not in value
        assert value.startswith(f"{encryption.key_ids()[0]}:")
        assert encryption.decrypt(value) == secret


def test_every_secret_column_of_the_models_is_encrypted():
    """A new column that sounds like a secret is encrypted, or is a hash."""
    from models import TABLES

    fields = [field for table in TABLES for field in table._meta.sorted_fields]
    secret = [field for field in fields if any(word in field.name for word in ("secret", "token", "password"))]
    not_secret = {"form_token"}  # of an order: which press of a form placed it

    assert {field.name for field in secret if not isinstance(field, EncryptedField) and not field.name.endswith("_hash")} == not_secret
    assert {f"{field.model.__name__}.{field.name}" for field in fields if isinstance(field, EncryptedField)} == {
        "PaymentMethod.token",
        "Payout.account_name",
        "Payout.account_number",
        "Staff.totp_secret",
    }


@pytest.mark.store
def test_a_new_key_takes_over_and_the_old_one_is_not_needed_any_more(shop: Shop, monkeypatch):
    monkeypatch.setattr(key_rotation, "AT_A_TIME", 2)
    colleagues(5)
    shop.buy()
    token = PaymentMethod.get().token
    encryption.bind((NEW, OLD))
    Staff.update(totp_secret=SECRET[::-1]).where(Staff.login == "staff-4").execute()  # written with the new key

    assert not key_rotation.unreadable()
    assert sum(key_rotation.reencrypt()) == len(Staff.select()) - 1 + 1, "all but one of staff, and the card"
    assert sum(key_rotation.reencrypt()) == 0
    encryption.bind((NEW,))
    assert not key_rotation.unreadable()
    assert [staff.totp_secret for staff in Staff.select().order_by(Staff.id)][-5:] == [*[SECRET] * 4, SECRET[::-1]]
    assert PaymentMethod.get().token == token
    shop.renew()


@pytest.mark.store
def test_a_missing_key_is_named_and_nothing_is_read_with_another(shop: Shop):
    colleagues()
    used = encryption.key_ids()
    encryption.bind((NEW,))

    assert key_rotation.unreadable() == set(used)
    with pytest.raises(WrongKey):
        Staff.get(Staff.login == "staff-0")


def test_the_company_that_returns_a_token_again_is_understood(shop: Shop):
    """The token cannot be searched for; its fingerprint is."""
    shop.buy()
    method = PaymentMethod.get()

    assert method.token_hash == encryption.fingerprint(method.token)
    assert stored("token", "payment_method") != [encryption.encrypt(method.token)], "another text each time"


@pytest.mark.parametrize("changed", ["", "x", "00000000:x", f"{'0' * 8}:"])
def test_a_damaged_value_is_a_wrong_key(changed):
    with pytest.raises(WrongKey):
        encryption.decrypt(changed)


def test_without_a_key_nothing_is_stored_in_clear():
    encryption.bind(())

    with pytest.raises(WrongKey):
        encryption.encrypt("secret")
