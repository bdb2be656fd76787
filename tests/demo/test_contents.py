"""「デモの目次」 links every persona's screens, the mails and the other parts of the demo."""

from datetime import datetime

import pytest
import time_machine

from models import Mail, Order
from portal.demo import filling
from portal.demo.personas import PERSONAS
from tests import budgets, sampling


@pytest.fixture
def wall():
    with time_machine.travel(datetime(2026, 11, 25, 3, 0)):
        yield


def test_the_contents_page_links_every_persona_screen_and_mail(app, wall, browser, catalog):
    filling.make_ready(app)
    bar = app.jinja_env.globals.pop("demo_clock")  # it is weighed apart
    browser.visit("/demo")
    app.jinja_env.globals["demo_clock"] = bar
    assert browser.size <= budgets.PAGE
    for persona in PERSONAS:
        assert browser.says(f"{persona.login}：{persona.described(catalog)}")
    for order in Order.select():
        assert browser.says(f"/orders/{order.number}")
    for state in ("入金確認済", "お振込待ち"):
        assert browser.says(state)

    buttons = [(button["value"], button.get_text()) for button in browser.page.soup.select("main button[name=next]")]
    assert len(buttons) > 40
    for address, label in buttons[:: sampling.usual(3, 1)]:
        browser.visit("/demo").press(label)
        assert (browser.status, browser.url) == (200, address), label
    for mail in Mail.select():
        assert browser.visit(f"/demo/mails/{mail.id}").says(mail.recipient)
    assert browser.visit("/demo/mails/999999").status == 404


def test_every_link_of_the_contents_page_opens(app, wall, browser):
    filling.make_ready(app, PERSONAS[:2])
    for link in browser.visit("/demo").page.soup.select("main a[href]"):
        browser.visit(link["href"])
        assert browser.status == (404 if link["href"] == "/demo/nowhere" else 200), link["href"]


def test_the_clock_page_says_when_the_demo_began_and_why(app, wall, browser):
    filling.make_ready(app, PERSONAS[:1])

    assert browser.visit("/demo/clock").says("このデモは2026年11月10日（火）から始まりました")
    assert browser.says("停止中の契約（1日から14日）の両方を見せられるように")
