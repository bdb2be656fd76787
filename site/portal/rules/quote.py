"""What a customer chose, priced: lines, total, tax and terms. Whole yen, tax included."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from portal.catalog import Catalog, Plan
from portal.rules.tax import tax_inside
from portal.rules.terms import Span, term_end
from portal.words import Product

YEAR = 12
Choice = TypeVar("Choice")


class NotOffered(ValueError):
    """Something was chosen that the catalog does not have."""


@dataclass(frozen=True)
class Selection:
    """What was chosen; None is 利用しない. Devices and their months come together."""

    months: int
    ssl: str | None = None
    backup_months: int | None = None
    devices: int | None = None
    device_months: int | None = None


@dataclass(frozen=True)
class Line:
    """One product in a quote. `monthly_yen` is for one of it, None where it is sold as a whole; `yen` is the whole line.

    `subscription` is what it renews, by its id; None where it is bought anew. `is_last_time`: its months have left the catalog.
    """

    product: Product
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

    @property
    def span(self) -> Span:
        return Span(self.starts_on, self.ends_on)

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

    @property
    def server(self) -> Line:
        return self.lines[0]

    @property
    def options(self) -> tuple[Line, ...]:
        return self.lines[1:]

    @property
    def outlasting(self) -> tuple[Line, ...]:
        """Options that end after the server; with it they end earlier than they are paid for."""
        return tuple(line for line in self.options if line.ends_on > self.server.ends_on)


def quote(selection: Selection, plan: Plan, catalog: Catalog, starts_on: date) -> Quote:
    """Price a selection that starts on one day. Raises NotOffered for what the catalog does not have."""
    lines = (_server_line(selection, plan, starts_on), *_option_lines(selection, catalog, starts_on))
    total = sum(line.yen for line in lines)
    return Quote(lines, total, tax_inside(total, catalog.tax_percent), catalog.tax_percent)


def yearly_yen(quote: Quote) -> int | None:
    """A guide: the yen of twelve months at these prices, where the server's term is shorter (特定商取引法の最終確認画面)."""
    if quote.server.months >= YEAR:
        return None
    return sum(line.yearly_yen for line in quote.lines)


def _server_line(selection: Selection, plan: Plan, starts_on: date) -> Line:
    months = _offered(selection.months, plan.months, "契約期間")
    return _line(Product.SERVER, plan.id, plan.name, 1, months, plan.monthly_yen[months], plan.total_yen(months), starts_on)


def _option_lines(selection: Selection, catalog: Catalog, starts_on: date) -> Iterator[Line]:
    if selection.ssl is not None:
        yield _ssl_line(selection.ssl, catalog, starts_on)
    if selection.backup_months is not None:
        yield _backup_line(selection.backup_months, catalog, starts_on)
    if selection.devices is not None or selection.device_months is not None:
        yield _device_line(selection.devices, selection.device_months, catalog, starts_on)


def _ssl_line(kind_id: str, catalog: Catalog, starts_on: date) -> Line:
    kind = catalog.ssl_kind(_offered(kind_id, {kind.id for kind in catalog.ssl_kinds}, "独自SSL"))
    return _line(Product.SSL, kind.id, f"{Product.SSL.label}（{kind.name}）", 1, kind.months, None, kind.yen, starts_on)


def _backup_line(months: int, catalog: Catalog, starts_on: date) -> Line:
    backup = catalog.backup
    _offered(months, backup.months, backup.name)
    return _line(Product.BACKUP, "", backup.name, 1, months, backup.monthly_yen[months], backup.total_yen(months), starts_on)


def _device_line(devices: int | None, months: int | None, catalog: Catalog, starts_on: date) -> Line:
    device = catalog.device
    if devices is None or months is None:
        raise NotOffered(f"{device.name}: 台数と期間は両方必要です。")
    _offered(devices, range(1, device.max_devices + 1), f"{device.name}の台数")
    _offered(months, device.months, f"{device.name}の期間")
    return _line(Product.DEVICE, "", device.name, devices, months, device.monthly_yen[months], device.total_yen(devices, months), starts_on)


def _offered(chosen: Choice, offered: Container[Choice], what: str) -> Choice:
    if isinstance(chosen, bool | float) or chosen not in offered:
        raise NotOffered(f"{what}: {chosen!r} はお申し込みいただけません。")
    return chosen


def _line(
    product: Product, variant: str, name: str, quantity: int, months: int, monthly_yen: int | None, yen: int, starts_on: date
) -> Line:
    return Line(product, variant, name, quantity, months, monthly_yen, yen, starts_on, term_end(starts_on, months))
