"""The estimate beside the choices: one that the browser has aborted arrives late, and the total on a phone."""

from collections.abc import Callable

from playwright.sync_api import Request, expect

from tests.real.chromium import DESK, PHONE, Window
from tests.real.mouse import Mouse


def test_an_estimate_that_arrives_late_does_not_replace_the_later_choice(window: Callable[..., Window], newcomer: str) -> None:
    one = window()
    mouse = Mouse(one).to_the_form(newcomer)
    sent: list[Request] = []
    mouse.page.on("request", lambda request: sent.append(request) if request.url.endswith("/estimate") else None)
    mouse.choose("36か月")
    expect(mouse.estimate).to_contain_text("35,640円")
    mouse.choose("6か月")
    expect(mouse.estimate).to_contain_text("7,260円")

    late = sent[0]
    headers = {"Content-Type": late.headers["content-type"], "HX-Request": "true", "Referer": mouse.page.url}
    answer = one.context.request.post(late.url, data=late.post_data_buffer, headers=headers)

    assert "まだ反映されていません" in answer.text()
    mouse.page.reload()
    expect(mouse.estimate).to_contain_text("7,260円")


def test_on_a_phone_the_total_stays_in_sight_while_choosing(window: Callable[..., Window], newcomer: str) -> None:
    mouse = Mouse(window(viewport=PHONE)).to_the_form(newcomer)
    total = mouse.page.locator("#sumbar")
    expect(total).to_be_in_viewport()

    mouse.choose("36か月")

    expect(total).to_contain_text("合計 35,640円（税込）")
    expect(total).to_be_in_viewport()
    mouse.page.set_viewport_size(DESK)
    expect(total).to_be_hidden()
