"""Staff at work: signing in, lists, deposits, second looks and what comes after OK."""

from io import BytesIO

from models import Deposit, Invoice, Mail
from portal.demo.states import desk, ways
from portal.demo.states.guest import Guest
from portal.demo.states.page import Page
from portal.demo.states.world import PASSWORD, Scene, World, on
from portal.enums import InvoiceKind, StaffRole

WRONG = "まったくちがう"
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


def deposits(world: World) -> None:
    guest, order = world.staff(), ways.order_of("staff-transfer")
    guest.visit("/staff/").keep("staff-awaited").visit("/staff/?q=どこにもない").keep("staff-awaited-none")
    guest.follow("入金の入力").keep("deposit-new").press("入力する", yen="").keep("deposit-errors")
    typed = {"booked_on": "2026-11-10", "yen": str(order.total_yen), "payer": f"{order.number} ﾐﾎﾝ ﾀﾛｳ"}
    guest.press("入力する", **typed).keep("deposit-candidates")
    deposit = guest.address
    guest.visit("/staff/deposits/new").press("入力する", **typed).keep("deposit-same").visit(deposit)
    guest.follow(order.number).keep("allocation").press("確認へ進む", yen="1.5").keep("allocation-errors")
    guest.visit(f"{deposit}/orders/{order.number}").press("確認へ進む", reason=desk.REASON).keep("allocation-look")
    guest.press("OK", shown="old").keep("allocation-look-changed")
    guest.press("OK", code=world.code("keiri")).keep("deposit-allocated")
    guest.follow("取り消す").keep("undo").press("確認へ進む").keep("undo-errors")
    guest.press("確認へ進む", reason="別のお客様の入金だったため").keep("undo-look")
    world.wait(minutes=20)
    guest.press("OK").keep("undo-code").press("OK", code=world.code("keiri")).keep("deposit-undone")


def bank_files(world: World) -> None:
    guest = world.staff()
    guest.visit("/staff/bank").keep("bank-files").follow("ファイルを取り込む").keep("bank-file-new").press("内容を確かめる").keep(
        "bank-file-errors"
    )
    rows = ("20261110,13200,113200,ﾃｽﾄ ｶﾝﾘ", "20261110,-13200,100000,組戻 ﾃｽﾄ ｶﾝﾘ", "20261110,12,100012,利息", "20261110,660,100672,ﾐﾎﾝ")
    content = "\n".join(("取引日,入出金(円),残高(円),入出金先内容", *rows)).encode("cp932")
    guest.press("内容を確かめる", file=(BytesIO(content), "meisai.csv")).keep("bank-file-look")
    file = guest.address
    guest.visit("/staff/deposits/new").press("入力する", yen="660", booked_on="2026-11-10", payer="ﾐﾎﾝ").visit(file)
    guest.press("OK", shown="old").keep("bank-file-look-changed").press("OK").keep("bank-file-imported")
    guest.visit(f"{file}/lines/3").keep("bank-line-correction")
    guest.follow(Deposit.get(Deposit.yen == 13_200, Deposit.payer == "ﾃｽﾄ ｶﾝﾘ").number)
    guest.press("確認へ進む", reason="組戻し").keep("bank-line-taking-back").press("OK", code=world.code("keiri"))
    guest.visit(f"{file}/lines/4").keep("bank-line-ignored")


def unknown_csv(world: World) -> None:
    guest = world.staff()
    guest.visit("/staff/bank/mappings").keep("bank-mappings-none")
    content = "みほん銀行 入出金明細\n年月日,お取引内容,お引出金額,お預入金額,残高\n2026/11/10,振込 ﾐﾎﾝ ﾀﾛｳ,,13200,113200".encode("cp932")
    guest.visit("/staff/bank/new").press("内容を確かめる", file=(BytesIO(content), "meisai.csv")).keep("bank-columns")
    guest.press("覚える").keep("bank-columns-errors").press("試しに読む", bank="みほん銀行").keep("bank-columns-tried").press("覚える")
    guest.visit("/staff/bank/mappings").keep("bank-mappings")


def matching(world: World) -> None:
    guest = world.staff()
    guest.visit("/staff/matching").keep("matching-none")
    ways.order_by_transfer(world.customer("staff-sure"), world.catalog)
    order = ways.order_of("staff-sure")
    desk.enter(world, order, order.total_yen, "ﾍﾞﾂﾉﾒｲｷﾞ")
    guest.visit("/staff/matching").keep("matching").press("OK", shown="old", code=world.code("keiri")).keep("matching-changed").press("OK")
    guest.visit("/staff/accounts/staff-sure/payer-names").keep("payer-names-none")
    ways.order_by_transfer(world.customer("staff-learned"), world.catalog)
    order = ways.order_of("staff-learned")
    deposit = desk.enter(world, order, order.total_yen, "ﾍﾞﾂﾉﾒｲｷﾞ")
    waiting(world)
    guest.visit(f"/staff/deposits/{deposit.number}/orders/{order.number}").press("確認へ進む", reason="お電話で確認").press("OK")
    guest.visit("/staff/accounts/staff-learned/payer-names").keep("payer-names")


def waiting(world: World) -> None:
    guest = world.staff()
    ways.order_by_transfer(world.customer("staff-short"), world.catalog)
    order = ways.order_of("staff-short")
    desk.enter(world, order, order.total_yen - 440)
    guest.visit("/staff/waiting").keep("waiting").press("充当する", line="x", code=world.code("keiri")).keep("waiting-changed")
    guest.press(f"充当する（{order.number}").keep("waiting-done")


def rests(world: World) -> None:
    ways.order_by_transfer(world.customer("staff-over"), world.catalog)
    order, guest = ways.order_of("staff-over"), world.staff()
    deposit = desk.pay_in(world, order, order.total_yen, of=order.total_yen + 1000)
    guest.visit(f"/staff/deposits/{deposit.number}").keep("deposit-rest")
    guest.visit(f"/staff/deposits/{deposit.number}/orders/{order.number}").keep("allocation-refused")
    order = ways.order_of("given-up")
    late = desk.enter(world, order, order.total_yen)
    guest.visit(f"/staff/deposits/{late.number}").keep("deposit-order-is-over")
    guest.visit(f"/staff/deposits/{late.number}/orders/{order.number}/hold").keep("hold")
    guest.press("確認へ進む", reason="取り消したお申し込みへのお振り込み").keep("hold-look")
    guest.press("OK", code=world.code("keiri")).keep("deposit-held")
    guest.visit("/staff/held").keep("held-list").visit(f"/staff/deposits/{late.number}/letter").keep("held-letter")
    guest.press("確認へ進む", reason="お振込先の口座をお知らせください。").keep("held-letter-look")
    guest.press("OK", code=world.code("keiri"))
    guest.visit(f"/staff/deposits/{deposit.number}/return").keep("return-rest").press("確認へ進む").keep("return-rest-errors")
    guest.press("確認へ進む", yen="1000", returned_on="2026-11-10", reason="多くお振り込みいただいたため").keep("return-rest-look")
    guest.press("OK", code=world.code("keiri"))


def payouts(world: World) -> None:
    guest, order = world.staff(), ways.order_of("given-up")
    deposit = desk.enter(world, order, 5_000)
    desk.hold(world, deposit, order)
    guest.visit(f"/staff/deposits/{deposit.number}/payout").keep("payout").press("確認へ進む", account_name="見本 太郎").keep(
        "payout-errors"
    )
    account = {"bank_code": "9999", "branch_code": "001", "account_number": "1234567", "account_name": "ミホン タロウ"}
    guest.press("確認へ進む", **account, reason="お客様のご希望").keep("payout-look").press("OK", code=world.code("keiri"))
    world.customer("given-up").visit("/contract").keep("contract-money-goes-back")
    ways.order_by_transfer(world.customer("staff-held"), world.catalog)
    order = ways.order_of("staff-held")
    kept = desk.enter(world, order, order.total_yen + 500)
    desk.hold(world, kept, order)
    desk.allocate(world, kept, order, order.total_yen)
    world.customer("staff-held").visit("/history").keep("history-held-used")
    guest.visit("/staff/payouts").keep("payouts").follow("総合振込のファイルを作る").keep("payout-file-new")
    guest.press("確認へ進む", reason="今週分").keep("payout-file-look").press("OK", code=world.code("keiri"))
    guest.follow_first("/staff/payouts/files/").keep("payout-file").follow_first("/staff/payouts/").keep("payout-failure")


def orders(world: World) -> None:
    guest, order = world.staff(), ways.order_of("staff-transfer")
    where = f"/staff/orders/{order.number}"
    guest.visit(where).keep("staff-order-awaited")
    for act, state in (("cancellation", "cancellation"), ("due-date", "due-date"), ("difference", "difference")):
        guest.visit(f"{where}/{act}").keep(state)
    guest.visit(f"{where}/due-date").press("確認へ進む").keep("due-date-errors")
    guest.press("確認へ進む", day="2026-12-01", reason="お電話でのご依頼").keep("due-date-look")
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
    guest.press("確認へ進む", reason="お電話でのご依頼").keep("renewal-stop-look")
    guest.press("OK", code=world.code("keiri")).keep("staff-customer-stopped")
    guest.visit(f"{where}/closing").keep("closing").press("確認へ進む", reason="約款違反").keep("closing-look")
    guest.press("OK", code=world.code("keiri")).keep("staff-customer-closed")
    world.visitor("closed").sign_in("staff-customer", PASSWORD).keep("sign-in-closed")
    guest.visit(f"{where}/erasure").keep("erasure-too-early")
    guest.visit(f"{where}/opening").keep("opening").press("確認へ進む", reason="確認が済んだため").keep("opening-look")
    guest.press("OK", code=world.code("keiri"))
    guest.visit("/staff/accounts/other-card").follow_first("/staff/accounts/other-card/confirmations/").keep("staff-customer-confirmation")


def lists(world: World) -> None:
    guest = world.staff()
    for address, state in LISTS.items():
        guest.visit(f"/staff/{address}").keep(state)
    guest.visit(f"/staff/mails/{Mail.select().order_by(Mail.id.desc()).get().id}").keep("staff-mail")
    guest.visit("/staff/papers/1").keep("staff-paper")
    guest.visit("/staff/provisioning").follow_first("/staff/provisioning/").keep("staff-hosting-event")
    guest.visit("/staff/nowhere").keep("staff-not-found")


SCENES = (
    *(Scene(act) for act in (signing_in, viewing, deposits, bank_files, unknown_csv, matching, rests, payouts, orders, refunds, customers)),
    Scene(lists, on(12, 16)),
)
