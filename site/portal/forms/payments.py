"""The choice of the payment method. Only available methods are offered."""

from typing import Any

from wtforms import Field, RadioField, SelectField, ValidationError
from wtforms.fields import SelectChoice

from portal.enums import Method
from portal.forms.base import PortalForm
from portal.rules.payments.methods import row_of

YES = "yes"


class MethodForm(PortalForm):
    method = RadioField("お支払い方法", validate_choice=False)
    keeps_method = RadioField("今後の自動更新のお支払いにも使う", validate_choice=False)
    wallet_day = SelectField("自動更新日", validate_choice=False)

    def __init__(self, offered: list[Method], wallet_days: tuple[int, ...], **kwargs: Any) -> None:
        """`wallet_days`: the days of the month on which おさいぽ! can be charged."""
        super().__init__(**kwargs)
        self.wallet_day.choices = [SelectChoice(str(day), f"毎回 {day}日") for day in wallet_days]
        self.wallet_day.data = str(self.wallet_day.data or wallet_days[0])
        self.offered = offered
        self.method.choices = [SelectChoice(method.value, method.label) for method in offered]
        self.method.data = self.method.data or offered[0].value
        self.keeps_method.choices = [SelectChoice("", "いいえ"), SelectChoice(YES, "はい")]
        self.keeps_method.data = YES if self.keeps_method.data == YES else ""

    @property
    def chosen(self) -> Method | None:
        return next((method for method in self.offered if method.value == self.method.data), None)

    @property
    def shown(self) -> Method:
        """The method whose explanation the page shows: the chosen one, else the first."""
        return self.chosen or self.offered[0]

    @property
    def is_kept(self) -> bool:
        """Of an order of kind `add`: its card or wallet pays automatic renewals from now on."""
        return self.keeps_method.data == YES and not row_of(self.shown).is_paid_later

    @property
    def day(self) -> int | None:
        """The chosen charge day, if the method has one. The first day while no valid one is chosen."""
        offered = [choice.value for choice in self.wallet_day.choices]
        day = self.wallet_day.data if self.wallet_day.data in offered else offered[0]
        return int(day) if row_of(self.shown).has_own_day else None

    def validate_wallet_day(self, field: Field) -> None:
        if field.data not in [choice.value for choice in field.choices]:
            raise ValidationError("自動更新日は、表示されている中から選んでください。")

    def validate_method(self, field: Field) -> None:
        if self.chosen is None:
            raise ValidationError("お支払い方法は、表示されている中から選んでください。")
