"""Who forgot the password is back within two minutes, without the company: the real worker mails the link."""

import time
from collections.abc import Callable

from playwright.sync_api import expect

from tests.real.chromium import Window
from tests.real.mouse import Mouse

NEW = "川べりの ねこ 7匹"


def test_a_forgotten_password_costs_six_presses_and_the_new_one_can_be_looked_at(window: Callable[..., Window], newcomer: str) -> None:
    started, here = time.monotonic(), window()
    mouse, page = Mouse(here), here.page
    page.goto("/login")
    mouse.follow("パスワードを忘れたとき").fill("ログインIDまたはメールアドレス", newcomer).press("リンクをメールで送る")
    letter = window().page
    letter.goto("/demo/mails")
    mine = letter.get_by_role("listitem").filter(has_text=newcomer).filter(has_text="送信済").get_by_role("link", name="パスワードの再設定")
    while mine.count() == 0 and time.monotonic() - started < 60:
        letter.wait_for_timeout(500)
        letter.reload()
    mine.first.click()
    page.goto(letter.locator("a[href*='/password/']").first.get_attribute("href"))

    field, shown = page.get_by_label("新しいパスワード", exact=True), page.get_by_role("button", name="パスワードを表示する")
    field.fill(NEW)
    assert (field.get_attribute("type"), shown.get_attribute("aria-pressed")) == ("password", "false")
    shown.click()
    expect(field).to_be_focused()
    assert (field.get_attribute("type"), field.input_value(), shown.get_attribute("aria-pressed")) == ("text", NEW, "true")
    shown.click()
    assert field.get_attribute("type") == "password"
    shown.click()
    field.evaluate("it => it.form.addEventListener('submit', () => { localStorage.typedAs = it.type })")
    mouse.press("このパスワードにする")
    assert page.evaluate("localStorage.typedAs") == "password", "no browser keeps it as typed text"

    mouse.follow("ログインへ").fill("ログインID", newcomer).fill("パスワード", NEW).press("ログイン")
    assert mouse.heading == "コントロールパネル"
    assert time.monotonic() - started < 120
