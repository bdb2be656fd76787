"""What the customer has, in the shape that the contract form needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.catalog import Catalog
from portal.rules.renewals.snapshot import Entitlement, Snapshot


@dataclass(frozen=True)
class OwnedProducts:
    """`obstacles`: subscription -> why it cannot be renewed now, in Japanese.

    `has_agreed`: agreed to today's version of the server's terms. `is_over`: the server's term has ended, so nothing is sold without it.
    `by_themselves`: the subscriptions that renew automatically all the same if they are not chosen.
    `ordered`: product -> why it cannot be bought here, in Japanese: an open order buys it already.
    """

    snapshot: Snapshot
    obstacles: Mapping[int, str]
    has_agreed: bool
    is_over: bool = False
    by_themselves: frozenset[int] = frozenset()
    ordered: Mapping[str, str] = field(default_factory=dict)

    @property
    def entitlements(self) -> tuple[Entitlement, ...]:
        return self.snapshot.entitlements

    @property
    def mark(self) -> str:
        """A fingerprint of the current terms. It changes when a term is added; choices of a draft made before are then ignored."""
        return " ".join(f"{entitlement.subscription}:{entitlement.ends_on}" for entitlement in self.entitlements)

    def all_of(self, product_id: str) -> tuple[Entitlement, ...]:
        return tuple(entitlement for entitlement in self.entitlements if entitlement.product == product_id)

    def of(self, product_id: str) -> Entitlement | None:
        return next(iter(self.all_of(product_id)), None)

    def open(self, product_id: str) -> Entitlement | None:
        """The customer's subscription of this product, if it can be renewed now."""
        entitlement = self.of(product_id)
        return None if entitlement is None or entitlement.subscription in self.obstacles else entitlement

    def obstacle(self, product_id: str) -> str | None:
        """Why it cannot be renewed or bought now. Not for certificates, of which there may be several."""
        entitlement = self.of(product_id)
        return self.obstacles.get(entitlement.subscription) if entitlement else self.ordered.get(product_id)

    def is_complete(self, catalog: Catalog) -> bool:
        """True if there is nothing to choose: nothing can be renewed now, and nothing can be added."""
        has_all = all(self.of(product.id) or product.id in self.ordered for product in catalog.sold)
        return has_all and len(self.obstacles) == len(self.entitlements)
