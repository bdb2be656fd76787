"""申し込みを取り消して返金: the last usable day of what has begun, with a reason."""

from datetime import date
from typing import Any

from wtforms import Field, StringField, ValidationError

from portal.forms.reading import calendar_date
from portal.forms.staff.allocation import ReasonForm


class LastDayForm(ReasonForm):
    day = StringField("利用できる最後の日")

    def __init__(self, first: date, last: date, **kwargs: Any) -> None:
        """The days allowed, inclusive: from today to the end of the term."""
        super().__init__(**kwargs)
        self.first, self.last = first, last

    @property
    def hint(self) -> str:
        return f"{self.first}（今日）から{self.last}（契約期間の終わり）まで。その翌日から停止中になります"

    @property
    def last_day(self) -> date:
        return calendar_date(self.day.data)

    def validate_day(self, field: Field) -> None:
        day = calendar_date(field.data)
        if day is None:
            raise ValidationError(f"{field.label.text}は、{self.first} のように年・月・日で入力してください。")
        if day < self.first:
            raise ValidationError(f"今日（{self.first}）より前の日にはできません。")
        if day > self.last:
            raise ValidationError(f"{self.last}より後の日にはできません。契約期間の終わりです。")
