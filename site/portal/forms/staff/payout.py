"""返金の振込先, and the day on which the bank is to pay a file."""

from collections.abc import Set
from datetime import date, timedelta
from typing import Any

from wtforms import Field, SelectField, StringField, ValidationError
from wtforms.fields import SelectChoice

from portal.forms.reading import calendar_date, digits, one_line, yen_amount
from portal.forms.staff.allocation import ReasonForm
from portal.forms.staff.day import DayForm
from portal.forms.staff.fields import required_line, whole_yen
from portal.rules.transfers.bank_names import LONGEST, bank_name
from portal.rules.transfers.business_days import business_day_after, is_bank_business_day
from portal.rules.transfers.payout_files import KINDS

LATEST = timedelta(days=60)
SIZES = {"bank_code": 4, "branch_code": 3, "account_number": 7}


class PayoutForm(ReasonForm):
    """`most_yen`: what may go back."""

    yen = StringField("返金する金額", [whole_yen])
    bank_code = StringField("銀行コード（4けた）")
    branch_code = StringField("支店コード（3けた）")
    kind = SelectField("預金種目", choices=[SelectChoice(code, name) for code, name in KINDS.items()], validate_choice=False)
    account_number = StringField("口座番号（7けた）")
    account_name = StringField("口座名義（カナ）", [required_line])

    def __init__(self, most_yen: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most_yen = most_yen

    @property
    def more(self) -> list[Field]:
        return [self.yen, self.bank_code, self.branch_code, self.kind, self.account_number, self.account_name]

    @property
    def told(self) -> list[tuple[str, str]]:
        number = f"{KINDS[self.kind.data]} {self.payee['account_number']}"
        where = f"銀行 {self.payee['bank_code']}　支店 {self.payee['branch_code']}　{number}"
        return [("返金する金額", f"{self.amount:,}円"), ("振込先", where), ("口座名義", self.payee["account_name"])]

    @property
    def amount(self) -> int:
        return yen_amount(self.yen.data)

    @property
    def payee(self) -> dict[str, str]:
        """As a Payee has them."""
        found = {name: digits(self[name].data) for name in SIZES}
        return found | {"kind": self.kind.data, "account_name": bank_name(one_line(self.account_name.data))[0]}

    def validate_yen(self, field: Field) -> None:
        yen = yen_amount(field.data)
        if yen is not None and yen > self.most_yen:
            raise ValidationError(f"返金できるのは{self.most_yen:,}円までです。それ以下の金額を入力してください。")

    def validate_bank_code(self, field: Field) -> None:
        size = SIZES[field.name]
        if len(digits(field.data)) != size:
            raise ValidationError(f"{field.label.text.partition('（')[0]}は、0も略さず{size}けたの数字で入力してください。")

    validate_branch_code = validate_account_number = validate_bank_code

    def validate_kind(self, field: Field) -> None:
        if field.data not in KINDS:
            raise ValidationError("預金種目を選んでください。")

    def validate_account_name(self, field: Field) -> None:
        name, unknown = bank_name(one_line(field.data))
        if unknown:
            raise ValidationError(
                f"「{unknown[:10]}」は、銀行のファイルに書けません。通帳にあるカナ・英大文字・数字・( ) - . で入力してください。"
            )
        if len(name) > LONGEST:
            raise ValidationError(
                f"口座名義は、半角カナで{LONGEST}文字までです（゛と゜も1文字。今は{len(name)}文字）。はじめの{LONGEST}文字にしてください。"
            )


class ToldForm(ReasonForm):
    """A note beside `what` the second look says."""

    def __init__(self, what: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.what = what
        self.reason.label.text = "メモ"

    @property
    def told(self) -> list[tuple[str, str]]:
        return self.what


class FileDayForm(DayForm):
    """総合振込のファイル: the day on which the bank pays, a bank business day. `what`: the rows that go into it, in words."""

    day = StringField("振込指定日")
    too_early = "今日（{}）より前の日にはできません。"
    is_last = "ファイルに書ける最後の日"

    def __init__(self, today: date, closed: Set[date], what: list[tuple[str, str]], **kwargs: Any) -> None:
        next_day = business_day_after(today, 1, closed)
        super().__init__(today, today + LATEST, **({"data": {"day": next_day.isoformat()}} | kwargs))
        self.closed, self.what = closed, what
        self.reason.label.text = "メモ"
        self.hint = f"銀行の営業日。例：{next_day}。銀行の締切に間に合う日にしてください"

    @property
    def told(self) -> list[tuple[str, str]]:
        return [("振込指定日", f"{self.chosen_day}"), *self.what]

    def validate_day(self, field: Field) -> None:
        super().validate_day(field)
        if not is_bank_business_day(calendar_date(field.data), self.closed):
            raise ValidationError("振込指定日は、銀行の営業日にしてください（会社の休業日も選べません）。")
