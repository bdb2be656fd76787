"""Validators for what staff type."""

from wtforms import Field, ValidationError

from portal.forms.reading import one_line, yen_amount

MOST_YEN = 999_999_999


def required_line(_form: object, field: Field) -> None:
    """Validator: something that can be seen."""
    if not one_line(field.data):
        raise ValidationError(f"{field.label.text}を入力してください。")


def whole_yen(_form: object, field: Field) -> None:
    """Validator: whole yen from 1 to 999,999,999."""
    yen = yen_amount(field.data)
    if yen is None or not 1 <= yen <= MOST_YEN:
        raise ValidationError(f"{field.label.text}は、1円から{MOST_YEN:,}円までの整数で入力してください（例：13,200）。")
