"""Compression for every browser (brotli, gzip or none), and caching."""

import gzip

import brotli
import pytest
from werkzeug.test import Client, TestResponse

from portal.web.assets import asset_url

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
KEPT = ("vendor/htmx.min.js", "icon.svg", "/documents/server-terms/{version}", "/legal/tokutei")
SENT = (*KEPT, "/login", "/nowhere")


@pytest.fixture
def ask(app, settings, catalog):
    client = Client(app)
    version = next(document.version for document in catalog.documents if document.id == "server-terms")

    def get(address: str, accepts: str, **headers: str) -> TestResponse:
        with app.app_context():
            path = address.format(version=version) if address.startswith("/") else asset_url(address)
        return client.get(path, base_url=settings.public_url, headers={"Accept-Encoding": accepts, **headers})

    return get


@pytest.mark.parametrize("address", SENT)
@pytest.mark.parametrize("accepts", ["gzip, deflate, br", "gzip", "identity", ""])
def test_every_encoding_delivers_the_same_text(ask, address, accepts):
    answer = ask(address, accepts)
    encoding = answer.headers.get("Content-Encoding")

    assert encoding is None or encoding in accepts
    assert _words(UNPACK[encoding](answer.data)) == _words(ask(address, "identity").data)
    assert answer.content_length == len(answer.data)
    assert ("Accept-Encoding" in answer.headers.get("Vary", "")) == ("public" in answer.headers["Cache-Control"])


def test_htmx_is_compressed_and_cached_for_ever(ask):
    answer = ask("vendor/htmx.min.js", "gzip, br")

    assert (answer.headers["Content-Encoding"], len(answer.data) < 12_100) == ("br", True)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("address", KEPT)
@pytest.mark.parametrize("accepts", ["gzip, br", "gzip", "identity"])
def test_an_unchanged_static_file_is_answered_with_304(ask, address, accepts):
    known = ask(address, "br").headers["ETag"]
    again = ask(address, accepts, **{"If-None-Match": known})
    changed = ask(address, accepts, **{"If-None-Match": 'W/"older"'})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"].startswith("public")
    assert changed.status_code == 200


def test_a_customer_page_is_private_to_caches(ask):
    answer = ask("/login", "br")

    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["ETag"].startswith('W/"')


def _words(body: bytes) -> list[bytes]:
    """The lines, without those that carry the token of a new visitor."""
    return [line for line in body.splitlines() if b"csrf_token" not in line]
