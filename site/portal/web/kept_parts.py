"""Parts of pages that are the same for everybody, or for everybody who chose the same: rendered once for each catalog and prefix.

In a template: `{% call kept("company") %}…{% endcall %}`. What else the part depends on follows the name; nothing else may stand in it.
"""

from collections.abc import Callable, Hashable

from flask import Flask, request
from markupsafe import Markup

MOST = 500  # of some 3 kB


def add_kept_parts(app: Flask) -> None:
    known: dict[tuple[Hashable, ...], Markup] = {}

    def kept(*of: Hashable, caller: Callable[[], Markup]) -> Markup:
        """`of`: None last if this time the part is like no other."""
        if of[-1] is None:
            return caller()
        key = (app.extensions["catalog"], request.script_root, *of)
        found = known.get(key)
        if found is None:
            if len(known) >= MOST:
                known.clear()
            found = known[key] = caller()
        return found

    app.jinja_env.globals["kept"] = kept
