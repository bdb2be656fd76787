"""Access to every address of the portal: not signed in, as another customer and as the owner."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from models import Order, PaymentMethodSetup
from portal.web.assets import asset_url
from tests.browser import Browser
from tests.factories import Workshop, a_customer, a_domain, an_ended_certificate
from tests.stored import everything_stored

PUBLIC, PRIVATE, OWN = "anybody", "any customer", "the owner alone"
OWN_ELSEWHERE = "its owner alone"  # of a paper or an option, which the customer here has not: test_papers.py, test_single_options.py
NO_PAGE = ("operations.ready", "operations.metrics", "demo.mail", "auth.forget", "password.open_link", "addresses.open_link")
WHO = {
    "assets.file": PUBLIC,
    "page_dictionary.show": PUBLIC,
    "auth.sign_in": PUBLIC,
    **dict.fromkeys(("password.ask", "password.send", "password.sent", "password.done", "password.open_link", "password.choose"), PUBLIC),
    "auth.enter": PUBLIC,
    "auth.sign_out": PUBLIC,
    "auth.forget": PUBLIC,
    "auth.go_on": PRIVATE,
    **dict.fromkeys(("documents.show", "documents.index", "documents.prices", "documents.privacy"), PUBLIC),
    **dict.fromkeys(("documents.guide", "documents.guide_page", "documents.criteria"), PUBLIC),
    "documents.commerce_law": PUBLIC,
    "notices.receive": PUBLIC,
    "operations.health": PUBLIC,
    "operations.ready": PUBLIC,
    "operations.metrics": PUBLIC,
    "home.panel": PRIVATE,
    "contract.show": PRIVATE,
    "contract.status": PRIVATE,
    "orders.open_draft": PRIVATE,
    "renewal.confirm": PRIVATE,
    "renewal.reset": PRIVATE,
    "renewal.stopped": PRIVATE,
    "contract.timeline": PRIVATE,
    "change.show": PRIVATE,
    "reservation.edit": PRIVATE,
    "reservation.choose": PRIVATE,
    "reservation.confirm_undoing": PRIVATE,
    "reservation.undo": PRIVATE,
    "method.choose": PRIVATE,
    "method.pick": PRIVATE,
    "method.card": OWN,
    "method.set_card": OWN,
    "method.wallet": OWN,
    "method.set_wallet": OWN,
    "method.day": PRIVATE,
    "method.set_day": PRIVATE,
    "mails.index": PRIVATE,
    "orders.show": OWN,
    "orders.choose": OWN,
    "orders.estimate": OWN,
    **dict.fromkeys(("authentication.show", "authentication.begin", "authentication.come_back"), OWN),
    "payment.choose": OWN,
    "payment.pick": OWN,
    "card.confirm": OWN,
    "card.pay_now": OWN,
    "mails.show": OWN,
    "account.show": PRIVATE,
    **dict.fromkeys(("domains.show", "domains.add"), PRIVATE),
    **dict.fromkeys(("domains.one", "domains.check", "domains.confirm_removing", "domains.remove"), OWN),
    "hosting_notices.receive": PUBLIC,
    **dict.fromkeys(("certificates.show", "new_certificate.show", "new_certificate.add"), PRIVATE),
    **dict.fromkeys(("certificates.one", "certificates.choose", "certificate_switch.show", "certificate_switch.press"), OWN),
    **dict.fromkeys(("options.show", "options.add", "history.index"), PRIVATE),
    **dict.fromkeys(("papers.show", "papers.open_first", "papers.download", "history.issue_invoice", "history.annual"), OWN_ELSEWHERE),
    **dict.fromkeys(("switches.show", "switches.press", "next_number.show", "next_number.choose"), OWN_ELSEWHERE),
    "account.change_password": PRIVATE,
    **dict.fromkeys(("addresses.open_link", "addresses.confirm", "addresses.done"), PUBLIC),
    **dict.fromkeys(("addresses.edit", "addresses.ask", "addresses.edit_notices", "addresses.ask_for_notices"), PRIVATE),
    **dict.fromkeys(("addresses.stop_notices", "names.edit", "names.change"), PRIVATE),
    **dict.fromkeys(("sessions.show", "own_data.show", "own_data.file"), PRIVATE),
    "sessions.end": PRIVATE,
    "account.confirm_unlinking": PRIVATE,
    "account.unlink": PRIVATE,
    "wallet.show": OWN,
    "wallet.confirm": OWN,
    "wallet.pay_now": OWN,
    "bank.confirm": OWN,
    "bank.place": OWN,
    "bank.report": OWN,
    "bank.send_report": OWN,
    "bank.send_mail": OWN,
    "bank.confirm_giving_up": OWN,
    "bank.give_up": OWN,
    **dict.fromkeys(("demo_tour.show", "demo_tour.go_on", "demo_slides.sheet", "demo_slides.at"), PUBLIC),
    "demo_bank.show": PUBLIC,
    "demo_card.show": PUBLIC,
    "demo_card.act": PUBLIC,
    "demo_card.arrive": PUBLIC,
    "demo_bank.pay_in": PUBLIC,
    "demo_bank.file": PUBLIC,
    "demo_bank.load_day": PUBLIC,
    "demo.show": PUBLIC,
    "demo.mail": PUBLIC,
    "demo.mails": PUBLIC,
    "demo_clock.show": PUBLIC,
    "demo_clock.turn": PUBLIC,
    "documents.accessibility_statement": PUBLIC,
    "demo_states.index": PUBLIC,
    "demo_states.nowhere": PUBLIC,
    "demo_states.show": PUBLIC,
    "demo_restart.confirm": PUBLIC,
    "demo_restart.restart": PUBLIC,
}


class Addresses:
    """Each rule of the portal, filled in with the one order there is, and with a card and a wallet for later renewals."""

    def __init__(
        self, app: Flask, order: Order, setup: PaymentMethodSetup, wallet: PaymentMethodSetup, later: dict[str, PaymentMethodSetup]
    ) -> None:
        self.app, self.order, self.setup, self.wallet, self.later = app, order, setup, wallet, later
        self.domain, self.certificate = a_domain(order.account), an_ended_certificate(order.account)

    def of(self, rule: Rule) -> str:
        document = self.app.extensions["catalog"].documents[0]
        _, _, tag, *name = asset_url("portal.js").split("/")
        values = {"number": self.order.number, "reference": self._reference(rule), "tag": tag, "version": document.version, "day": 5}
        values |= {
            "token": "x" * 32,
            "state": "nowhere",
            "login": "new",
            "domain_id": self.domain.id,
            "certificate_id": self.certificate.id,
            "sold": "ssl",
            "product": "backup",
            "kind": "csv",
            "year": 2026,
        }
        if rule.endpoint == "page_dictionary.show":
            values["tag"] = self.app.extensions["page_dictionary"].tag
        values["name"] = "/".join(name) if rule.endpoint.startswith("assets") else document.id
        if rule.endpoint == "documents.guide_page":
            values["name"] = "new"
        with self.app.test_request_context(base_url="http://127.0.0.1:8000"):
            return self.app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments}).removeprefix("http://127.0.0.1:8000")

    def _reference(self, rule: Rule) -> str:
        if rule.endpoint.startswith("method."):
            return self.later["wallet" if rule.endpoint.endswith("wallet") else "card"].reference
        return (self.wallet if rule.endpoint.startswith("wallet.") else self.setup).reference

    def where(self, *who: str) -> list[tuple[str, str, str]]:
        """(endpoint, method, address)"""
        rules = [rule for rule in self.app.url_map.iter_rules() if WHO.get(rule.endpoint) in who]
        return [(rule.endpoint, method, self.of(rule)) for rule in rules for method in sorted(rule.methods & {"GET", "POST"})]


@pytest.fixture
def addresses(app: Flask, workshop: Workshop) -> Addresses:
    account = a_customer("new")
    order = workshop.draft(account)
    return Addresses(app, order, workshop.setup(order), workshop.wallet_setup(order), workshop.setups_for_later(account))


def ask(browser: Browser, method: str, address: str) -> int:
    """The status of the very first answer."""
    before = len(browser.traffic)
    browser.visit(address) if method == "GET" else browser.visit("/").post_raw(address)
    posted = [answer for answer in browser.traffic[before:] if answer.path == address and answer.method == method]
    return posted[0].status


def test_the_table_names_who_may_open_every_address(app: Flask) -> None:
    """But for staff's own, each of which tests/routes/test_matrix.py asks for."""
    rules = [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/staff")]

    assert {rule.endpoint for rule in rules} == set(WHO)


def test_anybody_may_read_public_pages(browser: Browser, addresses: Addresses) -> None:
    for endpoint, method, address in addresses.where(PUBLIC):
        if method == "GET" and endpoint not in NO_PAGE:
            assert browser.visit(address).status == 200, endpoint


def test_every_address_of_an_order_is_not_found_for_another_customer(browser: Browser, addresses: Addresses) -> None:
    a_customer("other")
    browser.sign_in("other")
    before = Order.get()

    for endpoint, method, address in addresses.where(OWN):
        assert ask(browser, method, address) == 404, (endpoint, method)
        assert addresses.order.number not in browser.text()

    after = Order.get()
    assert (after.typed, after.state, after.revision, after.method) == (before.typed, before.state, before.revision, before.method)


def test_another_customers_order_looks_like_a_missing_one(browser: Browser, addresses: Addresses) -> None:
    a_customer("other")
    browser.sign_in("other")

    other = browser.visit(f"/orders/{addresses.order.number}").text("main")
    nothing = browser.visit("/orders/00000000").text("main")

    assert other == nothing


def test_the_owner_opens_every_page_of_the_order_and_changes_nothing(browser: Browser, addresses: Addresses) -> None:
    browser.sign_in("new")
    before = everything_stored()

    for endpoint, method, address in addresses.where(OWN, PRIVATE):
        if method == "GET" and endpoint not in ("contract.status", "renewal.confirm", "mails.show"):
            assert browser.visit(address).status == 200, endpoint
            assert browser.now.page is None or browser.offers("ログアウト"), endpoint
            assert everything_stored() == before, endpoint


def test_a_setup_reference_of_another_order_is_not_found(browser: Browser, workshop: Workshop, addresses: Addresses) -> None:
    other = workshop.draft(a_customer("other"))
    theirs = workshop.setup(other)
    browser.sign_in("new")

    for reference in (theirs.reference, "no-such-reference", "x" * 500):
        assert browser.visit(f"/orders/{addresses.order.number}/card/{reference}").status == 404
    for reference in (workshop.wallet_setup(other).reference, theirs.reference, addresses.setup.reference, "x" * 500):
        for page in ("", "/confirm"):
            assert browser.visit(f"/orders/{addresses.order.number}/wallet/{reference}{page}").status == 404
    assert browser.visit(f"/orders/{addresses.order.number}/card/{addresses.wallet.reference}").status == 404


@pytest.mark.parametrize(
    "number", ["0", "-1", "１２３４５６７８", "1e3", "new", "%F0%9F%8D%A3", "x" * 5000, "../admin", "%2e%2e%2f", "' OR 1=1 --"]
)
def test_an_invalid_order_number_is_not_found(browser: Browser, app: Flask, number: str) -> None:
    a_customer("new")
    browser.sign_in("new")

    assert browser.visit(f"/orders/{number}").status in (404, 308)


@pytest.mark.store
@pytest.mark.parametrize("address", ["/orders/%00", "/orders/1%00/payment", "/documents/%00/1", "/static/%00/x", "/%00"])
def test_an_address_with_a_null_byte_is_not_found(browser: Browser, database: str, address: str) -> None:
    a_customer("new")
    browser.sign_in("new")

    assert browser.visit(address).status in (400, 404)
