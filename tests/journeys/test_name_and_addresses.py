"""A customer changes the name, the mail address and the second address for notices; staff and the operator correct them."""

import pytest
from flask import Flask

from models import Account, Event, Mail, Order
from portal.actions.mail import outbox
from portal.actions.transfers.matching import agreement, matches
from portal.catalog import Catalog
from portal.cli import main
from portal.enums import MailKind, MailState
from portal.rules.accounts.name_key import name_key
from tests import steps
from tests.browser import Browser
from tests.factories import PASSWORD
from tests.mailbox import Mailbox
from tests.routes.staff.test_commands import environment as environment
from tests.staff_desk import YEN, a_bank_order, a_clerk, a_deposit, sign_in

NEW, WHY = "neu@example.jp", "お電話でのご依頼"
OLD, ANOTHER = "new@example.jp", "neuer-satz-fuer-heute"


@pytest.fixture
def mailbox(app: Flask) -> Mailbox:
    return Mailbox()


def ask(browser: Browser, address: str = NEW, page: str = "メールアドレスを変更する", password: str = PASSWORD) -> Browser:
    browser.visit("/account").follow(page)
    return browser.fill("新しいメールアドレス", address).fill("いまのパスワード", password).press("確認のリンクを送る")


def told(mailbox: Mailbox, recipient: str) -> list[str]:
    return [subject.rpartition("】")[2] for subject in mailbox.worker_passes().received(recipient)]


def test_a_new_address_counts_when_its_link_was_pressed_and_both_are_told(browser: Browser, app: Flask, mailbox: Mailbox) -> None:
    ask(browser.sign_in("new"), "ＮＥＵ@example.jp ".lower())
    assert browser.says(f"{NEW} に確認のリンクをお送りします")
    assert told(mailbox, NEW) == ["メールアドレスの確認"]
    assert "new 様" in mailbox.newest, "whoever reads it is not known to be the customer: no name"
    phone = Browser(app, browser.base_url).visit(mailbox.link)
    assert (phone.h1, phone.headers["Referrer-Policy"], phone.headers["Cache-Control"]) == (
        "メールアドレスの確認",
        "no-referrer",
        "no-store",
    )
    assert Account.get().email == OLD, "opened is not pressed"

    phone.press("このアドレスにする")

    assert phone.h1 == "アドレスを登録しました"
    assert Account.get().email == NEW
    assert browser.visit("/account").says(NEW)
    assert told(mailbox, NEW)[-1] == told(mailbox, OLD)[-1] == "メールアドレスが変更されました"
    assert Event.select().where(Event.actor == "account new", Event.reason == f"メールアドレスを変更：{OLD} → {NEW}").count() == 1
    assert phone.visit(mailbox.link).says("すでに使われています")
    assert phone.says("このリンクでのお手続きは、そのときに済んでいます。今回は何も変更されていません。")


@pytest.mark.parametrize(
    ("address", "password", "mistake"),
    [
        ("neu", PASSWORD, "形が正しくない"),
        ("neu@example", PASSWORD, "name@example.jp のような形で"),
        ("neu@exa mple..jp", PASSWORD, "ドメイン"),
        ("New@Example.jp", PASSWORD, "すでに登録されている"),
        ("", PASSWORD, "新しいメールアドレスを入力してください"),
        (NEW, "wrong-pass", "いまのパスワードが違います"),
        (NEW, "", "いまのパスワードを入力してください"),
    ],
)
def test_a_new_address_needs_its_form_and_the_password(browser: Browser, address: str, password: str, mistake: str) -> None:
    ask(browser.sign_in("new"), address, password=password)

    assert (browser.status, browser.says(mistake, ".errors")) == (422, True)
    assert browser.value("新しいメールアドレス") == address
    assert not Mail.select().where(Mail.kind == MailKind.ADDRESS_LINK).exists()


def test_a_link_to_the_old_address_opens_nothing_and_waiting_mails_follow_the_customer(browser: Browser, mailbox: Mailbox) -> None:
    steps.order_by_transfer(browser)
    ask(browser)
    mailbox.worker_passes()
    link = mailbox.link
    browser.visit("/password").fill("ログインIDまたはメールアドレス", "new").press("リンクをメールで送る")
    mailbox.worker_passes()
    reset, accepted = mailbox.link, Mail.get(Mail.kind == MailKind.ORDER_ACCEPTED)
    Mail.update(state=MailState.WAITING).where(Mail.id == accepted.id).execute()

    browser.visit(link).press("このアドレスにする")

    assert browser.visit(reset).says("メールアドレスかパスワードが変わりました")
    assert Mail.get_by_id(accepted.id).recipient == NEW
    again = outbox.queue(MailKind.ORDER_ACCEPTED, accepted.entity, Account.get())
    assert again is None, "one mail for each event, whatever the address was"


def change_password(browser: Browser, mailbox: Mailbox) -> None:
    browser.visit("/account").fill("いまのパスワード", PASSWORD).fill("新しいパスワード", ANOTHER).press("パスワードを変更する")


def reset_password(browser: Browser, mailbox: Mailbox) -> None:
    browser.press("ログアウト").visit("/password").fill("ログインIDまたはメールアドレス", "new").press("リンクをメールで送る")
    mailbox.worker_passes().received(OLD)
    browser.visit(mailbox.link).fill("新しいパスワード", ANOTHER).press("このパスワードにする")


@pytest.mark.parametrize("choose", [change_password, reset_password])
def test_a_new_password_takes_away_the_links_that_a_thief_had_asked_for(browser: Browser, app: Flask, mailbox: Mailbox, choose) -> None:
    ask(Browser(app, browser.base_url).sign_in("new"), "thief@example.org")
    mailbox.worker_passes().received("thief@example.org")
    thief = Browser(app, browser.base_url).visit(mailbox.link)
    assert thief.h1 == "メールアドレスの確認"

    choose(browser.sign_in("new"), mailbox)

    assert thief.press("このアドレスにする").says("メールアドレスかパスワードが変わりました")
    assert Account.get().email == OLD


def test_three_links_an_hour_and_the_newest_one_works(browser: Browser, mailbox: Mailbox) -> None:
    browser.sign_in("new")
    for number in range(3):
        assert ask(browser, f"neu{number}@example.jp").status == 200
    assert (ask(browser).status, browser.says("確認のリンクを続けてお送りしたため", ".errors")) == (429, True)

    mailbox.worker_passes()
    assert browser.visit(mailbox.link).press("このアドレスにする").h1 == "アドレスを登録しました"
    assert Account.get().email == "neu2@example.jp"


def test_notices_go_to_a_second_address_too_and_what_is_the_owners_alone_does_not(browser: Browser, mailbox: Mailbox) -> None:
    ask(browser.sign_in("new"), page="お知らせの宛先を変更する")
    mailbox.worker_passes()
    browser.visit(mailbox.link).press("このアドレスにする")
    assert told(mailbox, OLD)[-1] == "お知らせの宛先が変更されました"

    browser.visit("/").press("ログアウト")
    steps.order_by_transfer(browser)
    browser.visit("/password").fill("ログインIDまたはメールアドレス", "new").press("リンクをメールで送る")

    assert told(mailbox, OLD)[-2:] == ["お申し込みを受け付けました（お振込先のご案内）", "パスワードの再設定"]
    assert told(mailbox, NEW) == ["メールアドレスの確認", "お申し込みを受け付けました（お振込先のご案内）"]
    browser.visit("/account").follow("お知らせの宛先を変更する").press("お知らせの宛先をなくす")
    assert browser.says("お知らせの宛先をなくしました")
    assert told(mailbox, NEW)[-1] == told(mailbox, OLD)[-1] == "お知らせの宛先が変更されました"
    assert Account.get().notice_email is None


def test_a_transfer_is_matched_by_the_name_that_its_order_was_placed_with_and_by_the_new_one(
    browser: Browser, catalog: Catalog, mailbox: Mailbox
) -> None:
    clerk, order = a_clerk(), a_bank_order(catalog)
    browser.sign_in("new").visit("/account").follow("お名前を変更する")
    assert browser.says("前のお名前でも新しいお名前でもお振り込みいただけます")
    browser.fill("新しいお名前", "みほん　しょうじ 株式会社").press("お名前を変更する")

    assert browser.says("お名前を変更しました")
    assert Account.get().name == "みほん しょうじ 株式会社"
    assert Account.get().name_key == name_key("ﾐﾎﾝｼﾖｳｼﾞ(ｶ")
    for payer in (f"{order.number} 見本 新", f"{order.number} ｶ)ﾐﾎﾝｼﾖｳｼﾞ"):
        deposit = a_deposit(clerk, payer=payer)
        (match,) = matches(deposit, YEN)
        assert (match.signs, agreement(deposit, match.row.order, YEN, YEN).is_perfect) == (["番号", "金額", "名義"], True), payer
    assert not matches(a_deposit(clerk, 1, "ﾍﾞﾂ ﾉﾋﾄ"), 1)
    assert told(mailbox, OLD)[-1] == "お名前が変更されました"
    browser.visit("/account/name").fill("新しいお名前", "見本 三郎").press("お名前を変更する")
    assert Order.get().former_name_key == name_key("見本 新"), "the name that it was placed with"


def test_staff_correct_address_and_name_with_a_reason_and_a_second_look(browser: Browser, mailbox: Mailbox) -> None:
    desk = sign_in(browser, a_clerk())
    for link, label, typed in (
        ("メールアドレスを変更する", "新しいメールアドレス", NEW),
        ("お名前を変更する", "新しいお名前", "見本 花子"),
    ):
        desk.visit("/staff/accounts/new").follow(link).fill(label, typed).fill("理由", WHY).press("確認へ進む")
        assert desk.says(f"→ {typed}")
        assert typed not in (Account.get().email, Account.get().name)
        desk.press(f"OK（{link}）").back().press("OK")
        assert desk.says("変更しました"), "pressed twice"

    assert (Account.get().email, Account.get().name) == (NEW, "見本 花子")
    assert Event.select().where(Event.actor == "staff keiri", Event.reason.contains(WHY)).count() == 2
    assert told(mailbox, OLD) == ["メールアドレスが変更されました"]
    assert told(mailbox, NEW) == ["メールアドレスが変更されました", "お名前が変更されました"]


def test_the_operator_corrects_an_address(environment, capfd) -> None:
    assert main(["account", "address", "new", "--email", NEW, "--reason", WHY]) == 0
    assert main(["account", "address", "new", "--email", "x", "--reason", WHY]) == 2

    assert Account.get().email == NEW
    assert "形が正しくない" in capfd.readouterr().err
    assert {mail.recipient for mail in Mail.select().where(Mail.kind == MailKind.ADDRESS_CHANGED)} == {OLD, NEW}
