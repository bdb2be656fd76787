"""「バックアップ」「デバイスセキュリティ」: bought, enlarged and stopped on pages of their own."""

from datetime import date

import pytest

from models import Order, Subscription
from portal.enums import OrderKind
from tests import steps
from tests.browser import Browser


@pytest.fixture
def customer(browser: Browser, business_day) -> Browser:
    """A server for one month from 2026-11-10 (until 12-31), paid by card."""
    business_day(date(2026, 11, 10))
    return steps.buy_a_month(browser)


def add_backup(browser: Browser) -> Browser:
    browser.visit("/backup").choose("3か月").tick(steps.BACKUP_TERMS).press("お支払い方法選択へ")
    return browser


def test_backup_is_bought_on_its_own_page_for_once(customer: Browser) -> None:
    steps.by_card(add_backup(customer))

    assert customer.says("今後の自動更新のお支払いには使いません")
    customer.press("OK")
    order, backup = Order.get(Order.kind == OrderKind.ADD), Subscription.get(Subscription.product == "backup")
    assert (order.adds, order.state, order.total_yen, backup.renews) == ("backup", "paid", 1254, False)
    assert customer.visit("/backup").says("2027年2月28日（日）に終了します")
