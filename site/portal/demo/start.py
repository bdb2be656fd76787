"""`portal demo`: from an empty folder to a running portal with personas, and a clean stop.

The web server loads while the personas act out their stories in this process, and shows its first page as soon as it is up
(until_filled.py). So what is imported here is little: the program itself is loaded beside the web server.
"""

import os
import sys
import webbrowser
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from portal.catalog import load_catalog
from portal.demo.emptying import empty, is_to_be_made
from portal.demo.folder import DemoFolder
from portal.demo.supervisor import Child, Supervisor, say
from portal.demo.turn_lock import TurnLock
from portal.formats import date_ja
from portal.runtime.server import answers, refuse_taken_port, serve_command
from portal.runtime.settings import Settings, home, settings_from
from portal.sandbox.books import Books, turns
from portal.store import database as store
from portal.store.opening import migrate_database

SERVED = "portal.demo.wsgi:from_environment"
GRACE_SECONDS = 4
LEFTOVERS_END_WITHIN = 15
FOR_REAL_USE_ONLY = ("TRUSTED_PROXIES",)


def demo(port: int | None, data: Path | None, tour: bool) -> int:
    """The command."""
    chosen = {"PORT": str(port)} if port else {}
    return run(os.environ | chosen, data or Path(os.environ.get("DATA_FOLDER") or home() / "data"), opens_tour=tour)


def run(environ: Mapping[str, str], data: Path, *, opens_tour: bool = False) -> int:
    """Serve until stopped; returns the exit code. `opens_tour`: in this machine's browser, if it has one.

    Raises Refused, UnsafeSettings and CatalogError with one sentence each.
    """
    folder = DemoFolder(data).prepare()
    environ = {name: value for name, value in environ.items() if name not in FOR_REAL_USE_ONLY}
    environ |= folder.environment() | _secret_of_company(environ)
    settings = settings_from(environ)
    refuse_taken_port(settings.host, settings.port, "--port ", patience=LEFTOVERS_END_WITHIN if folder.was_left_running() else 0)
    migrate_database(settings)
    folder.mark_running()
    came_up = _serve(settings, environ, opens_tour)
    folder.mark_ended()
    say("デモを終わりました。" if came_up else "デモを始められませんでした。上の記録を確かめてください。")
    return 0 if came_up else 1


def _secret_of_company(environ: Mapping[str, str]) -> dict[str, str]:
    """With a company's test key: the secret of its webhooks counts, if there is one, in place of the sandbox's."""
    is_named = environ.get("CARD_COMPANY", "sandbox") not in ("", "sandbox")
    return {"NOTICE_SECRET": environ["NOTICE_SECRET"]} if is_named and environ.get("NOTICE_SECRET") else {}


def _serve(settings: Settings, environ: Mapping[str, str], opens_tour: bool) -> bool:
    web = Child("ウェブサーバー", serve_command(settings, SERVED, grace=GRACE_SECONDS), environ)
    worker = Child("定期処理", [sys.executable, "-P", "-m", "portal.cli", "worker"], environ)
    with ExitStack() as until_filled:
        until_filled.enter_context(TurnLock(settings.data_folder).turning(LEFTOVERS_END_WITHIN))
        day = _begin(settings)

        def when_ready() -> None:
            say(_welcome(settings, day))
            if opens_tour:
                webbrowser.open(f"{settings.public_url}/demo/tour")

        healthy = lambda: answers(settings.host, settings.port)  # noqa: E731
        supervisor = Supervisor([web], healthy, when_ready)
        return supervisor.run(meanwhile=lambda: _fill(settings), when_done=until_filled.close, afterwards=[worker])


def _begin(settings: Settings) -> date:
    """Empty a new or half made demo. Returns the date on which its visitors find it."""
    books = Books(settings.data_folder / "sandbox.db")
    if is_to_be_made(books):
        empty(books, settings.data_folder)
    day = turns.first_day(books) if turns.is_half_made(books) else books.today()
    books.close()
    store.close()
    return day


def _fill(settings: Settings) -> None:
    from portal.demo.fill import fill

    fill(settings)


def _welcome(settings: Settings, today: date) -> str:
    from portal.demo import personas

    people, catalog = (*personas.PERSONAS, personas.STAFF), load_catalog(settings.company_folder)
    width = max(len(persona.login) for persona in people)
    rows = [f"  {persona.login:<{width}}  {persona.described(catalog)}" for persona in people]
    address = f"ポータル：{settings.public_url}/　（終わるには Ctrl-C）"
    world = f"デモの目次：{settings.public_url}/demo　1分のツアー：{settings.public_url}/demo/tour"
    day = f"デモの日付は{date_ja(today)}。各ページの上の帯で進められます。"
    return "\n".join(["", address, world, day, "", *rows, "", f"  パスワードはどれも {personas.PASSWORD} です。", ""])
