"""Submitted text becomes one frozen selection, or mistakes at their fields."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.catalog import Catalog
from portal.forms.orders import ContractForm, contract_form
from portal.rules.orders.selection import Selection
from tests.choices import a_selection

ALL = ["server", "ssl", "backup", "device"]
Fill = Callable[..., ContractForm]


@pytest.fixture
def fill(catalog: Catalog) -> Iterator[Fill]:
    """The form as a browser would send it; what a test names is sent instead, a list as often as it is long, None not at all."""
    app = Flask("form")
    plan = catalog.plan("standard")
    sent = {"months": "12", "ssl": "", "backup": "", "device_months": "", "devices": "1"}

    def filled(**fields: str | list[str] | None) -> ContractForm:
        return contract_form(
            catalog, plan, choices=MultiDict({name: value for name, value in (sent | fields).items() if value is not None})
        )

    with app.test_request_context():
        yield filled


def agreed(catalog: Catalog, *products: str) -> dict[str, str]:
    return {f"agree_{product}": catalog.document_of(product).version for product in products}


@pytest.mark.parametrize(
    ("fields", "selection"),
    [
        ({}, a_selection(12)),
        ({"months": "1"}, a_selection(1)),
        ({"ssl": "ev"}, a_selection(12, ssl="ev")),
        ({"backup": "36"}, a_selection(12, backup_months=36)),
        ({"device_months": "3", "devices": "20"}, a_selection(12, devices=20, device_months=3)),
        ({"device_months": "3", "devices": "１２"}, a_selection(12, devices=12, device_months=3)),
        ({"device_months": "3", "devices": " 1 "}, a_selection(12, devices=1, device_months=3)),
    ],
)
def test_valid_choices_become_a_selection(fill: Fill, fields: dict[str, str], selection: Selection) -> None:
    form = fill(**fields)

    assert form.selection == selection
    assert form.mistakes == []


@pytest.mark.parametrize("months", ["0", "-1", "2", "4", "13", "１２", "12.0", "012", " 12", "10" * 9, "", "x", "None", "🍣", "12\0", None])
def test_months_that_are_not_offered_are_refused_at_their_field(fill: Fill, months: str | None) -> None:
    form = fill(months=months)

    assert form.selection is None
    assert [field.name for field in form.mistakes] == ["months"]
    assert form.months.errors == ["契約期間を選んでください。"]


@pytest.mark.parametrize("field", ["ssl", "backup", "device_months"])
@pytest.mark.parametrize("value", ["2", "nothing", "🍣", "-1", "１", "QUICK", "10" * 9])
def test_an_option_that_is_not_offered_is_refused_at_its_field(fill: Fill, field: str, value: str) -> None:
    form = fill(**{field: value})

    assert form.selection is None
    assert field in [mistake.name for mistake in form.mistakes]
    assert "表示されている中から選んでください" in form[field].errors[0]


@pytest.mark.parametrize(
    "devices", ["0", "-1", "−1", "21", "999999", "1000000000", "", " ", "1.5", "三", "🍣", "𠮷", "²", "1" * 60_000, None]
)
def test_a_number_of_devices_that_is_not_sold_is_refused_at_its_field(fill: Fill, devices: str | None) -> None:
    form = fill(device_months="12", devices=devices)

    assert form.selection is None
    assert [field.name for field in form.mistakes] == ["devices"]
    assert form.devices.errors == ["台数は1から20までの数字で入力してください。"]


@pytest.mark.parametrize("devices", ["0", "-1", "", "🍣", "1000000000"])
def test_the_number_of_devices_does_not_matter_without_device_security(fill: Fill, devices: str) -> None:
    form = fill(devices=devices)

    assert form.selection == a_selection(12)


@pytest.mark.parametrize("twice", [["1", "12"], ["12", "1"]])
def test_a_field_sent_twice_counts_once_and_the_form_shows_its_value(fill: Fill, twice: list[str]) -> None:
    form = fill(months=twice)

    assert form.selection == a_selection(int(twice[0]))
    assert form.typed()["months"] == twice[0]


def test_a_valid_second_value_does_not_replace_an_invalid_first_one(fill: Fill) -> None:
    assert fill(months=["7", "12"]).selection is None


def test_unknown_fields_are_ignored(fill: Fill) -> None:
    form = fill(yen="1", total_yen="1", state="paid", plan="light", account="2")

    assert form.selection == a_selection(12)
    assert "plan" not in form.typed()


def test_all_mistakes_are_shown_at_once_in_page_order(fill: Fill) -> None:
    form = fill(months="7", ssl="x", backup="7", device_months="7", devices="0")

    assert form.selection is None
    assert [field.name for field in form.mistakes] == ["months", "ssl", "backup", "device_months", "devices"]


@pytest.mark.parametrize(
    ("fields", "needed"),
    [
        ({}, ["server"]),
        ({"ssl": "quick"}, ["server", "ssl"]),
        ({"backup": "1"}, ["server", "backup"]),
        ({"device_months": "1"}, ["server", "device"]),
        ({"ssl": "ev", "backup": "1", "device_months": "1"}, ALL),
    ],
)
def test_each_chosen_option_needs_its_own_consent_and_no_other(fill: Fill, catalog: Catalog, fields: dict[str, str], needed: list) -> None:
    without = fill(**fields)
    assert without.agreed_selection is None
    assert [field.name for field in without.mistakes] == [f"agree_{product}" for product in needed]

    assert fill(**fields, **agreed(catalog, *needed)).agreed_selection is not None


@pytest.mark.parametrize("missing", ALL)
def test_one_missing_consent_is_named(fill: Fill, catalog: Catalog, missing: str) -> None:
    boxes = agreed(catalog, *(product for product in ALL if product != missing))
    form = fill(ssl="ev", backup="1", device_months="1", **boxes)

    assert form.agreed_selection is None
    assert [field.name for field in form.mistakes] == [f"agree_{missing}"]
    assert "への同意が必要です" in form[f"agree_{missing}"].errors[0]


@pytest.mark.parametrize("version", ["on", "1", "2025-04-01", "", "2026-04-01 ", "🍣"])
def test_consent_to_another_document_version_does_not_count(fill: Fill, version: str) -> None:
    assert fill(agree_server=version).agreed_selection is None


def test_remembered_input_is_shortened(fill: Fill) -> None:
    form = fill(devices="9" * 60_000, ssl="あ" * 1000)

    assert all(len(value) <= 200 for value in form.typed().values())
