"""「デモの目次」: every persona's screens by one press, the mails, and the ways to the other parts of the demo."""

import pytest

from models import Mail, Order
from portal.demo import filling
from portal.demo.personas import PERSONAS
from tests.browser import Browser


@pytest.fixture
def contents(app, browser) -> Browser:
    filling.make_ready(app)
    return browser.visit("/demo")


def test_every_persona_and_every_order_in_its_state_is_listed(contents):
    for persona in PERSONAS:
        assert contents.says(f"{persona.login}：{persona.story}")
    for order in Order.select():
        assert contents.says(f"/orders/{order.number}")
    for state in ("入金確認済", "お振込待ち"):
        assert contents.says(state)


def test_one_press_opens_each_screen_as_its_owner(contents):
    buttons = [(button["value"], button.get_text()) for button in contents.page.soup.select("main button[name=next]")]
    assert len(buttons) > 15

    for address, label in buttons:
        contents.visit("/demo").press(label)
        assert (contents.status, contents.url) == (200, address)


def test_every_mail_can_be_read(contents):
    for mail in Mail.select():
        assert contents.visit(f"/demo/mails/{mail.id}").says(mail.recipient)
    assert contents.visit("/demo/mails/999999").status == 404


def test_it_leads_everywhere(contents):
    for link in contents.page.soup.select("main a[href]"):
        contents.visit(link["href"])
        assert contents.status == (404 if link["href"] == "/demo/nowhere" else 200), link["href"]


def test_it_says_when_the_demo_began_and_why(contents):
    assert contents.says("停止中の契約（1日から14日）の両方を見せられるように")
