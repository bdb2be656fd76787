"""The contract form for a customer with a contract: everything the customer has with its end date, and what can be added."""

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any, assert_never

from markupsafe import Markup
from wtforms import Field, SelectField
from wtforms.fields import SelectChoice

from portal.catalog import AnyProduct, Catalog, Certificate, Option, PerDevice, Plan, Server
from portal.forms.orders import ContractForm, fields_of, must_be_offered
from portal.forms.owned_products import OwnedProducts
from portal.rules.orders.prices import months_on_offer
from portal.rules.orders.quote import Line
from portal.rules.orders.selection import Owned
from portal.rules.renewals.by_hand import is_preselected, nearest_months
from portal.rules.renewals.snapshot import Entitlement

NOT_NOW = "更新しない"
NOT_THE_SERVER = "今回は更新しない"
UNCHANGED = "変更しない"  # it renews automatically, as before
UNCHANGED_SERVER = "サーバーは変更しない"
RENEWED = "renewed"
NOTHING = "何も選ばれていません。更新または追加するものを、1つ以上選んでください。"


def renewal_form(catalog: Catalog, plan: Plan | None, owned_products: OwnedProducts, **kwargs: Any) -> "RenewalForm":
    """With all products on sale, what the customer has, and one extra field per certificate."""
    shown = _shown(catalog, owned_products)
    own = tuple(tuple(field_of(each) for each in _certificates(product, owned_products)) for product in shown)
    return _class_of(catalog, tuple(product.id for product in shown), own)(catalog, plan, owned_products, **kwargs)


@lru_cache(maxsize=64)
def _class_of(catalog: Catalog, shown: tuple[str, ...], certificates: tuple[tuple[str, ...], ...]) -> type["RenewalForm"]:
    """Cached: creating the class takes longer than the rest of the form. `certificates`: field names per product."""
    fields: dict[str, Any] = {}
    for product_id, names in zip(shown, certificates, strict=True):
        fields |= fields_of(catalog.product(product_id))
        fields |= {name: _certificate(number) for number, name in enumerate(names, 1)}
    return type("RenewalForm", (RenewalForm,), fields)


def field_of(certificate: Entitlement) -> str:
    return f"certificate_{certificate.subscription}"


def typed_for(lines: Iterable[Line], catalog: Catalog, owned_products: OwnedProducts, kept: Mapping[str, str]) -> dict[str, str]:
    """What would have been typed for these lines. `kept`: what was typed before, with the consents, if it was for the same terms."""
    typed = {"have": owned_products.mark} | (kept if kept.get("have") == owned_products.mark else {})
    for line in lines:
        product = catalog.product(line.product)
        if isinstance(product, Certificate) and line.subscription:
            typed[f"certificate_{line.subscription}"] = RENEWED
        elif product is not None:
            typed[product.choice_field] = line.variant if isinstance(product, Certificate) else str(line.months)
        if isinstance(product, PerDevice):
            typed[product.count_field] = str(line.quantity)
    return typed


class RenewalForm(ContractForm):
    def __init__(self, catalog: Catalog, plan: Plan | None, owned_products: OwnedProducts, **kwargs: Any) -> None:
        """Filled as ContractForm. A draft's choices made for an earlier term are ignored."""
        self.owned_products = owned_products
        for name in ("choices", "preset"):
            if kwargs.get(name) and kwargs[name].get("have") != owned_products.mark:
                kwargs[name] = {}
        super().__init__(catalog, plan, **kwargs)
        for product in self.products:
            for certificate, field, _ in self.certificates(product):
                field.choices = [self._none_of(certificate), *self._renewal_of(product, certificate)]

    @cached_property
    def products(self) -> tuple[AnyProduct, ...]:
        return _shown(self.catalog, self.owned_products)

    @property
    def strangers(self) -> list[Entitlement]:
        """What the customer has of products that are no longer in the catalog."""
        return [entitlement for entitlement in self.owned_products.entitlements if self.catalog.product(entitlement.product) is None]

    def choices_of(self, product: AnyProduct) -> list[SelectChoice]:
        choices = super().choices_of(product)
        match product:
            case Server():
                months = choices if self.owned_products.open(product.id) else []
                return months if self.owned_products.is_over else [*months, self._no_server]
            case Certificate():
                return choices[:1] if self.owned_products.of(product.id) else choices
            case Option() | PerDevice():
                mine = self.owned_products.of(product.id)
                if mine is None:
                    return choices if self.is_open(product) else choices[:1]
                return [self._none_of(mine), *(choices[1:] if self.owned_products.open(product.id) else ())]
            case _:
                assert_never(product)

    def first_choice_of(self, product: AnyProduct) -> dict[str, str]:
        match product:
            case Server():
                server = self.owned_products.open(product.id)
                return {product.choice_field: str(nearest_months(server.months, self.plan.months)) if server else ""}
            case Certificate():
                return {product.choice_field: ""}  # certificates are renewed one by one, each because the customer says so
            case Option():
                return {product.choice_field: self._first_months(product)}
            case PerDevice():
                mine = self.owned_products.of(product.id)
                count = min(mine.quantity, product.max_devices) if mine else 1
                return {product.choice_field: self._first_months(product), product.count_field: str(count)}
            case _:
                assert_never(product)

    @property
    def gone(self) -> dict[str, int]:
        """Product -> months that the customer has but that are no longer sold."""
        found = {product.id: (self.owned_products.open(product.id), months_on_offer(product, self.plan)) for product in self.products}
        return {name: mine.months for name, (mine, months) in found.items() if mine and months and mine.months not in months}

    def certificates(self, product: AnyProduct) -> list[tuple[Entitlement, Field, str | None]]:
        """Each certificate of the product with its field, and why it cannot be renewed now."""
        return [
            (each, self[field_of(each)], self.owned_products.obstacles.get(each.subscription))
            for each in _certificates(product, self.owned_products)
        ]

    @property
    def owned(self) -> tuple[Owned, ...]:
        return tuple(
            Owned(each.subscription, each.product, each.kind, each.variant, each.ends_on, each.common_name)
            for each in self.owned_products.entitlements
        )

    def chosen_certificates(self, product: AnyProduct) -> frozenset[int]:
        return frozenset(entitlement.subscription for entitlement, field, _ in self.certificates(product) if field.data)

    @property
    def mistakes(self) -> list[Field]:
        """In page order: a product's choice, its certificates, its consent."""
        order = [name for product in self.products for name in self._names(product)]
        return sorted(super().mistakes, key=lambda field: order.index(field.name))

    def is_open(self, product: AnyProduct) -> bool:
        return product.is_sold if isinstance(product, Certificate) else not self.owned_products.obstacle(product.id)

    def needs_consent(self, product: AnyProduct) -> bool:
        return super().needs_consent(product) and not (isinstance(product, Server) and self.owned_products.has_agreed)

    def typed(self) -> dict[str, str]:
        return super().typed() | {"have": self.owned_products.mark}

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if not is_valid or any(self.is_chosen(product) for product in self.products):
            return is_valid
        field = self._first_field()
        field.errors = [*field.errors, NOTHING]
        return False

    def refusal(self, product: AnyProduct, sentence: str) -> str:
        return (self.owned_products.obstacle(product.id) if not isinstance(product, Certificate) else None) or sentence

    def refusal_of_certificate(self, field: Field) -> str:
        """As `refusal`, for the field of one certificate."""
        found = ((product, obstacle) for product in self.products for _, own, obstacle in self.certificates(product) if own is field)
        product, obstacle = next(found)
        return obstacle or f"{product.name}は、更新するかしないかを選んでください。"

    def _first_field(self) -> Field:
        """The first field with something to choose."""
        fields = [field for each in self.products for field in (self.choice(each), *(own for _, own, _ in self.certificates(each)))]
        return next((field for field in fields if len(field.choices) > 1), fields[0])

    def _names(self, product: AnyProduct) -> list[str]:
        choice, *others = product.fields
        return [choice, *(field_of(each) for each in _certificates(product, self.owned_products)), *others]

    def _renewal_of(self, product: Certificate, certificate: Entitlement) -> list[SelectChoice]:
        if certificate.subscription in self.owned_products.obstacles:
            return []
        variant = product.variant(certificate.variant)
        return [SelectChoice(RENEWED, Markup("更新する（{}か月 {:,}円）").format(variant.months, variant.yen))]

    def _first_months(self, product: Option | PerDevice) -> str:
        entitlement = self.owned_products.open(product.id)
        is_marked = entitlement and self._is_preselected(entitlement)
        return str(nearest_months(entitlement.months, product.months)) if is_marked else ""

    def _is_preselected(self, entitlement: Entitlement) -> bool:
        """What renews by itself is paid now only if the customer says so."""
        is_left = entitlement.subscription in self.owned_products.by_themselves
        return not is_left and is_preselected(entitlement, self.owned_products.snapshot.server)

    def _none_of(self, entitlement: Entitlement) -> SelectChoice:
        return SelectChoice("", UNCHANGED if entitlement.subscription in self.owned_products.by_themselves else NOT_NOW)

    @property
    def _no_server(self) -> SelectChoice:
        server = self.owned_products.snapshot.server
        return SelectChoice("", UNCHANGED_SERVER if server and server.subscription in self.owned_products.by_themselves else NOT_THE_SERVER)


def _shown(catalog: Catalog, owned_products: OwnedProducts) -> tuple[AnyProduct, ...]:
    return tuple(product for product in catalog.products if product.is_sold or owned_products.of(product.id))


def _certificates(product: AnyProduct, owned_products: OwnedProducts) -> tuple[Entitlement, ...]:
    return owned_products.all_of(product.id) if isinstance(product, Certificate) else ()


def _certificate(number: int) -> SelectField:
    return SelectField(f"証明書{number}", validators=[_is_offered], validate_choice=False)


def _is_offered(form: RenewalForm, field: Field) -> None:
    must_be_offered(field, form.refusal_of_certificate(field))
