"""Tests of the test instruments: each reaches the program and finds the fault it is meant to find."""

from collections.abc import Callable

import pytest

from portal.actions.accounts.accounts import NotAcceptable
from tests.real.chromium import PHONE, Keyboard, Window
from tests.real.edbrowse import Edbrowse
from tests.real.focus import focused
from tests.real.server import Server
from tests.real.w3m import W3m

BAD_PAGE = """<!doctype html><html lang="ja"><title>x</title><style>a:focus{outline:none} p{font-size:16px}</style>
<p><a href="/">見えない</a></p><input><p style="width:900px">はみ出す</p></html>"""
LINKS = """<!doctype html><html lang="ja"><title>x</title><style>
  .faint:focus{outline:auto #ddd} p{position:relative;width:12em;line-height:2} b{position:absolute;inset:0;background:#fff}</style>
<p>はじめに <a href="/1">二行にわたる長いリンク</a> おわりに</p><p><a href="/2">覆われた</a><b></b></p>
<p><a class="faint" href="/3">うすい</a></p>
<p><a href="/4">ふつう</a></p><p>まず <a href="/5">二行にわたる</a><a href="/6">その次の</a></p></html>"""
BREAK = """setTimeout(() => {
  document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'}));
  nothing();
})"""


def test_a_killed_server_restarts_with_its_data(mortal_server: Server) -> None:
    login = mortal_server.add_account("survivor")

    mortal_server.kill()

    assert not mortal_server.is_healthy()
    assert (mortal_server.folder / "portal.db").exists()
    mortal_server.start()
    with pytest.raises(NotAcceptable, match="すでに使われています"):
        mortal_server.add_account(login)
    assert mortal_server.stop() == 0


@pytest.mark.parametrize("has_script", [True, False])
def test_a_customer_signs_in_by_keyboard(window: Callable[..., Window], keyboard: Callable, newcomer: str, has_script: bool) -> None:
    one = window(viewport=PHONE, java_script_enabled=has_script)
    one.page.goto("/login")

    keyboard(one).fill("ログインID", newcomer).fill("パスワード", "demo-pass").press("ログイン")

    assert one.page.get_by_role("heading", level=1).inner_text() == "コントロールパネル"
    assert one.overflowing() == []


def test_negative_control_each_fault_in_chromium_is_found(window: Callable[..., Window]) -> None:
    one = window(viewport=PHONE)
    one.page.set_content(BAD_PAGE)

    with pytest.raises(AssertionError, match="nobody sees the focus"):
        Keyboard(one.page).tab_to("見えない")
    with pytest.raises(AssertionError, match="never had the focus"):
        Keyboard(one.page).tab_to("ない", limit=1, key="Shift+Tab")
    assert any(finding.startswith("label (critical)") for finding in one.axe())
    assert any("はみ出す" in fault for fault in one.overflowing())
    assert any("見えない" in fault for fault in one.enlarge_text())


def test_negative_control_a_covered_and_a_faint_focus_are_found(window: Callable[..., Window]) -> None:
    one = window(viewport=PHONE)
    one.page.set_content(LINKS)
    found = {}
    for _ in range(6):
        one.page.keyboard.press("Tab")
        focus = focused(one.page)
        found[focus["name"]] = (focus["isMarked"], focus["isCovered"])

    assert found.pop("覆われた")[1]
    assert not found.pop("うすい")[0]
    assert set(found.values()) == {(True, False)}, found
    assert one.page.locator("a").first.evaluate("it => it.getClientRects().length") == 2


def test_negative_control_a_script_error_and_a_foreign_host_are_found(chromium_browser: object, live_server: Server) -> None:
    one = Window(chromium_browser, live_server.url)
    one.page.goto("/login")
    one.page.evaluate(BREAK)
    one.page.wait_for_timeout(300)

    with pytest.raises(AssertionError) as caught:
        one.prove()
    assert "goes to somebody else" in str(caught.value)
    assert "nothing is not defined" in str(caught.value)
    one.close()


def test_edbrowse_reaches_the_contract_form(edbrowse: Edbrowse, newcomer: str) -> None:
    edbrowse.sign_in(newcomer).follow("サーバー契約・更新").press("新規契約のお申し込みへ進む")

    edbrowse.choose("6か月").fill("バックアップの契約期間", "3か月")

    assert "<+>\n6か月" in edbrowse.text or "<+> 6か月" in edbrowse.text
    with pytest.raises(AssertionError, match="shows no 「解約する」"):
        edbrowse.press("解約する")


def test_w3m_reaches_the_contract_page(w3m: W3m, newcomer: str) -> None:
    w3m.sign_in(newcomer)

    assert w3m.says("コントロールパネル")
    assert w3m.follow("サーバー契約・更新").says("サーバーのご契約はまだありません")
