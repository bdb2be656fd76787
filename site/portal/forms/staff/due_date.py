"""お支払い期限を変える: the new day, with a reason."""

from datetime import date
from typing import Any

from wtforms import Field, StringField, ValidationError

from portal.forms.reading import calendar_date
from portal.forms.staff.allocation import ReasonForm


class DueDateForm(ReasonForm):
    day = StringField("新しいお支払い期限")

    def __init__(self, first: date, last: date | None, **kwargs: Any) -> None:
        """The days allowed, inclusive; no last day if there is no limit."""
        super().__init__(**kwargs)
        self.first, self.last = first, last

    @property
    def hint(self) -> str:
        until = f"{self.last}まで（停止中にお支払いできる最後の日）" if self.last else f"。例：{self.first}"
        return f"{self.first}から{until}"

    @property
    def due_day(self) -> date:
        return calendar_date(self.day.data)

    def validate_day(self, field: Field) -> None:
        day = calendar_date(field.data)
        if day is None:
            raise ValidationError(f"{field.label.text}は、{self.first} のように年・月・日で入力してください。")
        if day < self.first:
            raise ValidationError(f"{self.first}より前の日にはできません。")
        if self.last and day > self.last:
            raise ValidationError(f"{self.last}より後の日にはできません。停止中にお支払いできる最後の日です。")
