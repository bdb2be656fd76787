"""Mails about the issue of certificates. Call them inside the transaction of the event."""

from models import Account, Certificate, Subscription
from portal.actions.mail import outbox
from portal.enums import MailKind


def issued(account: Account, certificate: Certificate) -> None:
    outbox.queue(MailKind.CERTIFICATE_ISSUED, certificate.question, account, **_about(certificate))


def failed(account: Account, certificate: Certificate) -> None:
    outbox.queue(MailKind.CERTIFICATE_FAILED, certificate.question, account, reason=certificate.reason, **_about(certificate))


def _about(certificate: Certificate) -> dict[str, str]:
    subscription = Subscription.get_by_id(certificate.subscription_id)
    name = certificate.common_name
    shown = name if certificate.shown == name else f"{certificate.shown}（{name}）"
    return {"product": subscription.name, "common_name": shown}
