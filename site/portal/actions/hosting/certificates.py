"""Asks the hosting side to have a certificate issued: when its common name is chosen, and again on the day its next term is paid."""

from peewee import IntegrityError

from models import Certificate, Domain, Subscription
from portal import clock
from portal.actions import history
from portal.actions.hosting import events
from portal.enums import CertificateState, DomainState, HostingEventKind, ProductKind
from portal.store.database import database

ON_WHAT = (CertificateState.ISSUED, CertificateState.FAILED, CertificateState.REQUESTED)


def request(certificate: Certificate, actor: str, reason: str) -> None:
    """Write the event, for the newest term of its subscription. Call it in the transaction that made the certificate REQUESTED."""
    subscription = Subscription.get_by_id(certificate.subscription_id)
    term, more = subscription.last_term, {"common_name": certificate.common_name}
    about = {"starts_on": term.starts_on, "ends_on": term.ends_on, "order_number": term.order.number} if term else {}
    state = CertificateState.REQUESTED
    history.record("certificate", subscription.id, None, state, actor, f"{certificate.shown}（{reason}）", account=subscription.account_id)
    events.queue(HostingEventKind.CERTIFICATE, subscription, key=certificate.question, more=more, **about)


def request_first(subscription: Subscription, name: str) -> None:
    """It was bought for this common name. If its domain was removed meanwhile, or has a certificate, the customer chooses another."""
    mine = Domain.of(subscription.account).where(Domain.state == DomainState.CONFIRMED)
    domain = next((each for each in mine if name in (each.name, f"www.{each.name}")), None)
    if domain is None:
        return
    values = {"common_name": name, "shown": name.removesuffix(domain.name) + domain.shown, "requested_on": clock.today()}
    try:
        with database.atomic():
            certificate = Certificate.create(subscription=subscription, domain=domain, **values)
    except IntegrityError:
        return
    request(certificate, history.PORTAL, "お申し込みのコモンネーム")


def request_again(subscription: Subscription) -> None:
    """Its next term is paid. Without a common name, or with one that could not be issued, the customer chooses one first."""
    found = Certificate.of(subscription) if subscription.kind == ProductKind.CERTIFICATE else None
    if found is None or found.is_failed:
        return
    again(found, "次の契約期間のお支払い")


def again(certificate: Certificate, reason: str) -> None:
    if certificate.move(CertificateState.REQUESTED, came_from=ON_WHAT, asked=Certificate.asked + 1, requested_on=clock.today(), reason=""):
        request(Certificate.get_by_id(certificate.id), history.PORTAL, reason)
