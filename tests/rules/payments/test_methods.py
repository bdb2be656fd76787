"""Every payment method has its complete row and texts, so a new one cannot be left incomplete."""

from datetime import date

import pytest

from portal.actions.payments import company_calls, methods
from portal.enums import Method
from portal.gateways.card import Customer
from portal.gateways.companies import Companies
from portal.rules.payments.declines import decline_text, setup_failed_text
from portal.rules.payments.methods import METHODS, WITH_COMPANY, ChargeDay, row_of
from portal.rules.renewals.charge_days import charge_day, last_change_day
from tests.companies import Wrapped

CUSTOMER = Customer("見本レンタルサーバー", "new", "見本 新")
EACH = pytest.mark.parametrize("method", Method)


@EACH
def test_every_payment_method_has_a_complete_row(method):
    row = row_of(method)

    assert (row.company is None) == (not row.actor) == (not row.noun) == row.is_paid_later
    assert row.renews_by_itself == (row.change_days_before is not None)
    assert row.renews_by_itself == bool(row.remove and row.removed and row.detached and row.not_detached)


@EACH
def test_every_payment_method_has_its_charge_day(method):
    row, ends_on = row_of(method), date(2025, 11, 30)
    day = charge_day(method, ends_on, 15)

    assert day == {ChargeDay.NEVER: None, ChargeDay.COMPANY: date(2025, 11, 5), ChargeDay.CUSTOMER: date(2025, 11, 15)}[row.charged_on]
    if day:
        assert last_change_day(method, day) < day


@EACH
def test_every_online_method_has_its_company(method):
    card, wallet = object(), object()

    assert (Companies(card, wallet).get(method) is not None) == (method in WITH_COMPANY)


@pytest.mark.parametrize("method", WITH_COMPANY)
def test_each_company_call_maps_to_its_own_method(method):
    class Deaf(Wrapped):
        def answer(self, name, *arguments):
            return name

    company = Deaf(object())
    company_calls.begin_setup(method, company, "reference", "/back", CUSTOMER)
    company_calls.finish_setup(method, company, "reference", "code")
    company_calls.end_setup(method, company, "reference")
    company_calls.charge(method, company, "token", 1, "key")
    company_calls.detach(method, company, "token")

    assert len(set(company.asked)) == 5


@pytest.mark.parametrize("method", set(Method) - set(WITH_COMPANY))
def test_a_method_without_a_company_cannot_be_charged(method):
    with pytest.raises(ValueError, match="has no company"):
        company_calls.charge(method, None, "token", 1, "key")


@pytest.mark.parametrize("method", WITH_COMPANY)
def test_every_online_method_has_texts_for_a_decline(method):
    assert decline_text("unheard of", method)
    assert setup_failed_text(method, "unheard of")


@EACH
def test_the_linked_payer_is_looked_up_for_every_method(method):
    class Nobody:
        wallet = None

    assert methods.linked(Nobody(), method) is None


def test_the_table_has_exactly_one_row_per_payment_method():
    assert list(METHODS) == list(Method)
