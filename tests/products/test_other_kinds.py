"""A second certificate and a second product by number, each added by editing the catalog alone."""

from datetime import date

import pytest
from flask import Flask

from models import Subscription
from portal.catalog import Catalog
from tests import balance, steps
from tests.browser import Browser
from tests.clock_days import Worker, at
from tests.factories import a_customer
from tests.products.conftest import TERMS, Folder

SIGNING = """
[[products]]
id = "signing"
kind = "certificate"
name = "署名用証明書"
document = "signing-terms"
renews = true

[[products.variants]]
id = "basic"
name = "標準"
description = "メールに署名します。"
months = 1
yen = 2_200

[[documents]]
id = "signing-terms"
title = "署名用証明書特約"
version = "2026-04-01"
"""
SEAT = """
[[products]]
id = "seat"
kind = "per_device"
name = "共有フォルダ"
description = "1台ごとに使えます。"
document = "seat-terms"
renews = true
max_devices = 5
months = [1]
[products.monthly_yen]
1 = 220

[[documents]]
id = "seat-terms"
title = "共有フォルダ特約"
version = "2026-04-01"
"""


@pytest.fixture
def both(folder: Folder) -> Catalog:
    return folder.add(SIGNING + SEAT, signing_terms=TERMS, seat_terms=TERMS)


@pytest.fixture
def contracted(both: Catalog, app: Flask, browser: Browser) -> Browser:
    """Server, a certificate of the second kind and three seats, for a month that ends on 2025-11-30, by card."""
    a_customer("new")
    with at(2025, 10, 20, 10):
        form = steps.to_the_form(browser).choose("1か月 1,320円").choose("標準", under="署名用証明書")
        form.choose("1か月 1台 220円", under="共有フォルダの契約期間").fill("台数", "3", under="共有フォルダ")
        for terms in (steps.SERVER_TERMS, "「署名用証明書特約」に同意します", "「共有フォルダ特約」に同意します"):
            form.tick(terms)
        steps.enter_card(form.press("お支払い方法選択へ").press("クレジットカード情報入力")).press("OK")
    return browser


def test_new_kinds_are_sold_and_renewed_together_with_the_server(contracted: Browser, worker: Worker) -> None:
    assert {found.product: (found.kind, found.variant, found.quantity, found.renews) for found in Subscription.select()} == {
        "server": ("server", "standard", 1, True),
        "signing": ("certificate", "basic", 1, True),
        "seat": ("per_device", "", 3, True),
    }

    worker.comes(2025, 11, 5, 10)
    renewed = [product for product, starts_on, _ in balance.terms() if starts_on == date(2025, 12, 1)]
    assert sorted(renewed) == ["seat", "server", "signing"]


def test_a_count_above_the_maximum_is_refused_with_the_maximum(both: Catalog, app: Flask, browser: Browser) -> None:
    a_customer("new")
    form = steps.to_the_form(browser).choose("1か月 1台 220円", under="共有フォルダの契約期間").fill("台数", "6", under="共有フォルダ")

    assert form.press("お支払い方法選択へ").says("台数は1から5までの数字で入力してください", ".errors")


def test_a_certificate_of_the_second_kind_is_renewed_by_hand_under_its_own_heading(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        steps.open_renewal(steps.go(contracted, "/contract"))

        assert contracted.says("追加は「署名用証明書」からお申し込みください。")
        assert contracted.is_chosen("変更しない", under="証明書1"), "it renews by itself"
        contracted.choose("更新する（1か月 2,200円）", under="証明書1")
        assert contracted.value("台数", under="共有フォルダ") == "3"
        assert contracted.says("クイック認証", "#choices"), "the other certificate can be bought"
