"""The demo's pretend hosting side: it takes what the portal asks it, looks nothing up, and answers as its names say.

`notxt.…`: no TXT record is found. Every other domain is confirmed at once.
"""

from models import Domain, HostingEvent
from portal import clock
from portal.actions.certificates import answers
from portal.enums import DomainState, HostingEventKind
from portal.gateways.hosting_answers import AnswerKind, HostingAnswer

NO_RECORD = "notxt."
NOT_FOUND = "TXTレコードが見つかりませんでした。名前と値をお確かめください。"


def answer_what_is_asked() -> int:
    """Answer everything that has been asked and is due. Returns how many were answered."""
    return _about_domains()


def _about_domains() -> int:
    asked = list(Domain.select().where(Domain.state == DomainState.ASKED).order_by(Domain.id))
    for domain in asked:
        is_found = not domain.name.startswith(NO_RECORD)
        kind = AnswerKind.DOMAIN_CONFIRMED if is_found else AnswerKind.DOMAIN_NOT_FOUND
        _answer(HostingAnswer(f"pretend {domain.question}", kind, domain.question, "" if is_found else NOT_FOUND))
    return len(asked)


def _answer(answer: HostingAnswer) -> None:
    event = HostingEvent.get_or_none(HostingEvent.key == answer.about, HostingEvent.kind.in_([HostingEventKind.DOMAIN_CHECK]))
    if event:
        event.mark_sent(clock.now())
    answers.receive(answer, answer.id)
