"""A process of the portal that is killed while Stripe holds its answer.

`python -m tests.races.stripe_portal ROLE PORT DATABASE_URL FOLDER`, with the role `web` or `worker`; in the environment `FAKE_STRIPE` says
where Stripe is, `PID_FILE` where this process writes its number, `AHEAD` by how many minutes and days its clock is ahead.
"""

import os
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import time_machine
from werkzeug.serving import make_server

from portal import clock
from portal.app import create_app
from portal.gateways.companies import Companies
from portal.jobs import worker
from portal.runtime.settings import Settings
from portal.store import database as store
from tests import fast_setup
from tests.fake_stripe.backdoor import RemoteStripe
from tests.gateways.stripe_bench import stripe_company
from tests.races.killed import settings_of
from tests.races.threaded_server import Quiet


def settings_at(port: int, url: str, folder: Path, secret_key: str) -> Settings:
    return replace(settings_of(url, folder), port=port, public_url=f"http://127.0.0.1:{port}", secret_key=secret_key)


def companies_of(settings: Settings, stripe: str) -> Companies:
    return Companies(card=stripe_company(RemoteStripe(stripe), settings.installation_id, settings.public_url))


def main(role: str, port: int, url: str, folder: Path) -> None:
    store.SafeSqlite = fast_setup.UnsyncedSqlite
    settings = settings_at(port, url, folder, os.environ["SECRET_KEY"])
    companies = companies_of(settings, os.environ["FAKE_STRIPE"])
    app = create_app(settings, companies=companies)
    Path(os.environ["PID_FILE"]).write_text(str(os.getpid()))
    if role == "web":
        make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet).serve_forever()
    minutes, days = map(int, os.environ["AHEAD"].split())
    clock.turn_by(lambda: days)
    store.ensure_connection()
    with time_machine.travel(clock.real_now() + timedelta(minutes=minutes)):
        worker.run_once(settings, companies)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
