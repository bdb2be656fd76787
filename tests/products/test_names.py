"""Form fields are named after products: a product id must not collide with another field, and every kind has its part of each page."""

from collections.abc import Callable

import pytest
from flask import Flask
from jinja2 import Environment, FileSystemLoader

from portal.catalog import Catalog
from portal.catalog.product_rows import TAKEN
from portal.catalog.table import ID
from portal.enums import ProductKind
from portal.forms.orders import ContractForm, contract_form
from portal.forms.owned_products import OwnedProducts
from portal.forms.renewals import RenewalForm, renewal_form
from portal.rules.renewals.snapshot import Snapshot
from portal.runtime.folders import asset_folder

ENVIRONMENT = Environment(loader=FileSystemLoader(asset_folder("templates")))
OURS = {"csrf_token", "do", "have", "shown"}  # what else the pages of these forms send


def new(catalog: Catalog) -> ContractForm:
    return contract_form(catalog, catalog.plan("standard"), choices={})


def renewal(catalog: Catalog) -> RenewalForm:
    return renewal_form(catalog, catalog.plan("standard"), OwnedProducts(Snapshot("standard"), {}, has_agreed=False), choices={})


@pytest.mark.parametrize("make", [new, renewal])
def test_a_field_name_of_a_form_is_refused_as_a_product_id(catalog: Catalog, make: Callable[[Catalog], ContractForm]) -> None:
    with Flask("form").test_request_context():
        form = make(catalog)
    fields = {name for product in catalog.products for name in product.fields}
    own = {name for name in dir(form) if ID.fullmatch(name)} | {name for name in OURS if ID.fullmatch(name)}

    assert own - fields <= TAKEN


@pytest.mark.parametrize("template", ["components/options.html", "components/renewal_options.html"])
@pytest.mark.parametrize("kind", ProductKind)
def test_every_kind_has_its_part_of_the_form(template: str, kind: ProductKind) -> None:
    assert f"{{% macro {kind}(form, product) %}}" in ENVIRONMENT.loader.get_source(ENVIRONMENT, template)[0]
