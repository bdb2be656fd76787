"""Takes what the hosting side answers. Each answer counts once, and only for the newest question."""

import re
from typing import Any, assert_never

from models import Account, Certificate, Domain, WebhookEvent
from portal import clock
from portal.actions.certificates import common_names, domains
from portal.gateways.hosting_answers import AnswerKind, HostingAnswer
from portal.store.database import database

COMPANY = "hosting"
_ABOUT = re.compile(r"(domain) ([0-9]{1,18}) check [0-9]{1,9}|(certificate) ([0-9]{1,18}) request [0-9]{1,9}")
OF_DOMAINS = (AnswerKind.DOMAIN_CONFIRMED, AnswerKind.DOMAIN_NOT_FOUND)


def receive(answer: HostingAnswer, body: str) -> bool:
    """False if it answers nothing that was asked. An answer to an older question, or one that comes again, changes nothing."""
    asked = _asked(answer)
    if asked is None:
        return False
    with database.atomic():
        Account.locked(asked.account_id if isinstance(asked, Domain) else asked.subscription.account_id)
        row = type(asked).locked(asked.id)
        is_new = WebhookEvent.record(company=COMPANY, event_id=answer.id, body=body, received_at=clock.real_now())
        if is_new and row.question == answer.about:
            _take(row, answer)
    return True


def _asked(answer: HostingAnswer) -> Domain | Certificate | None:
    """What the answer is about, if such a thing can be answered so."""
    found = _ABOUT.fullmatch(answer.about)
    if found is None or (found[1] is not None) != (answer.kind in OF_DOMAINS):
        return None
    table, number = (Domain, found[2]) if found[1] else (Certificate, found[4])
    return table.get_or_none(table.id == int(number))


def _take(row: Any, answer: HostingAnswer) -> None:
    match answer.kind:
        case AnswerKind.DOMAIN_CONFIRMED:
            domains.found(row)
        case AnswerKind.DOMAIN_NOT_FOUND:
            domains.not_found(row, answer.reason)
        case AnswerKind.CERTIFICATE_ISSUED:
            common_names.issued(row, answer.ends_on)
        case AnswerKind.CERTIFICATE_FAILED:
            common_names.failed(row, answer.reason)
        case AnswerKind.CERTIFICATE_EXPIRING:
            common_names.expires(row, answer.ends_on)
        case never:
            assert_never(never)
