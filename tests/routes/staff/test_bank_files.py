"""銀行のファイル: staff choose a file, read what it would do, and press OK; nothing happens before."""

from datetime import date, timedelta

import pytest
from flask import Flask

from models import BankFile, BankLine, Deposit, Order, Staff
from portal import clock
from portal.catalog import Catalog
from portal.enums import StaffRole
from portal.rules.transfers.bank_files.statement import LARGEST_FILE
from tests.bank_files import Paid, as_bytes, zengin01, zengin03
from tests.browser import Browser
from tests.staff_desk import Clerk, a_bank_order, a_deposit, allocate

TO_THE_LOOK = "内容を確かめる"


@pytest.fixture
def today(business_day):
    business_day(clock.today())
    return clock.today()


def choose(desk: Browser, content: bytes, name: str = "今日.txt") -> Browser:
    return desk.visit("/staff/bank/new").attach("ファイル", name, content).press(TO_THE_LOOK)


def bring(desk: Browser, *lines: Paid, make=zengin01) -> Browser:
    return choose(desk, as_bytes(make(list(lines)))).press("OK")


def test_a_file_is_shown_and_then_imported(desk: Browser, clerk: Clerk) -> None:
    day = clock.today()
    a_deposit(clerk, 660, "ｽｽﾞｷ ﾊﾅｺ")
    lines = [Paid(13_200, "ﾔﾏﾀﾞ ﾀﾛｳ", day), Paid(660, "ｽｽﾞｷ ﾊﾅｺ", day), Paid(12, "ﾘｿｸ", day, kind="18"), Paid(440, "ﾃｽｳﾘﾖｳ", day, out=True)]

    choose(desk, as_bytes(zengin03(lines)))

    assert desk.h1 == "銀行のファイル（確認）"
    assert all(
        desk.says(text) for text in ("新しい入金 1件 13,200円", "手入力済み 1件", "対象外 1件", "出金 1件", "まだ何も取り込まれていません")
    )
    assert Deposit.select().count() == 1

    desk.press("OK")

    assert desk.says("3件を取り込みました（入金 1件、手入力済み 1件、取消・組戻し 0件、対象外 1件）。")
    assert desk.says("すべて 3　未充当 2　充当済み 0　対象外 1　返金・取消 0")
    assert sorted(deposit.yen for deposit in Deposit.select()) == [660, 13_200]
    assert desk.follow("対象外 1").says("ﾘｿｸ")
    assert not desk.says("ﾔﾏﾀﾞ")


HEAD = "取引日,入出金(円),残高(円),入出金先内容\r\n"
WHOLE = as_bytes(zengin01([Paid(100, "ﾔﾏﾀﾞ ﾀﾛｳ", date(2026, 11, 22))]))
WITH_CONTROLS = {
    "records, each ended by NEL": WHOLE.decode("cp932").replace("\r\n", "\x85").encode(),
    "a record of kind 85": WHOLE[:202] + b"\x85" + WHOLE[203:],
    "a record of kind 0": WHOLE[:202] + b"\0" + WHOLE[203:],
    "a kind with a bell": WHOLE[:1] + b"0\x07" + WHOLE[3:],
    "a payer with a bell": f"{HEAD}20261122,100,100,ﾔﾏﾀﾞ\x07 ﾀﾛｳ\r\n".encode("cp932"),
    "a payer that turns the text": f"{HEAD}20261122,100,100,ﾔﾏﾀﾞ\u202e ﾀﾛｳ\r\n".encode(),
    "a payer with NEL": f"{HEAD}20261122,100,100,ﾔﾏﾀﾞ\x85ﾀﾛｳ\r\n".encode(),
    "a payer on two pages": f"{HEAD}20261122,100,100,ﾔﾏﾀﾞ\x0cﾀﾛｳ\r\n".encode("cp932"),
    "yen with a bell": f"{HEAD}20261122,1\x070z,100,ﾔﾏﾀﾞ ﾀﾛｳ\r\n".encode("cp932"),
    "an unknown header with a bell": "日\x07付,入金,名前\r\n20261122,100,ﾔﾏﾀﾞ ﾀﾛｳ\r\n".encode("cp932"),
}


@pytest.mark.parametrize("content", WITH_CONTROLS.values(), ids=WITH_CONTROLS)
def test_what_cannot_be_seen_in_a_file_is_on_no_page(desk: Browser, content: bytes, business_day) -> None:
    """The browser proves each page sound: no control characters."""
    business_day(date(2026, 11, 22))
    choose(desk, content)

    assert desk.status == 422 or desk.says("ﾔﾏﾀﾞ ﾀﾛｳ")
    assert "\u202e" not in desk.html


def test_the_same_file_again_shows_what_it_has_become(desk: Browser) -> None:
    content = as_bytes(zengin01([Paid(13_200, "ﾔﾏﾀﾞ ﾀﾛｳ", clock.today())]))
    choose(desk, content).press("OK")

    choose(desk, content, "もう一度.txt")

    assert desk.says("に取込済み")
    assert (BankFile.select().count(), Deposit.select().count()) == (1, 1)


def test_a_file_that_a_colleague_has_imported_is_said_to_be_the_colleagues(desk: Browser, other_desk: Browser) -> None:
    """Both have it open. Whoever presses first has imported it, also if the other one had read it first."""
    content = as_bytes(zengin01([Paid(13_200, "ﾔﾏﾀﾞ ﾀﾛｳ", clock.today())]))
    choose(desk, content), choose(other_desk, content, "コピー.txt")
    other_desk.press("OK")

    desk.press("OK")

    assert desk.says("このファイルは、総務 次郎が先に取り込んでいます。今回は何も変更されていません。")
    assert desk.says("に取込済み 総務 次郎")
    assert other_desk.back().press("OK").says("1件を取り込みました（入金 1件、")
    assert Deposit.select().count() == 1


def test_a_line_that_only_looks_known_is_imported_if_staff_say_so(desk: Browser) -> None:
    day = clock.today()
    bring(desk, Paid(13_200, "ﾔﾏﾀﾞ ﾀﾛｳ", day))
    csv = f"取引日,入出金(円),残高(円),入出金先内容\n{day:%Y%m%d},13200,113200,ﾔﾏﾀﾞ ﾀﾛｳ"

    choose(desk, csv.encode("cp932"), "楽天.csv")
    assert desk.says("既知 1件")
    desk.choose("2件目").press("OK")

    assert Deposit.select().count() == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "ファイルが空です"),
        (b"hello", "この銀行の形式を知りません"),
        (as_bytes(zengin01([Paid(660, "ﾔﾏﾀﾞ", clock.today())]))[:500], "3件目のレコード"),
        (b"1" * (LARGEST_FILE + 1), "大きすぎます"),
    ],
    ids=["empty", "no bank file", "cut", "too large"],
)
def test_what_is_no_file_of_the_bank_is_refused_at_the_field(desk: Browser, content: bytes, reason: str) -> None:
    choose(desk, content)

    assert (desk.status, desk.title[:4]) == (422, "エラー：")
    assert reason in desk.text(".error")
    assert desk.says("何も取り込まれていません")
    assert not BankFile.select().exists()


def test_without_a_file_the_page_says_what_to_do(desk: Browser) -> None:
    desk.visit("/staff/bank").follow("ファイルを取り込む").press(TO_THE_LOOK)

    assert (desk.status, desk.text(".error")) == (422, "＊銀行からダウンロードしたファイルを選んでください。")


def test_a_large_file_is_read_from_browsers_of_staff_alone(app: Flask, desk: Browser) -> None:
    mark = desk.client.get_cookie("staff-device", "127.0.0.1", "/").value

    assert app.takes_files_of(f"a=b; staff-device={mark}; c")
    wrong = ("", "staff-device=", f"staff-device={mark[1:]}", f"device={mark}", "staff-device=\xff~\xed\xa0\x80.x")
    assert not any(app.takes_files_of(cookies) for cookies in wrong)


def test_what_is_typed_anywhere_else_may_not_be_so_large(desk: Browser) -> None:
    desk.visit("/staff/deposits/new").post_raw("/staff/deposits/new", {"payer": "x" * 100_000})

    assert desk.status == 413


def test_what_came_meanwhile_is_shown_before_anything_is_imported(desk: Browser, clerk: Clerk) -> None:
    choose(desk, as_bytes(zengin01([Paid(660, "ｽｽﾞｷ ﾊﾅｺ", clock.today())])))
    a_deposit(clerk, 660, "ｽｽﾞｷ ﾊﾅｺ")

    desk.press("OK")

    assert (desk.status, Deposit.select().count()) == (409, 1)
    assert desk.says("手入力済み 1件")
    desk.press("OK")
    assert (BankLine.get().was_typed, Deposit.select().count()) == (True, 1)


def test_typing_a_line_that_a_file_brought_warns(desk: Browser) -> None:
    """Either day of the bank is enough."""
    day = clock.today()
    bring(desk, Paid(13_200, "ﾔﾏﾀﾞ ﾀﾛｳ", day, day - timedelta(days=1)))

    desk.visit("/staff/deposits/new").fill("取扱日（勘定日）", (day - timedelta(days=1)).isoformat()).fill("金額", "13200")
    desk.fill("振込依頼人名", "ヤマダ　タロウ").press("入力する")

    assert (desk.status, desk.h1) == (409, "同じ入金がすでにあります")
    assert Deposit.select().count() == 1


def test_a_line_is_ignored_and_counts_again(desk: Browser) -> None:
    bring(desk, Paid(13_200, "ｶ)ｻﾝﾌﾟﾙ", clock.today()))

    desk.follow("2").follow("お客様の入金ではない").fill("理由", "自社の口座から").press("確認へ進む").press("OK")
    assert desk.says("対象外にしました。")
    assert desk.says("対象外：自社の口座から")
    assert not Deposit.select().exists()

    desk.follow("対象外をやめる").fill("理由", "お客様だった").press("確認へ進む").press("OK")
    assert desk.says("対象外をやめました。")
    assert Deposit.get().rest_yen == 13_200


def test_what_the_bank_takes_back_is_proposed_and_undone(desk: Browser, clerk: Clerk, catalog: Catalog) -> None:
    day, order = clock.today(), a_bank_order(catalog)
    payer = f"{order.number} ﾐﾎﾝ"
    bring(desk, Paid(order.total_yen, payer, day))
    allocate(desk, Deposit.get(), order)
    bring(desk, Paid(order.total_yen, payer, day, is_cancelled=True))

    desk.visit("/staff/bank").follow(payer)
    assert desk.says("金額一致・名義一致")
    desk.follow(Deposit.get().number).fill("理由", "振込の組戻し").press("確認へ進む")
    assert desk.says("入金確認済 → お振込待ち")
    assert desk.says("返金")
    desk.press("OK")

    assert desk.says("入金を取り消しました。")
    assert (Order.get_by_id(order.id).state, Deposit.get().rest_yen) == ("placed", 0)
    assert "銀行が取り消した入金" not in desk.visit("/staff/bank").text("h2")


def test_who_may_only_view_reads_the_look_without_a_button(desk: Browser, other_desk: Browser) -> None:
    choose(desk, as_bytes(zengin01([Paid(13_200, "ﾔﾏﾀﾞ ﾀﾛｳ", clock.today())])))
    Staff.update(role=StaffRole.VIEWING).where(Staff.login == "soumu").execute()

    other_desk.visit(desk.url)

    assert other_desk.says("新しい入金 1件")
    assert not other_desk.offers("OK")
