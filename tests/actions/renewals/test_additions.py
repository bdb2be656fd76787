"""Orders of kind `add`: what becomes of method, devices and money, and that they end with what they add to."""

from datetime import date

import pytest

from models import Account, Event, HostingEvent, Mail, Order, PaymentMethod, Subscription
from portal.actions import history
from portal.actions.orders.drafts import OutOfStep
from portal.actions.renewals.snapshot import snapshot_of
from portal.actions.transfers import allocation, undo
from portal.actions.transfers.deposits import NotPossible
from portal.enums import Method, OrderKind
from portal.sandbox.books.outcomes import Outcome
from tests import additions
from tests.actions.renewals.contract import ENDS_ON, PAID_ON, SERVER, Contract
from tests.actions.renewals.test_single_options import EVERYTHING
from tests.choices import a_selection
from tests.passes import expire_unpaid, run_job
from tests.purchase import Shop

LOGIN = "new"


@pytest.fixture
def owner(shop: Shop, calendar) -> Shop:
    """Server, backup and two devices from 2026-09-22 until the end of December, by card."""
    calendar.jump(PAID_ON)
    shop.buy(LOGIN, selection=EVERYTHING)
    return shop


def account() -> Account:
    return Account.by_login(LOGIN)


def devices() -> int:
    return next(mine.quantity for mine in snapshot_of(account()).entitlements if mine.product == "device")


def part() -> Subscription:
    return Subscription.get(Subscription.part_of.is_null(False))


def products() -> list[str]:
    return [f"{mine.product} {mine.quantity} {mine.ends_on}" for mine in snapshot_of(account()).entitlements]


def test_a_card_for_once_pays_no_renewal_and_is_forgotten(owner: Shop):
    before = account().renewal_setting.payment_method

    additions.add_devices(owner, LOGIN)

    assert account().renewal_setting.payment_method == before
    assert [row.state for row in PaymentMethod.select().order_by(PaymentMethod.id)] == ["active", "detaching"]


def test_the_customer_may_pay_renewals_with_it_from_now_on(owner: Shop):
    before = account().renewal_setting.payment_method

    additions.add_devices(owner.by(Method.WALLET), LOGIN, keeps_method=True)

    setting = account().renewal_setting
    assert (setting.method, setting.payment_method == before) == ("wallet", False)


def test_backup_bought_for_once_does_not_renew_and_with_the_method_it_does(shop: Shop, calendar):
    calendar.jump(PAID_ON)
    for login, keeps in (("once", False), ("always", True)):
        shop.buy(login, selection=a_selection(months=3))
        additions.add_backup(shop, login, keeps_method=keeps)
        backup = Account.by_login(login).subscriptions.where(Subscription.product == "backup").get()
        assert backup.renews is keeps


def test_added_devices_are_renewed_with_the_others_and_end_with_them(owner: Shop, calendar):
    additions.add_devices(owner, LOGIN)
    calendar.turn(owner, date(2027, 1, 1))
    run_job("ended parts", calendar.settings, owner.companies)

    order = account().orders.where(Order.kind == OrderKind.AUTO).get()
    assert [(line.product, line.quantity, line.yen) for line in order.lines if line.product == "device"] == [("device", 5, 5 * 924)]
    assert (devices(), part().ended_on) == (5, date(2027, 1, 1))
    told = HostingEvent.select().where(HostingEvent.subscription == part()).order_by(HostingEvent.id)
    assert [(event.kind, event.quantity, f'"part_of": {part().part_of_id}' in event.body) for event in told] == [
        ("start", 3, True),
        ("end", 3, True),
    ]
    owner.ledger.prove()


def test_a_second_addition_waits_for_nothing_and_both_count(owner: Shop):
    additions.add_devices(owner, LOGIN, 1)
    additions.add_devices(owner, LOGIN, 2)

    assert devices() == 5


def test_another_order_for_the_same_devices_replaces_the_open_one(owner: Shop):
    first = additions.add_devices_by_transfer(owner, LOGIN, 1)
    second = additions.add_devices_by_transfer(owner, LOGIN, 2)

    assert [Order.get_by_id(order.id).state for order in (first, second)] == ["cancelled", "placed"]


def test_while_the_answer_is_awaited_nothing_stands_in_its_place(owner: Shop):
    additions.add_devices(owner, LOGIN, outcome=Outcome.ANSWER_LOST)

    with pytest.raises(OutOfStep):
        additions.add_devices_by_transfer(owner, LOGIN, 2)


def test_an_open_addition_holds_no_charge_back(owner: Shop, calendar):
    calendar.jump(date(2026, 12, 1))
    additions.add_devices_by_transfer(owner, LOGIN)
    calendar.jump(date(2026, 12, 5)).work(owner)

    order = account().orders.where(Order.kind == OrderKind.AUTO).get()
    assert (order.state, [line.quantity for line in order.lines if line.product == "device"]) == ("paid", [2])


def test_money_that_comes_after_the_renewal_adds_to_the_running_term_alone(owner: Shop, calendar):
    """The renewal was charged meanwhile with the old number, as the screen said."""
    calendar.jump(date(2026, 12, 1))
    order = additions.add_devices_by_transfer(owner, LOGIN)
    calendar.jump(date(2026, 12, 5)).work(owner)

    allocation.allocate(owner.deposit(order.total_yen), order, order.total_yen, owner.staff, "番号が一致", catalog=owner.catalog)

    assert (part().last_term.ends_on, devices()) == (ENDS_ON, 2)
    owner.ledger.prove()


def test_an_unpaid_order_ends_with_the_term_that_it_adds_to(owner: Shop, calendar):
    calendar.jump(date(2026, 12, 31))
    order = additions.add_devices(owner, LOGIN, outcome=Outcome.REFUSED)
    calendar.jump(date(2027, 1, 1))
    run_job("ended additions", calendar.settings, owner.companies)

    assert Order.get_by_id(order.id).state == "cancelled"
    assert "は、取り消しになりました" in Mail.get(Mail.kind == "order_cancelled").body


def test_money_for_devices_of_a_term_that_is_over_waits_for_staff(owner: Shop, calendar):
    calendar.jump(date(2026, 12, 10))
    order = additions.add_devices_by_transfer(owner, LOGIN)
    deposit = owner.deposit(order.total_yen, on=date(2026, 12, 20))
    calendar.jump(date(2027, 1, 2))
    expire_unpaid()

    with pytest.raises(NotPossible):
        allocation.allocate(deposit, order, order.total_yen, owner.staff, "番号が一致", catalog=owner.catalog)
    assert not Subscription.select().where(Subscription.part_of.is_null(False)).exists()


def test_an_undone_addition_is_awaited_again_and_gets_its_days_back(owner: Shop, calendar):
    calendar.jump(date(2026, 12, 1))
    order = additions.add_devices_by_transfer(owner, LOGIN)
    allocation.allocate(owner.deposit(order.total_yen), order, order.total_yen, owner.staff, "番号が一致", catalog=owner.catalog)
    before = part().last_term.starts_on

    undo.undo_allocation(order.allocations.get(), owner.staff, "別の人のお金", catalog=owner.catalog)
    assert (Order.get_by_id(order.id).state, devices(), part().runs_until) == ("placed", 2, date(2026, 12, 20))

    order = Order.get_by_id(order.id)
    allocation.allocate(owner.deposit(order.total_yen), order, order.total_yen, owner.staff, "番号が一致", catalog=owner.catalog)
    assert (part().last_term.starts_on, part().last_term.ends_on, devices()) == (before, ENDS_ON, 5)


def test_with_the_server_everything_that_was_added_ends(owner: Shop, calendar):
    additions.add_devices(owner, LOGIN)
    Subscription.update(renews=False).execute()
    calendar.turn(owner, date(2027, 1, 16))

    assert not Subscription.select().where(Subscription.ended_on.is_null()).exists()
    assert products() == []


def test_while_a_part_of_an_order_is_there_no_other_is_cancelled_with_the_server_and_none_is_said_to_be(shop: Shop, calendar):
    """The worker is late: the transfer's days are over, and nobody has given the part back yet. The other order could be cancelled."""
    contract = Contract(shop, calendar, LOGIN).buy()
    Subscription.update(renews=False).execute()
    calendar.jump(date(2026, 12, 20))
    addition = additions.order(shop, LOGIN, "backup", additions.backup_now(shop, LOGIN, 3), outcome=Outcome.REFUSED)
    Order.update(number="10000000").where(Order.id == addition.id).execute()  # whoever looks by number finds it first too
    renewal = shop.place_for_transfer(shop.draft(LOGIN, OrderKind.RENEW), SERVER)
    allocation.allocate(shop.deposit(1_000), renewal, 1_000, shop.staff, "番号が一致", catalog=shop.catalog)
    for day in (date(2027, 1, 16), date(2027, 2, 1)):
        calendar.jump(day)
        contract.look()

    assert Subscription.get().ended_on is None
    assert [Order.get_by_id(order.id).state for order in (addition, renewal)] == ["placed", "placed"]
    assert history.newest("order 10000000") is None
    assert not Mail.select().where(Mail.kind == "order_cancelled").exists()
    assert Event.select().where(Event.entity.startswith("mail ")).count() == Mail.select().count()
