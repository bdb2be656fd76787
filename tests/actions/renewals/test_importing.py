"""Customers and contracts that come from elsewhere: nothing twice, nobody charged, everything told."""

from datetime import date
from pathlib import Path

import pytest
import time_machine

from models import Account, HostingEvent, Mail, OneTimeLink, Subscription, Term
from portal import clock
from portal.actions.operations.verify import faults
from portal.actions.renewals import importing
from portal.actions.renewals.snapshot import snapshot_of
from portal.cli import main
from portal.enums import MailKind
from portal.rules.renewals.account_file import Mistaken, read
from tests.browser import Browser
from tests.mailbox import Mailbox
from tests.purchase import CATALOG, Shop
from tests.routes.staff.test_commands import environment as environment
from tests.stored import everything_stored

HEADER = "login,name,kana,email,plan,second_email,server_ends_on,months,yen\n"
SECRET = "kawasemi no tori 7"
TWO = f"{HEADER}mori,森 一,モリ ハジメ,mori@example.jp,standard,,2027-03-31,12,9900\nabe,阿部 二,アベ,abe@example.jp,standard,,,,\n"


def bring(text: str) -> int:
    plan = importing.plan_of(read(text.encode(), CATALOG, clock.today()))
    return sum(1 for _ in importing.carry_out(plan, CATALOG, "test"))


@pytest.mark.store
def test_a_contract_goes_on_where_it_was_and_the_same_file_adds_nothing(database: str, shop: Shop) -> None:
    with time_machine.travel("2026-11-22 12:00+0900"):
        assert (bring(TWO), bring(TWO)) == (2, 0)
        mori = Account.by_login("mori")
        server = snapshot_of(mori).server

    assert (server.ends_on, server.months, server.yen, server.renews) == (date(2027, 3, 31), 12, 9_900, False)
    assert (server.starts_on, server.paid_on, mori.name_key) == (date(2026, 4, 1), date(2026, 11, 22), "モリハジメ")
    assert [(event.kind, event.ends_on, event.order_number) for event in HostingEvent.select()] == [("start", date(2027, 3, 31), None)]
    assert Term.get().order_id is None
    assert [(mail.kind, mail.recipient) for mail in Mail.select().order_by(Mail.id)] == [
        (MailKind.ACCOUNT_OPENED, "mori@example.jp"),
        (MailKind.ACCOUNT_OPENED, "abe@example.jp"),
    ]
    assert OneTimeLink.select().count() == 2
    assert faults() == []


@pytest.mark.store
def test_a_login_of_somebody_else_refuses_the_file(database: str) -> None:
    with time_machine.travel("2026-11-22 12:00+0900"):
        bring(TWO)
        before = everything_stored()

        with pytest.raises(Mistaken, match="2行目：login「mori」は、別の内容ですでに使われています"):
            bring(TWO.replace("森 一", "森 二").replace("abe", "ito"))

        assert everything_stored() == before


@pytest.mark.store
def test_an_imported_contract_renews_by_hand_and_then_by_itself(database: str, shop: Shop) -> None:
    with time_machine.travel("2026-11-22 12:00+0900"):
        bring(TWO)
        shop.renew("mori")

    first, second = Subscription.get(Subscription.account == Account.by_login("mori")).terms.order_by(Term.starts_on)
    assert (second.starts_on, second.ends_on, second.previous_term_id) == (date(2027, 4, 1), date(2028, 3, 31), first.id)
    assert snapshot_of(Account.by_login("mori")).server.renews
    assert faults() == []


def test_the_customer_chooses_a_password_and_reads_the_contract(environment, browser: Browser, tmp_path: Path, capsys) -> None:
    file = tmp_path / "customers.csv"
    header, mori, abe = TWO.replace("2027-03-31", "2031-03-31").splitlines(keepends=True)
    file.write_bytes(f"{header}{abe}{mori}".encode("cp932"))  # the newest mail is the last one's

    before = everything_stored()
    assert main(["account", "import", str(file), "--dry-run"]) == 0
    assert "新しいアカウント 2件（契約のあるもの 1件）、取り込み済み 0件を取り込みます" in capsys.readouterr().out
    assert everything_stored() == before
    assert main(["account", "import", str(file)]) == 0
    link = Mailbox().worker_passes().link

    browser.visit(link).fill("新しいパスワード", SECRET).press("このパスワードにする")
    browser.follow("ログインへ").fill("ログインID", "mori").fill("パスワード", SECRET).press("ログイン")
    assert browser.visit("/contract").says("スタンダードプラン")
    assert browser.says("2031年3月31日")
    file.write_text(f"{HEADER}x y,,,,,,,,\n", encoding="utf-8")
    assert main(["account", "import", str(file)]) == 2
    assert "2行目：login" in capsys.readouterr().err
