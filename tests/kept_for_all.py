"""What is rendered once for everybody is rendered again each time here, and has to be the same."""

from collections.abc import Callable, Hashable

from flask import Flask
from markupsafe import Markup


def compare_kept_parts(app: Flask) -> None:
    kept = app.jinja_env.globals["kept"]

    def compared(*of: Hashable, caller: Callable[[], Markup]) -> Markup:
        found = kept(*of, caller=caller)
        assert found == caller(), f"kept for everybody, and not the same for everybody: {of}"
        return found

    app.jinja_env.globals["kept"] = compared
