"""Allocation and undo: amount, reason, and a new code if the last one is too old."""

from typing import Any

from wtforms import Field, HiddenField, StringField, ValidationError
from wtforms.validators import Length

from portal.forms.base import PortalForm
from portal.forms.reading import one_line, whole_number, yen_amount
from portal.forms.staff.fields import required_line, whole_yen

LONGEST_REASON = 200


class CodeForm(PortalForm):
    """A new code, if the last one is too old."""

    code = StringField("確認コード", [Length(max=64, message="64文字までです。")])


class ReasonForm(CodeForm):
    reason = StringField("理由", [required_line, Length(max=LONGEST_REASON, message=f"理由は{LONGEST_REASON}文字までです。")])

    @property
    def more(self) -> list[Field]:
        """Further fields, above the reason."""
        return []

    @property
    def told(self) -> list[tuple[str, str]]:
        """What the second look says of them."""
        return []

    @property
    def why(self) -> str:
        return one_line(self.reason.data)


class UndoForm(ReasonForm):
    """`order` and `yen`: what the page was about, so that a second press is answered as the first."""

    order = HiddenField()
    yen = HiddenField()

    @property
    def undone_yen(self) -> int:
        return whole_number(self.yen.data) or 0


class AllocationForm(ReasonForm):
    """`is_perfect`: number, yen and name agree: then all of it is allocated without a reason, and 理由 is メモ（任意）."""

    WITHOUT_REASON = "番号・金額・名義が一致"
    reason = StringField("理由", [Length(max=LONGEST_REASON, message=f"{LONGEST_REASON}文字までです。")])
    yen = StringField("充当する金額", [whole_yen])

    def __init__(self, rest_yen: int, missing_yen: int, *, is_perfect: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rest_yen, self.missing_yen, self.is_perfect = rest_yen, missing_yen, is_perfect
        if self.needs_no_reason:
            self.reason.label.text = "メモ（任意）"

    @property
    def needs_no_reason(self) -> bool:
        return self.is_perfect and self.amount == self.missing_yen

    @property
    def why(self) -> str:
        return one_line(self.reason.data) or (self.WITHOUT_REASON if self.needs_no_reason else "")

    def validate_reason(self, field: Field) -> None:
        if not self.needs_no_reason:
            required_line(self, field)

    @property
    def amount(self) -> int:
        return yen_amount(self.yen.data)

    def validate_yen(self, field: Field) -> None:
        yen = yen_amount(field.data)
        if yen is None:
            return
        if yen > self.rest_yen:
            raise ValidationError(f"この入金の残りは{self.rest_yen:,}円です。それ以下の金額を入力してください。")
        if yen > self.missing_yen:
            raise ValidationError(f"この申し込みの不足額は{self.missing_yen:,}円です。それ以下の金額を入力してください。")
