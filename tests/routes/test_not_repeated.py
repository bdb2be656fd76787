"""No page with a form's token repeats what stands in its address: compressed side by side, one would help to guess the other."""

import re

from flask import Flask

from tests import steps
from tests.browser import Browser
from tests.factories import a_customer

WORD = "Qx7Zk93vTq"
NAMES = ("next", "why", "code", "q", "page", "order", "state", "wait", "watch", "kind", "method", "back", "number", "login", WORD)
OWN_QUESTION = ("/demo",)  # a demo's clock leads back to the page that it was pressed on


def test_no_customers_page_repeats_its_address(browser: Browser, app: Flask) -> None:
    a_customer("new")
    steps.to_the_payment(browser)
    number, query = browser.url.split("/")[2], "&".join(f"{name}={WORD}" for name in NAMES)
    rules = [rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.rule.startswith(("/staff", "/static"))]
    asked = [re.sub("<[^>]*number>", number, rule) for rule in rules if not rule.startswith(OWN_QUESTION)]

    repeating = []
    for path in (*asked, *(f"{path}/{WORD}" for path in asked)):
        answer = browser.client.get(f"{re.sub('<[^>]*>', WORD, path)}?{query}", base_url=browser.base_url)
        if WORD in answer.text and "csrf_token" in answer.text:
            repeating.append(path)

    assert len(asked) > 30
    assert not repeating
