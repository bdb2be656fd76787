"""What the hosting side says comes twice, late, in any order and at the same instant: it counts once, and a name has one account."""

from datetime import timedelta
from itertools import permutations

import pytest

from models import Account, Certificate, Domain, Event, HostingEvent, Mail, Subscription
from portal import clock
from portal.actions.certificates import answers, common_names
from portal.actions.certificates.domains import TAKEN_MEANWHILE
from portal.actions.hosting import certificates as hosting
from portal.actions.refusals import NotPossible
from portal.enums import CertificateState, DomainState, HostingEventKind
from portal.gateways.hosting_answers import AnswerKind, HostingAnswer
from portal.rules.orders.quote import quote
from portal.store import database as store
from tests import additions
from tests.choices import a_selection
from tests.concurrency import at_once
from tests.factories import a_confirmed_domain, a_customer, a_domain
from tests.purchase import Shop

ISSUED, FAILED, EXPIRING = AnswerKind.CERTIFICATE_ISSUED, AnswerKind.CERTIFICATE_FAILED, AnswerKind.CERTIFICATE_EXPIRING
STATES = CertificateState
# What is left after all three, each told twice. When a valid one runs out before its term, the next is requested.
LEFT = {
    (ISSUED, FAILED, EXPIRING): (STATES.REQUESTED, 2, ["certificate_issued"]),
    (ISSUED, EXPIRING, FAILED): (STATES.REQUESTED, 2, ["certificate_issued"]),
    (FAILED, ISSUED, EXPIRING): (STATES.FAILED, 1, ["certificate_failed"]),
    (FAILED, EXPIRING, ISSUED): (STATES.FAILED, 1, ["certificate_failed"]),
    (EXPIRING, ISSUED, FAILED): (STATES.ISSUED, 1, ["certificate_issued"]),
    (EXPIRING, FAILED, ISSUED): (STATES.FAILED, 1, ["certificate_failed"]),
}


@pytest.fixture
def certificate(shop: Shop) -> Certificate:
    """Requested, of a contract of a year."""
    shop.buy(selection=a_selection(12, ssl="quick"))
    a_confirmed_domain(Account.by_login("new"))
    common_names.choose(Subscription.get(Subscription.product == "ssl"), "example.jp")
    return Certificate.get()


def tell(kind: AnswerKind, about: str) -> bool:
    reason = "ドメインが見つかりません。" if kind is FAILED else ""
    ends_on = clock.today() + timedelta(days=20) if kind is not FAILED else None
    return answers.receive(HostingAnswer(f"{kind} {about}", kind, about, reason, ends_on), "{}")


def mails() -> list[str]:
    return [str(mail.kind) for mail in Mail.select().where(Mail.kind.startswith("certificate")).order_by(Mail.id)]


def requests() -> int:
    return HostingEvent.select().where(HostingEvent.kind == HostingEventKind.CERTIFICATE).count()


@pytest.mark.parametrize("order", list(permutations((ISSUED, FAILED, EXPIRING))), ids=str)
def test_the_first_result_of_a_question_counts_and_each_is_told_once(certificate: Certificate, order: tuple[AnswerKind, ...]) -> None:
    about = certificate.question
    for kind in order:
        assert tell(kind, about)
        assert tell(kind, about), "told again: taken, and nothing happens"

    found, wanted = Certificate.get(), LEFT[order]
    assert (found.state, found.asked, mails()) == wanted
    assert requests() == found.asked


def test_an_answer_to_an_older_request_counts_for_nothing(certificate: Certificate) -> None:
    first = certificate.question
    hosting.again(certificate, "証明書の期限が契約期間より先に来るため")

    for kind in (ISSUED, FAILED, EXPIRING):
        assert tell(kind, first)

    assert (Certificate.get().state, Certificate.get().asked, mails()) == (STATES.REQUESTED, 2, [])


@pytest.mark.store
def test_one_answer_told_by_many_at_one_instant_counts_once(certificate: Certificate) -> None:
    about = certificate.question

    assert at_once(*[lambda: tell(FAILED, about)] * 6) == [True] * 6

    assert mails() == ["certificate_failed"]
    assert Event.select().where(Event.entity == f"certificate {certificate.subscription_id}", Event.to_state == STATES.FAILED).count() == 1


def confirm_at_once(*logins: str) -> list[str]:
    """The hosting side finds the record of each; the states that they have then."""
    rows = [a_domain(a_customer(login), "example.jp") for login in logins]
    Domain.update(state=DomainState.ASKED, asked=1).execute()
    abouts = [f"domain {row.id} check 1" for row in rows]
    confirmed = AnswerKind.DOMAIN_CONFIRMED
    assert all(at_once(*[lambda about=about: answers.receive(HostingAnswer(about, confirmed, about), "{}") for about in abouts]))
    return sorted(str(row.state) for row in Domain.select())


@pytest.mark.store
def test_of_accounts_confirming_one_name_at_the_same_instant_one_gets_it(database: str) -> None:
    assert confirm_at_once("one", "two", "three") == ["confirmed", "not found", "not found"]

    assert {row.reason for row in Domain.select()} == {"", TAKEN_MEANWHILE}


@pytest.mark.store
def test_without_its_index_a_name_gets_two_accounts(database: str) -> None:
    """The negative control."""
    store.database.execute_sql("DROP INDEX one_account_of_a_domain")

    assert confirm_at_once("one", "two", "three") == ["confirmed"] * 3


@pytest.mark.store
def test_of_two_presses_for_one_common_name_at_the_same_instant_one_certificate_gets_it(shop: Shop) -> None:
    """For two certificates of one customer; one was bought for a name that is gone."""
    shop.buy(selection=a_selection(12, ssl="quick"))
    account = Account.by_login("new")
    found = quote(a_selection(ssl="quick"), shop.catalog.plan(account.plan), shop.catalog, clock.today())
    additions.order(shop, "new", "ssl gone.example.jp", found)
    a_confirmed_domain(account)
    mine = list(Subscription.select().where(Subscription.product == "ssl"))

    def press(subscription: Subscription) -> str:
        try:
            common_names.choose(subscription, "example.jp")
        except NotPossible as why:
            return str(why)
        return ""

    assert sorted(at_once(*[lambda each=each: press(each) for each in mine])) == ["", common_names.HAS_ONE]
    assert (Certificate.select().count(), requests()) == (1, 1)
