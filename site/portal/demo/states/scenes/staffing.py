"""Staff at work: signing in, lists, orders, customers, second looks and what comes after OK. Transfers: bank_desk.py."""

from models import Invoice, Mail
from portal.demo.states import ways
from portal.demo.states.guest import Guest
from portal.demo.states.page import Page
from portal.demo.states.scenes import bank_desk
from portal.demo.states.world import PASSWORD, Scene, World, on
from portal.enums import InvoiceKind, StaffRole

A_CALL = "お電話でのご依頼"
LISTS = {
    "accounts": "staff-accounts",
    "deposits": "staff-deposits",
    "orders": "staff-orders",
    "attention": "staff-attention",
    "mails": "staff-mails",
    "provisioning": "staff-hosting",
    "certificates": "staff-certificates",
    "certificates/failed": "staff-certificates-failed",
    "domains": "staff-domains",
    "history": "staff-history",
    "papers": "staff-papers",
    "papers/months": "staff-paper-months",
    "papers?first=x": "staff-papers-errors",
    "files": "staff-files",
    "day/2026-11-10": "staff-day",
    "day/2026-11-10/deposits": "staff-day-rows",
    "day/2026-11-10/cards": "staff-day-none",
}


def signing_in(world: World) -> None:
    world.staff_member("sign-in")
    guest = world.visitor("colleague").visit("/staff/login").keep("staff-sign-in").press("次へ").keep("staff-sign-in-errors")
    guest.press("次へ", login="sign-in", password=PASSWORD).keep("staff-code").press("ログイン", code="x").keep("staff-code-errors")


def viewing(world: World) -> None:
    guest = world.staff("viewer", StaffRole.VIEWING).keep("staff-viewer").visit("/staff/waiting").keep("waiting-none")
    ways.order_by_transfer(world.customer("staff-transfer"), world.catalog)
    number = ways.order_of("staff-transfer").number
    guest.visit("/staff/").send(f"/staff/orders/{number}/cancellation", "post", Page(guest.html).forms[0].sent).keep("error-not-allowed")


def orders(world: World) -> None:
    guest, order = world.staff(), ways.order_of("staff-transfer")
    where = f"/staff/orders/{order.number}"
    guest.visit(where).keep("staff-order-awaited")
    for act, state in (("cancellation", "cancellation"), ("due-date", "due-date"), ("difference", "difference")):
        guest.visit(f"{where}/{act}").keep(state)
    guest.visit(f"{where}/due-date").press("確認へ進む").keep("due-date-errors")
    guest.press("確認へ進む", day="2026-12-01", reason=A_CALL).keep("due-date-look")
    guest.press("OK", code=world.code("keiri")).keep("staff-order-due-date-moved")
    guest.visit(f"{where}/cancellation").press("確認へ進む", reason="お客様のご希望").keep("cancellation-look")
    guest.press("OK", code=world.code("keiri")).keep("staff-order-cancelled")
    order = ways.order_of("part")
    guest.visit(f"/staff/orders/{order.number}").keep("staff-order-partly").visit(f"/staff/orders/{order.number}/difference")
    guest.press("確認へ進む", reason="振込手数料の分").keep("difference-look")
    guest.press("OK", code=world.code("keiri")).keep("staff-order-difference")


def refunds(world: World) -> None:
    for login in ("staff-card", "staff-refunded"):
        ways.buy(world.customer(login), world.catalog)
    guest, number = world.staff(), ways.order_of("staff-refunded").number
    guest.visit(f"/staff/orders/{number}").keep("staff-order-paid").follow("最終確認の内容と同意 1").keep("staff-order-confirmation")
    guest.visit(f"/staff/orders/{number}/refund").keep("refund").press("確認へ進む", yen="x").keep("refund-errors")
    guest.press("確認へ進む", yen="10000", reason="機器の不具合のため").keep("refund-look")
    guest.press("OK", code=world.code("keiri")).keep("refund-done")
    customer = world.customer("staff-refunded").visit(f"/orders/{number}").keep("order-refunded")
    paper = Invoice.get(Invoice.order == ways.order_of("staff-refunded"), Invoice.kind == InvoiceKind.RETURN)
    customer.visit(f"/papers/{paper.number}").press("この宛名で開く").keep("paper-return")
    number = ways.order_of("held").number
    guest.visit(f"/staff/orders/{number}").keep("staff-order-held").follow("返金する").keep("refund-payment")
    guest.press("確認へ進む", reason="申し込みに充てられないため").keep("refund-payment-look")
    _reissue(world, guest, Invoice.get(Invoice.order == ways.order_of("staff-card")).number)
    number = ways.order_of("staff-card").number
    guest.visit(f"/staff/orders/{number}/cancel-and-refund").keep("paid-cancellation").press("確認へ進む").keep("paid-cancellation-errors")
    guest.press("確認へ進む", reason="誤ったお申し込みのため", day="2026-11-30").keep("paid-cancellation-look")
    guest.press("OK", code=world.code("keiri")).keep("paid-cancellation-done")
    world.customer("staff-card").visit(f"/orders/{number}").keep("order-paid-and-cancelled").visit("/contract").keep(
        "contract-paid-cancelled"
    )


def _reissue(world: World, guest: Guest, number: int) -> None:
    customer = world.customer("staff-card").visit(f"/papers/{number}").press("この宛名で開く", addressee="株式会社ミホソ")
    guest.visit(f"/staff/papers/{number}/reissue").keep("reissue").press("確認へ進む").keep("reissue-errors")
    guest.press("確認へ進む", reason="宛名の誤り").keep("reissue-look")
    guest.press("OK", code=world.code("keiri")).keep("reissue-done")
    new = Invoice.get(Invoice.order == ways.order_of("staff-card"), Invoice.number > number).number
    customer.visit(f"/papers/{new}").press("この宛名で開く", addressee="株式会社ミホン").keep("paper-in-place")


def customers(world: World) -> None:
    ways.buy(world.customer("staff-customer"), world.catalog)
    guest, where = world.staff(), "/staff/accounts/staff-customer"
    guest.visit(where).keep("staff-customer")
    guest.visit(f"{where}/renewal-stop").keep("renewal-stop").press("確認へ進む").keep("renewal-stop-errors")
    guest.press("確認へ進む", reason=A_CALL).keep("renewal-stop-look")
    guest.press("OK", code=world.code("keiri")).keep("staff-customer-stopped")
    guest.visit(f"{where}/closing").keep("closing").press("確認へ進む", reason="約款違反").keep("closing-look")
    guest.press("OK", code=world.code("keiri")).keep("staff-customer-closed")
    world.visitor("closed").sign_in("staff-customer", PASSWORD).keep("sign-in-closed")
    guest.visit(f"{where}/erasure").keep("erasure-too-early")
    guest.visit(f"{where}/opening").keep("opening").press("確認へ進む", reason="確認が済んだため").keep("opening-look")
    guest.press("OK", code=world.code("keiri"))
    guest.visit("/staff/accounts/other-card").follow_first("/staff/accounts/other-card/confirmations/").keep("staff-customer-confirmation")


def people(world: World) -> None:
    """What staff do for a customer who asks by phone."""
    guest, where = world.staff(), "/staff/accounts/staff-customer"
    guest.visit(f"{where}/name").keep("person-name").press("確認へ進む").keep("person-name-errors")
    guest.press("確認へ進む", name="見本 花代", reason=A_CALL).keep("person-name-look")
    guest.press("OK", code=world.code("keiri")).keep("staff-customer-renamed")
    guest.visit(f"{where}/address").keep("person-address").press("確認へ進む", address="x").keep("person-address-errors")
    guest.press("確認へ進む", address="hanayo@example.jp", reason=A_CALL).keep("person-address-look")
    guest.visit(f"{where}/password-link").keep("person-link").press("確認へ進む", reason=A_CALL).keep("person-link-look")
    world.customer("staff-customer")
    guest.visit(f"{where}/sessions-end").keep("person-sessions").press("確認へ進む", reason=A_CALL).keep("person-sessions-look")


def lists(world: World) -> None:
    guest = world.staff()
    for address, state in LISTS.items():
        guest.visit(f"/staff/{address}").keep(state)
    guest.visit(f"/staff/mails/{Mail.select().order_by(Mail.id.desc()).get().id}").keep("staff-mail")
    guest.visit(f"/staff/papers/{Invoice.get(Invoice.order == ways.order_of('other-card')).number}").keep("staff-paper")
    guest.visit("/staff/provisioning").follow_first("/staff/provisioning/").keep("staff-hosting-event")
    guest.visit("/staff/nowhere").keep("staff-not-found")


SIGNED_IN = tuple(Scene(act) for act in (signing_in, viewing))  # before the bank's desk, which goes on with their order
SCENES = (*SIGNED_IN, *bank_desk.SCENES, *(Scene(act) for act in (orders, refunds, customers, people)), Scene(lists, on(12, 16)))
