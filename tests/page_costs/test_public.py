"""Pages that nobody has to sign in for, the demo's own, and errors."""

from portal.gateways.card import CompanyUnreachable
from portal.rules.documents.guide import GUIDE
from tests import budgets, steps
from tests.budgets import Row
from tests.factories import a_customer
from tests.page_costs.ways import HTMX

PUBLIC_PAGES = (
    *(f"/guide/{name}" for name in GUIDE),
    *("/guide", "/prices", "/documents", "/legal/tokutei", "/legal/privacy", "/legal/accessibility", "/legal/accessibility/criteria"),
)


def test_public_pages_stay_within_their_budget(ledger, catalog, printed):
    browser = ledger.browser
    a_customer()
    for document in catalog.documents:
        browser.visit(f"/documents/{document.id}/{document.version}")
        ledger.page(f"document {document.id}")
    for address in PUBLIC_PAGES:
        browser.visit(address)
        ledger.page(address)
    browser.visit("/login").press("ログイン")
    ledger.page("login, with mistakes")
    for _ in range(11):
        browser.visit("/login").fill("ログインID", "new").fill("パスワード", "wrong").press("ログイン")
    assert browser.status == 429
    ledger.page("login, too many tries")

    printed[0].extend(ledger.rows)
    assert not ledger.over


def test_the_demo_pages_stay_within_their_budget(ledger, printed):
    browser = ledger.browser
    a_customer()
    steps.order_by_transfer(browser)
    for address in ("/demo", "/demo/bank", "/demo/card", "/demo/clock", "/demo/restart"):
        browser.visit(address)
        ledger.page(f"demo: {address}")
    browser.visit("/demo/clock").fill("日付", "x").press("この日へ")
    ledger.page("demo: clock, with mistakes")
    browser.press("次の出来事へ").press("次の出来事へ")
    ledger.page("demo: clock, turned")

    printed[0].extend(ledger.rows)
    assert not ledger.over


def test_error_pages_stay_within_their_budget(ledger, app, companies, printed):
    browser = ledger.browser
    a_customer()
    number = steps.to_the_payment(browser).url.split("/")[2]
    for status, ask in {
        400: lambda: browser.post_raw("/orders", csrf=False),
        404: lambda: browser.visit("/orders/1"),
        405: lambda: browser.post_raw("/contract"),
        413: lambda: browser.post_raw("/orders", {"x": "x" * 100_000}, csrf=False),
        503: lambda: _breaking(app, "payment.choose", CompanyUnreachable(), lambda: browser.visit(f"/orders/{number}/payment")),
        500: lambda: _breaking(app, "home.panel", RuntimeError("for the test"), lambda: browser.visit("/")),
    }.items():
        ask()
        assert browser.status == status
        ledger.page(f"error {status}")
    browser.client.get("/", base_url="http://portal.example")
    ledger.rows.append(Row("error 421, foreign name", ledger.last.body, budgets.PAGE))
    browser.client.get("/contract/status", headers=HTMX)
    ledger.fragment("fragment: error 404")

    printed[0].extend(ledger.rows)
    assert not ledger.over


def _breaking(app, view: str, error: Exception, ask) -> None:
    """The view fails with the error, this once."""
    working = app.view_functions[view]

    def breaks(**_arguments: object) -> None:
        raise error

    app.view_functions[view] = breaks
    ask()
    app.view_functions[view] = working
