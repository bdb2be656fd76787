"""Serves the pages of the gallery and the static files, and nothing else: no portal, no database."""

import threading
from pathlib import Path
from typing import Self

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.catalog import load_catalog
from portal.demo.states.pages import Shown
from portal.demo.states.shelf import Shelf
from portal.runtime.settings import sample_company
from portal.web import assets
from tests.gallery import Gallery


class Silent(WSGIRequestHandler):
    def log(self, *_about: object) -> None:
        pass


class GalleryServer:
    def __init__(self, gallery: Gallery, folder: Path) -> None:
        shelf = Shelf(folder, sample_company())
        shelf.folder.parent.mkdir(parents=True)
        shelf.folder.symlink_to(gallery.folder)
        files = Flask("files", static_folder=None)
        files.extensions["catalog"] = load_catalog(sample_company())  # the icon wears the company's colour
        files.register_blueprint(assets.blueprint)
        self._server = make_server("127.0.0.1", 0, Shown(files.wsgi_app, shelf), threaded=True, request_handler=Silent)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
