"""What the marks on views (web/marks.py) do."""

import pytest
from flask import Flask

from models import Order, Session
from tests import steps
from tests.browser import Browser

pytestmark = pytest.mark.usefixtures("newcomer")


def test_signing_out_clears_the_browsers_cache(browser: Browser) -> None:
    browser.sign_in("new").visit("/")
    assert "Clear-Site-Data" not in browser.headers

    answer = browser.client.post("/logout", data={"csrf_token": browser.token}, base_url="http://127.0.0.1:8000")

    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (303, '"cache"')


@pytest.mark.parametrize(("method", "address", "root"), [("GET", "/contract/status", "poll"), ("POST", "/orders/{}/payment", "panel")])
def test_a_fragment_requested_after_the_session_expired_says_so_in_its_place(
    browser: Browser, method: str, address: str, root: str
) -> None:
    steps.to_the_payment(browser)
    Session.delete().execute()

    found = browser.fragment(method, address.format(Order.get().number))

    assert found.root["id"] == root
    assert found.says("ログインの有効期限が切れ")


def test_every_view_marked_with_a_fragment_names_an_existing_one(app: Flask) -> None:
    roots = {view.fragment_root for view in app.view_functions.values() if hasattr(view, "fragment_root")}

    assert roots == {"estimate", "panel", "poll"}
