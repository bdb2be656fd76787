"""One class for each kind of product. Yen are whole, tax included.

`monthly_yen`: months of the term -> yen per month. Withdrawn plans and variants are left out of their product. A withdrawn product stays,
for customers who have it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from portal.enums import ProductKind


class PricedByMonths:
    """Sold for certain numbers of months, each with its price per month."""

    monthly_yen: Mapping[int, int]

    @property
    def months(self) -> tuple[int, ...]:
        return tuple(self.monthly_yen)


@dataclass(frozen=True)
class Plan(PricedByMonths):
    id: str
    name: str
    description: str
    features: tuple[str, ...]
    monthly_yen: Mapping[int, int]

    def total_yen(self, months: int) -> int:
        return self.monthly_yen[months] * months


@dataclass(frozen=True)
class Variant:
    """One kind of certificate, sold as a whole: `yen` is the price for all its months."""

    id: str
    name: str
    description: str
    months: int
    yen: int


@dataclass(frozen=True)
class Product:
    """Common to all kinds. `document`: the id of its terms. `renews`: payment by card or wallet turns automatic renewal on.

    The fields are the names of its choices in the contract form, and so in a stored draft.
    """

    kind: ClassVar[ProductKind]

    id: str
    name: str
    short_name: str
    document: str
    renews: bool
    is_withdrawn: bool

    @property
    def is_sold(self) -> bool:
        return not self.is_withdrawn

    @property
    def choice_field(self) -> str:
        return self.id

    @property
    def consent_field(self) -> str:
        return f"agree_{self.id}"

    @property
    def fields(self) -> tuple[str, ...]:
        """In page order."""
        return (self.choice_field, self.consent_field)


@dataclass(frozen=True)
class Server(Product):
    kind = ProductKind.SERVER

    plans: tuple[Plan, ...]

    @property
    def is_sold(self) -> bool:
        return not self.is_withdrawn and bool(self.plans)

    @property
    def choice_field(self) -> str:
        return "months"


@dataclass(frozen=True)
class Option(Product, PricedByMonths):
    kind = ProductKind.OPTION

    description: str
    monthly_yen: Mapping[int, int]

    def total_yen(self, months: int) -> int:
        return self.monthly_yen[months] * months


@dataclass(frozen=True)
class PerDevice(Product, PricedByMonths):
    """`monthly_yen` is per device."""

    kind = ProductKind.PER_DEVICE

    description: str
    monthly_yen: Mapping[int, int]
    max_devices: int

    @property
    def choice_field(self) -> str:
        return f"{self.id}_months"

    @property
    def count_field(self) -> str:
        return f"{self.id}s"

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.choice_field, self.count_field, self.consent_field)

    def total_yen(self, devices: int, months: int) -> int:
        return self.monthly_yen[months] * months * devices


@dataclass(frozen=True)
class Certificate(Product):
    kind = ProductKind.CERTIFICATE

    variants: tuple[Variant, ...]

    @property
    def is_sold(self) -> bool:
        return not self.is_withdrawn and bool(self.variants)

    def variant(self, variant_id: str) -> Variant:
        """Raises KeyError for one that is not sold."""
        return {variant.id: variant for variant in self.variants}[variant_id]


AnyProduct = Server | Option | PerDevice | Certificate
