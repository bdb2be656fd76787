"""`portal demo`: from an empty folder to a running portal with personas, and cleanly back."""

import sys
from collections.abc import Mapping
from pathlib import Path

import models
from portal.app import create_app, sandbox_companies, with_sandbox
from portal.demo import personas
from portal.demo.folder import DemoFolder
from portal.opening import migrate_database
from portal.server import answers, gunicorn_command, refuse_taken_port
from portal.settings import Settings, settings_from
from portal.supervisor import Child, Supervisor, say

LEFTOVERS_END_WITHIN = 15
FOR_REAL_USE_ONLY = ("GUNICORN_CMD_ARGS", "WEB_CONCURRENCY", "TRUSTED_PROXIES")


def run(environ: Mapping[str, str], data: Path) -> int:
    """Serves until it is told to stop; the exit code. Raises Refused, UnsafeSettings and CatalogError with one sentence each."""
    folder = DemoFolder(data).prepare()
    environ = {name: value for name, value in environ.items() if name not in FOR_REAL_USE_ONLY}
    environ |= folder.environment()
    settings = settings_from(environ)
    refuse_taken_port(settings.host, settings.port, patience=LEFTOVERS_END_WITHIN if folder.was_left_running() else 0)
    _fill(settings)
    folder.mark_running()
    came_up = _serve(settings, environ)
    folder.mark_ended()
    say("デモを終わりました。" if came_up else "デモを始められませんでした。上の記録を確かめてください。")
    return 0 if came_up else 1


def _fill(settings: Settings) -> None:
    """Databases and personas, made here and closed again before the children open them."""
    migrate_database(settings)
    companies, books = sandbox_companies(settings)
    personas.make(with_sandbox(create_app(settings, companies=companies), books, settings), settings.public_url)
    books.close()
    models.close()


def _serve(settings: Settings, environ: Mapping[str, str]) -> bool:
    web = Child("ウェブサーバー", gunicorn_command(settings, "--log-level", "warning", "--graceful-timeout", "4"), environ)
    worker = Child("定期処理", [sys.executable, "-P", "-m", "portal.cli", "worker"], environ)
    supervisor = Supervisor([web, worker], is_healthy=lambda: answers(settings.host, settings.port))
    return supervisor.run(when_ready=lambda: say(_welcome(settings)))


def _welcome(settings: Settings) -> str:
    width = max(len(login) for login in personas.STATES)
    rows = [f"  {login:<{width}}  {state}" for login, state in personas.STATES.items()]
    address = f"ポータル：{settings.public_url}/　（終わるには Ctrl-C）"
    return "\n".join(["", address, "", *rows, "", f"  パスワードはどれも {personas.PASSWORD} です。", ""])
