"""「振り込みました」: the payer name and the day of the transfer."""

from datetime import date
from typing import Any

from wtforms import Field, StringField, ValidationError
from wtforms.validators import Length

from portal.forms.base import PortalForm
from portal.forms.reading import calendar_date, one_line


class TransferForm(PortalForm):
    payer = StringField("振込名義", [Length(max=100, message="100文字までです。")])
    paid_on = StringField("振り込んだ日")

    def __init__(self, placed_on: date, today: date, **kwargs: Any) -> None:
        """The day must be between the order and today."""
        super().__init__(**kwargs)
        self.placed_on, self.today = placed_on, today

    @property
    def example(self) -> str:
        """A sample date for the hint."""
        return self.today.isoformat()

    @property
    def payer_name(self) -> str:
        return one_line(self.payer.data)

    @property
    def day(self) -> date:
        return calendar_date(self.paid_on.data)

    def validate_payer(self, field: Field) -> None:
        if not one_line(field.data):
            raise ValidationError("振込名義を入力してください。")

    def validate_paid_on(self, field: Field) -> None:
        day = calendar_date(field.data)
        if day is None:
            raise ValidationError(f"振り込んだ日は、{self.today:%Y-%m-%d} のように年・月・日で入力してください。")
        if not self.placed_on <= day <= self.today:
            raise ValidationError("振り込んだ日は、お申し込みの日から今日までの日付で入力してください。")
