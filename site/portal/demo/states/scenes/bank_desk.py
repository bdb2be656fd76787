"""Staff and money that came by transfer: deposits, files of the bank, allocation, what is left, and what goes back."""

from io import BytesIO

from models import Deposit
from portal.demo.states import desk, ways
from portal.demo.states.world import Scene, World, on


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
    guest.follow(Deposit.get(Deposit.yen == 13_200, Deposit.payer == "ﾃｽﾄ ｶﾝﾘ").number).keep("bank-line-taking-back")
    guest.press("確認へ進む", reason="組戻し").keep("bank-line-taking-back-look").press("OK", code=world.code("keiri"))
    guest.visit(f"{file}/lines/4").keep("bank-line-ignored").follow("対象外をやめる").keep("bank-line-restoring")
    guest.press("確認へ進む", reason="お客様の入金だったため").keep("bank-line-restoring-look")
    guest.visit(f"{file}/lines/5").follow("お客様の入金ではない").keep("bank-line-ignoring").press("確認へ進む", reason="利息のため").keep(
        "bank-line-ignoring-look"
    )


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
    both = desk.enter(world, order, 7_000)
    desk.hold(world, both, order)
    ways.order_by_transfer(world.customer("staff-held"), world.catalog)
    order = ways.order_of("staff-held")
    guest.visit(f"/staff/deposits/{both.number}/orders/{order.number}/hold").press("確認へ進む", reason="別のお客様のお振り込み")
    guest.keep("hold-anothers-look").press("OK", code=world.code("keiri"))
    kept = desk.enter(world, order, order.total_yen + 500)
    desk.hold(world, kept, order)
    desk.allocate(world, kept, order, order.total_yen)
    world.customer("staff-held").visit("/history").keep("history-held-used")
    guest.visit(f"/staff/orders/{order.number}/payout").keep("payout-order")
    guest.press("確認へ進む", **account, reason="機器の不具合のため").keep("payout-order-look")
    guest.visit("/staff/payouts").keep("payouts").follow("取りやめる").keep("payout-withdrawal")
    guest.press("確認へ進む", reason="お客様のご希望").keep("payout-withdrawal-look")
    guest.visit("/staff/payouts").follow("総合振込のファイルを作る").keep("payout-file-new")
    guest.press("確認へ進む", reason="今週分").keep("payout-file-look").press("OK", code=world.code("keiri"))
    guest.follow_first("/staff/payouts/files/").keep("payout-file").follow("振込不能にする").keep("payout-failure")
    guest.press("確認へ進む", reason="口座がないため").keep("payout-failure-look")


def payouts_paid(world: World) -> None:
    guest = world.staff().visit("/staff/payouts").follow_first("/staff/payouts/files/")
    guest.follow("銀行が振り込んだので、返金済にする").keep("payout-paid").press("確認へ進む", reason="明細で確認").keep("payout-paid-look")
    guest.press("OK", code=world.code("keiri")).keep("payout-file-paid")


SCENES = (
    *(Scene(act) for act in (deposits, bank_files, unknown_csv, matching, rests, payouts)),
    Scene(payouts_paid, on(11, 12)),
)
