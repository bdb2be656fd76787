"""The HTML part says what the text says, and loads nothing."""

import re

import pytest
from bs4 import BeautifulSoup

from portal.actions.mail import rendering
from portal.actions.mail.rendering.html import html_of
from tests.actions.mail.test_order_mails import EVERY

LOADED = ("img", "link", "script", "iframe", "video", "audio", "object", "form")


@pytest.mark.parametrize(("kind", "values"), EVERY)
def test_both_parts_of_every_mail_say_the_same(kind, values):
    letter = rendering.render(kind, "<b>見本 & 花</b>", **values)
    html = html_of(letter.subject, letter.body)
    page = BeautifulSoup(html, "html.parser")
    buttons = [link for link in page.find_all("a") if link.get("style")]

    assert squeezed(page.body.get_text()) == squeezed(letter.subject + letter.body)
    assert page.title.get_text() == letter.subject
    assert [link["href"] for link in page.find_all("a")] == re.findall(r"https?://[!-~]+", letter.body)
    assert all(link.get_text() == link["href"] for link in page.find_all("a"))
    assert len(buttons) == 1
    assert not page.find_all(LOADED)
    assert "url(" not in html


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_what_people_typed_is_text_in_the_html_too():
    assert "&lt;script&gt;" in html_of("件名", "<script>alert(1)</script>")


def test_a_mail_without_an_address_of_its_own_line_has_no_button():
    page = BeautifulSoup(html_of("件名", "くわしくは https://example.jp/a をご覧ください。"), "html.parser")

    assert [(link["href"], link.get("style")) for link in page.find_all("a")] == [("https://example.jp/a", None)]
