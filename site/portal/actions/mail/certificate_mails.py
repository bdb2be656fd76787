"""Mails about the issue of certificates. Call them inside the transaction of the event."""

from typing import Any

from models import Account, Certificate, Subscription
from portal import clock
from portal.actions.mail import outbox
from portal.enums import MailKind


def issued(account: Account, certificate: Certificate) -> None:
    outbox.queue(MailKind.CERTIFICATE_ISSUED, certificate.question, account, **_about(certificate))


def failed(account: Account, certificate: Certificate, *, was_on: bool, is_charged: bool = False) -> None:
    """`was_on`: its automatic renewal was turned off because of this. `is_charged`: a charge that was sent before has it."""
    about = _about(certificate) | {"reason": certificate.reason, "was_on": was_on, "is_charged": is_charged}
    until = certificate.subscription.usable_until
    about |= {"valid_until": certificate.valid_until(clock.today()), "choose_until": until if until and until >= clock.today() else None}
    outbox.queue(MailKind.CERTIFICATE_FAILED, certificate.question, account, **about)


def _about(certificate: Certificate) -> dict[str, Any]:
    subscription = Subscription.get_by_id(certificate.subscription_id)
    name = certificate.common_name
    shown = name if certificate.shown == name else f"{certificate.shown}（{name}）"
    return {"product": subscription.name, "common_name": shown}
