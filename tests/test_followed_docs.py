"""docs/ja/運用.md is followed word by word: its commands run in their order, in processes of their own, with the settings of real use."""

import re
import shlex
import shutil
from pathlib import Path

from models import Account
from portal.runtime.company_questions import option_of
from portal.store import database as store
from tests.test_cli import portal
from tests.test_cli import real_use as real_use
from tests.test_company_commands import OWN

DOCUMENT = Path(__file__).parents[1] / "docs" / "ja" / "運用.md"
FOLDERS = ("/etc/portal", "/var/backups/portal", "/root")
CUSTOMERS = """login,name,kana,email,plan,second_email,server_ends_on,months,yen
tanaka,田中 花,タナカ ハナ,tanaka@kamome-tsushin.jp,standard,,2031-03-31,12,9900
"""
TYPED = {"staff": ["--password-stdin"], "company": [word for key, value in OWN.items() for word in (option_of(key), value)]}


def commands() -> list[str]:
    blocks = re.findall(r"^```\n(.+?)^```", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line.removeprefix("./run ").removeprefix("portal ") for block in blocks for line in block.splitlines()]


def test_every_command_of_the_japanese_document_works_as_written(real_use: dict[str, str], tmp_path: Path) -> None:
    places = {folder: tmp_path / folder.strip("/").replace("/", "-") for folder in FOLDERS}
    for place in places.values():
        place.mkdir()
    (places["/root"] / "customers.csv").write_text(CUSTOMERS, encoding="cp932")
    environ = real_use | {"COMPANY_FOLDER": str(places["/etc/portal"] / "company")}

    for command in commands():
        if "company-next" in command and not (places["/etc/portal"] / "company-next").exists():
            shutil.copytree(environ["COMPANY_FOLDER"], places["/etc/portal"] / "company-next")
        words = shlex.split(command)
        for folder, place in places.items():
            words = [word.replace(folder, str(place), 1) if word.startswith(folder) else word for word in words]
        done = portal(*words, *TYPED.get(words[0], []), text="kawasemi no tori 7\n", **environ)
        assert done.returncode == 0, (command, done.stdout, done.stderr)

    store.bind(f"sqlite:///{places['/var/backups/portal'] / 'monday.db'}")
    store.ensure_connection()
    assert [account.login for account in Account.select()] == ["tanaka"]
    store.close()
