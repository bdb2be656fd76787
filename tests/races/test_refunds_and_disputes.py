"""Between any two steps of staff's refund the company acts: a dispute opens, is lost, is won, money goes back on its own pages, the worker
asks. Whatever the order, our books end where the company's do, and no yen goes back twice.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import count

import pytest

from models import Allocation, Invoice, Mail, Order, Payment, Refund
from portal import clock
from portal.actions.operations import verify
from portal.actions.payments import refund_lookups, refundable, refunds, webhooks
from portal.actions.payments.comparing import compare
from portal.actions.refusals import NotPossible
from portal.enums import Method
from portal.gateways.card import DisputeReported, Refunded, RefundReported
from portal.gateways.card.sandbox import SandboxCardCompany
from portal.sandbox.books import disputes
from portal.sandbox.books.webhook_queue import due_webhooks, mark_done
from portal.sandbox.webhooks import signed_headers
from portal.store import database as store
from tests.companies import LosesAnswers, Wrapped
from tests.gateways.conftest import SECRET
from tests.purchase import INSTALLATION, Shop, later
from tests.races.steps import Steps

pytestmark = pytest.mark.store(postgresql=3)
YEN, PART = 13_200, 11_000


def hear(shop: Shop, payment: Payment) -> None:
    """All that the company has to tell, each twice, as it sends it; of the charge itself nothing."""
    company = SandboxCardCompany(shop.books, SECRET)
    for told in due_webhooks(shop.books):
        event = company.parse_event(signed_headers(SECRET, told.body.encode()), told.body.encode())
        match event:
            case DisputeReported():
                webhooks.receive_dispute(Method.CARD, event, told.body)
            case RefundReported():
                webhooks.receive_refund(Method.CARD, event, told.body)
        mark_done(shop.books, told)


def a_dispute_opens(shop: Shop, payment: Payment) -> None:
    disputes.dispute(shop.books, payment.company_reference)
    hear(shop, payment)


def a_dispute_is_lost(shop: Shop, payment: Payment) -> None:
    a_dispute_opens(shop, payment)
    disputes.decide(shop.books, payment.company_reference, "lost")
    hear(shop, payment)


def a_dispute_is_won(shop: Shop, payment: Payment) -> None:
    a_dispute_opens(shop, payment)
    disputes.decide(shop.books, payment.company_reference, "won")
    hear(shop, payment)


def money_goes_back_there(shop: Shop, payment: Payment) -> None:
    disputes.refund_here(shop.books, payment.company_reference, PART)
    hear(shop, payment)


def the_worker_asks(shop: Shop, payment: Payment) -> None:
    with later(minutes=10):
        list(refund_lookups.ask_about_refunds({Method.CARD: shop.company}))


THINGS = [a_dispute_opens, a_dispute_is_lost, a_dispute_is_won, money_goes_back_there, the_worker_asks]


def give_back(shop: Shop, order: Order, company) -> None:
    with suppress(NotPossible):
        begun = refunds.begin(refundable.refundable(order), PART, shop.staff, "機器の不具合", {Method.CARD: company}, INSTALLATION)
        refunds.send(begun, company)


def run_scenario(shop: Shop, login: str, happens: Callable, at: int, company=None) -> tuple[Payment, bool]:
    """One refund, interrupted at its `at`-th step; False if it has no such step."""
    order = shop.buy(login)
    payment, happened, problems = order.latest_payment, [], []

    def run() -> None:
        try:
            store.ensure_connection()
            happens(shop, payment)
        except Exception as problem:
            problems.append(problem)
        finally:
            store.close()

    def act(number: int, name: str) -> None:
        if number == at:
            happened.append(name)
            thread = threading.Thread(target=run)
            thread.start()
            thread.join()

    with Steps(act, only_writes=True) as steps:
        give_back(shop, order, steps.watch(company or shop.company))
    assert problems == []
    return payment, bool(happened)


def settle_all(shop: Shop, payment: Payment) -> None:
    """Days later: the worker has asked, and an open dispute is lost."""
    the_worker_asks(shop, payment)
    disputes.decide(shop.books, payment.company_reference, "lost")
    hear(shop, payment)


def went_back(payment: Payment) -> int:
    rows = Allocation.select().where(Allocation.company_reference == f"card:{payment.company_reference}")
    return -sum(row.yen for row in rows)


def gave_back(shop: Shop, payment: Payment) -> int:
    """By the company's own books."""
    dispute = disputes.of_charge(shop.books, payment.company_reference)
    rows = shop.books.reader().execute("SELECT yen FROM card_refund WHERE reference = ?", (payment.company_reference,))
    return sum(row["yen"] for row in rows) + (dispute["yen"] if dispute and dispute["state"] != "won" else 0)


@pytest.mark.parametrize("happens", THINGS)
def test_whatever_the_company_does_meanwhile_no_yen_goes_back_twice(shop: Shop, happens: Callable) -> None:
    for at in count(1):
        payment, was_interrupted = run_scenario(shop, f"at-{at}", happens, at)
        settle_all(shop, payment)

        assert went_back(payment) == gave_back(shop, payment) <= YEN, f"step {at}"
        assert not payment.order.refunds.where(Refund.state.in_(["created", "unknown"])).exists(), f"step {at}"
        if not was_interrupted:
            break
    assert at > 4
    assert compare(Method.CARD, shop.company, clock.today(), clock.today()).differences == ()
    assert [fault for fault in verify.faults() if "確認中" not in fault] == []
    succeeded = Refund.select().where(Refund.state == "succeeded")
    ours = succeeded.where(Refund.dispute.is_null())
    assert Mail.select().where(Mail.kind == "money_returned").count() == ours.count()  # not of a lost dispute: nothing was given
    assert Invoice.select().where(Invoice.kind == "return").count() == ours.where(Refund.yen >= 10_000).count()


def test_a_refund_whose_answer_was_lost_is_asked_about_and_made_once(shop: Shop) -> None:
    company = LosesAnswers(shop.company, "refund")
    give_back(shop, shop.buy(), company)
    payment = Payment.get()
    assert (Refund.get().state, went_back(payment), gave_back(shop, payment)) == ("unknown", 0, PART)

    money_goes_back_there(shop, payment)  # refused there: so much is not left
    settle_all(shop, payment)
    assert went_back(payment) == gave_back(shop, payment) == PART
    assert [key for (key,) in shop.books.reader().execute("SELECT key FROM card_refund")] == [Refund.get().key]


class NoGuard(Wrapped):
    """Gives money back although a dispute has taken it."""

    def answer(self, name: str, *arguments: object) -> object:
        if name != "refund":
            return super().answer(name, *arguments)
        reference, yen, _ = arguments
        return Refunded(reference, yen, clock.now())


def test_our_own_guard_stands_also_where_the_company_has_none(shop: Shop) -> None:
    order = shop.buy()
    a_dispute_opens(shop, Payment.get())
    give_back(shop, order, NoGuard(shop.company))

    assert not Refund.select().exists()


def test_negative_control_without_the_guards_the_money_goes_back_twice(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same story: nobody looks at the dispute, and the company gives the money back all the same."""
    order, payment = shop.buy(), Payment.get()
    monkeypatch.setattr(refunds, "refuse_unless_possible", lambda *_: None)
    a_dispute_opens(shop, payment)
    give_back(shop, order, NoGuard(shop.company))
    disputes.decide(shop.books, payment.company_reference, "lost")
    with suppress(Exception):
        hear(shop, payment)

    assert went_back(payment) > YEN or verify.faults()


def test_negative_control_a_new_key_for_each_question_gives_back_twice(shop: Shop) -> None:
    """What is asked about under another key is another refund."""
    order = shop.buy()
    found = refundable.refundable(order)
    begun = refunds.begin(found, 3_000, shop.staff, "x", {Method.CARD: shop.company}, INSTALLATION)
    for key in (begun.key, f"{begun.key}-again"):
        shop.company.refund(Payment.get().company_reference, 3_000, key)

    assert gave_back(shop, Payment.get()) == 6_000
