"""Base of all forms: Japanese messages, and errors that a summary can link to."""

from flask_wtf import FlaskForm
from wtforms import Field

LONGEST = 200


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
