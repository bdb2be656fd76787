"""A day within limits, with a reason: the forms of a due date and of the last day of use."""

from datetime import date
from typing import Any

from wtforms import Field, StringField, ValidationError

from portal.forms.reading import calendar_date
from portal.forms.staff.allocation import ReasonForm


class DayForm(ReasonForm):
    """`first` and `last`: the days allowed, inclusive; no last day if there is no limit. `is_last`: what that day is."""

    day = StringField("日")
    too_early = "{}より前の日にはできません。"
    is_last = ""

    def __init__(self, first: date, last: date | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.first, self.last = first, last

    @property
    def chosen_day(self) -> date:
        return calendar_date(self.day.data)

    def validate_day(self, field: Field) -> None:
        day = calendar_date(field.data)
        if day is None:
            raise ValidationError(f"{field.label.text}は、{self.first} のように年・月・日で入力してください。")
        if day < self.first:
            raise ValidationError(self.too_early.format(self.first))
        if self.last and day > self.last:
            raise ValidationError(f"{self.last}より後の日にはできません。{self.is_last}です。")


class DueDateForm(DayForm):
    """お支払い期限を変える."""

    day = StringField("新しいお支払い期限")
    is_last = "停止中にお支払いできる最後の日"

    @property
    def hint(self) -> str:
        until = f"{self.last}まで（{self.is_last}）" if self.last else f"。例：{self.first}"
        return f"{self.first}から{until}"


class LastDayForm(DayForm):
    """申し込みを取り消して返金: the last usable day of what has begun, from today to the end of the term."""

    day = StringField("利用できる最後の日")
    too_early = "今日（{}）より前の日にはできません。"
    is_last = "契約期間の終わり"

    @property
    def hint(self) -> str:
        return f"{self.first}（今日）から{self.last}（{self.is_last}）まで。その翌日から停止中になります"
