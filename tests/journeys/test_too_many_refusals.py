"""After too many refusals the page says how long to wait, and leads to the transfer in one press."""

import pytest

from models import Account, CountedTry, Order
from portal import clock
from portal.rules.accounts.limits import Limited
from tests import steps
from tests.browser import Browser

WAIT = "続けて承認されなかったため、1時間お待ちください。銀行振込ではいまお申し込みいただけます。"


@pytest.fixture
def refused(browser: Browser, newcomer: Account) -> Browser:
    """An order whose card was refused; four other tries were before it."""
    tried(newcomer, Limited.PAYMENT, 4)
    return steps.pay(browser, card=steps.REFUSED)


def tried(account: Account, kind: Limited, times: int) -> None:
    about = {"kind": kind, "who": f"account {account.id}", "network": "198.51.100.1", "at": clock.real_now()}
    CountedTry.insert_many([about] * times).execute()


def test_after_the_fifth_refusal_the_pages_say_how_long_and_offer_the_transfer(refused: Browser) -> None:
    assert refused.says(WAIT)
    assert refused.visit("/contract").says(WAIT)
    assert refused.visit(f"/orders/{Order.get().number}/payment").says(WAIT, ".warn")
    refused.press("クレジットカード情報入力")

    assert (refused.status, refused.h1) == (429, "しばらくお待ちください")
    assert refused.says(WAIT)
    assert 3_500 < int(refused.headers["Retry-After"]) <= 3_600

    refused.follow("銀行振込で申し込む").press("OK")
    assert refused.h1 == "お申し込みを受け付けました"
    assert refused.says("お振込待ち")
    assert Order.get().method == "bank"


def test_ok_on_a_card_that_was_typed_before_the_last_refusal_takes_nothing(browser: Browser, newcomer: Account) -> None:
    steps.to_the_confirmation(browser)
    tried(newcomer, Limited.PAYMENT, 5)
    browser.press("OK")

    assert browser.status == 429
    assert browser.says(WAIT)
    assert Order.get().is_draft
    assert browser.follow("銀行振込で申し込む").h1 == "お申し込みの最終確認"


def test_twenty_visits_to_a_company_are_opened_in_an_hour(browser: Browser, newcomer: Account) -> None:
    steps.to_the_payment(browser)
    tried(newcomer, Limited.VISIT, 20)
    browser.press("クレジットカード情報入力")

    assert browser.status == 429
    assert browser.says("カード・おさいぽ!の画面を続けて開かれたため、1時間お待ちください。銀行振込ではいまお申し込みいただけます。")
