"""Base of all forms: Japanese messages, and errors that a summary can link to."""

import re
from typing import Any

from flask import g
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field

LONGEST = 200
# Control characters but tab, line ends and NUL, which web/guard.py refuses, and what Unicode calls no characters.
_UNPRINTABLE = re.compile(
    "[\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ufdd0-\\ufdef"
    + "".join(chr(n << 16 | 0xFFFE) + chr(n << 16 | 0xFFFF) for n in range(17))
    + "]"
)


def typed_before() -> MultiDict | None:
    """What was typed on this page and sent after the session had ended (web/kept_input.py). Whoever takes it shows it."""
    found = g.get("typed_before") if g else None
    if found is not None:
        g.input_is_shown = True
    return found


def _printable(data: Any) -> Any:
    """Without what HTML cannot hold, so that a page may show again what was typed. Passwords are never shown."""
    texts = [(name, value) for name in data or () for value in data.getlist(name)]
    if not any(isinstance(value, str) and _UNPRINTABLE.search(value) for _, value in texts):
        return data
    return MultiDict((name, value if "password" in name else _without(value)) for name, value in texts)


def _without(value: Any) -> Any:
    return _UNPRINTABLE.sub("", value) if isinstance(value, str) else value  # a file stays what it is


class PortalForm(FlaskForm):
    """Has no CSRF token of its own: CSRFProtect checks one on every POST, before a form is created."""

    class Meta:
        csrf = False

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """What is posted. On a page that is opened: what was typed on it before the sign-in, unless the view hands over other data."""
            found = super().wrap_formdata(form, formdata)
            return _printable(typed_before() if found is None and formdata is not None else found)

    @property
    def mistakes(self) -> list[Field]:
        """The fields with errors, in page order."""
        return [field for field in self if field.errors]

    def typed(self) -> dict[str, str]:
        """The text of each field, as typed."""
        return {field.name: str(field.data or "")[:LONGEST] for field in self}
