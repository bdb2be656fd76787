"""The WSGI app of a demo: the portal from app.py, the sandbox companies under /sandbox, and the demo's own pages."""

import os
from dataclasses import replace

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from portal.app import create_app
from portal.demo import bank, card_desk, clock_pages, overview, restart, slides, tour_pages
from portal.demo.bar import bar
from portal.demo.codes import next_code
from portal.demo.companies import demo_companies, follow_demo_clock
from portal.demo.personas import PERSONAS
from portal.demo.states.pages import add_gallery
from portal.demo.turn_lock import TurnLock
from portal.demo.until_filled import UntilFilled
from portal.gateways.companies import Companies
from portal.runtime.logs import start_logging
from portal.runtime.settings import Settings, settings_from
from portal.sandbox.app import create_sandbox
from portal.sandbox.books import Books

PAGES = (overview, bank, card_desk, clock_pages, restart, tour_pages, slides)
WORDS = {"is_demo": True, "demo_code": next_code, "demo_clock": bar}
LOOPBACK_NAMES = ["127.0.0.1", "localhost"]


def from_environment() -> Flask:
    """What the web server serves in a demo."""
    settings = settings_from(os.environ)
    start_logging(as_json=settings.log_json)
    companies, books = demo_companies(settings)
    app = create_demo(settings, companies, books)
    app.extensions["page_dictionary"].make()
    app.wsgi_app = UntilFilled(app, books, TurnLock(settings.data_folder))
    return app


def create_demo(settings: Settings, companies: Companies, books: Books) -> Flask:
    follow_demo_clock(books)
    app = create_app(settings, companies=companies)
    app.extensions["books"] = books
    catalog = app.extensions["catalog"]
    app.jinja_env.globals |= WORDS | {"personas": [replace(persona, story=persona.described(catalog)) for persona in PERSONAS]}
    for page in PAGES:
        app.register_blueprint(page.blueprint)
    add_gallery(app)
    sandbox = create_sandbox(books, secret_key=settings.secret_key, trusted_hosts=LOOPBACK_NAMES)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/sandbox": sandbox})
    return app
