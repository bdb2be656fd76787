"""The last thing that the customer sent counts: late estimates, two tabs, and content that changed on the way to the final screen."""

import pytest

from models import Order
from portal.sandbox.books import Books
from tests import balance, steps
from tests.browser import Browser

HALF_A_YEAR, THREE_YEARS = "6か月 7,260円", "36か月 35,640円"
ELSEWHERE = "この画面を開いたあとで、ほかの画面から内容が変更されました"


@pytest.fixture
def form(browser: Browser) -> Browser:
    return steps.to_the_form(browser).tick(steps.SERVER_TERMS)


def sent_at(form: Browser, moment: int) -> Browser:
    """As portal.js notes it."""
    form.page.soup.select_one("#sent")["value"] = str(moment)
    return form


def months() -> str:
    return Order.get().choices["months"]


def test_an_aborted_estimate_that_arrives_late_does_not_replace_the_later_choice(form: Browser, books: Books) -> None:
    late = sent_at(form.new_tab().choose(THREE_YEARS), 1_000)
    assert sent_at(form.choose(HALF_A_YEAR), 2_000).htmx("#choices").says("7,260円")

    assert late.htmx("#choices").says(ELSEWHERE), "answered"
    assert months() == "6", "and not kept"
    sent_at(form, 3_000).press("お支払い方法選択へ")
    late.htmx("#choices")

    assert form.says("7,260円")
    steps.enter_card(form.press("クレジットカード情報入力")).press("OK（この内容で申し込み、7,260円を支払う）")
    assert balance.taken(books) == [7_260]


def test_an_estimate_that_arrives_late_does_not_undo_a_return_to_the_stored_choice(form: Browser) -> None:
    late = sent_at(form.new_tab().choose(THREE_YEARS), 2_000)
    sent_at(form.choose(HALF_A_YEAR), 1_000).htmx("#choices")
    sent_at(form, 3_000).htmx("#choices")

    late.htmx("#choices")

    assert months() == "6"


def test_estimates_in_the_order_in_which_they_were_sent_are_all_kept(form: Browser) -> None:
    for moment, (label, kept) in enumerate(((THREE_YEARS, "36"), (HALF_A_YEAR, "6"), (THREE_YEARS, "36"))):
        sent_at(form.choose(label), 1_000 + moment)
        assert not form.htmx("#choices").says(ELSEWHERE)
        assert months() == kept


def test_a_form_of_an_old_tab_says_that_the_content_changed_elsewhere_and_keeps_what_was_typed(form: Browser) -> None:
    old = form.new_tab().choose(THREE_YEARS).tick(steps.SERVER_TERMS)
    form.visit(form.url).choose(HALF_A_YEAR).press("金額を再計算する")

    old.press("お支払い方法選択へ")

    assert (old.status, old.h1) == (409, "契約内容の選択")
    assert old.says(ELSEWHERE)
    assert old.is_chosen(THREE_YEARS)
    assert months() == "6"
    old.press("お支払い方法選択へ")
    assert old.h1 == "お支払い方法"
    assert old.says("35,640円")


def test_without_script_a_page_reached_by_back_can_be_sent_again(form: Browser) -> None:
    form.choose(THREE_YEARS).press("お支払い方法選択へ").back()

    form.choose(HALF_A_YEAR).press("お支払い方法選択へ")

    assert form.h1 == "お支払い方法"
    assert months() == "6"


def change_in_another_tab(form: Browser) -> None:
    form.new_tab().visit(f"/orders/{Order.get().number}").choose(THREE_YEARS).press("金額を再計算する")


@pytest.mark.parametrize("way", ["card", "wallet", "bank"])
def test_a_final_screen_with_other_content_than_the_page_before_says_so(form: Browser, way: str) -> None:
    form.press("お支払い方法選択へ")
    if way == "bank":
        form.choose("銀行振込", under="お支払い方法").press("選んだ方法の説明を見る").press("お支払い")
        assert not form.says("お支払い方法の画面を表示したあとで、内容が変わりました")
        change_in_another_tab(form)
        form.reload()
    elif way == "card":
        change_in_another_tab(form)
        steps.enter_card(form.press("クレジットカード情報入力"))
    else:
        form.choose("おさいぽ!", under="お支払い方法").press("選んだ方法の説明を見る").press("お支払い")
        change_in_another_tab(form)
        steps.link_wallet(form).press("おさいぽ!ポイントから支払う")

    assert (form.status, form.h1) == (200, "お申し込みの最終確認")
    assert form.says("お支払い方法の画面を表示したあとで、内容が変わりました")
    assert form.says("35,640円")
