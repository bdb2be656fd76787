"""Paying with おさいぽ!: begin, ask and settle, links that are made and removed, and one wallet linked by two customers."""

from datetime import date
from functools import partial

import pytest

from models import Mail, Order, Payment, PaymentMethod, PaymentMethodSetup, RenewalSetting, Subscription
from portal.actions.orders.drafts import OutOfStep
from portal.actions.payments.settle import Money, settle
from portal.actions.payments.setups import begin_setup, refresh_setup
from portal.actions.renewals import method_reset
from portal.enums import Method
from portal.gateways.wallet import Declined
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.books.visit import return_code
from portal.sandbox.books.wallet_visits import newest_visit
from tests.balance import linked_wallets
from tests.companies import Interrupted, LosesAnswers, NeverReached, Wrapped
from tests.concurrency import at_once
from tests.purchase import CATALOG, DAY, EVERYTHING, HOME, Shop, later
from tests.visits import BROWSER, link_wallet

pytestmark = pytest.mark.store
YEN = 13_200


@pytest.fixture
def card(catalog, books, companies) -> Shop:
    """The shop of conftest; `shop` is the same one where customers pay with おさいぽ!."""
    return Shop(catalog, books, companies.card)


@pytest.fixture
def shop(card) -> Shop:
    return card.by(Method.WALLET)


def test_a_wallet_pays_an_order_and_its_renewals(shop):
    order = shop.buy(selection=EVERYTHING)

    setting = RenewalSetting.get()
    assert shop.states(order) == ("paid", ["succeeded"])
    assert (setting.method, setting.wallet_day, setting.payment_method.method) == ("wallet", DAY, "wallet")
    assert {subscription.product for subscription in Subscription.select().where(Subscription.renews)} == {"server", "backup", "device"}
    assert [allocation["source"] for allocation in shop.ledger.prove().allocations] == ["wallet"]


@pytest.mark.parametrize("company", [LosesAnswers, NeverReached])
def test_a_missing_answer_is_queried_and_points_are_taken_once(shop, company):
    order = shop.asking(company(shop.company)).buy()
    assert shop.states(order) == ("placed", ["unknown"])
    setup = shop.setup(order)
    with pytest.raises(OutOfStep):
        shop.press_ok(order, setup)

    shop.work_later(minutes=2)

    paid = company is LosesAnswers
    assert shop.states(order) == (("paid", ["succeeded"]) if paid else ("placed", ["declined"]))
    if not paid:
        shop.press_ok(order, setup)
    assert shop.ledger.prove().taken_for(order.number) == YEN


def test_the_slow_wallet_pays_in_the_end(shop):
    order = shop.buy(outcome=Outcome.ANSWER_LOST)
    assert shop.states(order) == ("placed", ["unknown"])

    shop.work_later(minutes=2)

    assert shop.states(order) == ("paid", ["succeeded"])
    assert shop.points("osaipo-slow") == 150_000 - YEN
    shop.ledger.prove()


def test_a_repeated_request_takes_points_once(shop):
    """The same debit reaches the company twice, as after a reconnect."""

    class DeliversTwice(Wrapped):
        def answer(self, name, *arguments):
            super().answer(name, *arguments)
            return super().answer(name, *arguments)

    order = shop.asking(DeliversTwice(shop.company)).buy()

    assert shop.states(order) == ("paid", ["succeeded"])
    assert shop.ledger.prove().taken_for(order.number) == YEN


def spend(shop, points: int) -> None:
    """The wallet's owner spends that many points elsewhere."""
    shop.put_in(-points)


def test_points_spent_elsewhere_before_ok_decline_the_payment(shop):
    """Enough points on the page, too few at [OK]: declined with one mail, then paid after buying points, without linking again."""
    order = shop.draft()
    setup, links = shop.setup(order), len(linked_wallets())
    spend(shop, shop.points() - YEN + 1)

    shop.press_ok(order, setup)
    assert shop.states(order) == ("placed", ["declined"])
    assert (order.latest_payment.code, shop.points()) == ("insufficient", YEN - 1)
    mail = Mail.get(Mail.kind == "card_refused")
    assert "おさいぽ!" in mail.body
    assert "カード会社" not in mail.body

    shop.put_in(1)
    newest = begin_setup(
        Method.WALLET,
        shop.company,
        lambda reference: reference,
        account=Order.get_by_id(order.id).account,
        shop="shop",
        address=HOME,
        order=Order.get_by_id(order.id),
        wallet_day=DAY,
    )
    shop.press_ok(order, PaymentMethodSetup.get(PaymentMethodSetup.reference == newest))
    assert (shop.states(order), shop.points()) == (("paid", ["declined", "succeeded"]), 0)
    assert len(linked_wallets()) == links
    assert shop.ledger.prove().taken_for(order.number) == YEN


def two_orders(shop, points: int) -> list[tuple[Order, PaymentMethodSetup]]:
    """Orders of two customers who linked one wallet with that balance."""
    placed = [(order, shop.setup(order)) for order in (shop.draft("one"), shop.draft("two"))]
    spend(shop, shop.points() - points)
    return placed


def test_two_orders_that_race_for_the_points_of_one_are_paid_once(shop):
    both = two_orders(shop, YEN + 100)

    at_once(*[partial(shop.press_ok, order, setup) for order, setup in both])

    assert sorted(shop.states(order) for order, _ in both) == [("paid", ["succeeded"]), ("placed", ["declined"])]
    assert shop.points() == 100
    shop.ledger.prove()


def test_negative_control_a_balance_check_alone_lets_both_orders_pass(shop):
    """The negative control: both balance checks pass, and only the company's own guard prevents an overdraft."""
    both = two_orders(shop, YEN + 100)
    believed = at_once(*[lambda setup=setup: shop.company.balance(setup.payment_method.token) >= YEN for _, setup in both])

    answers = [shop.company.debit(setup.payment_method.token, YEN, f"key {order.number}") for order, setup in both]

    assert believed == [True, True]
    assert [isinstance(answer, Declined) for answer in answers] == [False, True]


def test_a_wallet_unlinked_during_its_payment_leaves_no_renewal_behind(shop):
    """The points were taken, so the order is paid; the removed wallet renews nothing."""
    order = shop.asking(LosesAnswers(shop.company)).buy()

    assert method_reset.remove_wallet(order.account, shop.companies, CATALOG)
    shop.work_later(minutes=2)

    assert shop.states(order) == ("paid", ["succeeded"])
    assert RenewalSetting.select().count() == 0
    assert not Subscription.select().where(Subscription.renews).exists()
    letter = Mail.get(Mail.kind == "payment_confirmed").body
    assert "自動で更新されます" not in letter
    assert "自動では更新されません" in letter
    shop.ledger.prove()


def test_a_wallet_linked_in_an_old_tab_does_not_replace_the_renewal_method(shop):
    """The first link stays: a wallet that the customer did not confirm is not charged."""
    order = shop.draft()
    with later(minutes=-1):
        about = {"account": order.account, "shop": "shop", "address": HOME, "order": order, "wallet_day": 15}
        late = begin_setup(Method.WALLET, shop.company, lambda reference: f"/back/{reference}", **about)
    visit = order.setups.get()
    shop.press_ok(order, shop.setup(order))
    first = order.account.wallet.token

    code = link_wallet(shop.books, late, "osaipo-slow")
    found = refresh_setup(visit, shop.company, code)

    assert order.account.wallet.token == found.payment_method.token == first
    removed = shop.books.reader().execute("SELECT wallet_id FROM wallet_link WHERE is_removed").fetchall()
    assert [row[0] for row in removed] == ["osaipo-slow"]


def test_a_wallet_unlinked_before_ok_is_not_charged(shop):
    order = shop.draft()
    setup = shop.setup(order)
    method_reset.remove_wallet(order.account, shop.companies, CATALOG)

    with pytest.raises(OutOfStep):
        shop.press_ok(order, setup)
    assert (shop.states(order), shop.ledger.charges) == (("draft", []), [])

    assert shop.pay_again(order).is_paid
    shop.ledger.prove()


def test_concurrent_unlinks_drop_a_wallet_and_its_renewal_once(shop):
    account = shop.buy().account

    tokens = at_once(*[lambda: method_reset.drop_wallet(account)] * 6)

    assert len([token for token in tokens if token]) == 1
    assert (RenewalSetting.select().count(), len(linked_wallets())) == (0, 0)
    shop.ledger.prove()


def test_concurrent_returns_of_one_setup_link_the_wallet_once(shop):
    order = shop.draft()
    setup = shop.setup(order)
    token, code = setup.payment_method.token, return_code(newest_visit(shop.books, setup.reference).token, BROWSER)
    PaymentMethodSetup.update(state="open", payment_method=None).execute()
    PaymentMethod.delete().execute()

    at_once(*[lambda: refresh_setup(PaymentMethodSetup.get_by_id(setup.id), shop.company, code)] * 8)

    assert [wallet.token for wallet in linked_wallets()] == [token]
    linked = [event for event in shop.ledger.history if event["to_state"] == "wallet linked"]
    assert len(linked) == 2, "the first time and this one"


def test_a_declined_wallet_and_then_a_card_have_an_attempt_each(shop, card):
    order = shop.buy(outcome=Outcome.REFUSED)

    card.pay_again(order)

    attempts = list(Payment.select().order_by(Payment.attempt))
    assert [(payment.method, payment.state) for payment in attempts] == [("wallet", "declined"), ("card", "succeeded")]
    assert (RenewalSetting.get().method, RenewalSetting.get().wallet_day) == ("card", None)
    card.ledger.prove()


def test_late_money_of_a_declined_card_pays_and_the_wallet_payment_waits_for_staff(shop, card):
    """The card pays the order after all; the wallet's points wait for staff."""
    order = card.buy(outcome=Outcome.REFUSED)
    first = order.latest_payment

    def the_card_paid_after_all():
        with shop.books.write() as connection:
            connection.execute("UPDATE charge SET state = 'paid', yen = ?, code = '' WHERE key = ?", (first.yen, first.key))
        charge = next(charge for charge in shop.taken if charge["key"] == first.key)
        day = date.fromisoformat(charge["at"][:10])
        settle(order, Money(Method.CARD, charge["reference"], charge["yen"], day, day, first), actor="test", catalog=CATALOG)

    shop.asking(Interrupted(shop.company, before=the_card_paid_after_all)).pay_again(order)

    assert Order.get_by_id(order.id).is_paid
    assert RenewalSetting.get().method == "card"
    assert [allocation["source"] for allocation in shop.ledger.unallocated] == ["wallet"]
