"""Another number of devices from the next automatic charge on. Everything else is charged as before. Yen include tax."""

from dataclasses import dataclass, replace
from datetime import date

from portal.catalog import Catalog, PerDevice
from portal.rules.orders.prices import price
from portal.rules.orders.quote import Line, Quote
from portal.rules.orders.tax import tax_inside
from portal.rules.renewals.change_window import Closed, change_window
from portal.rules.renewals.forecast import Forecast, forecasts
from portal.rules.renewals.snapshot import Entitlement, Snapshot


@dataclass(frozen=True)
class NextNumber:
    """The next automatic charge, while another number of devices can be reserved for it. `line`: what it renews of them so far."""

    found: Forecast
    line: Line
    most: int

    def quote(self, devices: int, catalog: Catalog) -> Quote:
        """The whole charge with that many, each for the same yen as so far."""
        monthly = self.line.monthly_yen or 0
        mine = replace(self.line, quantity=devices, yen=monthly * self.line.months * devices)
        lines = tuple(mine if line is self.line else line for line in self.found.group.quote.lines)
        total = sum(line.yen for line in lines)
        return Quote(lines, total, tax_inside(total, catalog.tax_percent), catalog.tax_percent)


def next_number(snapshot: Snapshot, mine: Entitlement, product: PerDevice, today: date, catalog: Catalog) -> NextNumber | Closed | None:
    """Closed after the last day to change. None if the next automatic charge does not renew the product, or its period is sold no more."""
    found = next((each for each in forecasts(snapshot, today, catalog) if each.charge), None)
    line = next((line for line in found.group.quote.lines if line.subscription == mine.subscription), None) if found else None
    if found is None or line is None or price(product, "", line.months, 1) is None:
        return None
    window = change_window(snapshot, today, catalog)
    return window if isinstance(window, Closed) else NextNumber(found, line, product.max_devices)
