"""The budgets, measured on every page in its main states. `./run check` prints the table."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine

from tests.browser import Browser
from tests.budgets import Ledger, Meter, Row, table

A_DAY = datetime.fromisoformat("2027-02-28T10:00:00+09:00")  # one of those on which pages are longest; some others have 300 bytes less


@pytest.fixture(autouse=True)
def _on_one_day() -> Iterator[None]:
    """What a page weighs depends on the days that it names."""
    with time_machine.travel(A_DAY):
        yield


@pytest.fixture(scope="package")
def printed() -> Iterator[tuple[list[Row], dict[str, int]]]:
    """The rows of all tests here, and the queries with many rows; printed at the end as one table."""
    rows: list[Row] = []
    many: dict[str, int] = {}
    yield rows, many
    print("\n\nBodies in bytes as sent, in brotli.\n" + table(rows, many))


@pytest.fixture
def ledger(app, settings) -> Ledger:
    """Without the bar of the demo's clock: no customer carries it."""
    meter = Meter(app)
    meter.jinja_env.globals.pop("demo_clock", None)
    return Ledger(meter, Browser(meter, settings.public_url, may_break=True))


@pytest.fixture
def everything(catalog) -> dict[str, str]:
    """The form with every option, and every document agreed to."""
    chosen = {"months": "36", "ssl": "organization", "backup": "12", "device_months": "36", "devices": "5"}
    return chosen | {product.consent_field: catalog.document_of(product.id).version for product in catalog.products}
