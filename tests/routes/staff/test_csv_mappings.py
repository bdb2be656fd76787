"""A bank's CSV that the portal does not know: staff choose its columns once, and it is known from then on."""

import pytest

from models import BankFile, CsvMapping, Deposit, Event, Staff
from portal import clock
from portal.actions.transfers import bank_files
from portal.cli import main
from tests.browser import Browser
from tests.routes.staff.test_commands import environment, staff  # noqa: F401

HEADER = "年月日,お取引内容,お引出金額,お預入金額,残高"


def a_file(*lines: str) -> bytes:
    today = clock.today().isoformat()
    rows = lines or (f"{today},振込 ﾔﾏﾀﾞ ﾀﾛｳ,,13200,113200", f"{today},電気料金,5000,,108200")
    return "\n".join(("みほん銀行 入出金明細", HEADER, *rows)).encode("cp932")


def to_the_columns(desk: Browser, content: bytes | None = None) -> Browser:
    return desk.visit("/staff/bank/new").attach("ファイル", "meisai.csv", content or a_file()).press("内容を確かめる")


def test_columns_are_chosen_tried_and_known_from_then_on(desk: Browser) -> None:
    to_the_columns(desk)
    assert desk.h1 == "CSV の列を選ぶ"
    assert desk.says("見出しは 2行目")
    desk.fill("銀行の名前", "みほん銀行").press("試しに読む")
    assert desk.says("入金 1件、出金 1件（5,000円、取り込みません）")
    assert "ﾔﾏﾀﾞ ﾀﾛｳ" in desk.text("section table")
    assert not CsvMapping.select().exists()

    desk.press("覚える")
    assert desk.h1 == "銀行のファイル（確認）"
    assert desk.says("「みほん銀行」の読み方を覚えました。")
    assert (Deposit.select().count(), BankFile.get().format) == (0, "みほん銀行 CSV")
    desk.press("OK")
    assert (Deposit.get().payer, Deposit.get().yen) == ("ﾔﾏﾀﾞ ﾀﾛｳ", 13_200)

    to_the_columns(desk, a_file(f"{clock.today().isoformat()},振込 ｽｽﾞｷ,,660,1"))
    assert desk.h1 == "銀行のファイル（確認）"


def test_the_other_of_two_tabs_is_led_to_what_the_file_has_become(desk: Browser) -> None:
    tab = to_the_columns(desk).new_tab().visit(desk.url)
    desk.fill("銀行の名前", "みほん銀行").press("覚える").press("OK")

    assert tab.fill("銀行の名前", "べつの銀行").press("覚える").says("に取込済み")
    assert CsvMapping.select().count() == 1


def test_a_saved_mapping_can_be_removed_and_what_was_imported_stays(desk: Browser) -> None:
    to_the_columns(desk).fill("銀行の名前", "みほん銀行").press("覚える").press("OK")
    desk.visit("/staff/bank").follow("CSV の読み方").press("取り除く（みほん銀行）")

    assert desk.says("読み方を取り除きました。")
    assert desk.says("覚えた読み方はありません。")
    assert Deposit.select().count() == 1
    reasons = [event.reason for event in Event.select().where(Event.entity == "bank-csv みほん銀行").order_by(Event.id)]
    assert reasons == [f"CSV の列を覚えた：{HEADER}", f"CSV の列を取り除いた：{HEADER}"]
    assert desk.visit("/staff/history").says("CSV の読み方 みほん銀行")
    assert to_the_columns(desk, a_file(f"{clock.today().isoformat()},振込 ｽｽﾞｷ,,660,1")).h1 == "CSV の列を選ぶ"


@pytest.mark.parametrize(
    ("typed", "mistake"),
    [
        ({"銀行の名前": ""}, "入力"),
        ({"銀行の名前": "楽天銀行"}, "銀行の名前「楽天銀行」は、すでに使われています。"),
        ({"日付の列": "選んでください"}, "列を選んでください。"),
        ({"振込依頼人名（摘要）の列": "年月日"}, "日付や金額の列とは別の列を選んでください。"),
        (
            {"日付の列": "お取引内容", "振込依頼人名（摘要）の列": "年月日"},
            "日付「振込 ﾔﾏﾀﾞ ﾀﾛｳ」を読めません。 読み方は、まだ覚えていません。",
        ),
        ({"入金の列": "残高", "残高の列": "なし", "出金の列": "なし"}, ""),
    ],
)
def test_bad_input_is_answered_at_its_field_and_saves_nothing(desk: Browser, typed: dict[str, str], mistake: str) -> None:
    to_the_columns(desk).fill("銀行の名前", "みほん銀行")
    for label, value in typed.items():
        if label == "銀行の名前":
            desk.fill(label, value)
        else:
            desk.choose(value, under=label)
    desk.press("覚える")

    assert desk.status == (422 if mistake else 200)
    assert mistake in desk.text("main") if mistake else CsvMapping.get().came == "残高"
    assert CsvMapping.select().exists() == (not mistake)


def test_the_header_can_be_another_line(desk: Browser) -> None:
    to_the_columns(desk).fill("見出しは何行目か", "１").press("表示し直す")

    assert desk.says("見出しは 1行目")
    desk.visit(desk.url.partition("?")[0] + "?header=99&encoding=x")
    assert desk.says("見出しは 2行目")


def test_a_header_that_cannot_be_one_is_refused(desk: Browser) -> None:
    known = "取引日,入出金(円),残高(円),入出金先内容\n20261104,660,660,ﾐﾎﾝ"
    long = f"日,入金,{'名' * 101}\n{clock.today().isoformat()},660,ﾐﾎﾝ"

    file = bank_files.keep_unknown(known.encode(), "x.csv", Staff.get())
    desk.visit(f"/staff/bank/{file.number}/columns").fill("銀行の名前", "みほん").choose("入出金(円)", under="入金の列").press("覚える")
    assert "「楽天銀行」としてすでに覚えています" in desk.text(".error")
    to_the_columns(desk, long.encode()).fill("銀行の名前", "みほん").press("覚える")
    assert "100文字を超える列の名前" in desk.text(".error")
    assert not CsvMapping.select().exists()


@pytest.mark.usefixtures("environment")
def test_the_command_says_how_it_can_be_read(tmp_path, monkeypatch: pytest.MonkeyPatch, capfd) -> None:
    staff(monkeypatch, "add", "keiri", "--password-stdin")
    path = tmp_path / "meisai.csv"
    path.write_bytes(a_file())
    capfd.readouterr()

    assert main(["bank", "import", str(path)]) == 2
    assert "担当者の画面「銀行のファイルを取り込む」で列を一度選ぶと、次から見出しで分かります" in capfd.readouterr().err
