"""docs/ja/運用.md is followed word by word: its `./run` commands run in their order, each in a process, with the settings of real use.

The other commands want a machine of their own: bench/from_nothing.py runs all of them.
"""

import shlex
import shutil
from pathlib import Path

from models import Account
from portal.runtime.company_questions import option_of
from portal.store import database as store
from tests.documents import ENGLISH, JAPANESE, blocks
from tests.test_cli import portal
from tests.test_cli import real_use as real_use
from tests.test_company_commands import OWN

FOLDERS = ("/etc/portal", "/var/backups/portal", "/var/lib/portal")
CUSTOMERS = """login,name,kana,email,plan,second_email,server_ends_on,months,yen
tanaka,田中 花,タナカ ハナ,tanaka@kamome-tsushin.jp,standard,,2031-03-31,12,9900
"""
TYPED = {
    ("staff", "add"): ["--password-stdin"],
    ("account", "add"): ["--password-stdin"],
    ("company", "new"): [word for key, value in OWN.items() for word in (option_of(key), value)],
}
A_COPY_OF_THE_COMPANY = "cp -a /etc/portal/company /etc/portal/company-next"


def commands() -> list[str]:
    """Of `./run`, and the copy that one of them compares."""
    lines = [line.removeprefix("deploy/shell ") for block in blocks(JAPANESE) for line in block.splitlines()]
    return [line for line in lines if line.startswith("./run ") or line == A_COPY_OF_THE_COMPANY]


def test_both_languages_have_the_same_commands() -> None:
    japanese, english = blocks(JAPANESE), blocks(ENGLISH)

    assert len(english) > 9
    assert english == [block for block in japanese if block in english]


def test_every_command_of_the_japanese_document_works_as_written(real_use: dict[str, str], tmp_path: Path) -> None:
    places = {folder: tmp_path / folder.strip("/").replace("/", "-") for folder in FOLDERS}
    for place in places.values():
        place.mkdir()
    (places["/var/lib/portal"] / "customers.csv").write_text(CUSTOMERS, encoding="cp932")
    environ = real_use | {"COMPANY_FOLDER": str(places["/etc/portal"] / "company")}
    found = commands()
    assert len(found) > 15

    for command in found:
        if command == A_COPY_OF_THE_COMPANY:
            shutil.copytree(environ["COMPANY_FOLDER"], places["/etc/portal"] / "company-next")
            continue
        words = shlex.split(command.removeprefix("./run ").removeprefix("portal "))
        for folder, place in places.items():
            words = [word.replace(folder, str(place), 1) if word.startswith(folder) else word for word in words]
        done = portal(*words, *TYPED.get(tuple(words[:2]), []), text="kawasemi no tori 7\n", **environ)
        assert done.returncode == 0, (command, done.stdout, done.stderr)

    store.bind(f"sqlite:///{places['/var/backups/portal'] / 'monday.dump'}")
    store.ensure_connection()
    assert [account.login for account in Account.select().order_by(Account.id)] == ["yamada", "tanaka"]
    store.close()
