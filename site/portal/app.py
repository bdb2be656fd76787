"""The composition root: takes settings and companies, returns the Flask app."""

import os
from collections.abc import Callable, MutableMapping
from importlib import import_module
from typing import Any

from flask import Flask, Request, session
from flask.templating import Environment
from jinja2 import StrictUndefined
from werkzeug.local import LocalProxy

from portal import enums
from portal.actions.staff import counts
from portal.catalog import load_catalog
from portal.gateways.companies import Companies, companies_for
from portal.rules.documents.guide import GUIDE
from portal.runtime.compression import add_compression
from portal.runtime.folders import asset_folder
from portal.runtime.letterhead import write_mails_for
from portal.runtime.logs import start_logging
from portal.runtime.metrics import as_text, count_answer
from portal.runtime.serving.limits import LARGEST_BODY, LARGEST_UPLOAD
from portal.runtime.settings import Settings, settings_of_real_use
from portal.screens import new_sessions
from portal.screens.known_browser import STAFFS_OWN
from portal.store import database as store
from portal.store import encryption
from portal.web import assets, errors, filters, guard, headers, kept_input, numbered, outdated, page_dictionary, unchanged
from portal.web.access_log import log_answer
from portal.web.addresses import add_addresses
from portal.web.area import Area
from portal.web.form_token import FormTokens
from portal.web.kept_parts import add_kept_parts
from portal.web.page_dictionary import PageDictionary
from portal.web.proxies import trust_proxies
from portal.web.session_end import LASTS, end_beside_form
from portal.web.sessions import TableSessions, words_for_script
from portal.web.view_marks import mark_of

ROUTES = (
    "accounts.sign_in", "accounts.password", "accounts.settings", "accounts.sessions", "accounts.names", "accounts.own_data",
    "accounts.addresses",
    "orders.order", "orders.method_choice", "documents.papers", "documents.payment_history",
    "payments.card", "payments.wallet", "payments.webhooks", "transfers.order", "renewals.panel", "renewals.contract", "renewals.change",
    "renewals.authentication", "renewals.reservation", "renewals.options", "renewals.next_number",
    "renewals.switches", "renewals.reset", "renewals.method",
    "certificates.domains", "certificates.certificates", "certificates.switches", "certificates.new", "certificates.notices",
    "mail.sent", "documents.public", "operations", "staff",
)  # fmt: skip
CUSTOMERS = Area("layout.html", home="home.panel", sign_in="auth.sign_in", way_out=("contract.show", "サーバー契約・更新"))
STAFF = Area("staff/layout.html", home="staff.awaited.show", sign_in="staff.auth.sign_in", way_out=("staff.awaited.show", "入金待ち"))


class PortalRequest(Request):
    @property
    def max_content_length(self) -> int:
        """More only for the view that is marked `@takes_file`."""
        return LARGEST_UPLOAD if mark_of(self.endpoint, "takes_file") else LARGEST_BODY


class Templates(Environment):
    """Flask's, whose templates are given nothing that others do not have: jinja2 would read all words through a ChainMap each time."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


class Portal(Flask):
    request_class = PortalRequest
    jinja_environment = Templates

    def log_exception(self, exc_info: object) -> None:
        """Nothing: Flask's line would hold the whole address. web/errors.py logs every exception."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view is a coroutine; flask would look at thirty functions a page."""
        return func

    def takes_files_of(self, cookies: str) -> bool:
        """For the web server, before it reads a large body: only who has signed in to staff's pages before sends files."""
        with self.app_context():
            return STAFFS_OWN.has_passed(cookies)


def from_environment() -> Flask:
    """What the web server serves in production. A demo serves portal.demo.wsgi instead."""
    settings = settings_of_real_use(os.environ)
    start_logging(as_json=settings.log_json)
    app = create_app(settings, companies=companies_for(settings))
    app.extensions["page_dictionary"].make()
    return app


def create_app(settings: Settings, *, companies: Companies) -> Flask:
    store.bind(settings.database_url)
    encryption.bind(settings.data_keys)
    app = Portal("portal", template_folder=asset_folder("templates"), static_folder=None)
    _configure(app, settings)
    catalog = load_catalog(settings.company_folder)
    app.extensions |= {"settings": settings, "catalog": catalog, "companies": companies, "areas": (CUSTOMERS, STAFF), "metrics": as_text}
    write_mails_for(catalog, settings)
    app.session_interface = TableSessions(counts.columns)
    numbered.number_requests(app, [count_answer, log_answer] if settings.access_log else [count_answer])
    filters.add_filters(app)
    headers.add_headers(app, is_https=settings.is_https, companies=companies.origins)
    guard.add_guard(app)
    tokens = FormTokens(app)
    kept_input.add_kept_input(app)
    pages = app.extensions["page_dictionary"] = PageDictionary(app)
    add_compression(app, lambda: pages.dictionary)
    unchanged.add_etags(app)
    errors.add_error_pages(app)
    _add_routes(app, tokens)
    _add_template_words(app)
    new_sessions.add_limit(app)
    trust_proxies(app, settings.trusted_proxies)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config |= {
        "DEBUG": False,  # whatever FLASK_DEBUG says
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_https else "session",
        "SESSION_COOKIE_SECURE": settings.is_https,
    }
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _add_routes(app: Flask, tokens: FormTokens) -> None:
    app.register_blueprint(assets.blueprint)
    app.register_blueprint(page_dictionary.blueprint)
    for name in ROUTES:
        app.register_blueprint(import_module(f"portal.routes.{name}").blueprint)
    for view in ("payments.webhooks.receive", "certificates.notices.receive"):
        tokens.exempt(f"portal.routes.{view}")


def _add_template_words(app: Flask) -> None:
    """Globals of every template: enums, the files, the company, who is signed in."""
    names = ("MoneyStatus", "Method", "OrderState")
    app.jinja_env.globals |= {name: getattr(enums, name) for name in names}
    app.jinja_env.globals["asset_url"], app.jinja_env.filters["stylesheets"] = assets.asset_url, assets.stylesheets
    app.jinja_env.globals |= {"input_is_kept": kept_input.is_shown, "has_signed_out": outdated.has_signed_out}
    app.jinja_env.globals |= {"session_words": words_for_script, "end_beside_form": end_beside_form, "session_lasts": LASTS}
    app.jinja_env.globals["dictionary_to_fetch"] = page_dictionary.dictionary_to_fetch
    catalog = LocalProxy(lambda: app.extensions["catalog"])  # asked each time: it may become another one
    app.jinja_env.globals |= {"catalog": catalog, "company": LocalProxy(lambda: catalog.company)}
    app.jinja_env.globals["guide"] = GUIDE
    add_addresses(app)
    add_kept_parts(app)

    @app.context_processor
    def people() -> dict[str, object]:
        who = {name: getattr(session, name, None) for name in ("account", "staff")}
        return who | {"counts": getattr(session, "row", None), "company": app.extensions["catalog"].company}
