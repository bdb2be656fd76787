"""The only wiring: settings and companies come in, a Flask program goes out."""

import logging
import os
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from flask import Flask, session
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import clock, enums
from portal.actions.mail import rendering
from portal.catalog import Catalog, load_catalog
from portal.gateways.companies import Companies
from portal.rules.payments.declines import decline_text
from portal.runtime.compression import add_compression
from portal.runtime.folders import asset_folder
from portal.runtime.logs import CardNumberFilter
from portal.runtime.settings import Settings, settings_from
from portal.store import database as store
from portal.web import assets, current, errors, filters, guard, headers
from portal.web.sessions import TableSessions

if TYPE_CHECKING:
    from portal.sandbox.books import Books

ROUTES = (
    "accounts.sign_in", "accounts.settings", "orders.order", "orders.method_choice", "payments.card", "payments.wallet",
    "payments.webhooks", "transfers.order", "renewals.panel", "renewals.contract", "renewals.change", "renewals.reservation",
    "renewals.reset", "renewals.method", "mail.sent", "documents.public", "operations", "staff",
)  # fmt: skip
DEMO_ROUTES = ("overview", "bank", "clock_pages", "restart")


def create_app(settings: Settings, *, companies: Companies) -> Flask:
    store.bind(settings.database_url)
    app = Flask("portal", template_folder=asset_folder("templates"), static_folder=None)
    _configure(app, settings)
    app.extensions |= {"settings": settings, "catalog": load_catalog(settings.company_folder), "companies": companies}
    write_mails_for(app.extensions["catalog"], settings)
    app.session_interface = TableSessions()
    filters.add_filters(app)
    headers.add_headers(app, is_https=settings.is_https)
    guard.add_guard(app)
    csrf = CSRFProtect(app)
    add_compression(app)
    errors.add_error_pages(app)
    _add_routes(app, csrf)
    _add_template_words(app)
    return app


def sandbox_companies(settings: Settings) -> tuple[Companies, "Books"]:
    """The pretend companies of the demo, with books of their own; the worker carries their post."""
    from portal.gateways.card.sandbox import SandboxCardCompany
    from portal.gateways.wallet.sandbox import SandboxWalletCompany
    from portal.sandbox.books import Books
    from portal.sandbox.webhooks import deliver, post_to

    books = Books(settings.data_folder / "sandbox.db")
    post = post_to(settings.host, settings.port)
    sandbox_job = lambda: deliver(books, settings.notice_secret, post)  # noqa: E731
    card, wallet = SandboxCardCompany(books, settings.notice_secret), SandboxWalletCompany(books, settings.notice_secret)
    return Companies(card, wallet, sandbox_jobs=(sandbox_job,)), books


def write_mails_for(catalog: Catalog, settings: Settings) -> None:
    """From now on this process writes mails in the company's name."""
    company, sender = catalog.company, settings.mail_from or catalog.company.email
    rendering.bind(rendering.Letterhead(company, settings.public_url, sender, settings.installation_id, catalog.renewal))


def from_environment() -> Callable:
    """What gunicorn serves; in a demo the pretend companies beside it, as a program of their own under /sandbox."""
    keep_card_numbers_out_of_logs()
    settings = settings_from(os.environ)
    if settings.card_company != "sandbox":
        return create_app(settings, companies=Companies())
    companies, books = sandbox_companies(settings)
    return with_sandbox(create_app(settings, companies=companies), books, settings)


def keep_card_numbers_out_of_logs() -> None:
    """Somebody will type a card number into a field that is not meant for one."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(CardNumberFilter())


def with_sandbox(app: Flask, books: "Books", settings: Settings) -> Flask:
    """Mount the pretend companies beside `app`, and let the demo's clock turn the portal's."""
    from portal.sandbox.app import create_sandbox

    clock.turn_by(books.offset_days)
    app.extensions["books"] = books
    sandbox = create_sandbox(books, secret_key=settings.secret_key, trusted_hosts=["127.0.0.1", "localhost"])
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/sandbox": sandbox})
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config |= {
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_https else "session",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "MAX_CONTENT_LENGTH": 64 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
    }
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies)


def _add_routes(app: Flask, csrf: CSRFProtect) -> None:
    app.register_blueprint(assets.blueprint)
    for name in ROUTES:
        app.register_blueprint(import_module(f"portal.routes.{name}").blueprint)
    csrf.exempt("portal.routes.payments.webhooks.receive")
    for name in DEMO_ROUTES if app.extensions["settings"].demo else ():
        app.register_blueprint(import_module(f"portal.demo.{name}").blueprint)


def _add_template_words(app: Flask) -> None:
    """What every template may name: the closed lists, the stylesheet, the company, who is signed in, whether it is a demo."""
    names = ("MoneyStatus", "Method", "OrderState", "Product")
    app.jinja_env.globals |= {name: getattr(enums, name) for name in names}
    app.jinja_env.globals |= {"asset_url": assets.asset_url, "stylesheet": assets.stylesheet, "decline_text": decline_text}
    app.jinja_env.globals |= _demo_words() if app.extensions["settings"].demo else {"personas": (), "demo_code": None, "demo_clock": None}

    @app.context_processor
    def company() -> dict[str, object]:
        people = {"account": getattr(session, "account", None), "staff": getattr(session, "staff", None)}
        return {"company": current.catalog().company, "is_demo": current.settings().demo} | people


def _demo_words() -> dict[str, object]:
    from portal.demo.bar import bar
    from portal.demo.codes import next_code
    from portal.demo.personas import PERSONAS

    return {"personas": PERSONAS, "demo_code": next_code, "demo_clock": bar}
