"""Giving money back: how much, why, and for a transfer on which day."""

from datetime import date
from typing import Any

from wtforms import Field, HiddenField, StringField, ValidationError

from portal.forms.reading import calendar_date, yen_amount
from portal.forms.staff.allocation import ReasonForm
from portal.forms.staff.fields import whole_yen


class RefundForm(ReasonForm):
    """`earliest`: the first day on which a transfer can have gone back; None for money that goes back through a company today.

    `ordinal`: which refund of this order or deposit the page is about, so that it is made once.
    """

    yen = StringField("返金する金額", [whole_yen])
    returned_on = StringField("返金した日")
    ordinal = HiddenField()

    def __init__(self, rest_yen: int, today: date, earliest: date | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rest_yen, self.today, self.earliest = rest_yen, today, earliest

    @property
    def amount(self) -> int:
        return yen_amount(self.yen.data)

    @property
    def returned_day(self) -> date:
        return calendar_date(self.returned_on.data) if self.earliest else self.today

    def validate_yen(self, field: Field) -> None:
        yen = yen_amount(field.data)
        if yen is not None and yen > self.rest_yen:
            raise ValidationError(f"返金できるのは{self.rest_yen:,}円までです。それ以下の金額を入力してください。")

    def validate_returned_on(self, field: Field) -> None:
        if self.earliest is None:
            return
        day = calendar_date(field.data)
        if day is None:
            raise ValidationError(f"返金した日は、{self.today:%Y-%m-%d} のように年・月・日で入力してください。")
        if day > self.today:
            raise ValidationError(
                f"返金した日に、今日（{self.today:%Y-%m-%d}）より後の日付は入力できません。返金のあとに記録してください。"
            )
        if day < self.earliest:
            raise ValidationError(f"返金した日に、入金の日（{self.earliest:%Y-%m-%d}）より前の日付は入力できません。")
