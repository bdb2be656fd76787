"""The pretend bank's files, as staff bring them: every way to pay in becomes what it should."""

from collections.abc import Callable

import pytest

from models import Deposit, Order
from portal.catalog import Catalog
from tests.browser import Browser
from tests.staff_desk import Clerk, a_bank_order, a_clerk, sign_in


@pytest.fixture
def clerk(database: str) -> Clerk:
    return a_clerk()


@pytest.fixture
def desk(browser: Browser, clerk: Clerk) -> Browser:
    return sign_in(browser, clerk)


@pytest.mark.parametrize("kind", ["振込入金通知（全銀 01）", "入出金取引明細（全銀 03）", "CSV"])
def test_what_the_pretend_bank_received_is_imported_and_matched(desk: Browser, catalog: Catalog, kind: str, business_day: Callable) -> None:
    exact, short, twice = (a_bank_order(catalog, login) for login in ("exact", "short", "twice"))
    for order, way in ((exact, "ちょうど"), (short, "440円足りない"), (twice, "2回")):
        desk.visit("/demo/bank").press(f"{way}（{order.number}）")
    content = download(desk, kind)

    desk.visit("/staff/bank/new").attach("ファイル", "meisai", content).press("内容を確かめる")
    assert desk.says("新しい入金 4件")
    desk.press("OK").follow("確かな入金をまとめて充当する").press("OK")

    assert desk.says("2件、26,400円を充当しました。")
    states = {order.account.login: Order.get_by_id(order.id).state for order in (exact, short, twice)}
    assert states == {"exact": "paid", "short": "placed", "twice": "paid"}
    assert sorted(deposit.rest_yen for deposit in Deposit.select()) == [0, 0, 12_760, 13_200]


def download(desk: Browser, kind: str) -> bytes:
    address = desk.visit("/demo/bank").page.link(kind)["href"]
    return desk.client.get(address, base_url=desk.base_url).data
