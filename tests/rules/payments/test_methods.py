"""Every method has its row and its words: a new one is named here, before a customer finds the place that forgot it."""

from datetime import date

import pytest

from portal.actions.payments import company_calls, methods
from portal.enums import Method
from portal.gateways.companies import Companies
from portal.rules.payments.declines import decline_text, setup_failed_text
from portal.rules.payments.methods import METHODS, WITH_COMPANY, ChargeDay, row_of
from portal.rules.renewals.charge_days import charge_day, last_change_day
from tests.companies import Wrapped

EACH = pytest.mark.parametrize("method", Method)


@EACH
def test_a_method_has_its_row(method):
    row = row_of(method)

    assert row.steps[0] == "契約内容"
    assert row.steps[-1] == "最終確認"
    assert (row.company is None) == (not row.actor) == (not row.noun) == row.is_paid_later
    assert row.renews_by_itself == (row.change_days_before is not None)
    assert row.renews_by_itself == bool(row.remove and row.removed and row.detached and row.not_detached)


@EACH
def test_a_method_is_charged_on_its_day(method):
    row, ends_on = row_of(method), date(2025, 11, 30)
    day = charge_day(method, ends_on, 15)

    assert day == {ChargeDay.NEVER: None, ChargeDay.COMPANY: date(2025, 11, 5), ChargeDay.CUSTOMER: date(2025, 11, 15)}[row.charged_on]
    if day:
        assert last_change_day(method, day) < day


@EACH
def test_companies_know_every_method(method):
    card, wallet = object(), object()

    assert (Companies(card, wallet).get(method) is not None) == (method in WITH_COMPANY)


@pytest.mark.parametrize("method", WITH_COMPANY)
def test_a_company_is_asked_by_its_own_words(method):
    class Deaf(Wrapped):
        def answer(self, name, *arguments):
            return name

    company = Deaf(object())
    company_calls.begin_visit(method, company, "reference", "/back")
    company_calls.finish_visit(method, company, "reference")
    company_calls.take(method, company, "token", 1, "key")
    company_calls.detach(method, company, "token")

    assert len(set(company.asked)) == 4


@pytest.mark.parametrize("method", set(Method) - set(WITH_COMPANY))
def test_a_method_without_a_company_asks_nobody(method):
    with pytest.raises(ValueError, match="has no company"):
        company_calls.take(method, None, "token", 1, "key")


@pytest.mark.parametrize("method", WITH_COMPANY)
def test_a_method_with_a_company_has_words_for_a_refusal(method):
    assert decline_text("unheard of", method)
    assert setup_failed_text(method, "unheard of")


@EACH
def test_what_an_account_has_linked_is_known_for_every_method(method):
    class Nobody:
        wallet = None

    assert methods.linked(Nobody(), method) is None


def test_the_rows_are_the_methods():
    assert list(METHODS) == list(Method)
