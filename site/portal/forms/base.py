"""Base of all forms: Japanese messages, and errors that a summary can link to."""

import re
import unicodedata
from datetime import date

from flask_wtf import FlaskForm
from wtforms import Field

LONGEST = 200
_DIGITS = re.compile(r"[0-9０-９]{1,6}")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)


class PortalForm(FlaskForm):
    """Has no CSRF token of its own: CSRFProtect checks one on every POST, before a form is created."""

    class Meta:
        csrf = False

    @property
    def mistakes(self) -> list[Field]:
        """The fields with errors, in page order."""
        return [field for field in self if field.errors]

    def typed(self) -> dict[str, str]:
        """The text of each field, as typed."""
        return {field.name: str(field.data or "")[:LONGEST] for field in self}


def whole_number(text: str | None) -> int | None:
    """A whole number as people type it, also full-width and with spaces. None for anything else (−1, 1.5, ²)."""
    plain = re.sub("[,，]", "", (text or "").strip())
    return int(plain) if _DIGITS.fullmatch(plain) else None


def calendar_date(text: str | None) -> date | None:
    """A date as people type it: 2026-11-22, 2026/11/22, 2026年11月22日, also full-width. None for anything else."""
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", (text or "")[:40]).replace(" ", "").replace("ー", "-").replace("−", "-"))
    try:
        return found and date(*map(int, found.groups()))
    except ValueError:
        return None
