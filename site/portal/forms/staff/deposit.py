"""入金の入力: one line of the bank statement."""

from datetime import date, timedelta
from typing import Any

from wtforms import Field, HiddenField, StringField, ValidationError
from wtforms.validators import Length

from portal.forms.base import PortalForm
from portal.forms.reading import calendar_date, one_line, yen_amount
from portal.forms.staff.fields import required_line, whole_yen

OLDEST = timedelta(days=366)
DATES_APART = timedelta(days=31)


class DepositForm(PortalForm):
    booked_on = StringField("取扱日（勘定日）")
    valued_on = StringField("起算日")
    yen = StringField("金額", [whole_yen])
    payer = StringField("振込依頼人名", [required_line, Length(max=100, message="振込依頼人名は100文字までです。")])
    form_token = HiddenField()

    def __init__(self, today: date, **kwargs: Any) -> None:
        """The bank's dates must be within the last year."""
        super().__init__(**kwargs)
        self.today = today

    @property
    def booked_day(self) -> date:
        return calendar_date(self.booked_on.data)

    @property
    def valued_day(self) -> date:
        return calendar_date(self.valued_on.data) or self.booked_day

    @property
    def amount(self) -> int:
        return yen_amount(self.yen.data)

    @property
    def payer_name(self) -> str:
        return one_line(self.payer.data)

    def validate_booked_on(self, field: Field) -> None:
        self._must_be_past(field)

    def validate_valued_on(self, field: Field) -> None:
        if not (field.data or "").strip():
            return
        self._must_be_past(field)
        booked = calendar_date(self.booked_on.data)
        if booked and abs(calendar_date(field.data) - booked) > DATES_APART:
            raise ValidationError("起算日と取扱日が1か月より離れています。どちらかを直してください。")

    def _must_be_past(self, field: Field) -> None:
        day = calendar_date(field.data)
        if day is None:
            raise ValidationError(f"{field.label.text}は、{self.today:%Y-%m-%d} のように年・月・日で入力してください。")
        if day > self.today:
            raise ValidationError(f"{field.label.text}に、今日（{self.today:%Y-%m-%d}）より後の日付は入力できません。")
        if day < self.today - OLDEST:
            raise ValidationError(f"{field.label.text}に、1年より前の日付は入力できません。")
