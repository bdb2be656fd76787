"""Addresses in templates. A page names some twenty views, most of them without anything that varies."""

from typing import Any

from flask import Flask, request, url_for


def add_addresses(app: Flask) -> None:
    """`url_for` of templates builds an address without arguments once for each prefix under which the portal is served."""
    known: dict[tuple[str, str], str] = {}

    def address(view: str, /, **arguments: Any) -> str:
        if arguments:
            return url_for(view, **arguments)
        key = (request.script_root, view)
        if key not in known:
            known[key] = url_for(view)
        return known[key]

    app.jinja_env.globals["url_for"] = address
