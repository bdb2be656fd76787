"""The bank desk's pages for money that waits: held, written about, given back by a file, and what the day says of it; in one window."""

from collections.abc import Iterator

from portal import clock
from tests.real.chromium import Window
from tests.real.mouse import Mouse
from tests.real.staff_desk import Desk, Person
from tests.real.tour import order_again


def held_money(window: Window, login: str, colleague: Person) -> Iterator[str]:
    """A transfer for an order that is cancelled, kept for its customer, and what is done with it."""
    number = cancelled_order(Mouse(window), login)
    desk, page = Desk(window).sign_in(colleague).enter("2,320", f"{number} ﾐﾎﾝ ﾊﾅｺ"), window.page
    deposit = page.url
    page.goto(f"{deposit}/orders/{number}/hold")
    yield "お預かりにする"
    desk.press("確認へ進む")
    yield "お預かりにする、誤り"
    desk.fill("理由", "番号が一致").press("確認へ進む")
    yield "お預かりの確認"
    desk.press("OK")
    yield "入金、お預かり"
    page.goto("/staff/held")
    yield "お預かりの一覧、1件"
    page.goto(f"{deposit}/letter")
    desk.press("確認へ進む")
    yield "お客様への文、誤り"
    desk.fill("お客様への文", "お振込先の口座をお知らせください。").press("確認へ進む")
    yield "お客様への文の確認"
    yield from going_back(desk, deposit)
    page.goto(f"/staff/day/{clock.today()}")
    yield "1日のまとめ、今日"
    for part in ("deposits", "done"):
        page.goto(f"/staff/day/{clock.today()}/{part}")
        yield f"1日のまとめ、{part}"
    page.goto("/staff/files")
    yield "CSV と仕訳"


def going_back(desk: Desk, deposit: str) -> Iterator[str]:
    """Planned, put into a file, and paid by the bank."""
    page = desk.page
    page.goto(f"{deposit}/payout")
    desk.press("確認へ進む")
    yield "振込で返金する、誤り"
    for label, typed in (("返金する金額", "300"), ("理由", "お客様のご希望"), ("銀行コード", "0001"), ("支店コード", "012")):
        desk.fill(label, typed)
    desk.fill("口座番号", "1234567").fill("口座名義", "ﾐﾎﾝ ﾊﾅｺ").press("確認へ進む")
    yield "振込で返金するの確認"
    desk.press("OK")
    page.goto("/staff/payouts")
    yield "振込での返金、予定"
    desk.follow("取りやめる")
    yield "返金の予定を取りやめる"
    page.goto("/staff/payouts/file")
    yield "総合振込のファイルを作る"
    desk.fill("メモ", "今週分").fill("振込指定日", clock.today().isoformat()).press("確認へ進む")
    yield "総合振込のファイルの確認"
    desk.press("OK")
    yield "振込での返金、ファイル"
    page.locator("main a[href*='/payouts/files/']").first.click()
    yield "総合振込のファイル"
    desk.follow("振込不能にする")
    yield "振込不能にする"
    page.go_back()
    desk.follow("銀行が振り込んだので、返金済にする")
    yield "返金済にする"


def unknown_csv(window: Window, colleague: Person) -> Iterator[str]:
    """A wide file of a bank that nobody knows: its columns are chosen, tried and remembered."""
    desk, page = Desk(window).sign_in(colleague), window.page
    header = ",".join(("年月日", "お名前", "入金額", *(f"列の名前{place}" for place in range(2))))
    line = ",".join((clock.today().isoformat(), "ﾐﾎﾝ ﾊﾅｺ", "660", *("0123456789" for _ in range(2))))
    page.goto("/staff/bank/new")
    page.get_by_label("ファイル").set_input_files({"name": "x.csv", "mimeType": "text/csv", "buffer": f"{header}\n{line}\n".encode()})
    desk.press("内容を確かめる")
    yield "CSV の列を選ぶ"
    desk.press("試しに読む")
    yield "CSV の列を選ぶ、誤り"
    desk.fill("銀行の名前", f"みほん銀行 {colleague.login}").press("試しに読む")
    yield "CSV の列を選ぶ、試した"
    desk.press("覚える")
    yield "銀行のファイル（確認）"
    desk.press("OK")
    yield "銀行のファイル、取り込んだ"
    page.goto("/staff/bank/mappings")
    yield "CSV の読み方、1件"


def cancelled_order(mouse: Mouse, login: str) -> str:
    mouse.sign_in(login)
    number = order_again(mouse)
    mouse.page.goto("/contract?watch=no")
    mouse.follow("お申し込みを取り消す").press("OK")
    return number
