"""How to come before each button of the portal that posts, and what its first press says: the table PRESSES, one row for each address."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Flask

from models import Account, HostingEvent, Mail, Order, Payment
from portal.catalog import Catalog
from portal.enums import HostingEventState, MailKind, MailState
from portal.runtime.settings import Settings
from portal.sandbox.books import Books
from portal.sandbox.webhooks import signed_headers
from tests import steps
from tests.browser import Browser
from tests.factories import PASSWORD, a_customer
from tests.races.threaded_server import Press, RawPress
from tests.reconciliation import ledger
from tests.staff_desk import Clerk, a_bank_order, a_clerk, a_deposit, allocate, enter_password, sign_in, to_the_review


@dataclass
class World:
    """`login`: the customer of this way. Staff are the same in all."""

    app: Flask
    settings: Settings
    catalog: Catalog
    books: Books
    login: str = "new"
    clerks: list[Clerk] = field(default_factory=list)

    def browser(self) -> Browser:
        return Browser(self.app, self.settings.public_url)

    def customer(self) -> Browser:
        a_customer(self.login)
        return self.browser()

    def with_order(self) -> Browser:
        a_customer(self.login)
        return steps.order_by_transfer(self.browser(), self.login)

    def contracted(self, by: Callable[..., Browser] = steps.buy_a_month) -> Browser:
        a_customer(self.login)
        return by(self.browser(), login=self.login)

    @property
    def order(self) -> Order:
        return Account.by_login(self.login).orders.order_by(Order.id.desc()).first()

    @property
    def clerk(self) -> Clerk:
        if not self.clerks:
            self.clerks.append(a_clerk())
        return self.clerks[0]

    def desk(self) -> Browser:
        return sign_in(self.browser(), self.clerk)


Way = Callable[[World], Press]


@dataclass(frozen=True)
class Row:
    """`says`: the sentences after one press. `again`: where the second press leads, and what it says instead, if not as the first."""

    way: Way
    says: tuple[str, ...] = ()
    again: str | None = None
    again_says: tuple[str, ...] | None = None


def button(label: str, way: Callable[[World], Browser]) -> Way:
    return lambda world: Press(way(world), label)


def signing_in(world: World) -> Browser:
    return world.customer().visit("/login").fill("ログインID", world.login).fill("パスワード", PASSWORD)


def changing_the_password(world: World) -> Browser:
    browser = world.customer().sign_in(world.login).visit("/account").fill("いまのパスワード", PASSWORD)
    return browser.fill("新しいパスワード", "another-pass")


def estimating(world: World) -> Press:
    browser = steps.to_the_form(world.customer(), world.login).choose("36か月 35,640円")
    return Press(browser, "お支払い方法選択へ", path=f"{browser.url}/estimate")


def webhook(world: World) -> Press:
    steps.pay(world.customer(), world.login, steps.ANSWER_LOST)
    payment = Payment.get(Payment.order == world.order)
    charge = next(charge for charge in ledger(world.books).taken if charge["key"] == payment.key)
    about = {name: charge[name] for name in ("key", "reference", "yen", "at")} | {"type": "charge.paid", "code": "", "retryable": False}
    body = json.dumps(about | {"id": f"event of {world.login}"}).encode()
    return RawPress("/notices/card", body, dict(signed_headers(world.settings.notice_secret, body)))


def reporting(world: World) -> Browser:
    browser = world.with_order()
    return browser.visit(f"/orders/{world.order.number}/report").fill("振込名義", "ミホン タロウ")


def asking_for_the_mail(world: World) -> Browser:
    browser = world.with_order()
    mine = Mail.update(state=MailState.SENT, sent_at=Mail.created_at, created_at=Account.by_login(world.login).created_at)
    mine.where(Mail.kind == MailKind.ORDER_ACCEPTED).execute()
    return browser.visit("/contract")


def reserving(world: World) -> Browser:
    browser = world.contracted().visit("/renewal/change").follow("次回の自動更新から変更する（今は支払わない）")
    return browser.choose("12か月 13,200円").press("最終確認へ進む")


def undoing_the_reservation(world: World) -> Browser:
    return reserving(world).press("OK").visit("/renewal/reservation/undo")


def to_the_new_method(world: World) -> Browser:
    return world.contracted().visit("/renewal/method")


def linking_another_wallet(world: World) -> Browser:
    browser = to_the_new_method(world).choose("おさいぽ!", under="新しいお支払い方法").choose("毎回 15日").press("次へ進む")
    return steps.link_wallet(browser)


def moving_the_day(world: World) -> Browser:
    browser = world.contracted(steps.buy_a_month_by_wallet).visit("/renewal/method").choose("毎回 25日")
    return browser.press("次へ進む")


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
    return desk.visit(f"/staff/deposits/{deposit.number}").follow("取り消す").fill("理由", "別のお客さまの入金")


def closing_the_account(world: World) -> Browser:
    world.contracted()
    return world.desk().visit(f"/staff/accounts/{world.login}/closing").fill("理由", "約款違反")


def cancelling_the_order(world: World) -> Browser:
    order = a_bank_order(world.catalog, world.login)
    return world.desk().visit(f"/staff/orders/{order.number}/cancellation").fill("理由", "重複")


def moving_the_due_date(world: World) -> Browser:
    order = a_bank_order(world.catalog, world.login)
    desk = world.desk().visit(f"/staff/orders/{order.number}/due-date").fill("理由", "お電話でのご依頼")
    return desk.fill("新しいお支払い期限", (order.due_on + timedelta(days=7)).isoformat())


def resending_a_mail(world: World) -> Browser:
    world.with_order()
    Mail.update(state=MailState.SENT, sent_at=Mail.created_at).execute()
    return world.desk().visit(f"/staff/mails/{world.order.account.mails.get().id}")


def resending_an_event(world: World) -> Browser:
    world.contracted()
    HostingEvent.update(state=HostingEventState.FAILED).execute()
    return world.desk().visit(f"/staff/provisioning/{world.order.account.hosting_events.get().id}")


def typing_the_code(world: World) -> Browser:
    return enter_password(world.browser(), world.clerk).fill("確認コード", world.clerk.code())


def to_staffs_password(world: World) -> Browser:
    return world.browser().visit("/staff/login").fill("ログインID", world.clerk.staff.login).fill("パスワード", "staff-pass")


def buying(browser: Callable[[Browser, str], Browser]) -> Callable[[World], Browser]:
    return lambda world: browser(world.customer(), world.login)


BY_WALLET = buying(lambda browser, login: steps.link_wallet(steps.to_the_wallet_company(browser, login=login)))
SAID = {
    "password": ("パスワードを変更しました。ほかの端末では、もう一度ログインが必要です。",),
    "unlinked": ("おさいぽ!の連携を解除しました。",),
    "mailed": ("お支払い情報をメールでお送りします。「送信済みメール」でもご確認いただけます。",),
    "reported": ("振込のご連絡を受け付けました。入金を確認すると、「入金確認済」になります。",),
    "reserved": ("次回の自動更新の内容を予約しました。今回のお支払いは行われていません。",),
    "undone": ("予約を取り消しました。次回は、いまと同じ内容で自動更新されます。",),
    "method": ("お支払い方法を変更しました。今回のお支払いは行われていません。次回のお支払いは、下のとおりです。",),
}

PRESSES: dict[str, Row] = {
    "auth.enter": Row(button("ログイン", signing_in)),
    "auth.sign_out": Row(button("ログアウト", lambda world: world.customer().sign_in(world.login))),
    # The session ends with the old password: whoever presses again signs in with the new one.
    "account.change_password": Row(button("パスワードを変更する", changing_the_password), SAID["password"], again="/login"),
    "account.unlink": Row(
        button("OK", lambda world: world.contracted(steps.buy_a_month_by_wallet).visit("/account/wallet")), SAID["unlinked"]
    ),
    "orders.open_draft": Row(button("新規契約のお申し込みへ進む", lambda world: world.customer().sign_in(world.login).visit("/contract"))),
    "orders.choose": Row(
        button("お支払い方法選択へ", buying(lambda browser, login: steps.to_the_form(browser, login).tick(steps.SERVER_TERMS)))
    ),
    "orders.estimate": Row(estimating),
    "payment.pick": Row(button("クレジットカード情報入力", buying(steps.to_the_payment))),
    "card.pay_now": Row(button("OK", buying(steps.to_the_confirmation))),
    "wallet.pay_now": Row(button("OK", lambda world: BY_WALLET(world).press("おさいぽ!ポイントから支払う"))),
    "notices.receive": Row(webhook),
    "bank.place": Row(button("OK", buying(lambda browser, login: steps.to_the_method(browser, "銀行振込", login).press("お支払い")))),
    "bank.send_report": Row(button("連絡する", reporting), SAID["reported"]),
    "bank.send_mail": Row(button("お支払い情報をメールで再送する", asking_for_the_mail), SAID["mailed"]),
    "bank.give_up": Row(button("OK", lambda world: world.with_order().visit(f"/orders/{world.order.number}/cancel"))),
    "reservation.choose": Row(button("OK", reserving), SAID["reserved"]),
    "reservation.undo": Row(button("OK", undoing_the_reservation), SAID["undone"]),
    "renewal.reset": Row(button("OK", lambda world: world.contracted().visit("/renewal/reset"))),
    "method.pick": Row(button("次へ進む", to_the_new_method)),
    "method.set_card": Row(button("OK", lambda world: steps.enter_card(to_the_new_method(world).press("次へ進む"))), SAID["method"]),
    "method.set_wallet": Row(button("OK", linking_another_wallet), SAID["method"]),
    "method.set_day": Row(button("OK", moving_the_day), SAID["method"]),
    "staff.auth.enter": Row(button("次へ", to_staffs_password)),
    "staff.auth.enter_code": Row(button("ログイン", typing_the_code)),
    "staff.auth.sign_out": Row(button("ログアウト", World.desk)),
    "staff.deposits.enter": Row(button("入力する", entering_a_deposit), ("入金を入力しました。充当する申し込みを選んでください。",)),
    "staff.allocation.look": Row(button("確認へ進む", before_the_review)),
    "staff.allocation.allocate": Row(button("OK", allocating), ("申し込みは入金確認済になりました。",)),
    "staff.undo.look": Row(button("確認へ進む", before_undoing)),
    "staff.undo.take_back": Row(
        button("OK", lambda world: before_undoing(world).press("確認へ進む")),
        ("を取り消しました。この金額は、入金の残りに戻りました。",),
        again_says=("この充当は、すでに取り消されています。もう一度充当するには、下の候補から申し込みを選んでください。",),
    ),
    "staff.customer.look": Row(button("確認へ進む", closing_the_account)),
    "staff.customer.press_ok": Row(
        button("OK", lambda world: closing_the_account(world).press("確認へ進む")), ("アカウントを閉じました。",)
    ),
    "staff.order.cancellation_look": Row(button("確認へ進む", cancelling_the_order)),
    "staff.order.cancellation_ok": Row(
        button("OK", lambda world: cancelling_the_order(world).press("確認へ進む")), ("申し込みを取り消しました。",)
    ),
    "staff.order.due_date_look": Row(button("確認へ進む", moving_the_due_date)),
    "staff.order.due_date_ok": Row(
        button("OK", lambda world: moving_the_due_date(world).press("確認へ進む")), ("お支払い期限を変えました。",)
    ),
    "staff.mails.send_again": Row(button("再送", resending_a_mail), ("再送を受け付けました。まもなく送信されます。",)),
    "staff.provisioning.send_again": Row(button("もう一度送る", resending_an_event), ("受け付けました。まもなく送信されます。",)),
}
