"""The contract form: 契約期間, the options, and the consent to each chosen option's terms."""

from functools import cached_property
from typing import Any

from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import Field, RadioField, SelectField, StringField, ValidationError
from wtforms.fields import SelectChoice

from portal.catalog import Catalog, Document, Plan
from portal.enums import Product
from portal.forms.base import PortalForm, whole_number
from portal.rules.orders.quote import YEAR, Owned, Selection

NONE = SelectChoice("", "利用しない")


class ContractForm(PortalForm):
    months = RadioField("契約期間", validate_choice=False)
    agree_server = StringField("サーバーの約款への同意")
    ssl = RadioField("独自SSL", validate_choice=False)
    agree_ssl = StringField("独自SSLの特約への同意")
    backup = SelectField("バックアップの契約期間", validate_choice=False)
    agree_backup = StringField("バックアップオプションの特約への同意")
    device_months = SelectField("デバイスセキュリティの契約期間", validate_choice=False)
    devices = StringField("台数")
    agree_device = StringField("デバイスセキュリティの特約への同意")

    def __init__(self, catalog: Catalog, plan: Plan, *, choices: dict[str, str] | None = None, **kwargs: Any) -> None:
        """Filled from the request, or from the `choices` that a draft remembers (none yet: a year is marked)."""
        self.catalog, self.plan = catalog, plan
        if choices is not None:
            kwargs |= {"formdata": MultiDict(choices)} if choices else {"formdata": None, "data": self.first_choice()}
        super().__init__(**kwargs)
        self.offer_choices()

    def offer_choices(self) -> None:
        """Fill the fields with what the catalog has."""
        catalog, plan = self.catalog, self.plan
        self.months.choices = [SelectChoice(str(months), f"{months}か月") for months in plan.months]
        self.ssl.choices = [NONE, *(SelectChoice(kind.id, kind.name) for kind in catalog.ssl_kinds)]
        self.backup.choices = [NONE, *(_option(months, catalog.backup.total_yen(months)) for months in catalog.backup.months)]
        self.device_months.choices = [NONE, *(_per_device(months, catalog) for months in catalog.device.months)]

    def first_choice(self) -> dict[str, str]:
        """A year is marked at first: there is always a checked one, for browsers that would mark the first by themselves."""
        months = YEAR if YEAR in self.plan.months else min(self.plan.months)
        return {"months": str(months), "ssl": "", "backup": "", "device_months": "", "devices": "1"}

    @property
    def owned(self) -> tuple[Owned, ...]:
        """What the choice renews, where there is something."""
        return ()

    def chosen_certificates(self) -> frozenset[int]:
        """The subscriptions of the certificates that are renewed."""
        return frozenset()

    def is_chosen(self, product: Product) -> bool:
        fields = {Product.SERVER: self.months, Product.SSL: self.ssl, Product.BACKUP: self.backup, Product.DEVICE: self.device_months}
        return bool(fields[product].data) or (product is Product.SSL and bool(self.chosen_certificates()))

    @property
    def documents(self) -> list[Document]:
        """The documents that this choice needs consent to, in the order of the page."""
        return [self.catalog.document_of(product) for product in Product if self.is_chosen(product)]

    def consent(self, product: Product) -> Field:
        return self[f"agree_{product.value}"]

    @cached_property
    def selection(self) -> Selection | None:
        """The choice as values; None, with the mistakes at their fields, where something is not on offer."""
        if not self.validate():
            return None
        devices = whole_number(self.devices.data) if self.device_months.data else None
        return Selection(
            months=int(self.months.data) if self.months.data else None,
            ssl=self.ssl.data or None,
            backup_months=int(self.backup.data) if self.backup.data else None,
            devices=devices,
            device_months=int(self.device_months.data) if self.device_months.data else None,
            certificates=self.chosen_certificates(),
        )

    @cached_property
    def agreed_selection(self) -> Selection | None:
        """The choice, if every document that it needs is agreed to as well; else what is missing stands at its box."""
        selection = self.selection
        missing = [document for document in self.documents if self.consent(document.product).data != document.version]
        for document in missing:
            field = self.consent(document.product)
            field.errors = [*field.errors, _consent_sentence(document)]
        return None if missing else selection

    def refusal(self, product: Product, sentence: str) -> str:
        """What is said where something is chosen that is not on offer."""
        return sentence

    def validate_months(self, field: Field) -> None:
        must_be_offered(field, self.refusal(Product.SERVER, "契約期間を選んでください。"))

    def validate_ssl(self, field: Field) -> None:
        must_be_offered(field, "独自SSLは、表示されている中から選んでください。")

    def validate_backup(self, field: Field) -> None:
        must_be_offered(field, self.refusal(Product.BACKUP, "バックアップの契約期間は、表示されている中から選んでください。"))

    def validate_device_months(self, field: Field) -> None:
        must_be_offered(field, self.refusal(Product.DEVICE, "デバイスセキュリティの契約期間は、表示されている中から選んでください。"))

    def validate_devices(self, field: Field) -> None:
        most = self.catalog.device.max_devices
        count = whole_number(field.data)
        if self.device_months.data and (count is None or not 1 <= count <= most):
            raise ValidationError(f"台数は1から{most}までの数字で入力してください。")


def must_be_offered(field: Field, sentence: str) -> None:
    field.data = field.data or ""
    if field.data not in [choice.value for choice in field.choices]:
        raise ValidationError(sentence)


def _consent_sentence(document: Document) -> str:
    if document.product is Product.SERVER:
        return f"「{document.title}」への同意が必要です。内容を確認して、チェックを入れてください。"
    return f"{document.product.label}の特約への同意が必要です。内容を確認して、チェックを入れてください。"


def _option(months: int, total_yen: int) -> SelectChoice:
    return SelectChoice(str(months), Markup("{}か月 {:,}円").format(months, total_yen))


def _per_device(months: int, catalog: Catalog) -> SelectChoice:
    return SelectChoice(str(months), Markup("{}か月 1台 {:,}円").format(months, catalog.device.total_yen(1, months)))
