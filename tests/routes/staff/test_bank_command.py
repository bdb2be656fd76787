"""`portal bank import FILE` as an operator types it."""

from datetime import timedelta
from pathlib import Path

import pytest

from models import BankFile, Deposit
from portal import clock
from portal.cli import main
from tests.bank_files import Paid, as_bytes, zengin01
from tests.routes.staff.test_commands import environment, staff  # noqa: F401

pytestmark = pytest.mark.usefixtures("environment")


@pytest.fixture(autouse=True)
def keiri(environment, monkeypatch: pytest.MonkeyPatch, capfd) -> None:  # noqa: F811
    staff(monkeypatch, "add", "keiri", "--password-stdin")
    capfd.readouterr()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    today = clock.today()
    lines = [Paid(13_200, "ﾔﾏﾀﾞ ﾀﾛｳ", today), Paid(660, "ｽｽﾞｷ", today - timedelta(days=1)), Paid(660, "ｽｽﾞｷ", today, is_cancelled=True)]
    path = tmp_path / "今日.txt"
    path.write_bytes(as_bytes(zengin01(lines)))
    return path


def test_a_dry_run_says_what_an_import_does_and_changes_nothing(file: Path, capfd) -> None:
    assert main(["bank", "import", str(file), "--dry-run"]) == 0
    said = capfd.readouterr().out
    assert "新しい行 3件、既知 0件、取消・組戻し 1件を取り込みます（まだ何も変わっていません）。" in said
    assert "入金 2件 13,860円" in said
    assert not Deposit.select().exists()

    assert main(["bank", "import", str(file)]) == 0
    assert "取り込みました" in capfd.readouterr().out
    assert (Deposit.select().count(), Deposit.get().staff.login) == (2, "keiri")

    assert main(["bank", "import", str(file)]) == 2
    assert "このファイルは取込済みです" in capfd.readouterr().err


def test_what_cannot_be_imported_is_said_in_one_sentence(file: Path, capfd) -> None:
    file.write_bytes(file.read_bytes()[:500])

    for arguments, reason in (([str(file)], "3件目のレコード"), (["no.txt"], "を読めません"), ([str(file), "--account", "1"], "口座 1 は")):
        assert main(["bank", "import", *arguments]) == 2
        error = capfd.readouterr().err
        assert reason in error
        assert len(error.splitlines()) == 1
    assert not BankFile.select().exists()


def test_with_several_staff_it_is_said_whose_import_it_is(file: Path, monkeypatch: pytest.MonkeyPatch, capfd) -> None:
    staff(monkeypatch, "add", "kaikei", "--password-stdin")
    capfd.readouterr()

    assert main(["bank", "import", str(file)]) == 2
    assert "kaikei、keiri" in capfd.readouterr().err
    assert main(["bank", "import", str(file), "--staff", "kaikei"]) == 0
    assert Deposit.get().staff.login == "kaikei"
