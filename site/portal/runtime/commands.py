"""The production commands of cli.py. They raise Refused, UnsafeSettings or CatalogError, with one sentence for the operator."""

import os
import signal
import threading
from datetime import date
from pathlib import Path

from portal.actions.renewals.withdrawn import accounts_with_withdrawn
from portal.catalog import Catalog, load_catalog
from portal.gateways.companies import Companies, companies_for
from portal.jobs import worker as loop
from portal.jobs.run_due import forecast, run
from portal.runtime import garbage
from portal.runtime.comparing import print_comparisons
from portal.runtime.letterhead import write_mails_for
from portal.runtime.logs import start_logging
from portal.runtime.server import has_its_socket, refuse_taken_port, serve_command
from portal.runtime.settings import Settings, UnsafeSettings, sample_company, settings_from, settings_of_real_use
from portal.store import database as store
from portal.store import key_rotation
from portal.store.opening import Refused, migrate_database, open_database

GRACE_SECONDS = 30


def serve() -> None:
    """Replace this process with the web server."""
    settings = settings_of_real_use(os.environ)
    load_catalog(settings.company_folder)
    open_database(settings)
    store.close()
    if not has_its_socket():
        refuse_taken_port(settings.host, settings.port, "PORT=")
    command = serve_command(settings, "portal.app:from_environment", grace=GRACE_SECONDS)
    os.execv(command[0], command)


def migrate() -> None:
    applied = migrate_database(settings_of_real_use(os.environ))
    print("\n".join(f"適用しました：{name}" for name in applied) or "データベースは最新です。")


def re_encrypt() -> None:
    """After a new key was put before the old one, and web and worker were restarted with both."""
    open_database(settings_of_real_use(os.environ))
    print(f"暗号化し直しました：{sum(key_rotation.reencrypt())} 件。すべての値が最初の鍵で読めます。残りの鍵は DATA_KEYS から外せます。")


def worker() -> None:
    settings = settings_of_worker()
    work_until_stopped(settings, companies_for(settings))


def run_due(dry_run: bool) -> int:
    settings = settings_of_worker()
    return one_pass(settings, companies_for(settings), dry_run)


def reconcile(first: date, last: date) -> int:
    return print_comparisons(companies_for(settings_of_worker()), first, last)


def check_catalog(folder: Path | None) -> None:
    folder = folder or Path(os.environ.get("COMPANY_FOLDER") or sample_company())
    catalog = load_catalog(folder)
    print(f"{folder} に誤りはありません（{catalog.company.name}、プラン {len(catalog.plans)} 件、約款など {len(catalog.documents)} 件）。")
    if os.environ.get("DATABASE_URL"):
        _say_who_is_concerned(catalog)


def _say_who_is_concerned(catalog: Catalog) -> None:
    """Where a database is configured: how many accounts have something that this catalog no longer sells."""
    try:
        open_database(settings_from(os.environ))
    except (Refused, UnsafeSettings) as refusal:
        print(f"契約中のアカウントの数は、調べていません：{refusal}")
        return
    for name, count in accounts_with_withdrawn(catalog).items():
        print(f"お取り扱いを終了：{name}　契約中のアカウント {count} 件（更新できなくなります）")


# ---- shared with the commands of a demo ----------------------------------------------------------------------------------


def settings_of_worker() -> Settings:
    """Load the settings, open the database, and set the sender of mails."""
    settings = settings_from(os.environ)
    start_logging(as_json=settings.log_json)
    write_mails_for(load_catalog(settings.company_folder), settings)
    open_database(settings)
    return settings


def work_until_stopped(settings: Settings, companies: Companies, pass_lock: loop.PassLock = loop.no_lock) -> None:
    """Run passes until Ctrl-C or SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    garbage.look_seldom()
    loop.run(settings, companies, stop=stop, pass_lock=pass_lock)


def one_pass(settings: Settings, companies: Companies, dry_run: bool) -> int:
    garbage.look_seldom()
    return forecast(settings, companies) if dry_run else run(settings, companies)
