"""The stylesheets, inlined into the pages, and the static files. Each file's address changes when its content changes."""

import base64
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import brotli
from flask import Blueprint, Response, abort, g, request
from markupsafe import Markup

from portal.catalog import Company
from portal.catalog.brand import DEFAULT_COLOR
from portal.runtime.folders import asset_folder
from portal.web import current
from portal.web.view_marks import public

blueprint = Blueprint("assets", __name__)
FILES = ("vendor/htmx.min.js", "portal.js", "password.js", "desk.js", "icon.svg")
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    body: bytes
    brotli: bytes
    mimetype: str
    tag: str


@blueprint.get("/static/<tag>/<path:name>")
@public
def file(tag: str, name: str) -> Response:
    if name not in FILES or asset(name).tag != tag:
        abort(404)
    found, packed = asset(name), request.accept_encodings.quality("br") > 0
    response = Response(found.brotli if packed else found.body, mimetype=found.mimetype)
    if packed:
        response.content_encoding = "br"
    response.headers["Cache-Control"] = FOREVER
    response.vary.add("Accept-Encoding")
    response.set_etag(tag, weak=True)
    return response.make_conditional(request)


def asset_url(name: str) -> str:
    return f"/static/{asset(name).tag}/{name}"


def asset(name: str) -> Asset:
    return _packed(name, current.catalog().company if name == "icon.svg" else None)


@lru_cache
def _packed(name: str, company: Company | None) -> Asset:
    body = (Path(asset_folder("static")) / name).read_bytes()
    if company:
        body = (company.brand_mark or body.decode().replace(DEFAULT_COLOR, company.brand_color)).encode()
    if name in ("portal.js", "password.js", "desk.js"):
        body = re.sub(rb"(\n\s*(//[^\n]*)?)+", b"\n", b"\n" + body)  # indentation, and comments on lines of their own
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(body, brotli.compress(body, quality=11), mimetype, hashlib.sha256(body).hexdigest()[:12])


def stylesheets(names: str) -> Markup:
    """A filter, for the one `<style>` of a page: the files with these names. The headers then allow exactly that text."""
    color = current.catalog().company.brand_color
    g.style = "".join(style(name, color) for name in names.split())
    return Markup(g.style)  # noqa: S704 (files of ours)


@lru_cache
def style(name: str, color: str) -> str:
    """Without comments and indentation. `color`: the company's, in the place of the sample's."""
    text = (Path(asset_folder("static")) / name).read_text("utf-8").replace(DEFAULT_COLOR, color)
    return re.sub(r"\s*\n\s*", "", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))


@lru_cache
def hash_of(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def short_hash(text: str | bytes) -> str:
    """Tells two texts of one address apart: 48 bits in eight characters."""
    digest = hashlib.sha256(text.encode() if isinstance(text, str) else text).digest()
    return base64.urlsafe_b64encode(digest[:6]).decode()
