"""What a customer chose, and what the customer has: the input of a quote. Dates are inclusive dates in Japan."""

from dataclasses import dataclass
from datetime import date

from portal.enums import ProductKind


@dataclass(frozen=True)
class Chosen:
    """One chosen product, by its catalog id. A certificate has a `variant`; others have `months` and, per device, a `quantity`."""

    product: str
    months: int | None = None
    quantity: int | None = 1
    variant: str = ""


@dataclass(frozen=True)
class Selection:
    """The chosen products. A product that is absent means 利用しない, or 更新しない if the customer already has it.

    `certificates` are ids of certificate subscriptions to renew. A certificate in `chosen` is a new purchase.
    """

    chosen: tuple[Chosen, ...] = ()
    certificates: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Owned:
    """A subscription that the customer has. Choosing its product again renews it from the day after `ends_on`."""

    subscription: int
    product: str
    kind: ProductKind
    variant: str
    ends_on: date
    common_name: str = ""
