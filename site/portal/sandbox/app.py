"""The sandbox companies' web pages: a separate app without sessions, mounted beside the portal."""

import base64
import hashlib
import sqlite3
from pathlib import Path

from flask import Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from portal.runtime.compression import add_compression
from portal.sandbox import card, card_proof, wallet, wallet_points
from portal.sandbox.books import Books
from portal.sandbox.pages import moment, points, remember_browser, return_origin, yen

LARGEST_POST = 2_000_000
ERRORS = {
    403: ("この操作は受け付けられませんでした", "画面が古くなった可能性があります。お店の画面から、もう一度お手続きください。"),
    404: ("ページが見つかりません", "アドレスをお確かめください。お支払いの途中でしたら、お店の画面からもう一度お手続きください。"),
    405: ("この操作はできません", "お店の画面から、もう一度お手続きください。"),
    409: (
        "ほかのブラウザーでお手続きが進んでいます",
        "このお手続きは、入力を始めたブラウザーでだけ続けられます。ここで続けるには、お店の画面から新しくお手続きください"
        "（Cookie を受け入れる設定が必要です）。",
    ),
    413: ("送られた内容が大きすぎます", "前の画面に戻り、入力した内容をお確かめください。"),
    503: ("ただいま混み合っています", "この操作は受け付けられていません。少し待ってから、もう一度お試しください。"),
}
OTHER_ERROR = ("お手続きを進められませんでした", "お店の画面から、もう一度お手続きください。")
SEE_OTHER = 303


def create_sandbox(books: Books, *, secret_key: str, trusted_hosts: list[str] | None = None) -> Flask:
    app = Flask("portal.sandbox", template_folder=_template_folder(), static_folder=None)
    app.secret_key = secret_key
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_POST, MAX_FORM_MEMORY_SIZE=LARGEST_POST, TRUSTED_HOSTS=trusted_hosts)
    app.config.update(PROVIDE_AUTOMATIC_OPTIONS=False)
    app.extensions["books"] = books
    app.url_map.strict_slashes = False
    for pages in (card, card_proof, wallet, wallet_points):
        app.register_blueprint(pages.blueprint)
    app.register_error_handler(HTTPException, _show_error)
    app.register_error_handler(sqlite3.Error, _show_busy)
    app.jinja_env.filters |= {"points": points, "moment": moment, "yen": yen}
    _add_style_and_headers(app)
    add_compression(app)
    app.config["COMPRESS_BR_LEVEL"] = 11  # a tenth of these bytes less for 6 ms a page, on pages that a customer sees once in a purchase
    return app


def _template_folder() -> str:
    """templates/ is at the top of a checkout, and inside the package once installed."""
    installed = Path(__file__).parents[1] / "templates"
    checkout = Path(__file__).parents[3] / "templates"
    return str(installed if installed.is_dir() else checkout)


def _add_style_and_headers(app: Flask) -> None:
    styles = {"card": _style(app, "style.css"), "wallet": _style(app, "style.css", "wallet.css")}
    digests = {company: base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for company, style in styles.items()}

    @app.context_processor
    def say_whose_page_it_is() -> dict[str, str]:
        return {"company": _company(), "style": Markup(styles[_company()])}  # noqa: S704 (files of ours)

    @app.after_request
    def add_headers(response: Response) -> Response:
        form_action = f"'self' {return_origin()}".strip()
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none';style-src 'sha256-{digests[_company()]}';img-src data:;form-action {form_action};"
            "base-uri 'none';frame-ancestors 'none'"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
        for name in ("Date", "Vary"):  # nobody stores it
            response.headers.pop(name, None)
        remember_browser(response)
        if response.status_code == SEE_OTHER:
            response.set_data("")  # every browser follows the address
            response.headers["Content-Security-Policy"] = "default-src 'none';form-action 'none';base-uri 'none';frame-ancestors 'none'"
            response.headers.pop("Content-Type", None)
        return response


def _company() -> str:
    """The company of the requested page, also on a 404."""
    return "wallet" if request.path.startswith("/wallet") else "card"


def _style(app: Flask, *names: str) -> str:
    return "\n".join(app.jinja_env.loader.get_source(app.jinja_env, f"sandbox/{name}")[0].strip() for name in names)


def _show_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    heading, advice = ERRORS.get(error.code, OTHER_ERROR)
    response = Response(render_template("sandbox/error.html", heading=heading, advice=advice), error.code)
    if error.code == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)
    return response


def _show_busy(error: sqlite3.Error) -> ResponseReturnValue:
    current_app.logger.error("the sandbox's books did not answer: %s", error)
    heading, advice = ERRORS[503]
    return render_template("sandbox/error.html", heading=heading, advice=advice), 503
