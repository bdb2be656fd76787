"""What a mail about the end of a contract tells the customer to press stands on the page that day, also with an open order."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from models import Mail, Order
from portal.enums import MailKind
from tests import steps
from tests.browser import Browser
from tests.clock_days import Worker, at

ABOUT_THE_END = (MailKind.RENEWAL_BY_HAND, MailKind.CONTRACT_ENDED, MailKind.CONTRACT_STOPPED, MailKind.DELETION_AHEAD)
BUTTONS = re.compile("「(契約更新の操作へ進む|お支払い手続きへ)」")
ORDERED, GONE = date(2025, 11, 20), date(2025, 12, 19)


def leaves_it(browser: Browser) -> None:
    pass


def orders_by_transfer(browser: Browser) -> None:
    browser.visit("/contract").press("契約更新の操作へ進む").press("お支払い方法選択へ")
    steps.by_transfer(browser).press("OK")


def reports_it(browser: Browser) -> None:
    orders_by_transfer(browser)
    browser.visit("/contract").follow("振り込みました").fill("振込名義", "ミホン タロウ").press("連絡する")


def test_a_declined_renewal_is_paid_where_the_mails_say(browser: Browser, worker: Worker) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser, steps.PAYS_ONCE)

    told = until_it_is_gone(browser, worker, date(2025, 11, 1))

    assert {kind for kind, _ in told} >= {MailKind.CONTRACT_ENDED, MailKind.CONTRACT_STOPPED, MailKind.DELETION_AHEAD}


@pytest.mark.parametrize("does", [leaves_it, orders_by_transfer, reports_it])
def test_what_a_mail_says_to_press_is_on_the_page(browser: Browser, worker: Worker, does: Callable[[Browser], None]) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser).visit("/renewal/reset").press("OK")
    with at(2025, 11, 20, 10):
        does(steps.go(browser, "/contract"))
    placed = Order.select().where(Order.state == "placed").first()

    told = until_it_is_gone(browser, worker, ORDERED)

    assert {kind for kind, _ in told} == {*ABOUT_THE_END}
    for _, text in told:
        assert not placed or placed.number in text
        assert ("もう一度お振り込みいただく必要はありません" in text) == (does is reports_it)
        assert ("更新のお手続きが必要です" in text) <= (does is leaves_it)


def until_it_is_gone(browser: Browser, worker: Worker, day: date) -> list[tuple[str, str]]:
    """The mails about the end as they are written, day by day: what they say to press is pressed on the page that they lead to."""
    told: list[tuple[str, str]] = []
    last = Mail.select().order_by(Mail.id.desc()).get().id
    while day < GONE:
        day += timedelta(days=1)
        worker.comes(day.year, day.month, day.day, 0, 5)
        for mail in list(Mail.select().where(Mail.id > last, Mail.kind.in_(ABOUT_THE_END)).order_by(Mail.id)):
            last = mail.id
            told.append((mail.kind, mail.body))
            with at(day.year, day.month, day.day, 10):
                leads_there(browser, mail.body)
    return told


def leads_there(browser: Browser, text: str) -> None:
    page = "/orders/" + found[1] if (found := re.search(r"/orders/(\d+)", text)) else "/contract"
    steps.go(browser, page)
    for button in BUTTONS.findall(text):
        assert browser.offers(button), (button, text, browser.text("main"))
