"""What may happen in a random world: customers, staff, the companies, the catalog, and time. A refused move changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from models import Account, Order
from portal.actions.payments import refunds
from portal.actions.payments.refundable import refundable
from portal.actions.refusals import NotPossible
from portal.actions.renewals.paid_cancellation import cancel_paid, last_usable_days
from portal.catalog import Catalog
from portal.enums import Method, OrderKind, OrderState
from portal.rules.orders.selection import Selection
from portal.sandbox.books.outcomes import Outcome
from tests.actions.renewals.test_stateful import dearer, without_single_months
from tests.actions.renewals.unreliable_companies import Outage
from tests.choices import a_selection, edited, with_product
from tests.forecast import certificate_moves, option_moves, staff_moves
from tests.forecast.turning import next_busy_day
from tests.forecast.world import LOGINS, World, with_short_certificates
from tests.purchase import CATALOG, INSTALLATION

# Middle of a month, the end of a year, before a leap February, before the long holidays of May.
FIRST_DAYS = (date(2026, 11, 22), date(2026, 12, 3), date(2026, 12, 31), date(2028, 1, 31), date(2027, 4, 28), date(2026, 7, 9))
CARDS = (Outcome.PAYS, Outcome.PAYS, Outcome.PAYS, Outcome.REFUSED, Outcome.EXPIRED, Outcome.ANSWER_LOST, Outcome.PAYS_ONCE)
A_DAY = timedelta(days=1)
PLAN = "standard"
Move = Callable[[World, Random], None]


def history(world: World, steps: int) -> None:
    """One contract or at least an order for one, then that many moves."""
    _begin(world, world.random)
    world.watch(world)
    for _ in range(steps):
        [move] = world.random.choices(list(MOVES), list(MOVES.values()))
        move(world, world.random)
        world.watch(world)


def _begin(world: World, random: Random) -> None:
    world.customers.buy(LOGINS[0], random.choice(list(Method)), _selection(random), Outcome.PAYS)


# -- customers -------------------------------------------------------------------------------------------------------------


def buy(world: World, random: Random) -> None:
    login, method, outcome = random.choice(LOGINS), random.choice(list(Method)), random.choice(CARDS)
    if _may_buy(world, login):
        chosen = _selection(random, certificate_moves.some_to_renew(login, random))
        world.customers.buy(login, method, chosen, outcome if method is Method.CARD else Outcome.PAYS)


def change(world: World, random: Random) -> None:
    login = random.choice(LOGINS)
    if _may_buy(world, login):
        chosen = _selection(random, certificate_moves.some_to_renew(login, random))
        world.customers.buy(login, random.choice(list(Method)), chosen, Outcome.PAYS, OrderKind.CHANGE)


def pay_again(world: World, random: Random) -> None:
    method = random.choice(list(Method))
    world.customers.pay_again(random.choice(LOGINS), method, random.choice(CARDS) if method is Method.CARD else Outcome.PAYS)


def press(world: World, random: Random) -> None:
    getattr(world.customers, random.choice(("give_up", "report", "undo", "reset", "forget_wallet")))(random.choice(LOGINS))


def reserve(world: World, random: Random) -> None:
    login = random.choice(LOGINS)
    if _may_buy(world, login):
        chosen = _selection(random, certificate_moves.some_to_renew(login, random))
        world.customers.reserve(login, chosen, frozenset({"backup", "device"} - {each.product for each in chosen.chosen}))


def pay_otherwise_later(world: World, random: Random) -> None:
    login, customers = random.choice(LOGINS), world.customers
    match random.choice(("card", "wallet", "day")):
        case "card":
            customers.change_card(login, random.choice(CARDS))
        case "wallet":
            customers.change_wallet(login, random.choice((5, 15, 25)))
        case "day":
            customers.change_day(login, random.choice((5, 10, 20, 25)))


# -- staff, banks and companies --------------------------------------------------------------------------------------------


def transfer(world: World, random: Random) -> None:
    """Exact, short or too much; seen by staff some days later, or at another time."""
    login = random.choice(LOGINS)
    order = Account.by_login(login).placed_order
    if order and order.is_by_transfer:
        world.customers.transfer(login, random.choice((1, 1, 1, 0.5, 1.5)))
        _days(world, random.randrange(9))
        if random.random() < 0.5:
            world.customers.confirm(-1)


def confirm(world: World, random: Random) -> None:
    if world.customers.on_the_way:
        world.customers.confirm(random.randrange(10))


def take_back(world: World, random: Random) -> None:
    world.customers.take_back(random.randrange(10))


def give_back(world: World, random: Random) -> None:
    """Staff give back a part, or cancel a paid order, at most some days before what has begun of it stops."""
    paid = list(Order.select().where(Order.state == OrderState.PAID).order_by(Order.id))
    if not paid:
        return
    order, shop, is_over = random.choice(paid), world.shop, random.random() < 0.6
    try:
        if is_over:
            first, last = last_usable_days(order) or (world.today, world.today)
            until = min(last, first + timedelta(days=random.randrange(12)))
            refund = cancel_paid(order, until, shop.staff, "誤ったお申し込み", shop.companies, INSTALLATION)
        else:
            found = refundable(order)
            refund = refunds.begin(found, 100, shop.staff, "不具合", shop.companies, INSTALLATION) if found.payment else None
    except NotPossible:
        return
    world.did["a paid order was cancelled" if is_over else "a part was given back"] += 1
    if refund:
        refunds.send(refund, shop.companies.get(refund.method))


def money_comes_and_goes(world: World, random: Random) -> None:
    if random.random() < 0.4:
        world.customers.empty_wallet() if random.random() < 0.5 else world.shop.put_in(100_000)
    else:
        world.customers.cards_become(random.choice(LOGINS), random.choice(CARDS))


def outage(world: World, random: Random) -> None:
    world.shop.connection.outage = random.choice((Outage.NONE, *Outage))


# -- the catalog -----------------------------------------------------------------------------------------------------------


def edit_catalog(world: World, random: Random) -> None:
    name = random.choice(list(EDITS))
    world.edit_catalog(name, EDITS[name](world.catalog, random, world.today))


def _numbers(catalog: Catalog, **numbers: int) -> Catalog:
    return replace(catalog, renewal=replace(catalog.renewal, **numbers))


def _closed(catalog: Catalog, random: Random, today: date) -> Catalog:
    """Some days in the next two months; around the turn of a year they join the banks' holidays."""
    days = {today + timedelta(days=random.randrange(1, 60)) for _ in range(random.randrange(1, 6))}
    new_year = date(today.year + 1, 1, 1)
    return replace(catalog, closed_days=frozenset(days | {new_year + timedelta(days=day) for day in random.sample(range(-6, 12), 5)}))


def _without_plan(catalog: Catalog, *_: object) -> Catalog:
    """The plan of everybody here."""
    others = tuple(plan for plan in catalog.server.plans if plan.id != PLAN)
    return edited(catalog, lambda product: replace(product, plans=others) if product.id == "server" else product)


Edit = Callable[[Catalog, Random, date], Catalog]
EDITS: dict[str, Edit] = {
    "dearer": lambda catalog, *_: dearer(catalog),
    "without months": lambda catalog, *_: without_single_months(catalog),
    "card day": lambda catalog, random, _: _numbers(catalog, card_day=random.choice((5, 10, 15, 20, 25))),
    "days of 停止中": lambda catalog, random, _: _numbers(catalog, stopped_days=random.choice((8, 14, 21))),
    "closed days": _closed,
    "without backup": lambda catalog, *_: with_product(catalog, "backup", is_withdrawn=True),
    "without the plan": _without_plan,
    "without certificates": lambda catalog, *_: with_product(catalog, "ssl", is_withdrawn=True),
    "as before": lambda *_: with_short_certificates(CATALOG),
}


# -- time ------------------------------------------------------------------------------------------------------------------


def days_pass(world: World, random: Random) -> None:
    _days(world, random.randrange(1, 13))


def until_something_happens(world: World, random: Random) -> None:
    for _ in range(random.randrange(1, 4)):
        world.turn(min(next_busy_day(world), world.today + timedelta(days=60)))


def worker_is_away(world: World, random: Random) -> None:
    world.did["the worker was away"] += 1
    world.turn(world.today + timedelta(days=random.randrange(2, 45)))


def _days(world: World, days: int) -> None:
    for _ in range(days):
        world.turn(world.today + A_DAY)


MOVES: dict[Move, int] = {
    buy: 3, change: 2, pay_again: 2, press: 3, reserve: 2, pay_otherwise_later: 2,
    transfer: 3, confirm: 2, take_back: 1, give_back: 1, money_comes_and_goes: 2, outage: 1, edit_catalog: 2,
    staff_moves.cancel_order: 1, staff_moves.accept_difference: 1, staff_moves.move_due_date: 1, staff_moves.close_or_open: 1,
    staff_moves.a_bank_file_comes: 2, staff_moves.stop_renewal: 1, staff_moves.change_plan: 2,
    option_moves.add: 3, option_moves.turn: 2, option_moves.renumber: 1,
    certificate_moves.set_one_up: 3, certificate_moves.add: 2, certificate_moves.choose_a_name: 1, certificate_moves.turn: 2,
    certificate_moves.remove_a_domain: 1, certificate_moves.hosting_side_answers: 3, certificate_moves.runs_out_early: 1,
    days_pass: 3, until_something_happens: 4, worker_is_away: 1,
}  # fmt: skip


def _may_buy(world: World, login: str) -> bool:
    """The form of a withdrawn plan has no button that works."""
    return any(plan.id == Account.by_login(login).plan for plan in world.catalog.plans)


def _selection(random: Random, certificates: frozenset[int] = frozenset()) -> Selection:
    """`certificates`: those that are renewed with it. A new one is bought more rarely."""
    devices = random.choice((None, None, 2))
    return a_selection(
        months=random.choice((1, 1, 1, 3, 12)), backup_months=random.choice((None, None, 1, 3)), devices=devices,
        device_months=random.choice((1, 3)) if devices else None,
        ssl=random.choice((None, None, None, *certificate_moves.VARIANTS)), certificates=certificates,
    )  # fmt: skip
