"""What a demo adds to the portal exists only in a demo."""

from dataclasses import replace

import pytest
from flask import Flask

from portal import app as wiring
from portal.demo.folder import DemoFolder
from portal.gateways.companies import Companies, companies_for
from portal.runtime.settings import UnsafeSettings

OF_A_DEMO = ("/demo", "/demo/clock", "/demo/bank", "/demo/card", "/demo/restart", "/staff/demo/clock", "/sandbox/card", "/sandbox/wallet")


def test_real_use_has_no_demo_page_with_any_settings(app, settings, companies):
    alone = wiring.create_app(settings, companies=companies)

    assert {rule.rule for rule in app.url_map.iter_rules()} - {rule.rule for rule in alone.url_map.iter_rules()} >= set(OF_A_DEMO[:5])
    assert not [address for address in OF_A_DEMO if alone.test_client().get(address, base_url=settings.public_url).status_code != 404]


@pytest.mark.parametrize("address", ["/login", "/staff/login", "/nowhere"])
def test_without_a_demo_no_page_mentions_one(app, settings, companies, address):
    alone = wiring.create_app(settings, companies=companies)

    assert "デモ" in page(app, settings.public_url, address)
    assert "デモ" not in page(alone, settings.public_url, address)


def page(app: Flask, base_url: str, address: str) -> str:
    return app.test_client().get(address, base_url=base_url).get_data(as_text=True)


def test_the_production_app_refuses_to_serve_a_demo(tmp_path, monkeypatch):
    for name, value in DemoFolder(tmp_path).prepare().environment().items():
        monkeypatch.setenv(name, value)

    with pytest.raises(UnsafeSettings, match="DEMO=1"):
        wiring.from_environment()


def test_the_settings_name_the_companies(settings):
    assert companies_for(replace(settings, card_company=None)) == Companies()
    with pytest.raises(ValueError, match="sandbox"):
        companies_for(settings)
