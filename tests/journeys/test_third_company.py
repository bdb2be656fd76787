"""A third card company is one module and one row: its setting is accepted, its page is linked, it is charged, renewed and refunded."""

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from models import Payment, Refund
from portal import clock
from portal.actions.payments import refunds
from portal.actions.payments.comparing import compare
from portal.actions.payments.refundable import refundable
from portal.enums import Method
from portal.gateways.companies import Companies, companies_for
from portal.runtime.card_companies import CARD_COMPANIES
from portal.runtime.setting_checks import UnsafeSettings
from portal.runtime.settings import settings_from
from tests import balance, steps
from tests.actions.renewals.days import Calendar
from tests.browser import Browser, Visit
from tests.gateways.third_company import ROW, ThirdCompany
from tests.purchase import Shop
from tests.staff_desk import a_clerk
from tests.test_settings import DEMO

YEN = 13_200


@pytest.fixture
def companies(settings, monkeypatch) -> Companies:
    environ = DEMO | {"CARD_COMPANY": "third", "THIRD_KEY": "key-for-tests"}
    with pytest.raises(UnsafeSettings):
        settings_from(environ)
    monkeypatch.setitem(CARD_COMPANIES, "third", ROW)
    found = companies_for(settings_from(environ))
    found.card.public_url = settings.public_url
    return found


@dataclass
class ThirdBrowser(Browser):
    """At the company's page a good card is typed at once."""

    company: ThirdCompany | None = None

    def _send(self, visit: Visit, headers: Any) -> Any:
        if not visit.url.startswith(self.company.origin):
            return super()._send(visit, headers)
        visit.status, visit.headers, visit.text = 303, {"Location": self.company.customer_types(visit.url)}, ""
        return SimpleNamespace(status_code=303, headers=visit.headers)


def test_it_is_paid_renewed_and_refunded(app, newcomer, settings, books, catalog, companies):
    browser = ThirdBrowser(app, settings.public_url, company=companies.card)
    steps.to_the_payment(browser)
    assert "form-action 'self' https://pay.third.example;" in browser.headers["Content-Security-Policy"]
    browser.press("クレジットカード情報入力").press("OK")
    assert browser.says("入金確認済", "#status")
    assert balance.received() == [YEN]
    assert Payment.get().payment_method.company == "third"

    Calendar(settings, books).jump(clock.today() + timedelta(days=400)).work(Shop(catalog, books, companies.card))
    assert balance.received() == [YEN, YEN]

    found = refundable(Payment.get().order)
    refund = refunds.begin(found, 500, a_clerk().staff, "x", companies, "test")
    refunds.send(refund, companies.card)
    assert Refund.get().state == "succeeded"
    begin = clock.day_of(clock.real_now()) - timedelta(days=1)
    assert compare(Method.CARD, companies.card, begin, begin + timedelta(days=2)).theirs_yen == 2 * YEN - 500
