"""What 「サーバー契約・更新」, コントロールパネル and 「今後の予定」 say about the renewal, state by state."""

from datetime import date

import pytest

from models import Mail, Order, PaymentMethod, Subscription
from portal.enums import MailKind
from tests import balance, bank, steps
from tests.browser import Browser
from tests.clock_days import Worker, at

STOP = "自動更新を止める"


@pytest.fixture
def contracted(browser: Browser) -> Browser:
    """A month that ends on 2025-11-30, bought by card on 2025-10-20."""
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser)
    return browser


def signed_in(browser: Browser, address: str = "/contract") -> Browser:
    return steps.go(browser, address)


def test_the_page_names_the_next_charge_with_day_amount_card_retries_and_deadline(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        signed_in(contracted)

    for sentence in (
        "次回のお支払い日 2025年11月5日（水）",
        "次回のお支払い額 1,320円（税込）",
        "お支払い方法 クレジットカード Visa 下4桁 4242",
        "スタンダードプラン 1か月",
        "2025年12月1日（月）から2025年12月31日（水）まで",
        "11月10日、15日、20日、25日、28日に、再手続きします",
        "変更・解除の期限 2025年11月4日（火） 23時59分まで",
        "お手続きは不要です",
    ):
        assert contracted.says(sentence, "#renewal"), sentence
    for label in ("支払い方法をリセットする", "次回ご契約内容を変更する", STOP, "お支払い方法だけを変更する（今は支払わない）"):
        assert contracted.offers(label), label
    assert not contracted.offers("契約更新の操作へ進む")


@pytest.mark.parametrize("address", ["/", "/contract", "/contract/timeline", "/renewal/change", "/renewal/method"])
def test_every_page_that_names_a_charge_says_how_to_stop_it(contracted: Browser, address: str) -> None:
    with at(2025, 10, 21, 10):
        signed_in(contracted, address).follow(STOP)

        assert contracted.h1 == "支払い方法をリセットする"


def test_the_panel_shows_state_end_and_next_charge(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        signed_in(contracted, "/")

    assert contracted.says("2025年11月30日（日）まで ご利用いただけます", "#status")
    assert contracted.says("次回は2025年11月5日（水）に 1,320円 をお支払い、自動で更新されます", "#status")


def test_the_timeline_shows_each_day_and_its_reason(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        signed_in(contracted).follow("今後の予定（お支払い・期限・終了の日）")

    days = [words for words in contracted.text(".line").split("\n") if words.strip()]
    assert contracted.says("2025年10月21日（火） 本日")
    assert contracted.says("お支払いできなかったときの予定", "summary")
    for sentence in (
        "2025年11月4日（火） 変更・解除の期限",
        "2025年11月5日（水） 自動更新のお支払い",
        "2025年11月10日（月） お支払いの再手続き",
        "2025年12月1日（月） 契約終了",
        "2025年12月15日（月） 解約",
        "2025年12月14日（日）までのお支払いの期限を過ぎるため",
    ):
        assert contracted.says(sentence), (sentence, days)


def test_an_option_that_outlasts_the_server_is_shown_as_renewing_later_with_it(browser: Browser) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser, options=True).visit("/contract")

        assert browser.says("2026年1月31日（土）に終わるデバイスセキュリティは、サーバーの自動更新が続けば、自動で更新されます", "#renewal")
        assert browser.says("独自SSL（クイック認証）：サーバーの更新が続けば、2026年10月31日（土）に終了します")
        assert browser.offers("契約更新の操作へ進む")
        assert browser.says("1,760円（税込）", "#renewal")
        browser.visit("/contract/timeline")
        assert browser.says("2026年1月31日（土）に終わるデバイスセキュリティは")


def test_after_the_charge_the_table_shows_the_next_term_and_the_panel_the_one_after(contracted: Browser, worker: Worker) -> None:
    worker.comes(2025, 11, 5, 0, 5)
    with at(2025, 11, 5, 10):
        signed_in(contracted)

        assert contracted.says("次回：2025年12月1日（月）から2025年12月31日（水）まで（お支払い済み）")
        assert contracted.says("次回のご契約はお支払い済みです", "#renewal")
        assert contracted.says("次回のお支払い日 2025年12月5日（金）", "#renewal")
        assert contracted.visit("/").says("2025年12月31日（水）まで ご利用いただけます", "#status")
        assert contracted.says("次回のご契約はお支払い済みです", "#status")


def test_a_declined_charge_shows_its_reason_the_retry_day_and_the_deadline(browser: Browser, worker: Worker) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser, steps.PAYS_ONCE)
    worker.comes(2025, 11, 5, 0, 5)

    with at(2025, 11, 5, 10):
        for address in ("/contract", "/"):
            signed_in(browser, address)
            for sentence in (
                "自動更新のお支払いができませんでした",
                "カード会社の承認が得られませんでした",
                "お金は引き落とされていません",
                "2025年11月10日（月）に、再手続きします",
                "お支払い期限は2025年11月30日（日）までです",
            ):
                assert browser.says(sentence, "#status"), sentence
            assert browser.offers(STOP)
        browser.visit("/contract")
        assert not browser.says("24時間以内にお支払いがない場合")
        assert browser.says("再手続きする日 2025年11月10日（月）", "#renewal")
        browser.follow("お支払い手続きへ")
        assert browser.url == f"/orders/{Order.select().order_by(Order.id.desc()).get().number}/payment"


def test_a_pending_charge_offers_no_payment(browser: Browser, worker: Worker) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser, steps.ANSWER_LOST)
    worker.comes(2025, 10, 20, 11)
    worker.comes(2025, 11, 5, 0, 5)
    with at(2025, 11, 5, 0, 6):
        signed_in(browser)

    assert browser.says("お支払いの結果を確認中です。二重にお支払いいただく必要はありません", "#status")
    for label in ("お支払い手続きへ", "契約更新の操作へ進む"):
        assert not browser.offers(label)


def test_without_auto_renewal_the_page_asks_to_renew_and_names_the_consequences(contracted: Browser) -> None:
    with at(2025, 10, 21, 10):
        signed_in(contracted, "/renewal/reset").press("OK")
        contracted.visit("/contract")

        assert contracted.says("スタンダードプラン：2025年11月30日（日）に終了します。自動更新は設定されていません")
        assert contracted.says("お手続きがない場合は、2025年12月1日（月）に停止し、2025年12月15日（月）に解約となります")
        assert contracted.offers("契約更新の操作へ進む")
        assert not contracted.offers("支払い方法をリセットする")
        contracted.visit("/")
        assert contracted.says("2025年11月30日（日）までに更新のお手続きをしていただくと、途切れずに続きます", "#status")


def test_a_suspended_contract_names_its_last_day_to_pay_and_a_deleted_one_offers_a_new_contract(
    contracted: Browser, worker: Worker
) -> None:
    with at(2025, 10, 21, 10):
        signed_in(contracted, "/renewal/reset").press("OK")
    worker.comes(2025, 12, 1, 0, 5)
    with at(2025, 12, 5, 10):
        signed_in(contracted)
        assert contracted.says("停止中", "table .tag")
        assert contracted.says("サーバーを停止しています。お支払い期限まで あと9日", "#status")
        assert contracted.says(
            "2025年12月1日（月）から停止しています。2025年12月14日（日）までにお支払いいただくと、続けてご利用いただけます"
        )
        assert contracted.offers("契約更新の操作へ進む")
        assert not contracted.offers("新規契約のお申し込みへ進む")
        assert contracted.visit("/").says("停止中")

    for day in (7, 8, 14, 15, 16):
        worker.comes(2025, 12, day, 0, 5)
    with at(2025, 12, 16, 10):
        assert Subscription.get().ended_on == date(2025, 12, 15)
        signed_in(contracted)
        assert contracted.says("スタンダードプランは解約となりました 解約済 2025年12月15日（月）に解約となりました", "#status")
        assert contracted.offers("新規契約のお申し込みへ進む")
        assert contracted.visit("/").says("解約済")
        assert contracted.visit("/contract/timeline").h1 == "サーバー契約・更新"


def test_a_card_expiring_before_the_charge_is_shown_as_such(contracted: Browser) -> None:
    PaymentMethod.update(expires=date(2025, 10, 31)).execute()
    with at(2025, 10, 21, 10):
        signed_in(contracted)

    assert contracted.says("ご登録のカードの有効期限（10/2025）は、お支払い日より前に切れます")


def test_a_customer_without_a_contract_has_no_timeline_and_no_renewal_actions(browser: Browser) -> None:
    browser.sign_in("new")

    for address in ("/contract/timeline", "/renewal/reset", "/renewal/stopped", "/renewal/change", "/renewal/method"):
        assert browser.visit(address).h1 == "サーバー契約・更新", address
    assert balance.states() == []


def test_the_page_says_that_the_charge_waits_for_a_transfer_for_an_option(contracted: Browser, worker: Worker) -> None:
    """Ordered before the charge; still open on the charge day and on the last day of the month."""
    with at(2025, 10, 31, 10):
        steps.open_renewal(signed_in(contracted), "change").choose("サーバーは変更しない").choose("1か月 440円", under=steps.BACKUP)
        contracted.tick(steps.BACKUP_TERMS).press("お支払い方法選択へ")
        steps.by_transfer(contracted).press("OK")
    worker.comes(2025, 11, 5, 0, 5)
    worker.comes(2025, 11, 6, 0, 5)

    with at(2025, 11, 6, 10):
        signed_in(contracted)

    assert Order.select().where(Order.kind == "auto").count() == 0
    assert contracted.says("結果を待っています。それまで、この自動更新のお支払いは行いません")
    assert contracted.says("次回のお支払い日 2025年11月10日（月）")
    assert contracted.says("お振込待ち")


def test_a_change_of_the_server_alone_leaves_the_options_to_their_charge_and_every_page_says_so(browser: Browser) -> None:
    """Nothing that renews by itself is paid now unless it is chosen: 変更しない stands there."""
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser, options=True)
    with at(2025, 10, 21, 10):
        steps.open_renewal(steps.go(browser, "/contract"), "change")
        assert browser.is_chosen("変更しない", under=steps.BACKUP)
        assert not browser.says("今回は更新しない")
        browser.choose("3か月 3,795円").press("お支払い方法選択へ")
        steps.by_transfer(browser).press("OK")

        browser.visit("/contract")

    assert browser.says("そちらのお支払いが済むと、この自動更新のお支払いは、バックアップオプションの440円になります。")


def test_the_notice_of_a_charge_names_the_order_that_it_waits_for(browser: Browser, worker: Worker) -> None:
    with at(2025, 10, 20, 10):
        steps.buy_a_month(browser, options=True)
    with at(2025, 10, 28, 10):
        steps.open_renewal(steps.go(browser, "/contract"), "change").choose("3か月 3,795円").press("お支払い方法選択へ")
        steps.by_transfer(browser).press("OK")
    number = Order.get(Order.state == "placed").number

    worker.comes(2025, 10, 29, 0, 5)

    notice = Mail.get(Mail.kind == MailKind.RENEWAL_NOTICE).body
    assert f"お申し込み {number}（銀行振込）の結果が出るまで、この自動更新のお支払いは行いません。" in notice
    assert "そのお申し込みのお支払いが済むと、この自動更新のお支払いは、バックアップオプションの440円になります。" in notice
    assert "お手続きは不要です" not in notice
    worker.comes(2025, 11, 5, 0, 5)
    assert not Order.select().where(Order.kind == "auto").exists(), "it waits"
    with at(2025, 11, 6, 10):
        bank.pay_in(Order.get(Order.number == number), on=date(2025, 11, 6))
    worker.comes(2025, 11, 10, 0, 5)
    assert Order.get(Order.kind == "auto").total_yen == 440
