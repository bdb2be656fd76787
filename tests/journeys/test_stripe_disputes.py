"""Stripe's own events of refunds made in its dashboard and of disputes: what staff and the customer read, what the books say."""

import json
from itertools import permutations

import pytest

from models import Account, Allocation, Dispute, Order, Payment, Refund
from portal import clock
from portal.actions.payments.comparing import compare
from portal.enums import Method
from portal.formats import date_ja
from tests import steps
from tests.fake_stripe import FakeStripe, disputes, intents
from tests.fake_stripe.browser import ShoppingBrowser
from tests.gateways.test_stripe import sent
from tests.journeys.test_stripe import GOOD, YEN, browser, companies, fake, taken, to_the_charge  # noqa: F401
from tests.staff_desk import a_clerk, sign_in


def deliver(browser: ShoppingBrowser, events: list[dict]) -> None:  # noqa: F811
    """As Stripe does it, each twice."""
    for event in events:
        headers, body = sent(json.loads(json.dumps(event)))
        for _ in range(2):
            browser.post_raw("/notices/card", body, csrf=False, content_type="application/json", headers=headers)
            assert (browser.status, browser.text()) == (200, "ok\n")


@pytest.fixture
def bought(browser: ShoppingBrowser, fake: FakeStripe) -> Payment:  # noqa: F811
    steps.to_the_card_page(browser).enter_card(GOOD).press("OK")
    fake.world.events.clear()
    return Payment.get()


@pytest.fixture
def desk(app, settings) -> ShoppingBrowser:
    return sign_in(ShoppingBrowser(app, settings.public_url, stripe="http://nobody.invalid"), a_clerk())


def back() -> list[int]:
    return [row.yen for row in Allocation.select().where(Allocation.source == "returned").order_by(Allocation.id)]


def check(desk: ShoppingBrowser) -> ShoppingBrowser:
    desk.visit("/staff/attention").follow("内容を確かめ、確認済みにする").fill("理由", "当社で返金した").press("確認へ進む")
    return desk


def differences(companies) -> tuple:  # noqa: F811
    today = clock.today()
    return compare(Method.CARD, companies.card, today, today).differences


def test_a_refund_made_in_stripes_dashboard(bought, browser, fake, desk, companies):  # noqa: F811
    intents.refund(fake.world, {"payment_intent": bought.company_reference, "amount": "500"})
    deliver(browser, fake.world.events)

    assert back() == [-500]
    assert differences(companies) == ()
    assert browser.visit(f"/orders/{Order.get().number}").says("500円")
    assert desk.visit(f"/staff/orders/{Order.get().number}").says("カード会社の側で、この申し込みのお金が動きました")
    check(desk).press("OK（確認済みにする）")
    assert desk.says("確認済みにしました。")
    assert not desk.visit("/staff/attention").says("会社の側で行われた返金")

    intents.fail_refund(fake.world, fake.world.all_of("refund")[0])
    deliver(browser, fake.world.events)
    assert back() == [-500, 500]
    assert desk.visit("/staff/attention").says("カード会社で不成立")
    assert differences(companies) == ()


def test_a_refund_of_ours_is_told_of_by_stripe_too_and_counts_once(bought, browser, fake, desk):  # noqa: F811
    desk.visit(f"/staff/orders/{Order.get().number}/refund").fill("返金する金額", "500").fill("理由", "x").press("確認へ進む").press("OK")
    deliver(browser, fake.world.events)

    assert (back(), Refund.select().count()) == ([-500], 1)


def test_a_dispute_until_it_is_lost(bought, browser, fake, desk, companies, settings):  # noqa: F811
    dispute = disputes.begin(fake.world, bought.company_reference)
    deliver(browser, fake.world.events)
    assert desk.visit("/staff/attention").says("不審請求の申請（チャージバック）に、カード会社の期限までに答える必要があります")
    assert desk.says("本人が使っていない")
    assert desk.says("までに、カード会社の管理画面で答えてください")
    desk.visit(f"/staff/orders/{Order.get().number}/refund")
    assert desk.says("カード会社に不審請求の申請が出ているため、返金できません")
    assert differences(companies) == ()

    disputes.answer(fake.world, dispute)
    disputes.close(fake.world, dispute, "lost")
    deliver(browser, list(reversed(fake.world.events)))
    assert (back(), Dispute.get().state) == ([-YEN], "lost")
    assert differences(companies) == ()
    assert desk.visit("/staff/accounts/new").says("自動更新のお支払いを止めています")
    assert browser.visit(f"/orders/{Order.get().number}").says("お支払いはカード会社が取り消しました", "h1")
    assert browser.says(f"カード会社が{date_ja(clock.today())}に{YEN:,}円を取り戻しました", ".warn")
    assert not browser.says("ご入金を確認しました")
    assert browser.visit("/contract").says("カード会社とのあいだで確認が必要なことがあるため、自動では更新されません")
    check(desk)
    assert desk.says("なし → ")
    desk.press("OK（確認済みにする）")
    assert not Account.get(login="new").is_held
    assert to_the_charge(fake, settings, companies).state == "succeeded"


def test_what_was_taken_back_is_called_paid_nowhere_until_it_is_won(bought, browser, fake, desk):  # noqa: F811
    number, dispute = Order.get().number, disputes.begin(fake.world, bought.company_reference)
    mine = ("/", "/contract", "/history", f"/history/{clock.today().year}.csv", f"/orders/{number}")
    pages = [(browser, path) for path in mine] + [(desk, "/staff/orders"), (desk, f"/staff/orders/{number}")]

    for result, said, other in (("lost", "カード会社が取消", "入金確認済"), ("won", "入金確認済", "カード会社が取消")):
        disputes.close(fake.world, dispute, result)
        for place, event in enumerate(fake.world.events):  # one after the other, however fast this is
            event["created"] = fake.world.events[0]["created"] + place
        deliver(browser, fake.world.events)
        for reader, path in pages:
            reader.visit(path)
            assert reader.says(said), path
            assert not reader.says(other), path


def test_a_held_account_is_not_charged(bought, browser, fake, companies, settings):  # noqa: F811
    disputes.close(fake.world, disputes.begin(fake.world, bought.company_reference), "lost")
    deliver(browser, fake.world.events)

    with pytest.raises((AssertionError, OverflowError, ValueError)):
        to_the_charge(fake, settings, companies)
    assert taken(fake) == [YEN]


def test_a_dispute_that_is_won_moves_nothing_in_whatever_order_it_is_told(bought, browser, fake, desk, companies):  # noqa: F811
    dispute = disputes.begin(fake.world, bought.company_reference)
    disputes.close(fake.world, dispute, "won")
    for place, event in enumerate(fake.world.events):
        event["created"] += place
    for place, order in enumerate(list(permutations(fake.world.events))[::7]):
        Dispute.delete().execute()
        deliver(browser, [event | {"id": f"{event['id']}-{place}"} for event in order])
        assert (Dispute.get().state, back()) == ("won", [])
    assert differences(companies) == ()
    check(desk).press("OK")
    assert not desk.visit("/staff/attention").says("チャージバック")


def test_a_question_of_the_bank_is_shown_and_still_lets_staff_refund(bought, browser, fake, desk):  # noqa: F811
    disputes.begin(fake.world, bought.company_reference, status="warning_needs_response")
    deliver(browser, fake.world.events)

    assert desk.visit("/staff/attention").says("カード会社からの照会")
    desk.visit(f"/staff/orders/{Order.get().number}/refund").fill("返金する金額", "500").fill("理由", "x").press("確認へ進む").press("OK")
    assert back() == [-500]


def test_a_refund_asked_for_while_the_dispute_opens_is_refused_by_stripe_and_never_made(bought, browser, fake, desk):  # noqa: F811
    desk.visit(f"/staff/orders/{Order.get().number}/refund").fill("返金する金額", "500").fill("理由", "x").press("確認へ進む")
    dispute = disputes.begin(fake.world, bought.company_reference)
    desk.press("OK")
    disputes.close(fake.world, dispute, "lost")
    deliver(browser, fake.world.events)

    assert back() == [-YEN]
    assert [refund.state for refund in Refund.select().order_by(Refund.id)] == ["declined", "succeeded"]
