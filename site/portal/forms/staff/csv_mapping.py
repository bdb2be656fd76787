"""列を選ぶ: which column of a bank's CSV is what. Columns are chosen by their place, and kept by their name."""

from collections.abc import Sequence
from typing import Any

from wtforms import Field, HiddenField, SelectField, StringField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from portal.enums import DateForm
from portal.forms.base import PortalForm
from portal.forms.reading import one_line
from portal.forms.staff.fields import required_line
from portal.rules.transfers.bank_files.csv_mapping import Mapping
from portal.rules.transfers.bank_files.csv_profiles import column_names

NONE = ""
LONGEST_BANK, LONGEST_COLUMN = 50, 100
COLUMNS = {"day": "日付の列", "came": "入金の列", "went": "出金の列", "payer": "振込依頼人名（摘要）の列", "balance": "残高の列"}


_DATE_FORMS = [SelectChoice(one.value, one.label) for one in DateForm]


class CsvMappingForm(PortalForm):
    """`header_line` and `encoding`: places of what the page shows, sent along."""

    header_line, encoding = HiddenField(), HiddenField()
    bank = StringField("銀行の名前", [required_line, Length(max=LONGEST_BANK, message=f"{LONGEST_BANK}文字までです。")])
    date_form = SelectField("日付の書き方", choices=_DATE_FORMS, default=DateForm.SEIREKI.value, validate_choice=False)
    day, came, went, payer, balance = (SelectField(label, default=NONE, validate_choice=False) for label in COLUMNS.values())

    def __init__(self, header: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.header, self.names = tuple(header), column_names(header)
        for name in COLUMNS:
            first = SelectChoice(NONE, "なし" if name in ("went", "balance") else "選んでください")
            self[name].choices = [first, *(SelectChoice(str(place), column) for place, column in enumerate(self.names))]

    @property
    def mapping(self) -> Mapping:
        columns = (self._column(self[name]) for name in COLUMNS)
        date_form = next((one for one in DateForm if one == self.date_form.data), DateForm.SEIREKI)
        return Mapping(one_line(self.bank.data), self.header, date_form, *columns)

    def refuse(self, reason: str) -> None:
        """The file cannot be read so."""
        field = self.day if "日付" in reason else self.payer if "口座" in reason else self.came
        field.errors = [f"{reason} 読み方は、まだ覚えていません。"]

    def validate_day(self, field: Field) -> None:
        self._need(field)

    def validate_came(self, field: Field) -> None:
        self._need(field)

    def validate_went(self, field: Field) -> None:
        if field.data != NONE and field.data == self.day.data:
            raise ValidationError("日付の列とは別の列を選んでください。出金の列がなければ「なし」を選んでください。")

    def validate_payer(self, field: Field) -> None:
        self._need(field)
        if field.data in {self.day.data, self.came.data, self.went.data}:
            raise ValidationError("日付や金額の列とは別の列を選んでください。")

    def validate_balance(self, field: Field) -> None:
        if field.data != NONE and field.data in {self.day.data, self.came.data, self.went.data}:
            raise ValidationError("日付や入金、出金の列とは別の列を選んでください。残高の列がなければ「なし」を選んでください。")

    def _need(self, field: Field) -> None:
        if not self._column(field):
            raise ValidationError("列を選んでください。")

    def validate_bank(self, field: Field) -> None:
        """The header is named with the bank: both are what the next file is known by."""
        if any(len(name) > LONGEST_COLUMN for name in self.names):
            raise ValidationError(f"見出しに{LONGEST_COLUMN}文字を超える列の名前があります。見出しの行を選び直してください。")

    def _column(self, field: Field) -> str:
        """The name of the chosen column; empty for a place that is not there."""
        places = {str(place): name for place, name in enumerate(self.names)}
        return places.get(field.data or NONE, "")
