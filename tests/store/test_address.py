"""How PostgreSQL is reached."""

import pytest

from portal.store.database import _postgresql


@pytest.mark.parametrize(
    ("url", "sslmode"),
    [
        ("postgresql://portal@db.example.jp/portal", "require"),
        ("postgresql://portal@10.0.0.7:5432/portal", "require"),
        ("postgresql://portal@db.example.jp/portal?sslmode=verify-full", "verify-full"),
        ("postgresql://portal@localhost/portal", None),
        ("postgresql://portal@[::1]/portal", None),
        ("postgresql:///portal", None),
        ("postgresql:///portal?host=/run/postgresql", None),
    ],
)
def test_a_database_on_another_machine_is_never_asked_in_clear_by_default(url, sslmode):
    assert _postgresql(url).connect_params.get("sslmode") == sslmode
