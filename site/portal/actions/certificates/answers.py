"""Takes what the hosting side answers. Each answer counts once, and only for the newest question."""

import re
from typing import assert_never

from models import Account, Domain, WebhookEvent
from portal import clock
from portal.actions.certificates import domains
from portal.gateways.hosting_answers import AnswerKind, HostingAnswer
from portal.store.database import database

COMPANY = "hosting"
_ABOUT = re.compile(r"(domain) ([0-9]{1,18}) check ([0-9]{1,9})")


def receive(answer: HostingAnswer, body: str) -> bool:
    """False if it answers nothing that was asked. An answer to an older question, or one that comes again, changes nothing."""
    found = _ABOUT.fullmatch(answer.about)
    row = found and Domain.get_or_none(Domain.id == int(found[2]))
    if row is None:
        return False
    with database.atomic():
        Account.locked(row.account_id)
        row = Domain.locked(row.id)
        is_new = WebhookEvent.record(company=COMPANY, event_id=answer.id, body=body, received_at=clock.real_now())
        if is_new and row.question == answer.about:
            _take(row, answer)
    return True


def _take(row: Domain, answer: HostingAnswer) -> None:
    match answer.kind:
        case AnswerKind.DOMAIN_CONFIRMED:
            domains.found(row)
        case AnswerKind.DOMAIN_NOT_FOUND:
            domains.not_found(row, answer.reason)
        case AnswerKind.CERTIFICATE_ISSUED | AnswerKind.CERTIFICATE_FAILED | AnswerKind.CERTIFICATE_EXPIRING:
            return
        case never:
            assert_never(never)
