from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from portal.catalog import RenewalNumbers, load_catalog

COMPANY = Path(__file__).parents[2] / "company"
MONTHS = (1, 3, 6, 12, 24, 36)


def test_the_demo_company_sells_three_plans_that_get_cheaper_with_time():
    catalog = load_catalog(COMPANY)

    assert [plan.id for plan in catalog.plans] == ["light", "standard", "business"]
    for priced in (*catalog.plans, catalog.product("backup"), catalog.product("device")):
        prices = list(priced.monthly_yen.values())
        assert priced.months == MONTHS
        assert prices == sorted(set(prices), reverse=True)


def test_the_middle_plan_costs_1100_yen_a_month_for_a_year():
    plan = load_catalog(COMPANY).plan("standard")

    assert (plan.monthly_yen[12], plan.total_yen(12)) == (1_100, 13_200)


def test_the_demo_company_sells_the_options_of_the_guide():
    catalog = load_catalog(COMPANY)

    assert [(variant.id, variant.name) for variant in catalog.product("ssl").variants] == [
        ("quick", "クイック認証"),
        ("organization", "企業認証"),
        ("ev", "EV SSL"),
    ]
    assert catalog.product("device").max_devices == 20
    assert catalog.product("device").total_yen(3, 12) == 275 * 12 * 3
    assert catalog.product("backup").total_yen(12) == 330 * 12
    assert catalog.tax_percent == 10
    assert catalog.renewal == RenewalNumbers(5, (5, 10, 15, 20, 25), (5, 10, 15, 20, 25, 28), (30, 7))
    assert date(2026, 8, 13) in catalog.closed_days


def test_an_unknown_product_raises_a_key_error():
    catalog = load_catalog(COMPANY)

    with pytest.raises(KeyError):
        catalog.plan("gold")
    with pytest.raises(KeyError):
        catalog.product("ssl").variant("wildcard")
    with pytest.raises(KeyError):
        catalog.plan("light").total_yen(2)


def test_the_catalog_cannot_be_changed():
    with pytest.raises(TypeError):
        load_catalog(COMPANY).plan("standard").monthly_yen[12] = 1


@pytest.mark.parametrize("product", ["server", "ssl", "backup", "device"])
def test_every_product_has_terms_of_service_as_a_page_fragment(product):
    document = load_catalog(COMPANY).document_of(product)

    assert document.html.startswith("<h2>")
    assert "<h1" not in document.html
    assert "<script" not in document.html
    assert document.html.encode() == document.path.read_bytes()
    assert document.sha256 == sha256(document.path.read_bytes()).hexdigest()


def test_every_text_required_by_the_commerce_law_is_present():
    company = load_catalog(COMPANY).company

    assert all(vars(company).values())


# -- versions of documents


def test_an_old_document_version_stays_readable_and_the_new_one_applies(folder):
    (folder.path / "documents" / "server-terms-2027-04-01.html").write_text("<h2>第1条</h2>", encoding="utf-8")
    folder.change(
        (
            'title = "サーバーご利用約款"\nversion = "2026-04-01"',
            'title = "サーバーご利用約款"\nversion = "2027-04-01"\nold_versions = ["2026-04-01"]',
        ),
    )
    catalog = load_catalog(folder.path)

    assert catalog.document_of("server").version == "2027-04-01"
    assert catalog.document("server-terms", "2026-04-01").html.startswith("<h2>第1条（この約款について）")
    assert catalog.document("server-terms", "2027-04-01") is catalog.document_of("server")
    assert catalog.document("server-terms", "2020-01-01") is None
    assert len(catalog.documents) == 4
