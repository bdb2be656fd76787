"""Opens the database for a command after checks: ours, reachable, right schema. Nothing is written to another's database."""

from collections.abc import Iterator
from contextlib import contextmanager

from peewee import DatabaseError, ImproperlyConfigured, InterfaceError

from models import Installation
from portal.runtime.settings import Settings
from portal.store import database as store
from portal.store import encryption, key_rotation, migrations
from portal.store.installation import WrongInstallation, claim_installation, refuse_another

INSTALLATIONS = Installation._meta.table_name
NEWER = "このデータベースはこのプログラムより新しい版のものなので、新しい版のプログラムで動かしてください。"
OLDER = "このデータベースは 0.2.0 より前の版のものでこの版では使えないため、空のデータベースを DATABASE_URL に指定してください。"
NEWER_DEMO = (
    "フォルダー {folder} のデモはこのプログラムより新しい版のものなので、新しい版で動かすか、--data で別のフォルダーを指定してください。"
)
OLDER_DEMO = (
    "フォルダー {folder} のデモは 0.2.0 より前の版のものでこの版では使えないため、"
    "--data で別のフォルダーを指定するか、このフォルダーを消してください。"
)

OTHER_KEYS = (
    "データベースには、DATA_KEYS の鍵では読めない値があります（鍵の印：{}）。"
    "それを書いた鍵も、コンマで区切って DATA_KEYS に加えてください。"
)


OTHER_ENCODING = (
    "このデータベースの文字コードは {} です。日本語をすべて保存できる UTF8 のデータベースを作り、"
    "DATABASE_URL に指定してください（createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0）。"
)


class Refused(Exception):
    """The command cannot be done. str() is one Japanese sentence for the operator."""


def no_longer_wait_for_the_disk() -> None:
    """From now on SQLite's commits in this process outlive a crash of the program, but perhaps not one of the machine."""
    store.ensure_connection()
    if not store.is_postgresql():
        store.database.pragma("synchronous", "normal", permanent=True)


def open_database(settings: Settings) -> None:
    """Bind and connect. Raises Refused if the database is unreachable, not ours, or has another schema version."""
    with _reasons(settings):
        _connect(settings)
        _refuse_unknown_tables()
        _refuse_other_versions(settings)
        if migrations.pending():
            raise Refused("データベースが今の版に合っていません。先に ./run migrate を実行してください。")
        _refuse_other_keys()
        claim_installation(settings.installation_id, settings.demo)


def migrate_database(settings: Settings) -> list[str]:
    """Migrate, and mark the database as ours. Returns the names of applied migrations. Raises Refused."""
    with _reasons(settings):
        _connect(settings)
        _refuse_unknown_tables()
        _refuse_other_versions(settings)
        if store.database.table_exists(INSTALLATIONS):
            refuse_another(settings.installation_id, settings.demo)
        applied = migrations.migrate()
        _refuse_other_keys()
        store.keep_private()
        claim_installation(settings.installation_id, settings.demo)
        return applied


def _connect(settings: Settings) -> None:
    store.bind(settings.database_url)
    encryption.bind(settings.data_keys)
    store.ensure_connection()
    if (encoding := store.encoding()) != "UTF8":
        raise Refused(OTHER_ENCODING.format(encoding))


def _refuse_other_keys() -> None:
    if missing := key_rotation.unreadable():
        raise Refused(OTHER_KEYS.format("、".join(sorted(missing))))


def _refuse_unknown_tables() -> None:
    tables = store.database.get_tables()
    if tables and INSTALLATIONS not in tables:
        raise Refused("このデータベースには別のプログラムの表があります。空のデータベースを DATABASE_URL に指定してください。")


def _refuse_other_versions(settings: Settings) -> None:
    """Refuse a schema made by a newer version, or from before the first release. Nothing is written."""
    if not migrations.unknown():
        return
    is_newer, folder = migrations.is_of_a_release(), settings.data_folder
    if settings.demo:
        raise Refused(NEWER_DEMO.format(folder=folder) if is_newer else OLDER_DEMO.format(folder=folder))
    raise Refused(NEWER if is_newer else OLDER)


@contextmanager
def _reasons(settings: Settings) -> Iterator[None]:
    try:
        yield
    except WrongInstallation as error:
        hint = f"（デモのデータは {settings.data_folder} にあります。--data で別のフォルダーも指定できます。）" if settings.demo else ""
        raise Refused(f"{error}{hint}") from error
    except ImproperlyConfigured as error:
        raise Refused(f"データベースの部品がありません：{_first_line(error)}") from error
    except (DatabaseError, InterfaceError, ValueError) as error:
        raise Refused(f"データベースを開けません。DATABASE_URL を確認してください（{_first_line(error)}）。") from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].strip()
