"""The demo's pretend hosting side: it takes what the portal asks it, looks nothing up, and answers as its names say.

`notxt.…`: no TXT record is found. Every other domain is confirmed at once. `gone.…`: the authority does not find the domain any more.
クイック認証 is issued at once, 企業認証 after three business days, EV SSL after ten.
"""

from datetime import date

from models import Account, Certificate, Domain, HostingEvent, Subscription
from portal import clock
from portal.actions.certificates import answers
from portal.enums import CertificateState, DomainState, HostingEventKind
from portal.gateways.hosting_answers import AnswerKind, HostingAnswer
from portal.rules.transfers.business_days import business_day_after

NO_RECORD, GONE = "notxt.", "gone."
BUSINESS_DAYS = {"organization": 3, "ev": 10}  # by the variant of the catalog; others at once
QUESTIONS = (HostingEventKind.DOMAIN_CHECK, HostingEventKind.CERTIFICATE)
DOMAIN_GONE = "ドメインが見つからないため、確認できませんでした。ドメインの契約をお確かめください。"
NOT_FOUND = "TXTレコードが見つかりませんでした。名前と値をお確かめください。"


def answer_what_is_asked() -> int:
    """Answer everything that has been asked and is due. Returns how many were answered."""
    return _about_domains() + _about_certificates()


def _about_domains() -> int:
    asked = list(Domain.select().where(Domain.state == DomainState.ASKED).order_by(Domain.id))
    for domain in asked:
        is_found = not domain.name.startswith(NO_RECORD)
        kind = AnswerKind.DOMAIN_CONFIRMED if is_found else AnswerKind.DOMAIN_NOT_FOUND
        _answer(HostingAnswer(f"pretend {domain.question}", kind, domain.question, "" if is_found else NOT_FOUND))
    return len(asked)


def _about_certificates() -> int:
    due = [certificate for certificate in awaited() if issue_day(certificate) <= clock.today()]
    for certificate in due:
        about, term = certificate.question, certificate.subscription.last_term
        if certificate.common_name.removeprefix("www.").startswith(GONE):
            _answer(HostingAnswer(f"pretend {about}", AnswerKind.CERTIFICATE_FAILED, about, DOMAIN_GONE))
        else:
            until = term.ends_on if term else certificate.subscription.usable_until
            _answer(HostingAnswer(f"pretend {about}", AnswerKind.CERTIFICATE_ISSUED, about, ends_on=until))
    return len(due)


def awaited() -> list[Certificate]:
    """Those that are requested and have no answer."""
    asked = Certificate.select(Certificate, Subscription, Account).join(Subscription).join(Account)
    return list(asked.where(Certificate.state == CertificateState.REQUESTED).order_by(Certificate.id))


def issue_day(certificate: Certificate) -> date:
    """The day on which the pretend authority answers."""
    days = BUSINESS_DAYS.get(certificate.subscription.variant, 0)
    return business_day_after(certificate.requested_on, days, frozenset()) if days else certificate.requested_on


def _answer(answer: HostingAnswer) -> None:
    event = HostingEvent.get_or_none(HostingEvent.key == answer.about, HostingEvent.kind.in_(QUESTIONS))
    if event:
        event.mark_sent(clock.now())
    answers.receive(answer, answer.id)
