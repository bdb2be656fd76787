"""PRESSES: how each button of the portal that posts is reached, and what its first press says. One row for each address."""

import json
from collections.abc import Callable
from dataclasses import replace

from models import Account, Domain, Mail, Payment
from portal.demo.hosting_side import answer_what_is_asked
from portal.enums import MailKind, MailState
from portal.sandbox.webhooks import signed_headers
from tests import steps
from tests.asked_by_bank import asked_by_bank
from tests.browser import Browser
from tests.factories import PASSWORD
from tests.hosting_side import signed_answer
from tests.mailbox import Mailbox
from tests.races.press_ways import Row, World, button
from tests.races.staff_presses import STAFF_PRESSES
from tests.races.threaded_server import Press, RawPress
from tests.reconciliation import ledger


def where_the_bank_asks(world: World) -> Browser:
    browser = world.contracted()
    order = asked_by_bank(Account.by_login(world.login))
    return browser.visit(f"/renewal/authentication/{order.number}")


def signing_in(world: World) -> Browser:
    return world.customer().visit("/login").fill("ログインID", world.login).fill("パスワード", PASSWORD)


def changing_the_password(world: World) -> Browser:
    browser = world.customer().sign_in(world.login).visit("/account").fill("いまのパスワード", PASSWORD)
    return browser.fill("新しいパスワード", "another-pass")


def ending_another_sign_in(world: World) -> Browser:
    browser = world.customer().sign_in(world.login)
    world.browser().sign_in(world.login)
    return browser.visit("/account/sessions")


def asking_for_an_address(world: World, page: str = "address") -> Browser:
    browser = world.customer().sign_in(world.login).visit(f"/account/{page}")
    return browser.fill("新しいメールアドレス", "neu@example.jp").fill("いまのパスワード", PASSWORD)


def with_a_link_to_an_address(world: World, page: str = "address") -> Browser:
    browser = asking_for_an_address(world, page).press("確認のリンクを送る")
    return browser.visit(Mailbox().worker_passes().link)


def with_a_second_address(world: World) -> Browser:
    return with_a_link_to_an_address(world, "notices").press("このアドレスにする").visit("/account/notices")


def renaming(world: World) -> Browser:
    return world.customer().sign_in(world.login).visit("/account/name").fill("新しいお名前", "見本 花子")


def asking_for_a_link(world: World) -> Browser:
    return world.customer().visit("/password").fill("ログインIDまたはメールアドレス", world.login)


def choosing_a_password(world: World) -> Browser:
    browser = asking_for_a_link(world).press("リンクをメールで送る")
    return browser.visit(Mailbox().worker_passes().link).fill("新しいパスワード", "川べりのねこ7匹")


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


def adding_backup(world: World) -> Browser:
    return world.contracted().visit("/backup").choose("3か月").tick(steps.BACKUP_TERMS)


def switching_backup_off(world: World) -> Browser:
    browser = world.contracted(lambda browser, login: steps.buy_a_month(browser, options=True, login=login))
    return browser.visit("/backup").follow("バックアップの自動更新をオフにする")


def reserving_a_number(world: World) -> Browser:
    browser = world.contracted(steps.buy_a_month_with_devices).visit("/security")
    return browser.fill("次回からの台数", "3").press("最終確認へ進む")


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


def buying(browser: Callable[[Browser, str], Browser]) -> Callable[[World], Browser]:
    return lambda world: browser(world.customer(), world.login)


BY_WALLET = buying(lambda browser, login: steps.link_wallet(steps.to_the_wallet_company(browser, login=login)))


def adding_a_domain(world: World, name: str = "example.jp") -> Browser:
    return world.contracted().visit("/domains").fill("独自ドメイン", name)


def with_a_domain(world: World) -> Browser:
    return adding_a_domain(world).press("追加する")


def hosting_answer(world: World) -> Press:
    """Of a portal that has a hosting side."""
    adding_a_domain(world, f"{world.login}.example.jp").press("追加する").press("TXTレコードを確認する")
    world.app.extensions["settings"] = replace(
        world.settings, provision_url="http://127.0.0.1:1/", provision_secret=world.settings.notice_secret
    )
    about = {
        "id": f"answer to {world.login}",
        "type": "domain.confirmed",
        "about": Domain.get(Domain.name.startswith(world.login)).question,
    }
    body = json.dumps(about).encode()
    return RawPress("/notices/hosting", body, signed_answer(world.settings.notice_secret, body))


def choosing_a_common_name(world: World) -> Browser:
    browser = world.contracted(lambda browser, login: steps.buy_a_month(browser, options=True, login=login))
    name = f"{world.login}.example.jp"
    browser.visit("/domains").fill("独自ドメイン", name).press("追加する").press("TXTレコードを確認する")
    answer_what_is_asked()
    return browser.visit("/ssl").follow("コモンネームを設定する").choose(name)


def switching_a_certificate_on(world: World) -> Browser:
    browser = choosing_a_common_name(world).press("このコモンネームで発行の手続きを始める")
    return browser.follow("自動更新をオンにする")


def adding_a_certificate(world: World) -> Browser:
    name = f"{world.login}.example.jp"
    browser = adding_a_domain(world, name).press("追加する").press("TXTレコードを確認する")
    answer_what_is_asked()
    return browser.visit("/ssl/new/ssl").choose(name).choose("クイック認証　12か月 11,000円").tick(steps.SSL_TERMS)


SAID = {
    "switched on": ("自動更新をオンにしました。今回のお支払いは行われていません。",),
    "chosen": ("コモンネームを設定し、発行の手続きを始めました。",),
    "domain": ("example.jp を追加しました。TXTレコードを設定してから、確認へお進みください。",),
    "no domain": ("example.jp を削除しました。",),
    "password": ("パスワードを変更しました。ほかの端末では、もう一度ログインが必要です。",),
    "sessions": ("ほかの端末を、すべてログアウトさせました。",),
    "address": ("neu@example.jp に確認のリンクをお送りします。リンクを開いてボタンを押すまで、何も変わりません。",),
    "no second": ("お知らせの宛先をなくしました。お知らせは、ご登録のメールアドレスにだけお送りします。",),
    "renamed": ("お名前を変更しました。",),
    "unlinked": ("おさいぽ!の連携を解除しました。",),
    "mailed": ("お支払い情報をメールでお送りします。「送信済みメール」でもご確認いただけます。",),
    "reported": ("振込のご連絡を受け付けました。入金を確認すると、「入金確認済」になります。",),
    "reserved": ("次回の自動更新の内容を予約しました。今回のお支払いは行われていません。",),
    "switched": ("自動更新をオフにしました。",),
    "undone": ("予約を取り消しました。次回は、いまと同じ内容で自動更新されます。",),
    "method": ("お支払い方法を変更しました。今回のお支払いは行われていません。次回のお支払いは、下のとおりです。",),
}

CUSTOMERS_PRESSES: dict[str, Row] = {
    "auth.enter": Row(button("ログイン", signing_in)),
    "auth.sign_out": Row(button("ログアウト", lambda world: world.customer().sign_in(world.login))),
    "account.change_password": Row(button("パスワードを変更する", changing_the_password), SAID["password"]),
    "account.unlink": Row(
        button("OK", lambda world: world.contracted(steps.buy_a_month_by_wallet).visit("/account/wallet")), SAID["unlinked"]
    ),
    "sessions.end": Row(button("この端末のほかを、すべてログアウトさせる", ending_another_sign_in), SAID["sessions"]),
    "addresses.ask": Row(button("確認のリンクを送る", asking_for_an_address), SAID["address"]),
    "addresses.ask_for_notices": Row(button("確認のリンクを送る", lambda world: asking_for_an_address(world, "notices")), SAID["address"]),
    "addresses.confirm": Row(button("このアドレスにする", with_a_link_to_an_address)),
    "addresses.stop_notices": Row(button("お知らせの宛先をなくす", with_a_second_address), SAID["no second"]),
    "names.change": Row(button("お名前を変更する", renaming), SAID["renamed"]),
    "password.send": Row(button("リンクをメールで送る", asking_for_a_link)),
    "password.choose": Row(button("このパスワードにする", choosing_a_password)),
    "domains.add": Row(button("追加する", adding_a_domain), SAID["domain"]),
    "domains.check": Row(button("TXTレコードを確認する", with_a_domain)),
    "domains.remove": Row(button("OK", lambda world: with_a_domain(world).follow("この独自ドメインを削除する")), SAID["no domain"]),
    "hosting_notices.receive": Row(hosting_answer),
    "certificate_switch.press": Row(button("OK", switching_a_certificate_on), SAID["switched on"]),
    "new_certificate.add": Row(button("お支払い方法選択へ", adding_a_certificate)),
    "certificates.choose": Row(button("このコモンネームで発行の手続きを始める", choosing_a_common_name), SAID["chosen"]),
    "orders.open_draft": Row(button("新規契約のお申し込みへ進む", lambda world: world.customer().sign_in(world.login).visit("/contract"))),
    "orders.choose": Row(
        button("お支払い方法選択へ", buying(lambda browser, login: steps.to_the_form(browser, login).tick(steps.SERVER_TERMS)))
    ),
    "orders.estimate": Row(estimating),
    "switches.press": Row(button("OK", switching_backup_off), SAID["switched"]),
    "options.add": Row(button("お支払い方法選択へ", adding_backup)),
    "payment.pick": Row(button("クレジットカード情報入力", buying(steps.to_the_payment))),
    "card.pay_now": Row(button("OK", buying(steps.to_the_confirmation))),
    "wallet.pay_now": Row(button("OK", lambda world: BY_WALLET(world).press("おさいぽ!ポイントから支払う"))),
    "notices.receive": Row(webhook),
    "bank.place": Row(button("OK", buying(lambda browser, login: steps.to_the_method(browser, "銀行振込", login).press("お支払い")))),
    "bank.send_report": Row(button("連絡する", reporting), SAID["reported"]),
    "bank.send_mail": Row(button("お支払い情報をメールで再送する", asking_for_the_mail), SAID["mailed"]),
    "bank.give_up": Row(button("OK", lambda world: world.with_order().visit(f"/orders/{world.order.number}/cancel"))),
    "reservation.choose": Row(button("OK", reserving), SAID["reserved"]),
    "next_number.choose": Row(button("OK", reserving_a_number), SAID["reserved"]),
    "reservation.undo": Row(button("OK", undoing_the_reservation), SAID["undone"]),
    "renewal.reset": Row(button("OK", lambda world: world.contracted().visit("/renewal/reset"))),
    "authentication.begin": Row(button("本人認証へ進む", where_the_bank_asks)),
    "papers.open_first": Row(button("この宛名で開く", lambda world: world.contracted().visit("/history").follow("領収書"))),
    "history.issue_invoice": Row(button("請求書を発行する", lambda world: world.with_order().visit("/history"))),
    "method.pick": Row(button("次へ進む", to_the_new_method)),
    "method.set_card": Row(button("OK", lambda world: steps.enter_card(to_the_new_method(world).press("次へ進む"))), SAID["method"]),
    "method.set_wallet": Row(button("OK", linking_another_wallet), SAID["method"]),
    "method.set_day": Row(button("OK", moving_the_day), SAID["method"]),
}

PRESSES = CUSTOMERS_PRESSES | STAFF_PRESSES
