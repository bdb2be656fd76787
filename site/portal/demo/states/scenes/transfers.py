"""Transfers: awaited, reported, replaced, overdue, expired, cancelled, short, over, and undone by staff."""

from dataclasses import replace

from portal.demo.days import months_before
from portal.demo.states import desk, ways
from portal.demo.states.world import Scene, World, on
from portal.demo.stories import contract_choices

A_DAY = "2026-11-10"


def awaited(world: World) -> None:
    guest = world.customer("bank", "見本 太郎")
    ways.to_the_transfer(ways.to_the_methods(guest, world.catalog)).keep("confirm-bank").press("OK").keep("order-awaited")
    guest.visit("/contract").keep("contract-awaited").visit("/").keep("panel-awaited")
    guest.visit("/history").keep("history-awaited").press("請求書を発行する").press("この宛名で開く").keep("paper-invoice")
    guest.visit("/contract").press("お支払い情報をメールで再送する").keep("contract-details-sent")
    for _ in range(3):
        guest.visit("/contract").press("お支払い情報をメールで再送する")
    guest.keep("limit-details-mail")
    guest.visit("/contract").follow("ほかのお支払い方法に変更する").keep("methods-instead")
    guest.visit("/contract").follow("振り込みました").keep("report")
    guest.press("連絡する", payer="", paid_on="１２").keep("report-errors")
    guest.press("連絡する", payer="ミホン タロウ", paid_on=A_DAY).keep("contract-reported").visit("/").keep("panel-reported")
    again = guest.visit("/contract").press("内容を変えて申し込み直す")
    ways.to_the_transfer(again.press(ways.TO_THE_METHODS, **contract_choices(world.catalog, 1)))
    guest.keep("confirm-replaces-reported").press("OK").keep("confirm-replaces-unticked")


def own_number(world: World) -> None:
    """The company has numbers at its bank that it gives to its customers (専用口座)."""
    numbers = replace(world.catalog.bank_accounts[0], branch="やまぶき支店", branch_code="701", number="5000001", until="5999999")
    with world.selling(replace(world.catalog, virtual_accounts=numbers)):
        guest = ways.order_by_transfer(world.customer("own-number"), world.catalog).keep("order-awaited-own-number")
        guest.visit("/contract").keep("contract-awaited-own-number")


def given_up(world: World) -> None:
    guest = ways.order_by_transfer(world.customer("given-up"), world.catalog)
    guest.visit("/contract").follow("お申し込みを取り消す").keep("cancel-order").press("OK").keep("order-cancelled-by-customer")
    guest.visit("/contract").keep("contract-cancelled").visit("/").keep("panel-cancelled")
    guest.visit(f"/orders/{ways.order_of('given-up').number}").keep("order-cancelled")
    guest.visit("/contract").ask_as_script("/contract/status?page=contract&order=00000000&state=0").keep("moved-on")


def renewing(world: World) -> None:
    guest = ways.renew(world.customer("bank-renewal")).press(ways.TO_THE_METHODS)
    ways.to_the_transfer(guest).keep("confirm-renewal-bank").press("OK").visit("/contract").keep("contract-renewal-awaited")


def short(world: World) -> None:
    ways.order_by_transfer(world.customer("part", "見本 分"), world.catalog)
    order = ways.order_of("part")
    desk.pay_in(world, order, order.total_yen - 440)
    guest = world.customer("part").visit("/contract").keep("contract-partly").visit("/").keep("panel-partly")
    guest.visit(f"/orders/{order.number}").keep("order-partly")


def too_much(world: World) -> None:
    ways.order_by_transfer(world.customer("too-much"), world.catalog)
    order = ways.order_of("too-much")
    desk.pay_in(world, order, of=order.total_yen + 1000)
    world.customer("too-much").visit("/contract").keep("contract-money-held")


def undone(world: World) -> None:
    ways.order_by_transfer(world.customer("undone"), world.catalog)
    desk.undo(world, desk.pay_in(world, ways.order_of("undone")), "別のお客様の入金だったため")
    guest = world.customer("undone").visit("/contract").keep("contract-undone").visit("/").keep("panel-undone")
    guest.visit("/history").follow_first("/papers/").keep("paper-void")


def waits(world: World) -> None:
    for login in ("overdue", "part-overdue"):
        ways.order_by_transfer(world.customer(login), world.catalog)
    order = ways.order_of("part-overdue")
    desk.pay_in(world, order, order.total_yen - 440)


def overdue(world: World) -> None:
    guest = world.customer("overdue").visit("/contract").keep("contract-overdue")
    guest.visit(f"/orders/{ways.order_of('overdue').number}").keep("order-overdue")
    world.customer("part-overdue").visit("/contract").keep("contract-partly-overdue")


def expired(world: World) -> None:
    guest = world.customer("overdue").visit("/contract").keep("contract-expired").visit("/").keep("panel-expired")
    guest.visit(f"/orders/{ways.order_of('overdue').number}").keep("order-expired")
    order = ways.order_of("part-overdue")
    desk.pay_in(world, order, 100)
    world.customer("part-overdue").visit("/contract").keep("contract-reopened")


SCENES = (
    Scene(lambda world: ways.buy(world.customer("bank-renewal"), world.catalog, 1), months_before(1, 20)),
    Scene(lambda world: ways.stop_renewal(world.customer("bank-renewal")), months_before(1, 21)),
    *(Scene(act) for act in (awaited, own_number, given_up, renewing, short, too_much, undone, waits)),
    Scene(overdue, on(11, 26)),
    Scene(expired, on(12, 2)),
)
