"""Responses in brotli or gzip as the browser accepts, and against a dictionary of our pages where it has that (RFC 9842, `dcz`)."""

import base64
import hashlib
import sys
from collections.abc import Callable
from functools import cached_property, lru_cache

from flask import Flask, Response, request
from flask_compress import Compress
from werkzeug.http import parse_accept_header

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ENCODING = "dcz"
MAGIC = bytes.fromhex("5e2a4d1820000000")  # a zstd frame to be skipped, with the dictionary's 32 bytes of SHA-256
LEVEL = 14


class Dictionary:
    """Text that browsers keep, and that pages are compressed against. It is public: nothing of a person stands in it."""

    def __init__(self, text: bytes) -> None:
        self.text, self.digest = text, hashlib.sha256(text).digest()
        self.named = f":{base64.b64encode(self.digest).decode()}:"

    def prepare(self) -> None:
        self.pack(b"")

    @cached_property
    def _prepared(self) -> tuple[zstd.ZstdDict, int]:
        return zstd.ZstdDict(self.text, is_raw=True).as_digested_dict

    def pack(self, data: bytes) -> bytes:
        return MAGIC + self.digest + zstd.compress(data, level=LEVEL, zstd_dict=self._prepared)


def may_take_dictionaries() -> bool:
    """Chromium says `dcz` only once it has a dictionary; every browser that could say it takes zstd already."""
    return _takes_zstd(request.headers.get("Accept-Encoding", ""))


@lru_cache
def _takes_zstd(encodings: str) -> bool:
    return parse_accept_header(encodings).quality("zstd") > 0


def has_dictionary(named: Callable[[], str]) -> bool:
    """True if the browser says that it has the dictionary of this name."""
    available = request.headers.get("Available-Dictionary")
    return available is not None and ENCODING in request.headers.get("Accept-Encoding", "") and available == named()


class Compression(Compress):
    """Flask-Compress skips everything but 2xx, but a form with errors (422) is the longest page."""

    def __init__(self, app: Flask, dictionary: Callable[[], Dictionary] | None) -> None:
        self._dictionary = dictionary
        super().__init__(app)

    def after_request(self, response: Response) -> Response:
        if self._dictionary and self._may_be_packed(response) and has_dictionary(lambda: self._dictionary().named):
            response.set_data(self._dictionary().pack(response.get_data()))
            response.content_encoding = ENCODING
            response.vary.update(("Accept-Encoding", "Available-Dictionary"))
            return response
        status = response.status
        if response.status_code >= 400:
            response.status_code = 200
        response = super().after_request(response)
        response.status = status
        return response

    def _may_be_packed(self, response: Response) -> bool:
        is_text = response.mimetype == "text/html" and not response.is_streamed and not response.content_encoding
        return is_text and (response.content_length or 0) >= self.app.config["COMPRESS_MIN_SIZE"]


def add_compression(app: Flask, dictionary: Callable[[], Dictionary] | None = None) -> None:
    app.config |= {"COMPRESS_ALGORITHM": ["br", "gzip"], "COMPRESS_MIN_SIZE": 300}
    app.config |= {"COMPRESS_BR_LEVEL": 7, "COMPRESS_BR_WINDOW": 16}  # 2 % smaller than level 5, in the same time: pages are below 64 KiB
    app.config["COMPRESS_EVALUATE_CONDITIONAL_REQUEST"] = False  # web/unchanged.py has done so, before anything was compressed
    Compression(app, dictionary)
