"""`portal staff …` as an operator types it."""

import io
import json
import re

import pyotp
import pytest

import models
from models import Event, Session, Staff
from portal import clock
from portal.actions.accounts.accounts import has_password
from portal.actions.accounts.staff_members import Passed, check_code
from portal.cli import main
from portal.rules.accounts.networks import network_of
from portal.runtime import people
from portal.runtime.settings import Settings
from portal.store.installation import claim_installation


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A demo's database, for this process."""
    claim_installation(settings.installation_id, True)
    values = {"DEMO": "1", "DATABASE_URL": settings.database_url, "DATA_FOLDER": str(settings.data_folder)}
    values |= {"SECRET_KEY": settings.secret_key, "NOTICE_SECRET": settings.notice_secret, "INSTALLATION_ID": settings.installation_id}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return settings


def staff(monkeypatch: pytest.MonkeyPatch, *arguments: str, password: str = "staff-pass") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    return main(["staff", *arguments])


def test_add_prints_the_secret_its_qr_code_and_ten_recovery_codes(environment, monkeypatch, capfd) -> None:
    assert staff(monkeypatch, "add", "Keiri", "--name", "経理 花子", "--password-stdin") == 0

    printed = capfd.readouterr().out
    totp = pyotp.parse_uri(re.search(r"otpauth://\S+", printed)[0])
    codes = re.findall(r"^   ([a-z2-9]{4}(?:-[a-z2-9]{4}){5})$", printed, re.MULTILINE)
    person = Staff.by_login("keiri")
    assert (person.name, person.totp_secret, totp.name) == ("経理 花子", totp.secret, "keiri")
    assert len(set(codes)) == 10
    assert "█" in printed or "▀" in printed or "\x1b[" in printed
    assert isinstance(check_code(person, totp.now(), address=network_of(""), device=None, secret=environment.secret_key), Passed)
    assert isinstance(check_code(person, codes[0], address=network_of(""), device=None, secret=environment.secret_key), Passed)
    assert "staff-pass" not in printed + json.dumps(person.password_hash)


BAD = [("経理", "staff-pass"), ("keiri", "short"), ("a b", "staff-pass"), ("x" * 65, "staff-pass")]


@pytest.mark.parametrize(("login", "password"), BAD)
def test_invalid_arguments_are_refused_in_one_sentence(environment, monkeypatch, capfd, login: str, password: str) -> None:
    assert staff(monkeypatch, "add", login, "--password-stdin", password=password) == 2

    printed = capfd.readouterr()
    assert (printed.out, len(printed.err.splitlines())) == ("", 1)
    assert not Staff.select().exists()


def test_reset_makes_a_new_secret_and_enables_a_disabled_employee(environment, monkeypatch, capfd) -> None:
    staff(monkeypatch, "add", "keiri", "--password-stdin")
    before = Staff.get().totp_secret

    assert staff(monkeypatch, "disable", "keiri") == 0
    assert Staff.by_login("keiri") is None
    assert staff(monkeypatch, "reset", "keiri") == 0

    assert Staff.by_login("keiri").totp_secret != before


def test_a_role_is_changed_at_once_and_said_in_words(environment, monkeypatch, capfd) -> None:
    staff(monkeypatch, "add", "keiri", "--role", "viewing", "--password-stdin")
    assert not Staff.get().may_act

    assert staff(monkeypatch, "role", "keiri", "acting") == 0

    assert Staff.get().may_act
    assert "担当者「keiri」の権限を「担当」にしました" in capfd.readouterr().out
    assert Event.select().where(Event.reason == "権限を変更", Event.actor == "operator").count() == 1
    assert staff(monkeypatch, "role", "nobody", "acting") == 2


def test_a_new_password_of_staff_ends_their_sessions_and_is_judged_like_any_other(environment, monkeypatch, capfd) -> None:
    staff(monkeypatch, "add", "keiri", "--password-stdin")
    before, now = Staff.get(), clock.real_now()
    Session.create(token_hash="x", staff=before, data="{}", created_at=now, seen_at=now)

    assert staff(monkeypatch, "password", "keiri", "--password-stdin", password="password") == 2
    assert (Staff.get().password_hash, Session.select().count()) == (before.password_hash, 1)
    assert staff(monkeypatch, "password", "keiri", "--password-stdin", password="川べりのねこ") == 2
    assert staff(monkeypatch, "password", "keiri", "--password-stdin", password="川べりのねこ7匹") == 0

    assert has_password(Staff.get(), "川べりのねこ7匹")
    assert Staff.get().totp_secret == before.totp_secret
    assert not Session.select().exists()
    assert "川べり" not in capfd.readouterr().out
    assert staff(monkeypatch, "password", "nobody", "--password-stdin") == 2


@pytest.mark.parametrize("command", ["disable", "reset"])
def test_an_unknown_employee_is_reported(environment, monkeypatch, capfd, command: str) -> None:
    assert staff(monkeypatch, command, "nobody") == 2
    assert "担当者「nobody」はいません" in capfd.readouterr().err


def test_the_staff_commands_are_listed() -> None:
    assert all(hasattr(people, name) for name in ("add_staff", "reset_staff", "disable_staff"))
    assert models.Staff is Staff
