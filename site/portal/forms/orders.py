"""The contract form: a choice for each catalog product, and consent to the terms of the chosen products."""

from functools import cached_property, lru_cache
from typing import Any, assert_never

from werkzeug.datastructures import MultiDict
from wtforms import Field, RadioField, SelectField, StringField, ValidationError
from wtforms.fields import SelectChoice

from portal.catalog import AnyProduct, Catalog, Certificate, Document, Option, PerDevice, Plan, Server
from portal.forms.base import PortalForm, typed_before
from portal.forms.consents import missing_consents
from portal.forms.product_choices import choices_of, looks_of
from portal.forms.reading import whole_number
from portal.rules.orders.selection import Chosen, Owned, Selection


def contract_form(catalog: Catalog, plan: Plan, **kwargs: Any) -> "ContractForm":
    """The form for a new contract, with all products on sale."""
    return _class_of(catalog)(catalog, plan, **kwargs)


@lru_cache(maxsize=4)
def _class_of(catalog: Catalog) -> type["ContractForm"]:
    return type("NewContractForm", (ContractForm,), {name: field for each in catalog.sold for name, field in fields_of(each).items()})


class ContractForm(PortalForm):
    """Base of all contract forms. The fields come from the catalog; see `fields_of`.

    `pays_now`: an order comes of it. False where it says what the next automatic charge is for.
    """

    pays_now = True
    looks_of = looks_of

    def __init__(
        self,
        catalog: Catalog,
        plan: Plan,
        *,
        choices: dict[str, str] | None = None,
        preset: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Filled from the request, or from the stored `choices` of a draft. With no choices yet, the shortest period is selected.

        `preset`: the choices with which its page is opened, unless something was typed there before the sign-in.
        """
        self.catalog, self.plan = catalog, plan
        if preset is not None and typed_before() is None:
            choices = preset
        if choices is not None:
            kwargs |= {"formdata": MultiDict(choices)} if choices else {"formdata": None, "data": self.first_choice()}
        super().__init__(**kwargs)
        for product in self.products:
            self.choice(product).choices = self.choices_of(product)

    @cached_property
    def products(self) -> tuple[AnyProduct, ...]:
        """The products of the form, in page order."""
        return self.catalog.sold

    @cached_property
    def _by_field(self) -> dict[str, AnyProduct]:
        return {name: product for product in self.products for name in product.fields}

    def choice(self, product: AnyProduct) -> Field:
        return self[product.choice_field]

    def count(self, product: PerDevice) -> Field:
        return self[product.count_field]

    def consent(self, product: AnyProduct) -> Field:
        return self[product.consent_field]

    def product_of(self, field: Field) -> AnyProduct:
        return self._by_field[field.name]

    def choices_of(self, product: AnyProduct) -> list[SelectChoice]:
        return choices_of(product, self.plan)

    def first_choice(self) -> dict[str, str]:
        return {name: value for product in self.products for name, value in self.first_choice_of(product).items()}

    def first_choice_of(self, product: AnyProduct) -> dict[str, str]:
        """The shortest period. Something must be checked: some browsers would check the first radio by themselves."""
        match product:
            case Server():
                return {product.choice_field: str(min(self.plan.months))}
            case Certificate() | Option():
                return {product.choice_field: ""}
            case PerDevice():
                return {product.choice_field: "", product.count_field: "1"}
            case _:
                assert_never(product)

    @property
    def owned(self) -> tuple[Owned, ...]:
        """The subscription that the choice renews, if any."""
        return ()

    def chosen_certificates(self, product: AnyProduct) -> frozenset[int]:
        """The subscriptions of this product's certificates that the customer chose to renew."""
        return frozenset()

    def is_chosen(self, product: AnyProduct) -> bool:
        return bool(self.choice(product).data) or bool(self.chosen_certificates(product))

    def is_open(self, product: AnyProduct) -> bool:
        """True if this product has something to choose. Else the page says why not and has no consent box."""
        return True

    def needs_consent(self, product: AnyProduct) -> bool:
        return self.is_chosen(product) and self.is_open(product)

    @property
    def documents(self) -> list[Document]:
        """The documents that the choice needs consent to, in page order."""
        return [self.catalog.document_of(product.id) for product in self.products if self.needs_consent(product)]

    @cached_property
    def selection(self) -> Selection | None:
        """The choice as values. None if something is not on offer; the errors are then at the fields."""
        if not self.validate():
            return None
        chosen = tuple(self._chosen(product) for product in self.products if self.choice(product).data)
        return Selection(chosen, frozenset(number for product in self.products for number in self.chosen_certificates(product)))

    @cached_property
    def agreed_selection(self) -> Selection | None:
        """As `selection`, and every needed document is agreed to. Else None, with the errors at the consent boxes."""
        selection = self.selection
        missing = missing_consents(self)
        return None if missing else selection

    def refusal(self, product: AnyProduct, sentence: str) -> str:
        """The error message when the chosen value is not on offer."""
        return sentence

    def _chosen(self, product: AnyProduct) -> Chosen:
        value = self.choice(product).data
        match product:
            case Server() | Option():
                return Chosen(product.id, months=int(value))
            case Certificate():
                return Chosen(product.id, variant=value)
            case PerDevice():
                return Chosen(product.id, months=int(value), quantity=whole_number(self.count(product).data))
            case _:
                assert_never(product)


def fields_of(product: AnyProduct) -> dict[str, Any]:
    """The form fields of a product, by name, in page order."""
    offered = {"validators": [_is_offered], "validate_choice": False}
    match product:
        case Server():
            fields = (RadioField("契約期間", **offered),)
        case Certificate():
            fields = (RadioField(product.name, **offered),)
        case Option():
            fields = (SelectField(f"{product.short_name}の契約期間", **offered),)
        case PerDevice():
            fields = (SelectField(f"{product.short_name}の契約期間", **offered), StringField("台数", validators=[_is_a_number_sold]))
        case _:
            assert_never(product)
    return dict(zip(product.fields, (*fields, StringField(f"{product.name}の規約への同意")), strict=True))


def must_be_offered(field: Field, sentence: str) -> None:
    field.data = field.data or ""
    if field.data not in [choice.value for choice in field.choices]:
        raise ValidationError(sentence)


def _is_offered(form: ContractForm, field: Field) -> None:
    product = form.product_of(field)
    must_be_offered(field, form.refusal(product, _refusal(product)))


def _is_a_number_sold(form: ContractForm, field: Field) -> None:
    product, count = form.product_of(field), whole_number(field.data)
    most = product.max_devices
    if form.choice(product).data and form.is_open(product) and (count is None or not 1 <= count <= most):
        raise ValidationError(f"台数は1から{most}までの数字で入力してください。")


def _refusal(product: AnyProduct) -> str:
    match product:
        case Server():
            return "契約期間を選んでください。"
        case Certificate():
            return f"{product.name}は、表示されている中から選んでください。"
        case Option() | PerDevice():
            return f"{product.short_name}の契約期間は、表示されている中から選んでください。"
        case _:
            assert_never(product)
