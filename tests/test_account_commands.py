"""`portal account password` and `sessions-end`, as an operator types them."""

import pytest
import time_machine

from models import Account, Event, Mail, Session
from portal import clock
from portal.cli import main
from portal.enums import MailKind
from tests.browser import Browser
from tests.factories import a_customer
from tests.mailbox import Mailbox
from tests.routes.staff.test_commands import environment as environment


def test_the_operator_mails_a_link_and_ends_every_sign_in(environment, browser: Browser, capfd) -> None:
    a_customer("new")
    browser.sign_in("new")

    assert main(["account", "sessions-end", "new", "--reason", "お電話でのご依頼"]) == 0
    assert main(["account", "password", "new", "--reason", "お電話でのご依頼"]) == 0

    assert not Session.select().where(Session.account.is_null(False)).exists()
    assert {mail.kind for mail in Mail.select()} >= {MailKind.SESSIONS_ENDED, MailKind.PASSWORD_LINK}
    assert Event.select().where(Event.actor == "operator", Event.reason.contains("お電話でのご依頼")).count() == 2
    link = Mailbox().worker_passes().link
    assert browser.visit(link).h1 == "新しいパスワードを決める"
    assert main(["account", "password", "nobody", "--reason", "x"]) == 2
    assert "アカウント「nobody」はありません" in capfd.readouterr().err


COMMANDS = {"disable": (), "enable": (), "password": (), "sessions-end": (), "plan": ("business",), "address": ("--email", "n@example.jp")}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("reason", ["", " 　", "\x07", "あ" * 201], ids=["none", "blanks", "a bell", "too long"])
def test_every_command_that_writes_to_the_customer_needs_a_reason_that_can_be_read(environment, capfd, command: str, reason: str) -> None:
    a_customer("new")
    with pytest.raises(SystemExit) as refused:
        main(["account", command, "new", *COMMANDS[command], "--reason", reason])

    assert refused.value.code == 2
    assert "理由を、200文字までで書いてください" in capfd.readouterr().err
    assert not Mail.select().exists()


def test_a_reason_is_one_line_of_what_can_be_seen(environment) -> None:
    a_customer("new")
    assert main(["account", "disable", "new", "--reason", " お電話\n での\u202eご依頼 "]) == 0

    assert Event.select().where(Event.reason.contains("お電話 でのご依頼")).exists()


def test_who_left_is_erased_when_the_law_allows_it_and_not_before(environment, capsys) -> None:
    with time_machine.travel("2014-11-22"):
        a_customer("leaver")
        Account.update(closed_at=clock.now()).execute()
        assert main(["account", "erase", "leaver"]) == 2
    refused = capsys.readouterr()
    assert "早くて 2025年1月1日（水） から" in refused.err

    assert main(["account", "erase", "leaver", "--dry-run"]) == 0
    assert Account.by_login("leaver")
    assert main(["account", "erase", "leaver"]) == 0
    assert "leaver の個人データを消去しました" in capsys.readouterr().out
    assert Account.by_login("leaver") is None
