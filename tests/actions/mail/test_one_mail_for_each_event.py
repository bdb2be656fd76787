"""An order event is mailed once, however often it is reported, and only if the event is committed."""

import pytest

from models import Mail, Order
from portal.actions.mail import order_mails, outbox
from portal.actions.payments import webhooks
from portal.enums import Method
from portal.gateways.card import CompanyEvent
from portal.rules.renewals.next_renewals import NextRenewals
from portal.sandbox.books.outcomes import Outcome
from tests.companies import LosesAnswers
from tests.concurrency import at_once
from tests.passes import expire_unpaid
from tests.purchase import CATALOG

pytestmark = pytest.mark.store


def mails() -> list[str]:
    return sorted(mail.kind for mail in Mail.select())


def send_webhooks(shop, order, times: int) -> None:
    """That many concurrent webhooks about the latest attempt, each with its own id."""
    key = order.latest_payment.key
    answer = shop.company.lookup(key)
    tellings = [CompanyEvent(f"notice-{number}", key, answer) for number in range(times)]
    at_once(*[lambda notice=notice: webhooks.receive(shop.method.value, notice, "{}", CATALOG) for notice in tellings])


@pytest.mark.parametrize("method", [Method.CARD, Method.WALLET])
@pytest.mark.parametrize(("outcome", "kind"), [(Outcome.PAYS, "payment_confirmed"), (Outcome.REFUSED, "card_refused")])
def test_repeated_webhooks_about_one_event_write_one_mail(shop, method, outcome, kind):
    shop = shop.by(method)
    order = shop.asking(LosesAnswers(shop.company)).buy(outcome=outcome)
    assert mails() == []

    send_webhooks(shop, order, 6)
    shop.work_later(minutes=2)

    assert mails() == [kind]
    shop.ledger.prove()


def test_an_event_that_was_rolled_back_writes_no_mail(shop, monkeypatch, business_day):
    """The mail is in the transaction of its event: after a rollback neither exists, after a repeat both exist once."""
    order = shop.place_for_transfer(shop.draft())
    business_day(order.due_on.replace(year=order.due_on.year + 1))

    def break_off(*_values, **_named):
        raise OSError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(order_mails, "order_expired", break_off)
        assert expire_unpaid() == 0
    assert (Order.get().state, mails()) == ("placed", ["order_accepted"])

    assert expire_unpaid() == 1
    assert mails() == ["order_accepted", "order_expired"]
    shop.ledger.prove()


def test_negative_control_a_missing_or_duplicate_mail_is_found(shop, monkeypatch):
    """The negative control of `ledger.prove()`."""
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "queue_all", lambda *_mails: None)
        forgotten = shop.buy("forgotten")
    twice = shop.buy("twice")
    about = {"lines": (), "upcoming": NextRenewals(), "waived_yen": 0}
    order_mails.payments_confirmed([order_mails.Confirmed(twice, twice.account, twice.latest_payment, **about)])

    assert shop.ledger.faults() == [
        f"told: 申し込み {forgotten.number}（支払い済み）のメールがありません",
        f"payment_confirmed of order {forgotten.number}: 1 missing",
        f"payment_confirmed of order {twice.number}: 1 too many",
    ]
