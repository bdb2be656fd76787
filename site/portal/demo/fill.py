"""The second half of making a demo: loads the whole program, and lets the personas act out their stories."""

from portal.demo.companies import sandbox_companies
from portal.demo.filling import act_out, add_who_is_missing
from portal.demo.wsgi import create_demo
from portal.runtime.settings import Settings
from portal.sandbox.books import turns
from portal.store import database as store
from portal.store.opening import no_longer_wait_for_the_disk


def fill(settings: Settings) -> None:
    """What start.py has left to do. The disk is not waited for: a demo that is half made when the machine stops is made again."""
    companies, books = sandbox_companies(settings)
    app = create_demo(settings, companies, books)
    no_longer_wait_for_the_disk()
    books.no_longer_wait_for_the_disk()
    act_out(app) if turns.is_half_made(books) else add_who_is_missing(app)
    books.close()
    store.close()
