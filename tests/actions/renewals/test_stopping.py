"""Stopping a renewal while its charge is pending, also when the company cannot be reached."""

from datetime import date

import pytest

from models import Mail, Order
from portal import clock
from portal.actions.payments import pay
from portal.actions.renewals import method_change
from portal.enums import MailKind, Method, OrderKind, OrderState
from portal.sandbox.books.outcomes import Outcome
from tests.actions.renewals import customers
from tests.actions.renewals.contract import CHARGE, ENDS_ON, OK, RENEWED_UNTIL, SERVER, Contract, after_a_killed_worker
from tests.companies import LosesAnswers, Wrapped
from tests.concurrency import at_once
from tests.passes import detach_due, expire_unpaid
from tests.purchase import CATALOG, later
from tests.races.steps import Steps

pytestmark = pytest.mark.store


class Unreachable(Wrapped):
    """No call reaches it."""

    def answer(self, name: str, *arguments: object) -> object:
        raise ConnectionError("no route to the company")


@pytest.fixture
def contract(shop, calendar):
    return Contract(shop, calendar, "new")


@pytest.fixture
def by_wallet(shop, calendar):
    return Contract(shop.by(Method.WALLET), calendar, "new")


def failures(contract):
    return contract.account.mails.where(Mail.kind == MailKind.RENEWAL_FAILED).count()


def come_later(contract, until=date(2027, 1, 16)):
    """Run the worker on every day on which a charge is possible."""
    days = (clock.today(), *(date(2026, 12, day) for day in (6, 10, 16, 20, 28)), date(2027, 1, 2), date(2027, 1, 16))
    with later(minutes=12):
        for day in days:
            if clock.today() <= day <= until:
                contract.calendar.jump(day).work(contract.shop)
    contract.shop.ledger.prove()
    assert contract.shop.ledger.charged_twice() == []


def test_with_the_company_unreachable_a_stop_shows_a_pending_charge_and_no_later_one_is_made(contract):
    after_a_killed_worker("before charge", contract)

    found = contract.asking(Unreachable(contract.shop.company)).reset()
    come_later(contract)

    assert (found.was_on, found.paid, found.is_under_way) == (True, False, True)
    assert contract.charged == set()
    assert contract.ends_on == ENDS_ON
    assert contract.order.state == OrderState.CANCELLED
    assert failures(contract) == 1


def test_a_charge_whose_result_is_unknown_at_the_stop_is_found_later(contract):
    after_a_killed_worker("after charge", contract)

    found = contract.asking(Unreachable(contract.shop.company)).reset()
    come_later(contract)

    assert found.is_under_way
    assert len(contract.charged) == 1
    assert contract.ends_on == RENEWED_UNTIL
    assert failures(contract) == 0


def test_the_result_of_a_charge_pending_at_the_reset_is_mailed_as_promised(contract):
    after_a_killed_worker("before charge", contract)

    contract.reset()

    kinds = [str(mail.kind) for mail in contract.account.mails.order_by(Mail.id)]
    assert kinds[-2:] == ["method_reset", "renewal_failed"]
    assert "お支払いはいただいていません" in contract.account.mails.order_by(Mail.id.desc()).get().body


def test_a_removed_wallet_is_not_charged_even_before_its_company_detaches_it(by_wallet):
    """A worker that had begun the charge goes on after it."""
    after_a_killed_worker("after commit", by_wallet)
    payment = as_its_worker_has_read_it(by_wallet)

    by_wallet.asking(Unreachable(by_wallet.shop.company)).unlink()
    pay.send(payment, by_wallet.shop.company, CATALOG)
    come_later(by_wallet)

    assert by_wallet.charged == set()
    assert by_wallet.account.wallet is None


def test_a_card_removed_at_its_company_is_attempted_once_and_can_be_replaced(contract):
    contract.buy()
    contract.remove_the_card()
    contract.calendar.jump(CHARGE)
    contract.look()
    refused = contract.payment

    come_later(contract, until=date(2026, 12, 6))
    tried = contract.order.payments.count()
    contract.set_another_card()
    come_later(contract, until=ENDS_ON)

    assert (refused.code, refused.is_final, tried) == ("card_removed", True, 1)
    assert len(contract.charged) == 1
    assert contract.ends_on == RENEWED_UNTIL


def test_after_a_change_of_card_the_new_card_is_charged(contract):
    """A worker that had begun the charge by the old card goes on after it."""
    after_a_killed_worker("after commit", contract)
    payment = as_its_worker_has_read_it(contract)

    contract.set_another_card()
    pay.send(payment, contract.shop.company, CATALOG)
    come_later(contract, until=ENDS_ON)

    assert len(contract.charged) == 1
    assert contract.payment.payment_method.paid_with.endswith("1881")


def test_a_bank_order_switched_to_card_does_not_expire(contract):
    """The list of due transfers was read before the customer switched to the card."""
    contract.buy()
    contract.calendar.jump(date(2026, 12, 2))
    contract.order_by_transfer()
    order = contract.account.placed_order
    contract.calendar.jump(date(2026, 12, 29))
    setup = contract.shop.setup(order)

    def pay_by_card(_number, name):
        if name == "before begin" and Order.get_by_id(order.id).is_by_transfer:
            at_once(lambda: contract.asking(Unreachable(contract.shop.company)).shop.press_ok(order, setup, SERVER))

    with Steps(pay_by_card):
        expired = expire_unpaid()
    with later(minutes=12):
        contract.ask()

    assert expired == 0
    assert Order.get_by_id(order.id).state == OrderState.PLACED
    contract.shop.ledger.prove()


def test_a_payment_made_before_the_reset_and_settled_after_it_turns_no_renewal_on(shop, calendar):
    """The reset was the customer's last decision: the term is paid, and its card is detached."""
    contract = Contract(shop, calendar, "new").buy()
    calendar.jump(date(2026, 12, 1))
    contract.asking(LosesAnswers(shop.company)).renew_by_hand()
    contract.reset()

    come_later(contract)

    assert (contract.ends_on, contract.charged) == (RENEWED_UNTIL, set())
    assert contract.account.renewal_setting is None
    with later(minutes=30):
        detach_due(shop.companies)
    assert [row[0] for row in shop.books.reader().execute("SELECT is_removed FROM card")] == [1, 1]


def test_after_a_late_declined_charge_the_mail_names_the_last_day_of_the_suspension(shop, calendar):
    contract = Contract(shop, calendar, "new").buy(Outcome.PAYS_ONCE)
    calendar.jump(date(2027, 1, 3)).work(shop)

    body = contract.account.mails.where(Mail.kind == MailKind.RENEWAL_FAILED).get().body
    assert "2027年1月16日" in body
    assert "2026年12月31日（木）までに" not in body
    assert contract.account.server.stopped_on == date(2027, 1, 3)


def test_a_hard_decline_still_counts_after_a_change_of_charge_day(shop, calendar):
    contract = Contract(shop.by(Method.WALLET), calendar, "new").buy()
    wallet_is_removed(contract)
    calendar.turn(contract.shop, date(2026, 12, 16))
    assert len(customers.charge_attempts("new")) == 1

    method_change.set_wallet_day(contract.account, 25, OK, CATALOG)
    calendar.turn(contract.shop, date(2026, 12, 29))

    assert len(customers.charge_attempts("new")) == 1


def as_its_worker_has_read_it(contract):
    """The attempt with its card or wallet as the worker read it, whatever changes later."""
    payment = contract.payment
    assert payment.payment_method.token
    return payment


def wallet_is_removed(contract):
    """At its company: the portal does not know."""
    with contract.shop.books.write() as connection:
        connection.execute("UPDATE wallet_link SET is_removed = 1")


def test_a_transfer_chosen_after_its_due_date_gets_a_new_one(shop, calendar):
    contract = Contract(shop, calendar, "new").buy()
    calendar.jump(date(2026, 12, 1))
    order = shop.place_for_transfer(shop.draft("new", OrderKind.CHANGE), SERVER)
    assert order.due_on == date(2026, 12, 15)
    calendar.jump(date(2026, 12, 15))
    shop.press_ok(order, shop.setup(order, Outcome.REFUSED), SERVER)

    calendar.jump(date(2026, 12, 16))
    shop.place_for_transfer(order, SERVER)

    assert Order.get_by_id(order.id).due_on == date(2026, 12, 30)
    assert contract.account.placed_order == order
