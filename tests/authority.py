"""The hosting side, and the authority behind it: a certificate is issued, is not, or runs out early."""

from datetime import timedelta

from models import Certificate
from portal.actions.certificates import answers
from portal.demo.hosting_side import DOMAIN_GONE, awaited
from portal.gateways.hosting_answers import AnswerKind, HostingAnswer


def issue_everything() -> None:
    for certificate in awaited():
        answer_about(certificate, AnswerKind.CERTIFICATE_ISSUED)


def answer_about(certificate: Certificate, kind: AnswerKind, *, in_days: int = 0) -> None:
    ends_on = certificate.subscription.usable_until
    if kind is AnswerKind.CERTIFICATE_EXPIRING:
        ends_on = min(ends_on, certificate.issued_until - timedelta(days=in_days))
    reason = DOMAIN_GONE if kind is AnswerKind.CERTIFICATE_FAILED else ""
    answers.receive(HostingAnswer(f"{kind} {certificate.question} {in_days}", kind, certificate.question, reason, ends_on), "{}")
