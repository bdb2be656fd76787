"""The commands as an operator types them, each in a process of its own."""

import json
import os
import secrets
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from portal.demo.folder import DemoFolder
from portal.demo.turn_lock import TurnLock
from portal.runtime.server import answers
from portal.runtime.settings import sample_company, settings_from
from portal.sandbox.books import Books, turns
from portal.store import database as store
from portal.store.opening import Refused, migrate_database
from tests import forked, sampling
from tests.own_company import own_company
from tests.real.server import fill

ROOT = Path(__file__).parents[1]
PORTAL = [sys.executable, "-P", "-m", "portal.cli"]
CLEAN = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
CLEAN |= {"PYTHONPATH": f"{ROOT}:{ROOT / 'site'}", "PYTHONUTF8": "1"}
STARTS_WITHIN = 30


def portal(*arguments: object, text: str = "", **environ: str) -> subprocess.CompletedProcess:
    return forked.run("portal.cli", *arguments, env=CLEAN | environ, text=text)


def is_refused(done: subprocess.CompletedProcess, *words: str) -> bool:
    """One sentence on one line, exit code 2, nothing else."""
    return done.returncode == 2 and len(done.stderr.splitlines()) == 1 and not done.stdout and all(word in done.stderr for word in words)


@pytest.fixture
def real_use(tmp_path) -> dict[str, str]:
    """The settings of a company of its own, its database not made yet."""
    return {
        "TRUSTED_PROXIES": "0",
        "DATA_KEYS": secrets.token_hex(32),
        "SECRET_KEY": secrets.token_hex(32),
        "PUBLIC_URL": "https://portal.example.jp",
        "INSTALLATION_ID": "tokyo-1",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'real.db'}",
        "COMPANY_FOLDER": str(own_company(tmp_path / "company")),
    }


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Demo:
    """`portal demo` in a process of its own, as a terminal has it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port, self.folder, self.printed = port, folder, folder.with_suffix(".out")
        with self.printed.open("w") as output:
            command = [*PORTAL, "demo", "--port", str(port), "--data", str(folder)]
            self.process = subprocess.Popen(command, env=CLEAN, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)

    def is_up(self) -> bool:
        """The personas are there, and the worker works."""
        return self.is_shown() and within(STARTS_WITHIN, lambda: answers("127.0.0.1", self.port, "/readyz") and len(self.children()) == 2)

    def is_shown(self) -> bool:
        """The first page, and its address in the terminal."""
        return within(STARTS_WITHIN, lambda: "ポータル：" in self.text() or self.process.poll() is not None) and answers(
            "127.0.0.1", self.port
        )

    def text(self) -> str:
        return self.printed.read_text(encoding="utf-8")

    def children(self) -> list[int]:
        task = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in task.read_text().split()]

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


@pytest.fixture
def filled(tmp_path) -> None:
    """The personas of the demo have acted out their stories before it starts."""
    fill(tmp_path / "data")


@pytest.fixture
def demo(tmp_path, port) -> Iterator[Demo]:
    demo = Demo(tmp_path / "data", port)
    yield demo
    if demo.process.poll() is None:
        demo.end(signal.SIGTERM)


def within(seconds: float, question) -> bool:
    give_up = time.monotonic() + seconds
    while not question():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.05)
    return True


def readable_by_others(folder: Path) -> list[Path]:
    assert len(list(folder.iterdir())) > 1
    return [file for file in (folder, *folder.rglob("*")) if file.stat().st_mode & 0o077]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_key_of_the_data_is_changed_in_three_steps(real_use):
    """Both keys, re-encrypt, the new one alone. Before that the new one alone is refused in one sentence, by every command."""
    old, new = real_use["DATA_KEYS"], secrets.token_hex(32)
    assert portal("migrate", **real_use).returncode == 0
    assert portal("staff", "add", "keiri", "--password-stdin", text=f"{secrets.token_hex(12)}\n", **real_use).returncode == 0

    for command in ("migrate", "serve", "worker", "run-due", "re-encrypt"):
        assert is_refused(portal(command, **real_use | {"DATA_KEYS": new}), "DATA_KEYS", "それを書いた鍵も")
    changed = portal("re-encrypt", **real_use | {"DATA_KEYS": f"{new}, {old}"})
    assert "暗号化し直しました：1 件" in changed.stdout, changed.stderr
    assert portal("run-due", **real_use | {"DATA_KEYS": new}).returncode == 0
    assert is_refused(portal("run-due", **real_use | {"DATA_KEYS": old}), "DATA_KEYS")


def test_whatever_migrate_makes_is_for_its_own_user_alone(real_use, tmp_path):
    """Also the files that an earlier version made, and those that open beside them."""
    folder = tmp_path / "data"
    folder.mkdir(0o700)
    real_use |= {"DATABASE_URL": f"sqlite:///{folder / 'real.db'}"}
    for name in ("real.db", "real.db.writer-lock"):
        (folder / name).touch(0o666)
        (folder / name).chmod(0o664)
    (folder / "notes").touch()
    (folder / "notes").chmod(0o644)

    assert portal("migrate", **real_use).returncode == 0
    assert portal("run-due", **real_use).returncode == 0
    assert readable_by_others(folder) == [folder / "notes"], "what is not ours stays"


@pytest.mark.real
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP][: sampling.usual(1, 3)])
def test_a_demo_starts_prints_its_address_and_ends_without_leftovers(demo, number):
    assert demo.is_up(), demo.text()
    assert f"http://127.0.0.1:{demo.port}/" in demo.text()
    assert "demo-pass" in demo.text()
    children = demo.children()

    assert not readable_by_others(demo.folder)
    assert demo.end(number) == 0
    assert "Traceback" not in demo.text()
    assert not any(is_alive(pid) for pid in children)
    assert not answers("127.0.0.1", demo.port)


@pytest.mark.real
def test_a_demo_that_is_ended_before_its_personas_are_there_ends_at_once_and_will_be_made_anew(demo):
    assert demo.is_shown(), demo.text()
    children = demo.children()

    assert demo.end(signal.SIGINT) == 0
    assert "デモを終わりました。" in demo.text()
    assert "Traceback" not in demo.text()
    assert not any(is_alive(pid) for pid in children)
    assert turns.is_half_made(Books(demo.folder / "sandbox.db"))


@pytest.mark.usefixtures("filled")
@pytest.mark.real
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the Linux kernel")
def test_a_killed_demo_ends_its_children_and_can_be_started_again(demo, tmp_path):
    assert demo.is_up(), demo.text()
    children = demo.children()
    demo.end(signal.SIGKILL)
    again = Demo(tmp_path / "data", demo.port)

    assert len(children) == 2
    assert again.is_up(), again.text()
    assert within(10, lambda: not any(is_alive(pid) for pid in children))
    assert again.end(signal.SIGTERM) == 0


@pytest.mark.usefixtures("filled")
@pytest.mark.real
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_child_process_that_dies_is_restarted_with_a_message(demo):
    assert demo.is_up(), demo.text()
    before = demo.children()
    for pid in before:
        os.kill(pid, signal.SIGKILL)

    assert within(20, lambda: len(set(demo.children()) - set(before)) == 2 and answers("127.0.0.1", demo.port))
    assert "ウェブサーバーが止まったので、もう一度起動します。" in demo.text()
    assert "定期処理が止まったので、もう一度起動します。" in demo.text()


def test_a_taken_port_is_refused_in_one_sentence(tmp_path, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        done = portal("demo", "--port", port, "--data", tmp_path / "data")

    assert is_refused(done, f"ポート{port}", "--port")


@pytest.mark.parametrize("number", ["0", "65536", "abc", "-1", "８０００"])
def test_an_invalid_port_is_refused_in_one_sentence(number, tmp_path):
    assert is_refused(portal("demo", f"--port={number}", "--data", tmp_path), "1～65535")


def test_an_unwritable_folder_is_refused_in_one_sentence(tmp_path, port):
    (tmp_path / "file").write_text("")

    assert is_refused(portal("demo", "--port", port, "--data", tmp_path / "file" / "data"), "書き込めません", "--data")
    assert is_refused(portal("demo", "--port", port, "--data", tmp_path / "file"), "書き込めません")


def test_a_folder_of_another_running_demo_is_refused_in_one_sentence(tmp_path, port):
    used = DemoFolder(tmp_path).prepare()

    assert is_refused(portal("demo", "--port", port, "--data", tmp_path), "すでに動いています")
    assert used.environment()


def test_a_demo_sends_no_mail(tmp_path, port):
    assert is_refused(portal("demo", "--port", port, "--data", tmp_path, SMTP_URL="smtp://mail.example.jp"), "SMTP_URL")


def test_a_demo_does_not_touch_a_real_database(real_use, tmp_path, port):
    assert portal("migrate", **real_use).returncode == 0
    before = (tmp_path / "real.db").read_bytes()

    done = portal("demo", "--port", port, "--data", tmp_path / "data", DATABASE_URL=real_use["DATABASE_URL"])

    assert is_refused(done, "本番", "DATABASE_URL")
    assert (tmp_path / "real.db").read_bytes() == before


def test_a_database_of_another_program_is_not_touched(real_use, tmp_path):
    import sqlite3

    with sqlite3.connect(tmp_path / "real.db") as other:
        other.execute("CREATE TABLE recipes (id)")
    other.close()

    assert is_refused(portal("migrate", **real_use), "別のプログラム")


def test_a_demos_secrets_are_created_once_and_readable_by_their_owner_only(tmp_path):
    first = DemoFolder(tmp_path / "data").prepare().secrets()
    file = tmp_path / "data/secrets.json"

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(first["SECRET_KEY"]) == 64
    assert DemoFolder(tmp_path / "data").secrets() == first


@pytest.mark.parametrize("text", ["", "{", "[]", json.dumps({"SECRET_KEY": "x"})])
def test_damaged_secrets_are_refused_in_one_sentence(tmp_path, text):
    (tmp_path / "secrets.json").write_text(text)

    with pytest.raises(Refused, match="壊れています"):
        DemoFolder(tmp_path).prepare()


@pytest.mark.parametrize("command", ["serve", "worker", "migrate", "run-due"])
def test_real_use_is_refused_while_settings_are_missing(command):
    assert is_refused(portal(command), "SECRET_KEY", "PUBLIC_URL", "INSTALLATION_ID", "DATABASE_URL", "COMPANY_FOLDER")


@pytest.mark.parametrize("command", ["serve", "worker", "run-due"])
def test_real_use_is_refused_on_an_outdated_database(command, real_use):
    assert is_refused(portal(command, **real_use), "./run migrate")


@pytest.mark.parametrize("command", [("worker",), ("run-due",), ("run-due", "--dry-run")])
def test_real_use_is_refused_on_a_copied_database(command, real_use):
    assert portal("migrate", **real_use).returncode == 0

    assert is_refused(portal(*command, **real_use | {"INSTALLATION_ID": "osaka-1"}), "tokyo-1", "INSTALLATION_ID")


def test_serve_names_the_setting_of_a_taken_port(real_use, port):
    assert portal("migrate", **real_use).returncode == 0
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert is_refused(portal("serve", **real_use | {"PORT": str(port)}), f"ポート{port}", f"PORT={port + 1}")


@pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
def test_run_due_refuses_to_run_while_the_demo_clock_turns(arguments, tmp_path):
    environ = DemoFolder(tmp_path).prepare().environment()
    migrate_database(settings_from(environ))
    store.close()

    with TurnLock(tmp_path).turning():
        assert is_refused(portal("run-due", *arguments, **environ), "時計")
    assert portal("run-due", *arguments, **environ).returncode == 0


@pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
def test_a_pass_with_nothing_to_do_says_so(arguments, real_use):
    assert portal("migrate", **real_use).returncode == 0

    done = portal("run-due", *arguments, **real_use)

    assert (done.returncode, done.stderr) == (0, "")
    assert "行うことはありません" in done.stdout


def test_an_unreachable_database_is_reported_in_one_sentence(real_use, tmp_path):
    (tmp_path / "text.db").write_text(
        "this is no database, it is a text of more than one hundred characters, which nobody can open as a database" * 9
    )

    assert is_refused(portal("migrate", **real_use | {"DATABASE_URL": f"sqlite:///{tmp_path}/no/such/folder.db"}), "DATABASE_URL")
    assert is_refused(portal("migrate", **real_use | {"DATABASE_URL": f"sqlite:///{tmp_path}/text.db"}), "DATABASE_URL")
    assert is_refused(portal("migrate", **real_use | {"DATABASE_URL": "postgresql://portal:hidden@127.0.0.1:1/portal"}), "DATABASE_URL")
    assert is_refused(portal("migrate", **real_use | {"DATABASE_URL": "portal.db"}), "DATABASE_URL")


@pytest.mark.real
def test_the_portal_serves_in_real_use(real_use, port):
    assert portal("migrate", **real_use).returncode == 0
    web = subprocess.Popen(
        [*PORTAL, "serve"], env=CLEAN | real_use | {"PORT": str(port)}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        assert within(STARTS_WITHIN, lambda: answers("127.0.0.1", port))
        assert is_refused(portal("serve", **real_use, PORT=str(port)), f"ポート{port}")
    finally:
        web.terminate()
        web.communicate(timeout=20)


def test_an_account_is_added_and_its_password_is_not_on_the_command_line(real_use):
    assert portal("migrate", **real_use).returncode == 0
    add = ("account", "add", "hanako", "--name", "山田 花子", "--email", "hanako@example.jp", "--password-stdin", "--plan")

    assert is_refused(portal(*add, "no-such-plan", text="a good password\n", **real_use), "no-such-plan")
    assert is_refused(portal(*add, a_plan(), text="short\n", **real_use), "パスワード")
    assert "hanako" in portal(*add, a_plan(), text="a good password\n", **real_use).stdout
    assert is_refused(portal(*add, a_plan(), text="a good password\n", **real_use), "すでに使われています")


def test_a_password_hash_has_the_decided_cost(real_use, tmp_path):
    """In the program as it is started; the tests of one process pay less (tests/fast_setup.py)."""
    portal("migrate", **real_use)
    add = ("account", "add", "hanako", "--name", "山田 花子", "--email", "hanako@example.jp", "--password-stdin", "--plan", a_plan())
    portal(*add, text="a good password\n", **real_use)

    with closing(sqlite3.connect(tmp_path / "real.db")) as database:
        (kept,) = database.execute("SELECT password_hash FROM account").fetchone()

    assert kept.startswith("$argon2id$v=19$m=19456,t=3,p=1$")
    assert PasswordHasher().verify(kept, "a good password")


def a_plan() -> str:
    from portal.catalog import load_catalog

    return load_catalog(sample_company()).plans[0].id


def test_a_catalog_is_checked(tmp_path):
    assert "誤りはありません" in portal("check-catalog").stdout
    assert is_refused(portal("check-catalog", tmp_path), "catalog.toml")


@pytest.mark.parametrize("arguments", [(), ("no-such-command",), ("account", "add")])
def test_a_mistyped_command_is_refused_in_one_sentence(arguments):
    assert is_refused(portal(*arguments), "--help")


@pytest.mark.parametrize("arguments", [("--help",), ("demo", "--help"), ("account", "add", "--help")])
def test_help_lists_the_commands(arguments):
    assert portal(*arguments).returncode == 0
