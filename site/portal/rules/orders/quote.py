"""Prices a customer's selection: lines, total, tax and terms. Whole yen, tax included; dates are inclusive dates in Japan."""

import hashlib
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar, assert_never

from portal.catalog import AnyProduct, Catalog, Certificate, Option, PerDevice, Plan, Server
from portal.enums import ProductKind
from portal.rules.orders.prices import Price, price
from portal.rules.orders.selection import Chosen, Owned, Selection
from portal.rules.orders.tax import tax_inside
from portal.rules.orders.terms import Span, following, term_end

YEAR = 12
Choice = TypeVar("Choice")


class NotOffered(ValueError):
    """The selection contains something that the catalog does not sell."""


@dataclass(frozen=True)
class Line:
    """One product in a quote. `yen` is the whole line; `monthly_yen` is for one unit, None for products with a single price.

    `subscription` is the id of the subscription to renew, None for a new purchase. `is_last_time`: the catalog no longer sells this
    period. `renews_by_default`: paying by card or wallet turns automatic renewal on. `is_undone`: it was paid once, and staff undid that;
    paid again, its term comes back with the days that it had. `part_of`: it adds devices to the running term of that subscription.
    `common_name`: of the certificate, as people write it; empty for everything else, and while it has none.
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
    is_undone: bool = False
    part_of: int | None = None
    common_name: str = ""

    @property
    def label(self) -> str:
        return label(self.name, self.common_name)

    @property
    def needs_common_name(self) -> bool:
        """True for a certificate that was bought with a contract: it is requested when the customer has set its common name."""
        return self.kind is ProductKind.CERTIFICATE and self.subscription is None and not self.common_name

    @property
    def span(self) -> Span:
        return Span(self.starts_on, self.ends_on)

    @property
    def previous_end(self) -> date | None:
        """The last day of the term that this line renews; None for a new purchase."""
        return self.starts_on - timedelta(days=1) if self.subscription else None

    @property
    def yearly_yen(self) -> int:
        """Yen for twelve months at this price. A certificate counts as often as it must be bought to cover them."""
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
    def mark(self) -> str:
        """The same for the same lines, days and yen: a page hands it on, so that the next one knows what was shown."""
        return hashlib.sha256(repr((self.lines, self.total_yen)).encode()).hexdigest()[:32]

    @property
    def server(self) -> Line | None:
        return next((line for line in self.lines if line.kind is ProductKind.SERVER), None)

    @property
    def options(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.kind is not ProductKind.SERVER)

    @property
    def outlasting(self) -> tuple[Line, ...]:
        """Options paid beyond the server's end. They end with the server, earlier than they are paid for."""
        end = self.server.ends_on if self.server else self.server_ends_on
        return tuple(line for line in self.options if end and line.ends_on > end)


def quote(selection: Selection, plan: Plan, catalog: Catalog, starts_on: date, owned: Sequence[Owned] = ()) -> Quote:
    """Price a selection. New purchases start on `starts_on`; renewals of `owned` subscriptions start on the day after their end.

    Raises NotOffered if nothing was chosen or the catalog does not sell it.
    """
    lines = tuple(_renewing(_bought(chosen, plan, catalog, starts_on), owned) for chosen in selection.chosen)
    lines += tuple(_certificate(number, catalog, owned) for number in sorted(selection.certificates))
    if not lines:
        raise NotOffered("何も選ばれていません。")
    total = sum(line.yen for line in lines)
    server_ends_on = next((found.ends_on for found in owned if found.kind is ProductKind.SERVER), None)
    return Quote(lines, total, tax_inside(total, catalog.tax_percent), catalog.tax_percent, server_ends_on)


def label(name: str, common_name: str) -> str:
    """What one certificate is called where there may be several: 独自SSL（クイック認証） example.jp."""
    return f"{name} {common_name}".rstrip()


def renewed(line: Line, owned: Owned) -> Line:
    """The same line as a renewal of `owned`. It starts on the day after the old end, even if it is paid late (the company's guide)."""
    span = following(owned.ends_on, line.months)
    return replace(line, starts_on=span.starts_on, ends_on=span.ends_on, subscription=owned.subscription, common_name=owned.common_name)


def yearly_yen(quote: Quote) -> int | None:
    """Yen for twelve months at these prices, as a guide; None if the term is a year or longer (特定商取引法の最終確認画面)."""
    if max(line.months for line in quote.lines if line.kind is ProductKind.SERVER or quote.server is None) >= YEAR:
        return None
    return sum(line.yearly_yen for line in quote.lines)


def _renewing(line: Line, owned: Sequence[Owned]) -> Line:
    """Turn the line into a renewal if the customer has the product. A chosen certificate is always an additional one."""
    same = next((found for found in owned if found.product == line.product), None)
    return renewed(line, same) if same and line.kind is not ProductKind.CERTIFICATE else line


def _certificate(number: int, catalog: Catalog, owned: Sequence[Owned]) -> Line:
    certificate = next((found for found in owned if found.subscription == number), None)
    product = certificate and catalog.product(certificate.product)
    if not isinstance(product, Certificate):
        raise NotOffered(f"証明書 {number} はありません。")
    return renewed(_certificate_line(product, certificate.variant, certificate.ends_on), certificate)


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
    found = price(product, variant.id, variant.months, 1)
    return _line(product, variant.id, f"{product.name}（{variant.name}）", 1, variant.months, found, starts_on)


def _offered(chosen: Choice, offered: Container[Choice], label: str) -> Choice:
    if isinstance(chosen, bool | float) or chosen not in offered:
        raise NotOffered(f"{label}: {chosen!r} はお申し込みいただけません。")
    return chosen


def _line(product: AnyProduct, variant: str, name: str, quantity: int, months: int, found: Price | None, starts_on: date) -> Line:
    if found is None:
        raise NotOffered(f"{name}: お申し込みいただけません。")
    bought = (product.id, product.kind, variant, name, quantity, months, found.monthly_yen, found.yen)
    return Line(*bought, starts_on, term_end(starts_on, months), renews_by_default=product.renews)
