"""What the marks on views (web/marks.py) do."""

import pytest
from flask import Flask

from models import Order, Session
from tests import steps
from tests.browser import Browser

pytestmark = pytest.mark.usefixtures("newcomer")


def test_the_browser_forgets_our_pages_when_somebody_signs_out(browser: Browser) -> None:
    browser.sign_in("new").visit("/")
    assert "Clear-Site-Data" not in browser.headers

    answer = browser.client.post("/logout", data={"csrf_token": browser.token}, base_url="http://127.0.0.1:8000")

    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (303, '"cache"')


@pytest.mark.parametrize(("method", "address", "root"), [("GET", "/contract/status", "status"), ("POST", "/orders/{}/payment", "panel")])
def test_whoever_was_signed_out_meanwhile_reads_so_where_the_fragment_was(browser: Browser, method: str, address: str, root: str) -> None:
    steps.to_the_payment(browser)
    Session.delete().execute()

    found = browser.fragment(method, address.format(Order.get().number))

    assert found.root["id"] == root
    assert found.says("ログインの有効期限が切れました")


def test_every_mark_names_a_fragment_that_there_is(app: Flask) -> None:
    roots = {view.fragment_root for view in app.view_functions.values() if hasattr(view, "fragment_root")}

    assert roots == {"estimate", "panel", "status"}
