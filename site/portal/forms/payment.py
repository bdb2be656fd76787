"""The choice of the payment method: only those whose company is there are offered."""

from typing import Any

from wtforms import Field, RadioField, ValidationError
from wtforms.fields import SelectChoice

from portal.forms.base import PortalForm
from portal.words import Method


class MethodForm(PortalForm):
    method = RadioField("お支払い方法", validate_choice=False)

    def __init__(self, offered: list[Method], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offered = offered
        self.method.choices = [SelectChoice(method.value, method.label) for method in offered]
        self.method.data = self.method.data or offered[0].value

    @property
    def chosen(self) -> Method | None:
        return next((method for method in self.offered if method.value == self.method.data), None)

    def validate_method(self, field: Field) -> None:
        if self.chosen is None:
            raise ValidationError("お支払い方法は、表示されている中から選んでください。")
