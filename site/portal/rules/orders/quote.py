"""What a customer chose, priced: lines, total, tax and terms. Whole yen, tax included."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from portal.catalog import Catalog, Plan
from portal.enums import Product
from portal.rules.orders.tax import tax_inside
from portal.rules.orders.terms import Span, following, term_end

YEAR = 12
Choice = TypeVar("Choice")


class NotOffered(ValueError):
    """Something was chosen that the catalog does not have."""


@dataclass(frozen=True)
class Selection:
    """What was chosen; None is 利用しない, or 更新しない for what the customer has. Devices and their months come together.

    `certificates` are the subscriptions of the certificates that are renewed; `ssl` is one that is bought.
    """

    months: int | None = None
    ssl: str | None = None
    backup_months: int | None = None
    devices: int | None = None
    device_months: int | None = None
    certificates: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Owned:
    """What the customer has of a product: a chosen line renews it, from the day after its end."""

    subscription: int
    product: Product
    variant: str
    ends_on: date


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
        return next((line for line in self.lines if line.product is Product.SERVER), None)

    @property
    def options(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.product is not Product.SERVER)

    @property
    def outlasting(self) -> tuple[Line, ...]:
        """Options that end after the server; with it they end earlier than they are paid for."""
        end = self.server.ends_on if self.server else self.server_ends_on
        return tuple(line for line in self.options if end and line.ends_on > end)


def quote(selection: Selection, plan: Plan, catalog: Catalog, starts_on: date, owned: Sequence[Owned] = ()) -> Quote:
    """Price a selection. What is bought starts on that day; what renews something `owned` on the day after its end.

    Raises NotOffered for what the catalog does not have, and where nothing was chosen.
    """
    lines = tuple(
        _renewing(line, owned) for line in (*_server_line(selection, plan, starts_on), *_option_lines(selection, catalog, starts_on))
    )
    lines += tuple(_certificate(number, catalog, owned) for number in sorted(selection.certificates))
    if not lines:
        raise NotOffered("何も選ばれていません。")
    total = sum(line.yen for line in lines)
    server_ends_on = next((found.ends_on for found in owned if found.product is Product.SERVER), None)
    return Quote(lines, total, tax_inside(total, catalog.tax_percent), catalog.tax_percent, server_ends_on)


def renewed(line: Line, owned: Owned) -> Line:
    """The same line as the renewal of what is owned: it begins on the day after, also when it is paid late."""
    span = following(owned.ends_on, line.months)
    return replace(line, starts_on=span.starts_on, ends_on=span.ends_on, subscription=owned.subscription)


def yearly_yen(quote: Quote) -> int | None:
    """A guide: the yen of twelve months at these prices, where the server's term is shorter (特定商取引法の最終確認画面)."""
    if max(line.months for line in quote.lines if line.product is Product.SERVER or quote.server is None) >= YEAR:
        return None
    return sum(line.yearly_yen for line in quote.lines)


def _renewing(line: Line, owned: Sequence[Owned]) -> Line:
    """A certificate that is bought here is another one; anything else renews what there is of it."""
    mine = next((found for found in owned if found.product is line.product), None)
    return renewed(line, mine) if mine and line.product is not Product.SSL else line


def _certificate(number: int, catalog: Catalog, owned: Sequence[Owned]) -> Line:
    mine = next((found for found in owned if found.subscription == number and found.product is Product.SSL), None)
    if mine is None:
        raise NotOffered(f"証明書 {number} はありません。")
    return renewed(_ssl_line(mine.variant, catalog, mine.ends_on), mine)


def _server_line(selection: Selection, plan: Plan, starts_on: date) -> Iterator[Line]:
    if selection.months is None:
        return
    months = _offered(selection.months, plan.months, "契約期間")
    yield _line(Product.SERVER, plan.id, plan.name, 1, months, plan.monthly_yen[months], plan.total_yen(months), starts_on)


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
