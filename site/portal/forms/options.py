"""The forms of an option's own page: add it, more devices for the running term, another number of them from the next one on."""

from functools import cached_property
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectField, StringField, ValidationError

from portal.catalog import AnyProduct, Catalog, Document, Option, PerDevice
from portal.forms.base import PortalForm
from portal.forms.consents import missing_consents
from portal.forms.orders import must_be_offered
from portal.forms.product_choices import choices_of
from portal.forms.reading import whole_number
from portal.rules.orders.selection import Chosen


class OptionForm(PortalForm):
    """`most`: how many devices can still be had; 0 for an option without devices. `adds_to`: to the devices of a running term."""

    months = SelectField("契約期間", validate_choice=False)
    count = StringField("台数")
    agree = StringField("規約への同意")

    def __init__(
        self,
        catalog: Catalog,
        product: Option | PerDevice,
        *,
        most: int = 0,
        adds_to: bool = False,
        typed: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Filled from the request, or from the stored choices of a draft (`typed`)."""
        self.catalog, self.products, self.most, self.adds_to = catalog, (product,), most, adds_to
        super().__init__(**kwargs | ({"formdata": MultiDict(typed)} if typed else {}))
        self.months.choices = choices_of(product, None)[1:]
        self.months.data = self.months.data or ""
        self.count.data = self.count.data or ("1" if self.most and not self.is_submitted() and not typed else "")

    @property
    def product(self) -> Option | PerDevice:
        return self.products[0]

    @property
    def documents(self) -> tuple[Document, ...]:
        return (self.catalog.document_of(self.product.id),)

    def needs_consent(self, product: AnyProduct) -> bool:
        return True

    def consent(self, product: AnyProduct) -> Field:
        return self.agree

    def validate_months(self, field: Field) -> None:
        if not self.adds_to:
            must_be_offered(field, f"{self.product.short_name}の契約期間は、表示されている中から選んでください。")

    def validate_count(self, field: Field) -> None:
        count = whole_number(field.data)
        if self.most and (count is None or not 1 <= count <= self.most):
            raise ValidationError(f"台数は1から{self.most}までの数字で入力してください。")

    @cached_property
    def chosen(self) -> Chosen | None:
        """What was chosen, agreed to or not. None if something is not on offer; the errors are then at the fields."""
        if not self.validate():
            return None
        months = None if self.adds_to else int(self.months.data)
        return Chosen(self.product.id, months=months, quantity=whole_number(self.count.data) if self.most else 1)

    @cached_property
    def agreed(self) -> Chosen | None:
        """The same, if the terms are agreed to; else None, with the error at the box."""
        chosen = self.chosen
        return None if missing_consents(self) else chosen


class NextNumberForm(PortalForm):
    """`most`: how many devices are sold; `so_far`: how many the next automatic charge renews."""

    next_count = StringField("次回からの台数")

    def __init__(self, *, most: int, so_far: int, **kwargs: Any) -> None:
        self.most, self.so_far = most, so_far
        super().__init__(**kwargs)
        if self.next_count.data is None:
            self.next_count.data = str(so_far)

    @property
    def devices(self) -> int | None:
        """None if so many are not sold; the error is then at the field."""
        return whole_number(self.next_count.data) if self.validate() else None

    def validate_next_count(self, field: Field) -> None:
        count = whole_number(field.data)
        if count == 0:
            raise ValidationError("0台にはできません。更新しないときは、自動更新をオフにしてください。")
        if count is None or not 1 <= count <= self.most:
            raise ValidationError(f"次回からの台数は1から{self.most}までの数字で入力してください。")

    def refuse_the_same(self) -> None:
        """Where the next charge renews that many anyway."""
        self.next_count.errors = [f"次回の自動更新は、いまのままで{self.so_far}台です。変更するときは、ちがう台数を入力してください。"]
