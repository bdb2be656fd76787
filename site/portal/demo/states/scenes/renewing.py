"""Contracts that renew, by themselves or by hand: changes, reservations, other methods, the reset, and charges that fail."""

from portal.demo.days import months_before
from portal.demo.states import ways
from portal.demo.states.world import Scene, World, on
from portal.demo.stories import contract_choices, options_of

LAST_MONTH, A_DAY_LATER = months_before(1, 20), months_before(1, 21)
OTHER_MONTHS, YEAR, TOO_MANY = "24", 12, {"devices": "21", "device_months": "12"}


def buys_a_month(login: str, **named: str) -> Scene:
    return Scene(lambda world: ways.buy(world.customer(login), world.catalog, 1, **named), LAST_MONTH)


def stops(login: str) -> Scene:
    return Scene(lambda world: ways.stop_renewal(world.customer(login)), A_DAY_LATER)


def paid_ahead(world: World) -> None:
    guest = world.customer("paid-ahead").visit("/contract").keep("contract-next-paid").visit("/").keep("panel-next-paid")
    guest.visit("/renewal/change").keep("change-next-paid")


def reserving(world: World) -> None:
    guest = ways.buy(world.customer("reserving"), world.catalog, YEAR, options=options_of(world.catalog))
    everything = contract_choices(world.catalog, YEAR, options=options_of(world.catalog))
    agreed = {name: version for name, version in everything.items() if name.startswith("agree")}
    guest.visit("/renewal/change").keep("change")
    guest.follow("次回の自動更新から変更する（今は支払わない）").keep("reservation")
    guest.press("最終確認へ進む", **TOO_MANY).keep("reservation-errors")
    guest.visit("/renewal/reservation").press("最終確認へ進む", months=OTHER_MONTHS, **agreed).keep("reservation-final")
    guest.press("OK", shown="old").keep("reservation-final-changed").press("OK").keep("contract-reserved").visit("/").keep("panel-reserved")
    guest.visit("/contract").follow("予約を取り消す").keep("reservation-undo").press("OK").keep("contract-reservation-undone")


def changing(world: World) -> None:
    guest = ways.buy(world.customer("changing"), world.catalog, YEAR)
    guest.visit("/renewal/change").press("契約期間を変更する").keep("change-form")
    guest.press(ways.TO_THE_METHODS, months=OTHER_MONTHS).keep("methods-change")
    ways.to_the_transfer(guest).keep("confirm-change-bank")


def too_late(world: World) -> None:
    guest = world.customer("too-late").visit("/contract").keep("contract-too-late").visit("/renewal/change").keep("change-too-late")
    guest.visit("/renewal/reset").keep("reset-wallet")
    guest.visit("/renewal/method").press("次へ進む", wallet_day="20").keep("method-final-day")


def buys_by_wallet(world: World) -> None:
    guest = ways.to_the_methods(world.customer("too-late", "見本 次郎"), world.catalog, 1)
    ways.link_wallet(ways.to_the_wallet(guest)).press("おさいぽ!ポイントから支払う").press("OK")


def other_card(world: World) -> None:
    guest = ways.buy(world.customer("other-card"), world.catalog, YEAR)
    guest.visit("/renewal/method").keep("method-change").press("次へ進む", method="card")
    entry, reference = guest.address, ways.newest_setup("other-card").reference
    guest.visit(f"/renewal/method/card/{reference}").keep("method-unfinished").visit(entry)
    guest.press("送信する", **ways.CARD).keep("method-final").press("OK", shown="old").keep("method-final-changed")
    guest.press("OK").keep("contract-method-changed")
    guest.visit("/renewal/reset").keep("reset").press("OK").keep("stopped-renewal")
    guest.visit("/contract").keep("contract-by-hand").visit("/").keep("panel-by-hand")


def card_expires_soon(world: World) -> None:
    ways.to_the_confirmation(ways.to_the_methods(world.customer("card-expires-soon"), world.catalog, 1), expiry="11/26").press("OK")


def card_expires(world: World) -> None:
    guest = ways.to_the_confirmation(ways.to_the_methods(world.customer("card-expires"), world.catalog), expiry="12/26").press("OK")
    guest.visit("/contract").keep("contract-card-expires")


def by_hand(world: World) -> None:
    guest = world.customer("by-hand").visit("/").keep("panel-ends-soon").visit("/contract").keep("contract-ends-soon")
    guest.visit("/contract/timeline").keep("timeline-by-hand")
    ways.renew(guest).keep("renew-form").press(ways.TO_THE_METHODS, months="").keep("renew-form-errors")
    ways.renew(guest).press(ways.TO_THE_METHODS, months="1").keep("methods-renewal")
    ways.to_the_confirmation(guest).keep("confirm-renewal").press("OK").keep("order-paid-renewal")


def by_hand_with_options(world: World) -> None:
    ways.buy(world.customer("by-hand-options"), world.catalog, 1, options=tuple(world.catalog.sold))


def form_with_options(world: World) -> None:
    ways.renew(ways.stop_renewal(world.customer("by-hand-options"))).keep("renew-form-options")


def failed(world: World) -> None:
    guest = world.customer("failed", "見本 三郎").visit("/contract").keep("contract-failed").visit("/").keep("panel-failed")
    guest.visit("/contract/timeline").keep("timeline-failed").visit("/renewal/method").keep("method-change-failed")
    number = ways.order_of("failed").number
    guest.visit(f"/orders/{number}").keep("order-failed").visit(f"/orders/{number}/payment").keep("methods-failed")
    ways.to_the_transfer(guest).keep("confirm-failed-bank")


def bank_asks(world: World) -> None:
    guest, order = world.customer("bank-asks"), ways.order_of("bank-asks")
    guest.visit(f"/orders/{order.number}").keep("order-authentication")
    guest.visit(f"/renewal/authentication/{order.number}").keep("authentication")
    guest.press("本人認証へ進む").keep("authentication-open").follow("カード会社の本人認証のページを開く").keep("card-proof")
    guest.press("認証しない").keep("authentication-refused")


def failed_for_good(world: World) -> None:
    world.customer("failed").visit("/contract").keep("contract-failed-for-good").visit("/").keep("panel-failed-for-good")


def stopped_after_failing(world: World) -> None:
    world.customer("failed").visit("/contract").keep("contract-stopped-refused")


SCENES = (
    buys_a_month("paid-ahead"),
    buys_a_month("by-hand"),
    stops("by-hand"),
    buys_a_month("failed", number=ways.GOOD_ONCE),
    buys_a_month("bank-asks", number=ways.ASKS_LATER),
    Scene(buys_by_wallet, LAST_MONTH),
    Scene(card_expires_soon, LAST_MONTH),
    Scene(by_hand_with_options, LAST_MONTH),
    *(Scene(act) for act in (paid_ahead, reserving, changing, other_card, card_expires, by_hand, form_with_options, failed, bank_asks)),
    Scene(too_late, on(11, 12)),
    Scene(failed_for_good, on(11, 29)),
    Scene(stopped_after_failing, on(12, 2)),
)
