"""A certificate at the moment of a charge: between any two steps of it the hosting side answers, or the customer turns it off."""

import pytest

from models import HostingEvent, Mail, Subscription
from portal.actions.certificates import renewal_switch
from portal.actions.renewals import switch
from portal.actions.renewals.method_reset import Reset
from portal.enums import CertificateState, HostingEventKind, MailState
from portal.rules.orders.quote import quote
from tests import additions
from tests.actions.renewals import certificates
from tests.actions.renewals.certificates import bought, certificate
from tests.actions.renewals.contract import CHARGE, ENDS_ON, OK, RENEWED_UNTIL, Contract
from tests.actions.renewals.test_interleaved import Scenario, run_all
from tests.choices import a_selection
from tests.factories import a_confirmed_domain

ISSUED = Scenario("charged, issued", CHARGE, Contract.look, certificates.buy_issued)
SAYS_SO = "今回のお支払いには、この独自SSLが含まれます"
ASKED = HostingEventKind.CERTIFICATE.value
REQUESTED = Scenario("charged, requested", CHARGE, Contract.look, certificates.buy_requested)


@pytest.fixture
def shop(shop):
    return certificates.with_short_certificates(shop)


def turn_off(contract: Contract) -> None:
    renewal_switch.switch(contract.account, bought(contract).id, OK, contract.shop.catalog, on=False)
    contract.resets.append((Reset(was_on=True), contract.charged))


def paid_until(contract: Contract):
    return bought(contract).last_term.ends_on


def requests(contract: Contract) -> list:
    found = HostingEvent.select().where(HostingEvent.kind == HostingEventKind.CERTIFICATE, HostingEvent.account == contract.account)
    return [event.ends_on for event in found.order_by(HostingEvent.id)]


@pytest.mark.store(postgresql=2)
def test_what_fails_while_it_is_charged_is_paid_once_or_not_at_all_and_off_for_ever(shop, calendar):
    """Before the attempt is committed it is left out; afterwards it is paid. Nothing renews it after that."""
    contracts = run_all(shop, calendar, REQUESTED, certificates.refuse)

    refused, last = contracts[:-1], contracts[-1]
    assert {contract.ends_on for contract in contracts} == {RENEWED_UNTIL}
    assert {paid_until(contract) for contract in refused} == {ENDS_ON, RENEWED_UNTIL}
    assert {(certificate(contract).state, bought(contract).renews) for contract in refused} == {(CertificateState.FAILED, False)}
    assert requests(last) == [ENDS_ON, RENEWED_UNTIL]
    assert all(len(requests(contract)) == 1 for contract in refused if paid_until(contract) == ENDS_ON)
    told = {(paid_until(contract), SAYS_SO in mail_of(contract, "certificate_failed")) for contract in refused}
    assert {(ENDS_ON, False), (RENEWED_UNTIL, True)} <= told <= {(ENDS_ON, False), (RENEWED_UNTIL, True), (RENEWED_UNTIL, False)}


def test_a_declined_charge_of_what_failed_meanwhile_promises_no_other_try(shop, calendar):
    """The certificate ends alone: nothing is left to be charged."""
    alone = Scenario("declined", CHARGE, Contract.look, certificates.buy_alone_with_a_card_that_pays_once)
    contracts = run_all(shop, calendar, alone, certificates.refuse)

    for contract in contracts:
        tries = contract.order.payments.count() if contract.order else 0
        assert ("もう一度お支払いの手続きをします" in mail_of(contract, "renewal_failed")) is (tries > 1), contract.login
    assert {contract.order.payments.count() for contract in contracts if contract.order} >= {1}


def mail_of(contract: Contract, kind: str) -> str:
    """The first one's text; empty without one that was not withdrawn."""
    mail = contract.account.mails.where(Mail.kind == kind, Mail.state != MailState.WITHDRAWN).order_by(Mail.id).first()
    return mail.body.replace("\n", "") if mail else ""


def test_an_issue_that_comes_during_the_charge_is_kept_and_the_next_is_requested(shop, calendar):
    contracts = run_all(shop, calendar, REQUESTED, certificates.issue)

    assert {(tuple(requests(contract)), paid_until(contract)) for contract in contracts} == {((ENDS_ON, RENEWED_UNTIL), RENEWED_UNTIL)}
    assert len([contract for contract in contracts if certificate(contract).issued_until]) == len(contracts) - 1


def test_a_certificate_that_was_turned_off_is_not_charged_afterwards(shop, calendar):
    """While the charge runs, the switch is refused."""
    contracts = run_all(shop, calendar, ISSUED, turn_off)

    told = [(bool(charged), paid_until(contract)) for contract in contracts for _, charged in contract.resets]
    assert 0 < len(told) < len(contracts)
    assert set(told) == {(False, ENDS_ON), (True, RENEWED_UNTIL)}


def test_without_turning_it_off_what_failed_is_charged(shop, calendar, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(switch, "end_renewal", lambda *_about: True)

    contracts = run_all(shop, calendar, REQUESTED, certificates.refuse)

    assert {paid_until(contract) for contract in contracts} == {RENEWED_UNTIL}


def test_the_hosting_side_hears_of_a_term_before_it_is_asked_for_its_certificate(shop, calendar):
    """Of the renewed one, and of one that was bought for its common name."""
    contract = Contract(shop, calendar, "new")
    certificates.buy_issued(contract)
    domain = a_confirmed_domain(contract.account, "another.example.jp")
    found = quote(a_selection(ssl="quick"), shop.catalog.plan(contract.account.plan), shop.catalog, calendar.today)
    additions.order(shop, "new", f"ssl {domain.name}", found)
    calendar.jump(CHARGE)
    contract.look()

    renewed, new = contract.account.subscriptions.where(Subscription.product == "ssl").order_by(Subscription.id)
    heard = [[str(event.kind) for event in mine.hosting_events.order_by(HostingEvent.id)] for mine in (renewed, new)]
    assert heard == [["start", ASKED, "extension", ASKED], ["start", ASKED]]
