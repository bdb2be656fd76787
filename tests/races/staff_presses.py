"""The rows of PRESSES for staff."""

from collections.abc import Callable
from datetime import date, timedelta

from models import Account, Allocation, Deposit, Event, HostingEvent, Mail, Payout, PayoutFile, Staff
from portal import clock
from portal.actions.payments import webhooks
from portal.actions.transfers import bank_orders
from portal.enums import HostingEventState, MailState
from portal.gateways.card import RefundReported
from tests import steps
from tests.bank_files import Paid, as_bytes, zengin01
from tests.browser import Browser
from tests.factories import a_customer
from tests.races.press_ways import Row, World, button
from tests.staff_desk import YEN, a_bank_order, a_deposit, allocate, enter_password, to_the_review


def entering_a_deposit(world: World) -> Browser:
    return world.desk().visit("/staff/deposits/new").fill("金額", "13,200").fill("振込依頼人名", f"ﾐﾎﾝ {world.login}")


def allocating(world: World) -> Browser:
    return to_the_review(world.desk(), a_deposit(world.clerk), a_bank_order(world.catalog, world.login))


def before_the_review(world: World) -> Browser:
    order, deposit = a_bank_order(world.catalog, world.login), a_deposit(world.clerk)
    return world.desk().visit(f"/staff/deposits/{deposit.number}/orders/{order.number}").fill("理由", "番号が一致")


def before_undoing(world: World) -> Browser:
    deposit = a_deposit(world.clerk)
    desk = allocate(world.desk(), deposit, a_bank_order(world.catalog, world.login))
    return desk.visit(f"/staff/deposits/{deposit.number}").follow("取り消す").fill("理由", "別のお客様の入金")


def resending_a_mail(world: World) -> Browser:
    world.with_order()
    Mail.update(state=MailState.SENT, sent_at=Mail.created_at).execute()
    return world.desk().visit(f"/staff/mails/{world.order.account.mails.get().id}")


def erasing(world: World) -> Browser:
    """A customer who left long ago."""
    account, long_ago = a_customer(world.login), clock.begin_of(date(2001, 1, 1))
    Account.update(created_at=long_ago, closed_at=long_ago).where(Account.id == account.id).execute()
    Event.update(at=long_ago).where(Event.account == account).execute()
    return world.desk().visit(f"/staff/accounts/{world.login}/erasure")


def reissuing(world: World) -> Browser:
    world.contracted().visit("/history").follow("領収書").press("この宛名で開く")
    number = world.order.invoices.get().number
    return world.desk().visit(f"/staff/papers/{number}").follow("取り消して再発行する（宛名の誤り）").fill("理由", "宛名の誤り")


def resending_an_event(world: World) -> Browser:
    world.contracted()
    HostingEvent.update(state=HostingEventState.FAILED).execute()
    return world.desk().visit(f"/staff/provisioning/{world.order.account.hosting_events.get().id}")


def typing_the_code(world: World) -> Browser:
    return enter_password(world.browser(), world.clerk).fill("確認コード", world.clerk.code())


def to_staffs_password(world: World) -> Browser:
    return world.browser().visit("/staff/login").fill("ログインID", world.clerk.staff.login).fill("パスワード", "staff-pass")


def before_giving_back(world: World, address: str) -> Browser:
    return world.desk().visit(address).fill("返金する金額", "300").fill("理由", "機器の不具合")


def before_a_refund(world: World) -> Browser:
    steps.pay(world.customer(), world.login)
    return before_giving_back(world, f"/staff/orders/{world.order.number}/refund")


def before_a_refund_of_an_unused_charge(world: World) -> Browser:
    steps.pay(world.customer(), world.login)
    Allocation.update(order=None).where(Allocation.order == world.order).execute()
    return before_giving_back(world, f"/staff/orders/{world.order.number}/payments/1/refund")


def before_a_check(world: World) -> Browser:
    steps.pay(world.customer(), world.login)
    payment = world.order.latest_payment
    told = RefundReported(f"evt_{world.login}", "", f"re_{world.login}", payment.company_reference, 500, clock.now(), is_returned=True)
    webhooks.receive_refund("card", told, "{}")
    return world.desk().visit(f"/staff/orders/{world.order.number}/check").fill("理由", "当社で返金した")


def cancelling_a_paid_order(world: World) -> Browser:
    steps.pay(world.customer(), world.login)
    return world.desk().visit(f"/staff/orders/{world.order.number}/cancel-and-refund").fill("理由", "誤ったお申し込み")


def before_a_return(world: World) -> Browser:
    return before_giving_back(world, f"/staff/deposits/{a_deposit(world.clerk).number}/return")


def closing_the_account(world: World) -> Browser:
    world.contracted()
    return world.desk().visit(f"/staff/accounts/{world.login}/closing").fill("理由", "約款違反")


def mailing_a_link(world: World) -> Browser:
    world.customer()
    return world.desk().visit(f"/staff/accounts/{world.login}/password-link").fill("理由", "お電話でのご依頼")


def cancelling_the_order(world: World) -> Browser:
    order = a_bank_order(world.catalog, world.login)
    return world.desk().visit(f"/staff/orders/{order.number}/cancellation").fill("理由", "重複")


def moving_the_due_date(world: World) -> Browser:
    order = a_bank_order(world.catalog, world.login)
    desk = world.desk().visit(f"/staff/orders/{order.number}/due-date").fill("理由", "お電話でのご依頼")
    return desk.fill("新しいお支払い期限", (order.due_on + timedelta(days=7)).isoformat())


def accepting_the_difference(world: World) -> Browser:
    order = a_bank_order(world.catalog, world.login)
    desk = allocate(world.desk(), a_deposit(world.clerk, YEN - 440), order)
    return desk.visit(f"/staff/orders/{order.number}/difference").fill("理由", "振込手数料")


def holding_money(world: World) -> Browser:
    order, deposit = a_bank_order(world.catalog, world.login), a_deposit(world.clerk)
    bank_orders.give_up(order)
    return world.desk().visit(f"/staff/deposits/{deposit.number}/orders/{order.number}/hold").fill("理由", "番号が一致")


def writing_about_held_money(world: World) -> Browser:
    desk = holding_money(world).press("確認へ進む").press("OK")
    newest = Deposit.select().order_by(Deposit.id.desc()).get()
    return desk.visit(f"/staff/deposits/{newest.number}/letter").fill("お客様への文", "お振込先をお知らせください。")


def typing_the_account(world: World, address: str) -> Browser:
    desk = world.desk().visit(address).fill("返金する金額", "300").fill("理由", "お客様のご希望")
    desk.fill("銀行コード", "0001").fill("支店コード", "012")
    return desk.fill("口座番号", "1234567").fill("口座名義", "ﾐﾎﾝ ﾀﾛｳ")


def planning_a_payout(world: World) -> Browser:
    holding_money(world).press("確認へ進む").press("OK")
    return typing_the_account(world, f"/staff/deposits/{Deposit.select().order_by(Deposit.id.desc()).get().number}/payout")


def planning_a_payout_of_an_order(world: World) -> Browser:
    order = a_bank_order(world.catalog, world.login)
    allocate(world.desk(), a_deposit(world.clerk), order)
    return typing_the_account(world, f"/staff/orders/{order.number}/payout")


def planned(world: World) -> Browser:
    return planning_a_payout(world).press("確認へ進む").press("OK").visit("/staff/payouts")


def making_a_file(world: World) -> Browser:
    desk = planned(world).follow("総合振込のファイルを作る").fill("メモ", "今週分")
    return desk.fill("振込指定日", "2025-10-20")


def with_a_file(world: World) -> Browser:
    desk = making_a_file(world).press("確認へ進む").press("OK")
    return desk.follow(PayoutFile.select().order_by(PayoutFile.id.desc()).get().number)


def withdrawing_a_payout(world: World) -> Browser:
    desk = planned(world)
    newest = Payout.select().order_by(Payout.id.desc()).get()
    return desk.visit(f"/staff/payouts/{newest.number}/withdrawal").fill("理由", "お客様のご希望")


def failing_a_payout(world: World) -> Browser:
    return with_a_file(world).follow("振込不能にする").fill("理由", "口座番号違い")


def recording_a_paid_file(world: World) -> Browser:
    return with_a_file(world).follow("銀行が振り込んだので、返金済にする").fill("メモ", "明細で確認")


def looked_at(way: Callable[[World], Browser]) -> Callable[[World], Browser]:
    return lambda world: way(world).press("確認へ進む")


def a_bank_file(world: World, *more: Paid) -> bytes:
    return as_bytes(zengin01([Paid(13_200, f"ﾐﾎﾝ {world.login.upper()}", clock.today()), *more]))


def choosing_a_file(world: World, *more: Paid) -> Browser:
    return world.desk().visit("/staff/bank/new").attach("ファイル", "今日.txt", a_bank_file(world, *more))


def importing(world: World, *more: Paid) -> Browser:
    return choosing_a_file(world, *more).press("内容を確かめる")


def choosing_columns(world: World) -> Browser:
    content = f"年月日,お名前,入金額{world.login}\n{clock.today().isoformat()},ﾐﾎﾝ,660"
    desk = world.desk().visit("/staff/bank/new").attach("ファイル", "meisai.csv", content.encode()).press("内容を確かめる")
    return desk.fill("銀行の名前", f"みほん銀行{world.login}")


def to_the_mappings(world: World) -> Browser:
    return choosing_columns(world).press("覚える").visit("/staff/bank/mappings")


def ignoring_a_line(world: World) -> Browser:
    return importing(world).press("OK").follow("2").follow("お客様の入金ではない").fill("理由", "自社の口座から")


def restoring_a_line(world: World) -> Browser:
    return ignoring_a_line(world).press("確認へ進む").press("OK").follow("対象外をやめる").fill("理由", "お客様だった")


def taking_back_a_deposit(world: World) -> Browser:
    back = Paid(13_200, f"ﾐﾎﾝ {world.login.upper()}", clock.today(), is_cancelled=True)
    desk = importing(world, back).press("OK").follow("3")
    return desk.follow(Deposit.get(Deposit.payer == back.payer).number).fill("理由", "組戻し")


def to_all_sure_ones(world: World) -> Browser:
    order = a_bank_order(world.catalog, world.login)
    a_deposit(world.clerk, order.total_yen, f"{order.number} ﾐﾎﾝ")
    return world.desk().visit("/staff/matching")


def to_a_line(world: World) -> Browser:
    order = a_bank_order(world.catalog, world.login)
    a_deposit(world.clerk, order.total_yen, f"{order.number} ﾐﾎﾝ")
    return world.desk().visit("/staff/waiting")


def with_keys(world: World) -> Browser:
    Staff.update(uses_keys=True).execute()
    return to_a_line(world)


def to_the_payer_names(world: World) -> Browser:
    order = a_bank_order(world.catalog, world.login)
    allocate(world.desk(), a_deposit(world.clerk, order.total_yen, f"ﾍﾞﾂﾉﾋﾄ {world.login.upper()}"), order)
    return world.desk().visit(f"/staff/accounts/{world.login}/payer-names")


STAFF_PRESSES: dict[str, Row] = {
    "staff.auth.enter": Row(button("次へ", to_staffs_password)),
    "staff.auth.enter_code": Row(button("ログイン", typing_the_code)),
    "staff.auth.sign_out": Row(button("ログアウト", World.desk)),
    "staff.deposits.enter": Row(button("入力する", entering_a_deposit), ("入金を入力しました。充当する申し込みを選んでください。",)),
    "staff.bank.read": Row(button("内容を確かめる", choosing_a_file)),
    "staff.bank.bring": Row(button("OK", importing), ("1件を取り込みました（入金 1件、手入力済み 0件、取消・組戻し 0件、対象外 0件）。",)),
    "staff.columns.save": Row(
        button("覚える", choosing_columns), ("の読み方を覚えました。次からは、この見出しのファイルをそのまま取り込めます。",)
    ),
    "staff.columns.remove": Row(button("取り除く", to_the_mappings), ("読み方を取り除きました。取り込んだ入金は変わりません。",)),
    "staff.matching.confirm": Row(button("OK", to_all_sure_ones), ("1件、13,200円を充当しました。",)),
    "staff.waiting.allocate": Row(button("充当する", to_a_line), ("13,200円）に充当しました。",)),
    "staff.waiting.switch_keys": Row(button("キー操作をやめる", with_keys)),
    "staff.names.forget": Row(
        button("忘れる", to_the_payer_names), ("振込名義を忘れました。この名義の入金は、これからは名義だけでは照合されません。",)
    ),
    "staff.lines.look_at_ignoring": Row(button("確認へ進む", ignoring_a_line)),
    "staff.lines.ignore": Row(button("OK", lambda world: ignoring_a_line(world).press("確認へ進む")), ("対象外にしました。",)),
    "staff.lines.look_at_restoring": Row(button("確認へ進む", restoring_a_line)),
    "staff.lines.restore": Row(button("OK", lambda world: restoring_a_line(world).press("確認へ進む")), ("対象外をやめました。",)),
    "staff.lines.look_at_taking_back": Row(button("確認へ進む", taking_back_a_deposit)),
    "staff.lines.take_back": Row(button("OK", lambda world: taking_back_a_deposit(world).press("確認へ進む")), ("入金を取り消しました。",)),
    "staff.allocation.look": Row(button("確認へ進む", before_the_review)),
    "staff.allocation.allocate": Row(button("OK", allocating), ("申し込みは入金確認済になりました。",)),
    "staff.undo.look": Row(button("確認へ進む", before_undoing)),
    "staff.undo.take_back": Row(
        button("OK", lambda world: before_undoing(world).press("確認へ進む")),
        ("を取り消しました。この金額は、入金の残りに戻りました。",),
    ),
    "staff.mails.send_again": Row(button("再送", resending_a_mail), ("再送を受け付けました。まもなく送信されます。",)),
    "staff.provisioning.send_again": Row(button("もう一度送る", resending_an_event), ("受け付けました。まもなく送信されます。",)),
    "staff.refunds.order_look": Row(button("確認へ進む", before_a_refund)),
    "staff.refunds.give_back_order": Row(
        button("OK", lambda world: before_a_refund(world).press("確認へ進む")), ("300円を返金しました。",)
    ),
    "staff.refunds.payment_look": Row(button("確認へ進む", before_a_refund_of_an_unused_charge)),
    "staff.refunds.give_back_payment": Row(
        button("OK", lambda world: before_a_refund_of_an_unused_charge(world).press("確認へ進む")),
        ("300円を返金しました。",),
    ),
    "staff.refunds.rest_look": Row(button("確認へ進む", before_a_return)),
    "staff.refunds.give_back_rest": Row(button("OK", lambda world: before_a_return(world).press("確認へ進む")), ("300円を返金しました。",)),
    "staff.paid_cancellation.look": Row(button("確認へ進む", cancelling_a_paid_order)),
    "staff.paid_cancellation.cancel": Row(
        button("OK", lambda world: cancelling_a_paid_order(world).press("確認へ進む")), ("申し込みを取り消しました。",)
    ),
    "staff.customer.look": Row(button("確認へ進む", closing_the_account)),
    "staff.customer.press_ok": Row(
        button("OK", lambda world: closing_the_account(world).press("確認へ進む")), ("アカウントを閉じました。",)
    ),
    "staff.person.look": Row(button("確認へ進む", mailing_a_link)),
    "staff.person.press_ok": Row(
        button("OK", lambda world: mailing_a_link(world).press("確認へ進む")), ("パスワードのリンクを送ります。",)
    ),
    "staff.erasure.press_ok": Row(button("OK", erasing), ("個人データを消去しました。",)),
    "staff.reissue.look": Row(button("確認へ進む", reissuing)),
    "staff.reissue.press_ok": Row(
        button("OK", lambda world: reissuing(world).press("確認へ進む")), ("書類を取り消し、新しい番号で発行しました。",)
    ),
    "staff.order.cancellation_look": Row(button("確認へ進む", cancelling_the_order)),
    "staff.order.cancellation_ok": Row(
        button("OK", lambda world: cancelling_the_order(world).press("確認へ進む")), ("申し込みを取り消しました。",)
    ),
    "staff.order.difference_look": Row(button("確認へ進む", accepting_the_difference)),
    "staff.order.difference_ok": Row(
        button("OK", lambda world: accepting_the_difference(world).press("確認へ進む")), ("不足のままで入金確認済にしました。",)
    ),
    "staff.order.check_look": Row(button("確認へ進む", before_a_check)),
    "staff.order.check_ok": Row(button("OK", lambda world: before_a_check(world).press("確認へ進む")), ("確認済みにしました。",)),
    "staff.held.look": Row(button("確認へ進む", holding_money)),
    "staff.held.hold": Row(button("OK", lambda world: holding_money(world).press("確認へ進む")), ("お客様のお預かりにしました。",)),
    "staff.payouts.rest_look": Row(button("確認へ進む", planning_a_payout)),
    "staff.payouts.rest_ok": Row(
        button("OK", looked_at(planning_a_payout)), ("返金の予定にしました。「振込での返金」で銀行のファイルを作ってください。",)
    ),
    "staff.payouts.order_look": Row(button("確認へ進む", planning_a_payout_of_an_order)),
    "staff.payouts.order_ok": Row(
        button("OK", looked_at(planning_a_payout_of_an_order)),
        ("返金の予定にしました。「振込での返金」で銀行のファイルを作ってください。",),
    ),
    "staff.payouts.withdrawal_look": Row(button("確認へ進む", withdrawing_a_payout)),
    "staff.payouts.withdrawal_ok": Row(button("OK", looked_at(withdrawing_a_payout)), ("返金の予定を取りやめました。",)),
    "staff.payouts.failure_look": Row(button("確認へ進む", failing_a_payout)),
    "staff.payouts.failure_ok": Row(button("OK", looked_at(failing_a_payout)), ("振込不能にしました。",)),
    "staff.payout_files.file_look": Row(button("確認へ進む", making_a_file)),
    "staff.payout_files.file_ok": Row(button("OK", looked_at(making_a_file)), ("ファイルを作りました。保存して、銀行に渡してください。",)),
    "staff.payout_files.save": Row(button("ファイルを保存する", with_a_file)),
    "staff.payout_files.paid_look": Row(button("確認へ進む", recording_a_paid_file)),
    "staff.payout_files.paid_ok": Row(button("OK", looked_at(recording_a_paid_file)), ("返金済にしました。",)),
    "staff.held_list.letter_look": Row(button("確認へ進む", writing_about_held_money)),
    "staff.held_list.letter_ok": Row(
        button("OK", lambda world: writing_about_held_money(world).press("確認へ進む")), ("メールを送ります。",)
    ),
    "staff.order.due_date_look": Row(button("確認へ進む", moving_the_due_date)),
    "staff.order.due_date_ok": Row(
        button("OK", lambda world: moving_the_due_date(world).press("確認へ進む")), ("お支払い期限を変えました。",)
    ),
}
