"""Choosing the common name of a bought certificate, and what the hosting side says of its issue."""

from dataclasses import dataclass
from datetime import date

from peewee import JOIN, IntegrityError

from models import STANDING, Account, Certificate, Domain, Schedule, Subscription, as_literals
from portal import clock
from portal.actions import history
from portal.actions.hosting import certificates as hosting
from portal.actions.mail import certificate_mails
from portal.actions.refusals import NotPossible
from portal.actions.renewals import sent_notices, switch
from portal.enums import CertificateState, DomainState, ProductKind
from portal.rules.certificates.certificate_status import CommonName, common_names
from portal.store.database import database

OVER = "この独自SSLの契約期間は終わっているため、コモンネームを設定できません。"
CHOSEN_ALREADY = "コモンネームは、すでに設定されています。発行の手続きが始まったあとは変更できません。"
NOT_YOURS = "コモンネームは、表示されている中から選んでください。"
HAS_ONE = "このコモンネームには、すでに独自SSLがあります。別のコモンネームを選んでください。"
STATES = CertificateState


@dataclass(frozen=True)
class Choice:
    """A common name of a confirmed domain. `is_taken`: a certificate stands on it."""

    domain: Domain
    common_name: CommonName
    is_taken: bool


def choices(account: Account) -> list[Choice]:
    """Each confirmed domain with and without `www.`."""
    standing = (Certificate.domain == Domain.id) & Certificate.state.in_(as_literals(STANDING))
    query = Domain.select(Domain, Certificate).join(Certificate, JOIN.LEFT_OUTER, on=standing, attr="standing")
    rows = list(query.where(Domain.account == account, Domain.state == DomainState.CONFIRMED).order_by(Domain.name))
    taken = {row.standing.common_name for row in rows if getattr(row, "standing", None)}
    domains = {row.id: row for row in rows}.values()
    return [Choice(domain, each, each.name in taken) for domain in domains for each in common_names(domain.name, domain.shown)]


def choose(subscription: Subscription, name: str) -> None:
    """Request a certificate for this common name of the customer's own. The same again, as a second press sends it, changes nothing.

    Raises NotPossible.
    """
    with database.atomic():
        account = Account.locked(subscription.account_id)
        subscription = Subscription.get_by_id(subscription.id)
        known = Certificate.of(subscription)
        if known and not known.is_failed:
            if known.common_name == name and known.state == STATES.REQUESTED:
                return
            raise NotPossible(CHOSEN_ALREADY)
        if not is_open(subscription):
            raise NotPossible(OVER)
        chosen = _chosen(account, name)
        try:
            with database.atomic():
                certificate = _write(known, subscription, chosen)
        except IntegrityError as error:
            raise NotPossible(HAS_ONE) from error
        hosting.request(certificate, history.by(account), "コモンネームを設定")
        sent_notices.withdraw(account)  # one that still waits says that it has none
        Schedule.wake(account, clock.today())


def is_open(subscription: Subscription) -> bool:
    """True for a certificate whose paid term is not over."""
    until = subscription.usable_until
    return subscription.kind == ProductKind.CERTIFICATE and until is not None and until >= clock.today()


def issued(certificate: Certificate, until: date) -> None:
    values = {"issued_on": clock.today(), "issued_until": until}
    if certificate.move(STATES.ISSUED, came_from=[STATES.REQUESTED], **values):
        _record(certificate, STATES.ISSUED, f"{certificate.shown}（{until}まで）")
        certificate_mails.issued(_account(certificate), Certificate.get_by_id(certificate.id))


def failed(certificate: Certificate, reason: str) -> None:
    """It does not renew by itself any more: nobody is charged for what cannot be issued. What is paid stays, for another choice."""
    if certificate.move(STATES.FAILED, came_from=[STATES.REQUESTED], reason=reason):
        _record(certificate, STATES.FAILED, f"{certificate.shown}：{reason}")
        account, subscription = _account(certificate), Subscription.get_by_id(certificate.subscription_id)
        is_charged = switch.is_in_a_sent_charge(account, subscription)
        was_on = switch.end_renewal(account, subscription, history.HOSTING, "証明書を発行できなかったため")
        certificate_mails.failed(account, Certificate.get_by_id(certificate.id), was_on=was_on, is_charged=is_charged)


def expires(certificate: Certificate, on: date) -> None:
    """The issued one ends on that day. While more is paid than that, the next one is requested."""
    if not certificate.move(STATES.ISSUED, came_from=[STATES.ISSUED], issued_until=on):
        return
    until = Subscription.get_by_id(certificate.subscription_id).usable_until
    if until and until > on:
        hosting.again(certificate, "証明書の期限が契約期間より先に来るため")


def _chosen(account: Account, name: str) -> Choice:
    found = next((choice for choice in choices(account) if choice.common_name.name == name), None)
    if found is None:
        raise NotPossible(NOT_YOURS)
    return found


def _write(known: Certificate | None, subscription: Subscription, chosen: Choice) -> Certificate:
    values = {"domain": chosen.domain, "requested_on": clock.today()}
    values |= {"common_name": chosen.common_name.name, "shown": chosen.common_name.shown}
    if known is None:
        return Certificate.create(subscription=subscription, **values)
    if known.common_name != chosen.common_name.name:
        values |= {"issued_on": None, "issued_until": None}  # that one bears the other name
    known.move(STATES.REQUESTED, came_from=[STATES.FAILED], asked=Certificate.asked + 1, reason="", **values)
    return Certificate.get_by_id(known.id)


def _account(certificate: Certificate) -> Account:
    return Account.select().join(Subscription).where(Subscription.id == certificate.subscription_id).get()


def _record(certificate: Certificate, state: CertificateState, reason: str) -> None:
    account = _account(certificate)
    history.record("certificate", certificate.subscription_id, STATES.REQUESTED, state, history.HOSTING, reason, account=account)
