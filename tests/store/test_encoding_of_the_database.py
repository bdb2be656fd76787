"""A PostgreSQL database that cannot store every name is refused at once, before a table is made in it."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from portal.runtime.settings import Settings
from portal.store import database as store
from portal.store.opening import Refused, migrate_database, open_database
from tests.databases import PostgresqlDatabases

NAME = "portal_other_encoding"


@pytest.fixture(params=["EUC_JP", "SQL_ASCII", "UTF8"])
def encoded(request: pytest.FixtureRequest, postgresql_databases: PostgresqlDatabases) -> Iterator[tuple[str, str]]:
    """The encoding, and the address of an empty database that has it."""
    server, name = postgresql_databases.url, sql.Identifier(NAME)
    with psycopg.connect(server, autocommit=True) as connection:
        made = sql.SQL("CREATE DATABASE {} ENCODING {} LOCALE 'C' TEMPLATE template0").format(name, sql.Literal(request.param))
        connection.execute(made)
        yield request.param, urlunsplit(urlsplit(server)._replace(path=f"/{NAME}"))
        store.close()
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def test_a_database_that_is_not_utf8_is_refused_in_one_sentence(encoded: tuple[str, str], settings: Settings) -> None:
    encoding, url = encoded
    settings = replace(settings, database_url=url)
    if encoding == "UTF8":
        assert migrate_database(settings)
        return

    for opens in (migrate_database, open_database):
        with pytest.raises(Refused, match=f"文字コードは {encoding} です。.*createdb --encoding=UTF8"):
            opens(settings)
        store.close()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
