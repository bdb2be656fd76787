"""The contract form for whoever has a contract: everything that there is with its end, renewed or not, and what may be added."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from wtforms import Field, SelectField
from wtforms.fields import SelectChoice

from portal.catalog import Catalog, Document, Plan
from portal.enums import Product
from portal.forms.orders import ContractForm, must_be_offered
from portal.rules.orders.quote import Owned
from portal.rules.renewals.by_hand import is_meant, nearest_months
from portal.rules.renewals.snapshot import Entitlement, Snapshot

NOT_NOW = "更新しない"
NOT_THE_SERVER = "今回は更新しない"
RENEWED = "renewed"
NOTHING = "何も選ばれていません。更新または追加するものを、1つ以上選んでください。"
PAGE = ("months", "agree_server", "ssl", "agree_ssl", "backup", "agree_backup", "device_months", "devices", "agree_device")


@dataclass(frozen=True)
class Have:
    """What the customer has. `obstacles`: why one of these subscriptions cannot be renewed now, in Japanese.

    `has_agreed`: to the server's terms, in today's version. `is_over`: the server's term has ended, so that nothing is sold without it.
    """

    snapshot: Snapshot
    obstacles: Mapping[int, str]
    has_agreed: bool
    is_over: bool = False

    @property
    def entitlements(self) -> tuple[Entitlement, ...]:
        return self.snapshot.entitlements

    @property
    def certificates(self) -> tuple[Entitlement, ...]:
        return tuple(entitlement for entitlement in self.entitlements if entitlement.product is Product.SSL)

    @property
    def mark(self) -> str:
        """Another one once a term was added: what was typed before was about something else."""
        return " ".join(f"{entitlement.subscription}:{entitlement.ends_on}" for entitlement in self.entitlements)

    def of(self, product: Product) -> Entitlement | None:
        return next((entitlement for entitlement in self.entitlements if entitlement.product is product), None)

    def open(self, product: Product) -> Entitlement | None:
        """The same, if it can be renewed now."""
        entitlement = self.of(product)
        return None if entitlement is None or entitlement.subscription in self.obstacles else entitlement

    def obstacle(self, product: Product) -> str | None:
        """For anything but certificates; of these there may be several."""
        entitlement = self.of(product)
        return entitlement and self.obstacles.get(entitlement.subscription)

    @property
    def is_complete(self) -> bool:
        """Whether there is nothing to choose: nothing can be renewed now, and nothing is missing."""
        return len(self.obstacles) == len(self.entitlements) and all(self.of(product) for product in Product)


def renewal_form(catalog: Catalog, plan: Plan, have: Have, **kwargs: Any) -> "RenewalForm":
    """The form with one field more for each certificate."""
    fields = {field_of(each): _certificate(number) for number, each in enumerate(have.certificates, 1)}
    return type("RenewalForm", (RenewalForm,), fields)(catalog, plan, have, **kwargs)


def field_of(certificate: Entitlement) -> str:
    return f"certificate_{certificate.subscription}"


class RenewalForm(ContractForm):
    def __init__(self, catalog: Catalog, plan: Plan, have: Have, *, choices: dict[str, str] | None = None, **kwargs: Any) -> None:
        """Filled as ContractForm is; what a draft remembers of an earlier term is left."""
        self.have = have
        if choices and choices.get("have") != have.mark:
            choices = {}
        super().__init__(catalog, plan, choices=choices, **kwargs)

    def offer_choices(self) -> None:
        super().offer_choices()
        months = self.months.choices if self.have.open(Product.SERVER) else []
        self.months.choices = months if self.have.is_over else [*months, SelectChoice("", NOT_THE_SERVER)]
        self.ssl.choices = self.ssl.choices[:1] if self.have.certificates else self.ssl.choices
        for product, field in ((Product.BACKUP, self.backup), (Product.DEVICE, self.device_months)):
            if self.have.of(product):
                field.choices = [SelectChoice("", NOT_NOW), *(field.choices[1:] if self.have.open(product) else ())]
        for certificate in self.have.certificates:
            self[field_of(certificate)].choices = [SelectChoice("", NOT_NOW), *self._renewal_of(certificate)]

    def first_choice(self) -> dict[str, str]:
        server, device = self.have.open(Product.SERVER), self.have.of(Product.DEVICE)
        devices = min(device.quantity, self.catalog.device.max_devices) if device else 1
        offered = {"backup": (Product.BACKUP, self.catalog.backup), "device_months": (Product.DEVICE, self.catalog.device)}
        chosen = {field: self._first_months(product, option.months) for field, (product, option) in offered.items()}
        months = str(nearest_months(server.months, self.plan.months)) if server else ""
        return chosen | {"months": months, "ssl": "", "devices": str(devices)} | self._first_certificates()

    @property
    def gone(self) -> dict[Product, int]:
        """Months that the customer has and that are not sold any more."""
        sold = {Product.SERVER: self.plan, Product.BACKUP: self.catalog.backup, Product.DEVICE: self.catalog.device}
        have = {product: self.have.open(product) for product in sold}
        return {
            product: entitlement.months
            for product, entitlement in have.items()
            if entitlement and entitlement.months not in sold[product].months
        }

    @property
    def certificates(self) -> list[tuple[Entitlement, Field, str | None]]:
        """Each certificate with its field, and why it cannot be renewed now."""
        return [(each, self[field_of(each)], self.have.obstacles.get(each.subscription)) for each in self.have.certificates]

    @property
    def owned(self) -> tuple[Owned, ...]:
        return tuple(Owned(each.subscription, each.product, each.variant, each.ends_on) for each in self.have.entitlements)

    def chosen_certificates(self) -> frozenset[int]:
        return frozenset(entitlement.subscription for entitlement, field, _ in self.certificates if field.data)

    @property
    def documents(self) -> list[Document]:
        return [document for document in super().documents if not (document.product is Product.SERVER and self.have.has_agreed)]

    @property
    def mistakes(self) -> list[Field]:
        """In the order of the page, where the certificates stand in the place of 独自SSL."""
        return sorted(super().mistakes, key=lambda field: PAGE.index(field.name if field.name in PAGE else "ssl"))

    def typed(self) -> dict[str, str]:
        return super().typed() | {"have": self.have.mark}

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if not is_valid or any(self.is_chosen(product) for product in Product):
            return is_valid
        field = self[self._first_field()]
        field.errors = [*field.errors, NOTHING]
        return False

    def refusal(self, product: Product, sentence: str) -> str:
        return (self.have.obstacle(product) if product is not Product.SSL else None) or sentence

    def _first_field(self) -> str:
        """Where something can be chosen at all."""
        names = ("months", "ssl", *(field_of(each) for each in self.have.certificates), "backup", "device_months")
        return next((name for name in names if len(self[name].choices) > 1), "months")

    def _first_certificates(self) -> dict[str, str]:
        server = self.have.of(Product.SERVER)
        return {field_of(each): RENEWED for each in self.have.certificates if self._renewal_of(each) and is_meant(each, server)}

    def _renewal_of(self, certificate: Entitlement) -> list[SelectChoice]:
        if certificate.subscription in self.have.obstacles:
            return []
        kind = self.catalog.ssl_kind(certificate.variant)
        return [SelectChoice(RENEWED, Markup("更新する（{}か月 {:,}円）").format(kind.months, kind.yen))]

    def _first_months(self, product: Product, offered: tuple[int, ...]) -> str:
        entitlement = self.have.open(product)
        is_marked = entitlement and is_meant(entitlement, self.have.of(Product.SERVER))
        return str(nearest_months(entitlement.months, offered)) if is_marked else ""


def _certificate(number: int) -> SelectField:
    return SelectField(f"証明書{number}", validators=[_is_offered], validate_choice=False)


def _is_offered(form: RenewalForm, field: Field) -> None:
    obstacle = next(obstacle for _, own, obstacle in form.certificates if own is field)
    must_be_offered(field, obstacle or "独自SSLは、更新するかしないかを選んでください。")
