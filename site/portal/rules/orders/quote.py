"""What a customer chose, priced: lines, total, tax and terms. Whole yen, tax included."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar, assert_never

from portal.catalog import AnyProduct, Catalog, Certificate, Option, PerDevice, Plan, Server
from portal.enums import ProductKind
from portal.rules.orders.prices import Price, price
from portal.rules.orders.tax import tax_inside
from portal.rules.orders.terms import Span, following, term_end

YEAR = 12
Choice = TypeVar("Choice")


class NotOffered(ValueError):
    """Something was chosen that the catalog does not have."""


@dataclass(frozen=True)
class Chosen:
    """One product of the catalog, by its id: by its months and number of devices, or a certificate by its variant."""

    product: str
    months: int | None = None
    quantity: int | None = 1
    variant: str = ""


@dataclass(frozen=True)
class Selection:
    """What was chosen. A product that is not there is 利用しない, or 更新しない for what the customer has.

    `certificates` are the subscriptions of the certificates that are renewed; one among `chosen` is bought.
    """

    chosen: tuple[Chosen, ...] = ()
    certificates: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Owned:
    """What the customer has of a product: a chosen line renews it, from the day after its end."""

    subscription: int
    product: str
    kind: ProductKind
    variant: str
    ends_on: date


@dataclass(frozen=True)
class Line:
    """One product in a quote. `monthly_yen` is for one of it, None where it is sold as a whole; `yen` is the whole line.

    `subscription` is what it renews, by its id; None where it is bought anew. `is_last_time`: its months have left the catalog.
    `renews_by_default`: a payment by card or wallet turns its automatic renewal on.
    """

    product: str
    kind: ProductKind
    variant: str
    name: str
    quantity: int
    months: int
    monthly_yen: int | None
    yen: int
    starts_on: date
    ends_on: date
    subscription: int | None = None
    is_last_time: bool = False
    renews_by_default: bool = True

    @property
    def span(self) -> Span:
        return Span(self.starts_on, self.ends_on)

    @property
    def previous_end(self) -> date | None:
        """The last day of what it renews: the end as it is now."""
        return self.starts_on - timedelta(days=1) if self.subscription else None

    @property
    def yearly_yen(self) -> int:
        """Twelve months at this price; a certificate as often as it has to be bought for them."""
        if self.monthly_yen is None:
            return self.yen * -(-YEAR // self.months)
        return self.monthly_yen * self.quantity * YEAR


@dataclass(frozen=True)
class Quote:
    lines: tuple[Line, ...]
    total_yen: int
    tax_yen: int
    tax_percent: int

    server_ends_on: date | None = None

    @property
    def server(self) -> Line | None:
        return next((line for line in self.lines if line.kind is ProductKind.SERVER), None)

    @property
    def options(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.kind is not ProductKind.SERVER)

    @property
    def outlasting(self) -> tuple[Line, ...]:
        """Options that end after the server; with it they end earlier than they are paid for."""
        end = self.server.ends_on if self.server else self.server_ends_on
        return tuple(line for line in self.options if end and line.ends_on > end)


def quote(selection: Selection, plan: Plan, catalog: Catalog, starts_on: date, owned: Sequence[Owned] = ()) -> Quote:
    """Price a selection. What is bought starts on that day; what renews something `owned` on the day after its end.

    Raises NotOffered for what the catalog does not have, and where nothing was chosen.
    """
    lines = tuple(_renewing(_bought(chosen, plan, catalog, starts_on), owned) for chosen in selection.chosen)
    lines += tuple(_certificate(number, catalog, owned) for number in sorted(selection.certificates))
    if not lines:
        raise NotOffered("何も選ばれていません。")
    total = sum(line.yen for line in lines)
    server_ends_on = next((found.ends_on for found in owned if found.kind is ProductKind.SERVER), None)
    return Quote(lines, total, tax_inside(total, catalog.tax_percent), catalog.tax_percent, server_ends_on)


def renewed(line: Line, owned: Owned) -> Line:
    """The same line as the renewal of what is owned: it begins on the day after, also when it is paid late."""
    span = following(owned.ends_on, line.months)
    return replace(line, starts_on=span.starts_on, ends_on=span.ends_on, subscription=owned.subscription)


def yearly_yen(quote: Quote) -> int | None:
    """A guide: the yen of twelve months at these prices, where the server's term is shorter (特定商取引法の最終確認画面)."""
    if max(line.months for line in quote.lines if line.kind is ProductKind.SERVER or quote.server is None) >= YEAR:
        return None
    return sum(line.yearly_yen for line in quote.lines)


def _renewing(line: Line, owned: Sequence[Owned]) -> Line:
    """A certificate that is bought here is another one; anything else renews what there is of it."""
    mine = next((found for found in owned if found.product == line.product), None)
    return renewed(line, mine) if mine and line.kind is not ProductKind.CERTIFICATE else line


def _certificate(number: int, catalog: Catalog, owned: Sequence[Owned]) -> Line:
    mine = next((found for found in owned if found.subscription == number), None)
    product = mine and catalog.product(mine.product)
    if not isinstance(product, Certificate):
        raise NotOffered(f"証明書 {number} はありません。")
    return renewed(_certificate_line(product, mine.variant, mine.ends_on), mine)


def _bought(chosen: Chosen, plan: Plan, catalog: Catalog, starts_on: date) -> Line:
    product = next((product for product in catalog.sold if product.id == chosen.product), None)
    match product:
        case None:
            raise NotOffered(f"{chosen.product!r} はお申し込みいただけません。")
        case Server():
            months = _offered(chosen.months, plan.months, "契約期間")
            return _line(product, plan.id, plan.name, 1, months, price(product, plan.id, months, 1), starts_on)
        case Certificate():
            return _certificate_line(product, chosen.variant, starts_on)
        case Option():
            months = _offered(chosen.months, product.months, product.name)
            return _line(product, "", product.name, 1, months, price(product, "", months, 1), starts_on)
        case PerDevice():
            months = _offered(chosen.months, product.months, f"{product.name}の期間")
            count = _offered(chosen.quantity, range(1, product.max_devices + 1), f"{product.name}の台数")
            return _line(product, "", product.name, count, months, price(product, "", months, count), starts_on)
        case _:
            assert_never(product)


def _certificate_line(product: Certificate, variant_id: str, starts_on: date) -> Line:
    variant = product.variant(_offered(variant_id, {variant.id for variant in product.variants}, product.name))
    asked = price(product, variant.id, variant.months, 1)
    return _line(product, variant.id, f"{product.name}（{variant.name}）", 1, variant.months, asked, starts_on)


def _offered(chosen: Choice, offered: Container[Choice], what: str) -> Choice:
    if isinstance(chosen, bool | float) or chosen not in offered:
        raise NotOffered(f"{what}: {chosen!r} はお申し込みいただけません。")
    return chosen


def _line(product: AnyProduct, variant: str, name: str, quantity: int, months: int, asked: Price | None, starts_on: date) -> Line:
    if asked is None:
        raise NotOffered(f"{name}: お申し込みいただけません。")
    bought = (product.id, product.kind, variant, name, quantity, months, asked.monthly_yen, asked.yen)
    return Line(*bought, starts_on, term_end(starts_on, months), renews_by_default=product.renews)
