"""再発行 of a paper whose 宛名 is wrong: the old one is made void, a new one says the same under a new number."""

from models import Account, Event, Invoice, Order
from portal.actions import history
from portal.actions.documents import papers
from portal.actions.mail import account_mails
from portal.actions.refusals import NotPossible
from portal.store.database import database

VOID = "この書類は、すでに取り消されています。"
UNOPENED = "宛名はまだ書かれていません。お客様がはじめて開くときに書けます。"


def reissue(stored: Invoice, actor: str, reason: str) -> Invoice:
    """Its 宛名 is asked for again when the customer opens it. With a mail and a row in the history.

    Raises NotPossible for a paper that is void, or that nobody has opened.
    """
    with database.atomic():
        account, order = Account.locked(stored.account_id), Order.locked(stored.order_id)
        if stored.void:
            raise NotPossible(VOID)
        if stored.written_addressee is None:
            raise NotPossible(UNOPENED)
        new = papers.issue_again(stored, order, account, reason)
        history.record("paper", stored.number, "valid", "reissued", actor, reason, account=account)
        account_mails.paper_reissued(account, stored, new, reason)
        return new


def was_reissued(stored: Invoice) -> bool:
    """True if another paper stands in its place: the button was pressed twice."""
    return Event.select().where(Event.entity == f"paper {stored.number}", Event.to_state == "reissued").exists()
