"""What staff write to a customer about お預かり, and where a page of that list begins."""

from datetime import date

from wtforms import StringField
from wtforms.validators import Length

from portal.forms.staff.allocation import ReasonForm
from portal.forms.staff.fields import required_line

LONGEST_LETTER = 500


class LetterForm(ReasonForm):
    reason = StringField("お客様への文", [required_line, Length(max=LONGEST_LETTER, message=f"文は{LONGEST_LETTER}文字までです。")])


def place_in_list(text: str) -> tuple[date, int] | None:
    """「2026-11-22.15」: the day and the number of a row. None for anything else."""
    day, _, number = text.partition(".")
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None
