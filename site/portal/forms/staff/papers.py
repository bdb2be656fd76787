"""The search of papers by 取引年月日, 取引金額 and 取引先."""

from wtforms import Field, StringField, ValidationError

from portal.forms.documents import DaysForm, some_yen
from portal.forms.reading import one_line, yen_amount


class PaperSearchForm(DaysForm):
    least = StringField("取引金額、いくらから", [some_yen])
    most = StringField("取引金額、いくらまで", [some_yen])
    q = StringField("取引先")

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.first.label.text, self.last.label.text = "取引年月日、いつから", "取引年月日、いつまで"

    @property
    def least_yen(self) -> int | None:
        return yen_amount(self.least.data)

    @property
    def most_yen(self) -> int | None:
        return yen_amount(self.most.data)

    @property
    def partner(self) -> str:
        return one_line(self.q.data)

    def validate_most(self, field: Field) -> None:
        if self.least_yen is not None and self.most_yen is not None and self.most_yen < self.least_yen:
            raise ValidationError(f"{field.label.text}は、いくらから以上の金額にしてください。")
