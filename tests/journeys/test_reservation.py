"""次回の自動更新から変更する（今は支払わない）."""

import pytest

from models import Confirmation, Reservation, Subscription
from portal.sandbox.books import Books
from tests import balance, steps
from tests.browser import Browser
from tests.clock_days import Worker, at

WAY = "次回の自動更新から変更する（今は支払わない）"
OK = "OK（この内容で次回の自動更新を予約する）"


@pytest.fixture
def contracted(browser: Browser) -> Browser:
    """Server and backup for a month that ends on 2025-11-30, devices until 2026-01-31, a certificate."""
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser, options=True)
    return browser


def to_the_form(browser: Browser) -> Browser:
    return steps.go(browser, "/renewal/change").follow(WAY)


def to_the_final_screen(browser: Browser) -> Browser:
    to_the_form(browser).choose("12か月 13,200円").choose("更新しない", under=steps.BACKUP)
    return browser.press("最終確認へ進む")


def test_the_form_starts_with_the_contents_of_the_next_charge(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        to_the_form(contracted)

    assert contracted.h1 == "次回の自動更新から変更する"
    assert contracted.is_chosen("1か月 1,320円")
    assert contracted.says("次回のお支払い 2025年11月5日（水）（クレジットカード）", "#estimate")
    assert contracted.says("お支払い総額1,760円", "#estimate")
    assert contracted.says("この自動更新の対象ではないため、ここでは変更できません")
    for untrue in ("今回は更新しない", "お支払い方法でクレジットカード・おさいぽ!を選ぶと"):
        assert not contracted.says(untrue), "a choice that is not there"


def test_all_mistakes_are_shown_at_once(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        to_the_form(contracted).press("最終確認へ進む", forged={"months": "5"})

    assert contracted.status == 422
    assert contracted.says("契約期間を選んでください", ".errors")
    assert contracted.says("バックアップオプションの特約への同意が必要です", ".errors")


def test_what_the_next_charge_leaves_out_is_nowhere_said_to_renew(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        assert steps.go(contracted, "/contract").text("#terms tbody tr:nth-child(3) td:last-child") == "あり"
        to_the_final_screen(contracted).press(OK)

        assert contracted.visit("/contract").text("#terms tbody tr:nth-child(3) td:last-child") == "あり（次回は更新されません）"
        assert contracted.visit("/backup").says("オン（次回は更新されません）：バックアップオプション：2025年11月30日（日）に終了します")


def test_a_charge_of_an_option_alone_cannot_be_reserved_with_nothing_in_it(browser: Browser) -> None:
    with at(2025, 10, 20, 10):
        steps.to_the_form(browser).choose("12か月 13,200円").tick(steps.SERVER_TERMS)
        browser.choose("1か月", under=steps.BACKUP).tick(steps.BACKUP_TERMS).press("お支払い方法選択へ")
        steps.enter_card(browser.press("クレジットカード情報入力")).press("OK")
    with at(2025, 10, 21, 10):
        to_the_form(browser).choose("更新しない", under=steps.BACKUP).press("最終確認へ進む")

    assert browser.status == 422
    assert browser.says("何も選ばれていません", ".errors")


def test_a_reservation_is_charged_on_the_charge_day_and_not_before(contracted: Browser, worker: Worker, books: Books) -> None:
    with at(2025, 10, 21, 10):
        to_the_final_screen(contracted)
        assert contracted.h1 == "次回の自動更新の最終確認"
        for sentence in (
            "次回のお支払い総額13,200円",
            "今回のお支払い ありません",
            "2025年11月5日（水）に、13,200円（税込）をお支払いいただきます",
            "バックアップオプション：2025年11月30日（日）に終了します",
            "11月10日、15日、20日、25日、28日に、同じ内容で再手続きします",
            "2025年11月4日（火） 23時59分まで、「サーバー契約・更新」で変更・取り消し・解除ができます",
        ):
            assert contracted.says(sentence), sentence
        assert not Reservation.select().exists()
        contracted.press(OK)

        assert (contracted.url, contracted.h1) == ("/contract", "サーバー契約・更新")
        assert contracted.says("次回の自動更新の内容を予約しました")
        assert contracted.says("次回のお支払い額 13,200円（税込）", "#renewal")
        assert contracted.says("バックアップオプション 更新しない", "#renewal")
    assert "次回のお支払い総額" in Confirmation.get(Confirmation.about == "reservation").content
    assert balance.asked(books) == 1

    worker.comes(2025, 11, 5, 0, 5)
    assert balance.taken(books)[-1] == 13_200


def test_a_reservation_can_be_undone_until_the_deadline(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        to_the_final_screen(contracted).press(OK)
    with at(2025, 11, 4, 23, 59, 59):
        steps.go(contracted, "/contract").follow("予約を取り消す")
        assert contracted.says("次回のお支払い額 1,760円（税込）"), "as it is charged after the undo"
        assert contracted.offers("自動更新を止める")
        tab = contracted.new_tab()
        contracted.press("OK（予約を取り消す）")
        assert contracted.says("予約を取り消しました")
        assert contracted.says("次回のお支払い額 1,760円（税込）", "#renewal")
        tab.press("OK（予約を取り消す）")
        assert tab.h1 == "サーバー契約・更新"
        to_the_final_screen(contracted).press(OK)
        late = steps.go(contracted, "/renewal/reservation/undo").new_tab()
    with at(2025, 11, 5, 0, 0, 1):
        late.press("OK（予約を取り消す）")
        assert late.says("予約は変更されていません")
    assert Reservation.select().exists()


def test_after_the_deadline_the_form_and_an_open_confirmation_are_closed(contracted: Browser) -> None:
    with at(2025, 11, 4, 23, 59, 59):
        tab = to_the_final_screen(contracted).new_tab()
    with at(2025, 11, 5, 0, 0, 1):
        tab.press(OK)

        assert tab.h1 == "次回ご契約内容を変更する"
        assert tab.says("変更の期限（2025年11月4日（火） 23時59分）を過ぎたため")
        assert tab.visit("/renewal/reservation").h1 == "次回ご契約内容を変更する"
    assert not Reservation.select().exists()


def test_the_form_shows_the_existing_reservation(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        to_the_final_screen(contracted).press(OK)
        to_the_form(contracted)

        assert contracted.is_chosen("12か月 13,200円")


def test_ok_pressed_twice_reserves_once(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        tab = to_the_final_screen(contracted).new_tab()
        contracted.press(OK)
        tab.press(OK)

        assert tab.h1 == "サーバー契約・更新"
    assert Confirmation.select().where(Confirmation.about == "reservation").count() == 1


def test_a_confirmation_outdated_meanwhile_is_shown_again(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        to_the_final_screen(contracted).press(OK, forged={"months": "1"})

        assert (contracted.status, contracted.h1) == (409, "次回の自動更新の最終確認")
        assert contracted.says("まだ予約されていません")
    assert not Reservation.select().exists()


def test_going_back_from_the_confirmation_keeps_the_choices(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        to_the_final_screen(contracted).press("内容を変更する")

        assert contracted.h1 == "次回の自動更新から変更する"
        assert contracted.is_chosen("12か月 13,200円")


@pytest.mark.parametrize("wrong", [{"months": "5"}, {"months": ""}, {"backup": "x"}, {"months": "🍣"}])
def test_choices_not_on_offer_are_refused_in_japanese_and_change_nothing(contracted: Browser, wrong: dict) -> None:
    with at(2025, 10, 21, 10):
        to_the_form(contracted).press("最終確認へ進む", forged=wrong)

        assert (contracted.status, contracted.h1) == (422, "次回の自動更新から変更する")
        assert contracted.says("件の誤りがあります", ".errors")
    assert not Reservation.select().exists()


def test_a_reset_drops_the_reservation(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        to_the_final_screen(contracted).press(OK)
        contracted.visit("/renewal/reset")
        assert contracted.says("予約した次回の更新内容は、取り消されます")
        contracted.press("OK")

    assert not Reservation.select().exists()
    assert not Subscription.select().where(Subscription.renews).exists()


def test_after_a_reset_in_another_tab_nothing_can_be_reserved(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        tab = to_the_final_screen(contracted).new_tab()
        tab.visit("/renewal/reset").press("OK")
        contracted.press(OK)

        assert contracted.h1 == "サーバー契約・更新"
    assert not Reservation.select().exists()
