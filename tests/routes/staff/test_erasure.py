"""個人データの消去 by staff: not before the law's time is over, with what stays and why, once."""

from datetime import date

import pytest

from models import Account, Event, Invoice, Mail, PaymentMethod, Subscription
from portal.actions.renewals import closing
from tests.browser import Browser
from tests.passes import run_job
from tests.purchase import CATALOG, Shop

OK = "OK（個人データを消去する）"
OVER = date(2015 + CATALOG.retention.records_years + 1, 1, 1)


@pytest.fixture
def leaver(catalog, books, companies, settings, business_day) -> Account:
    """Bought a year in November 2014, was closed, and ended in December 2015."""
    business_day(date(2014, 11, 22))
    Shop(catalog, books, companies.card).buy("leaver")
    closing.close(Account.by_login("leaver"), "staff keiri", "消本様のご希望", CATALOG)
    for day in (date(2015, 12, 1), date(2015, 12, 16), date(2015, 12, 17)):
        business_day(day)
        run_job("billing", settings, companies)
    run_job("detach", settings, companies)
    assert not Subscription.select().where(Subscription.ended_on.is_null()).exists()
    return Account.by_login("leaver")


def test_who_left_is_erased_once_and_the_page_says_what_stays_and_why(desk: Browser, leaver: Account, business_day) -> None:
    business_day(OVER)
    desk.visit("/staff/accounts/leaver").follow("個人データの消去")
    for words in (
        "元に戻せません",
        f"{Mail.select().count()}通のメールの件名、宛先、本文",
        "1件の申し込みの番号、商品、金額、日付",
        "帳簿の合計を変えないため",
        "1枚の領収書など：だれにも書きかえられないように残すため、宛名もそのまま",
    ):
        assert desk.says(words), words
    tab = desk.new_tab()

    assert desk.press(OK).says("個人データを消去しました")
    assert tab.press(OK).says("個人データを消去しました"), "pressed twice"
    assert Account.get_by_id(leaver.id).name == "（消去済み）"
    assert Invoice.select().count() == 1
    erased = Event.get(Event.to_state == "erased")
    assert (erased.actor, erased.reason) == ("staff keiri", "保存期間を過ぎた")
    assert desk.visit("/staff/accounts/leaver").status == 404


@pytest.mark.parametrize(
    ("day", "change", "why"),
    [
        (date(OVER.year - 1, 12, 31), None, "税法が求める保存期間が、まだ終わっていません"),
        (OVER, lambda: Subscription.update(ended_on=None).execute(), "契約が続いているか、停止中です"),
    ],
)
def test_nobody_is_erased_too_early(desk: Browser, leaver: Account, business_day, day, change, why) -> None:
    business_day(day)
    if change:
        change()

    assert desk.visit("/staff/accounts/leaver/erasure").says(f"いまは消去できません。{why}")
    assert not desk.offers(OK)
    desk.post_raw("/staff/accounts/leaver/erasure", {"account": str(leaver.id)})
    assert desk.status == 409
    assert Account.by_login("leaver").name == "見本 新"


def test_what_has_changed_since_the_look_is_shown_again(desk: Browser, leaver: Account, business_day) -> None:
    business_day(OVER)
    desk.visit("/staff/accounts/leaver/erasure")
    Account.update(name="消本 次郎").where(Account.id == leaver.id).execute()

    desk.press(OK)

    assert (desk.status, desk.says("消本 次郎")) == (409, True)


def test_a_card_that_is_left_is_given_to_its_company_first(desk: Browser, leaver: Account, business_day) -> None:
    PaymentMethod.update(state="active", token="still-there", token_hash="x" * 64).execute()
    business_day(OVER)

    assert desk.visit("/staff/accounts/leaver/erasure").press(OK).says("カード・おさいぽ!の削除を、その会社に依頼しました")
    assert (PaymentMethod.get().state, Account.by_login("leaver").name) == ("detaching", "見本 新")
