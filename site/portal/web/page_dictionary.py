"""One dictionary of what pages have in common: browsers that take it (RFC 9842) get later pages as what is new in them.

Made of templates that a customer meets before and at an order, of the stylesheets and of the catalog's words; nothing of a person is
in it. Its address is its hash, so it is kept for a year. A page names it to a browser that can use it, has not got it, and does not save
data; the browser fetches it when it has nothing else to do.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cached_property

import brotli
from flask import Blueprint, Flask, Response, abort, current_app, request
from jinja2 import nodes
from werkzeug.routing import BuildError

from portal.runtime.compression import Dictionary, has_dictionary, may_take_dictionaries
from portal.web.assets import FOREVER, asset_url, short_hash, style
from portal.web.sessions import WITHOUT_SESSION
from portal.web.view_marks import public

blueprint = Blueprint("page_dictionary", __name__)
TEMPLATES = (  # with which a first purchase costs least: others cost more here than they save on their pages
    *("layout.html", "renewals/_terms.html", "renewals/panel.html", "renewals/_method.html", "renewals/_plan.html", "fragment.html"),
    *("orders/_new_choices.html", "orders/_renewal_choices.html", "orders/_estimate.html", "orders/method_choice.html", "orders/edit.html"),
    *(f"components/{name}.html" for name in ("order_parts", "options", "consent", "live", "htmx")),
)
STYLES = ("card.css", "print.css", "portal.css", "parts.css", "fields.css", "form.css")
SHORTEST = 3
A_DAY = date(2026, 11, 30)  # of no meaning: how days are written is what counts


@dataclass(frozen=True)
class Line:
    name: str
    starts_on: date
    ends_on: date
    months: int = 12
    quantity: int = 1
    yen: int = 1_320


class PageDictionary:
    def __init__(self, app: Flask) -> None:
        self._app = app

    def make(self) -> None:
        """At the start of a web server: a tenth of a second. Else it is made when it is first asked for."""
        self.dictionary.prepare()
        _ = self.packed

    @cached_property
    def dictionary(self) -> Dictionary:
        color = self._app.extensions["catalog"].company.brand_color
        with self._app.app_context():  # the icon's address depends on the company
            text = [*self._words_of_the_catalog(), self._table(), *map(self._text, TEMPLATES), *(style(name, color) for name in STYLES)]
        return Dictionary("\n".join(text).encode())

    @cached_property
    def packed(self) -> bytes:
        return brotli.compress(self.dictionary.text, quality=11)

    @cached_property
    def tag(self) -> str:
        return short_hash(self.dictionary.text)

    def _table(self) -> str:
        """The lines of an order as pages write them, with each product of the catalog."""
        catalog = self._app.extensions["catalog"]
        lines = [Line(product.name, starts_on=A_DAY, ends_on=A_DAY) for product in catalog.products]
        parts = self._app.jinja_env.get_template("components/order_parts.html").module
        return parts.lines_table(lines, 0, 0, catalog.tax_percent, "本日お支払いの場合", "お見積り合計")

    def _text(self, template: str) -> str:
        """What the template says of itself, and what is the same each time: addresses, files, the company."""
        environment = self._app.jinja_env
        source, _, _ = environment.loader.get_source(environment, template)
        printed = [part for found in environment.parse(source).find_all(nodes.Output) for part in found.nodes]
        return "".join(part.data if isinstance(part, nodes.TemplateData) else self._constant(part) for part in printed)

    def _constant(self, part: nodes.Node) -> str:
        match part:
            case nodes.Getattr(node=nodes.Name(name="company"), attr=name):
                return str(getattr(self._app.extensions["catalog"].company, name, ""))
            case nodes.Call(node=nodes.Name(name="asset_url"), args=[nodes.Const(value=name)]):
                return asset_url(name)
            case nodes.Call(node=nodes.Name(name="url_for"), args=[nodes.Const(value=view)], kwargs=[]):
                return self._address(view)
        return ""

    def _address(self, view: str) -> str:
        try:
            return self._app.url_map.bind("").build(view)
        except BuildError:
            return ""

    def _words_of_the_catalog(self) -> list[str]:
        return [word for word in dict.fromkeys(_words(self._app.extensions["catalog"].products)) if len(word) >= SHORTEST]


@blueprint.get("/static/<tag>/pages.dictionary")
@public
def show(tag: str) -> Response:
    pages = _pages()
    if tag != pages.tag:
        abort(404)
    is_packed = request.accept_encodings.quality("br") > 0
    response = Response(pages.packed if is_packed else pages.dictionary.text, mimetype="text/plain")
    if is_packed:
        response.content_encoding = "br"
    response.headers.update({"Cache-Control": FOREVER, "Use-As-Dictionary": 'match="/*"'})
    response.vary.add("Accept-Encoding")
    return response


def dictionary_to_fetch() -> str:
    """Its address, for a browser that should fetch it when idle; else nothing."""
    is_for_all = request.path.startswith(WITHOUT_SESSION)  # what shared caches keep is the same for everybody
    if is_for_all or not may_take_dictionaries() or request.headers.get("Save-Data") == "on":
        return ""
    return "" if has_dictionary(lambda: _pages().dictionary.named) else f"/static/{_pages().tag}/pages.dictionary"


def _pages() -> PageDictionary:
    return current_app.extensions["page_dictionary"]


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _words(getattr(value, field.name))
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from _words(each)
