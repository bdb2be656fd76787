"""What is typed about papers: the search in 「お支払い履歴・領収書」, and 宛名."""

from datetime import date
from typing import Any

from wtforms import Field, RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from portal.enums import OrderKind
from portal.forms.base import PortalForm
from portal.forms.reading import calendar_date, one_line, whole_number, yen_amount

LAST_PAGE = 100_000
LONGEST_ADDRESSEE = 100
HONORIFICS = ("様", "御中")
EVERY_KIND = ""


def a_day(_form: object, field: Field) -> None:
    """Validator: a calendar day, or nothing."""
    if one_line(field.data) and calendar_date(field.data) is None:
        raise ValidationError(f"{field.label.text}は、2026-11-04 のように年・月・日で入力してください。")


def some_yen(_form: object, field: Field) -> None:
    """Validator: whole yen, or nothing."""
    if one_line(field.data) and yen_amount(field.data) is None:
        raise ValidationError(f"{field.label.text}は、13,200 のように円の整数で入力してください。")


class DaysForm(PortalForm):
    """A search over days, both inclusive. Either may be left out."""

    first = StringField("いつから", [a_day])
    last = StringField("いつまで", [a_day])
    page = StringField()

    @property
    def first_day(self) -> date | None:
        return calendar_date(self.first.data)

    @property
    def last_day(self) -> date | None:
        return calendar_date(self.last.data)

    @property
    def page_number(self) -> int:
        return min(max(whole_number(self.page.data) or 1, 1), LAST_PAGE)

    @property
    def kept(self) -> dict[str, str]:
        """What links to other pages of the list keep."""
        return {name: text for name, text in self.typed().items() if text and name != "page"}

    def validate_last(self, field: Field) -> None:
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError(f"{field.label.text}は、{self.first.label.text}と同じ日か、それより後の日にしてください。")


class PaymentHistoryForm(DaysForm):
    hint = "お申し込みの日。例：2026-01-01。空欄でもかまいません"
    yen = StringField("金額", [some_yen])
    kind = SelectField("種類", validate_choice=False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = [SelectChoice(EVERY_KIND, "すべて"), *(SelectChoice(kind.value, kind.label) for kind in OrderKind)]

    @property
    def yen_amount(self) -> int | None:
        return yen_amount(self.yen.data)

    @property
    def chosen_kind(self) -> OrderKind | None:
        return OrderKind(self.kind.data) if self.kind.data in {*OrderKind} else None


class AddresseeForm(PortalForm):
    addressee = StringField("宛名", [Length(max=LONGEST_ADDRESSEE, message=f"宛名は{LONGEST_ADDRESSEE}文字までです。")])
    honorific = RadioField("敬称", choices=[SelectChoice(word, word) for word in HONORIFICS], validate_choice=False)

    @property
    def written(self) -> str:
        """As it stands on the paper, for ever."""
        return f"{one_line(self.addressee.data)} {self.honorific.data}"

    def validate_addressee(self, field: Field) -> None:
        if not one_line(field.data):
            raise ValidationError("宛名を入力してください。")
        if one_line(field.data).endswith(HONORIFICS):
            raise ValidationError("宛名は、「様」「御中」を付けずに入力してください。敬称は下で選べます。")

    def validate_honorific(self, field: Field) -> None:
        if field.data not in HONORIFICS:
            raise ValidationError("敬称は、「様」か「御中」を選んでください。")
