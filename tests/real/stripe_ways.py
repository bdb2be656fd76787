"""Every way that touches a card, as a customer goes it with Stripe. guide_by_card.py has the table of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from models import Account, Mail, Order, Payment, PaymentMethod, RenewalSetting, Subscription
from portal import clock
from portal.actions.payments import refunds
from portal.actions.payments.refundable import refundable
from portal.enums import MailKind
from portal.gateways.companies import Companies
from portal.runtime.settings import Settings
from tests import steps
from tests.factories import a_confirmed_domain
from tests.fake_stripe import FakeStripe
from tests.fake_stripe.browser import ShoppingBrowser
from tests.passes import detach_due, run_job
from tests.purchase import Shop
from tests.real.programs import Pointer

GOOD, ASKS, REFUSED, EXPIRED = "4242424242424242", "4000000000003220", "4000000000000341", "4000000000000069"
PAYS_ONCE, WANTS_ITS_HOLDER = "4000000000009995", "4000002760003184"
BOUGHT, CHARGED = date(2026, 11, 10), date(2026, 12, 5)
PAID = "お支払いが完了しました"
YEAR, MONTH = 13_200, 1_320


@dataclass
class Stand:
    """`hand`: Chromium, signed in by nobody yet. `before`: the same customer without a browser, for what happened earlier."""

    hand: Pointer
    before: ShoppingBrowser
    fake: FakeStripe
    settings: Settings
    companies: Companies
    shop: Shop
    turn: Callable[[date], None]

    @property
    def taken(self) -> list[int]:
        return [charge["amount"] for charge in self.fake.world.all_of("charge")]

    def bought(self, number: str = GOOD, *, options: bool = False) -> "Stand":
        """A month on 2026-11-10, until the end of December; it renews by this card."""
        self.turn(BOUGHT)
        steps.to_the_form(self.before).choose("1か月 1,320円").tick(steps.SERVER_TERMS)
        if options:
            self.before.choose("1か月", under=steps.BACKUP).choose("3か月", under=steps.DEVICE).fill("台数", "2")
            self.before.tick(steps.BACKUP_TERMS).tick(steps.DEVICE_TERMS)
        self.before.press("お支払い方法選択へ").press("クレジットカード情報入力").enter_card(number).press("OK")
        assert self.before.h1 == PAID
        return self

    def charged(self) -> "Stand":
        """The worker comes on the charge day."""
        self.turn(CHARGED)
        run_job("billing", self.settings, self.companies)
        return self

    def signed_in(self, address: str = "/contract") -> Pointer:
        return self.hand.sign_in("new").open(address)


def enter(hand: Pointer, number: str = ASKS) -> Pointer:
    """At Stripe's page, with 3-D Secure where the card asks for it."""
    hand.fill("カード番号", number).fill("有効期限", "12/98").press("保存する")
    return hand.press("認証する") if hand.heading == "本人認証" else hand


def pay(hand: Pointer, number: str = ASKS) -> Pointer:
    """From お支払い方法 to the answer of [OK]."""
    return enter(hand.press("クレジットカード情報入力"), number).press("OK")


def is_paid(hand: Pointer) -> None:
    assert hand.heading == PAID
    hand.follow("サーバー契約・更新へ")
    assert hand.says("入金確認済")


# -- a new contract --------------------------------------------------------------------------------------------------------


def new_contract(stand: Stand) -> None:
    hand = stand.hand.sign_in("new").follow("サーバー契約・更新").press("新規契約のお申し込みへ進む")
    hand.choose("12か月 13,200円").tick(steps.SERVER_TERMS).press("お支払い方法選択へ").choose("クレジットカード")
    is_paid(pay(hand))
    assert stand.taken == [YEAR]


def new_contract_with_options(stand: Stand) -> None:
    hand = stand.hand.to_the_form("new").choose("12か月 13,200円").choose("クイック認証")
    hand.select(steps.BACKUP, "12か月").select(steps.DEVICE, "12か月").fill("台数", "3")
    for terms in (steps.SERVER_TERMS, steps.SSL_TERMS, steps.BACKUP_TERMS, steps.DEVICE_TERMS):
        hand.tick(terms)
    is_paid(pay(hand.press("お支払い方法選択へ")))
    assert stand.taken == [Order.get().total_yen]
    assert {str(each.product): each.renews for each in Subscription.select()} == {
        "server": True, "ssl": False, "backup": True, "device": True,
    }  # fmt: skip


def holder_not_proved(stand: Stand) -> None:
    """3-D Secure fails; the customer gives up, reads that no card was entered, and comes back with the card proved."""
    hand = stand.hand.to_the_payment("new").press("クレジットカード情報入力")
    hand.fill("カード番号", ASKS).fill("有効期限", "12/98").press("保存する").press("認証しない")
    assert hand.says("本人認証ができませんでした")
    hand.follow("戻る")
    assert hand.heading == "カード情報の入力が終わっていません"
    assert stand.taken == []
    hand.open(f"/orders/{Order.get().number}/payment")
    is_paid(pay(hand))
    assert stand.taken == [YEAR]


def entry_cancelled(stand: Stand) -> None:
    hand = stand.hand.to_the_payment("new").press("クレジットカード情報入力").follow("戻る")
    assert hand.heading == "カード情報の入力が終わっていません"
    assert (stand.taken, PaymentMethod.select().count()) == ([], 0)


def card_refused(stand: Stand) -> None:
    hand = pay(stand.hand.to_the_payment("new"), REFUSED)
    assert hand.says("カード会社の承認が得られませんでした")
    assert stand.taken == []
    pay(hand.open(f"/orders/{Order.get().number}/payment"), EXPIRED)
    assert hand.says("有効期限")
    assert stand.taken == []
    is_paid(pay(hand.open(f"/orders/{Order.get().number}/payment"), GOOD))
    assert stand.taken == [YEAR]


# -- renewals --------------------------------------------------------------------------------------------------------------


def renewal_by_itself(stand: Stand) -> None:
    hand = stand.bought().signed_in()
    for words in ("次回ご契約内容を更新する", "お手続きは不要です", "Visa 下4桁 4242", "2026年12月5日（土）"):
        assert hand.says(words), words
    stand.charged()
    hand.open("/contract")
    assert hand.says("2027年1月1日（金）から2027年1月31日（日）まで（お支払い済み）")
    assert stand.taken == [MONTH, MONTH]


def renewal_by_hand(stand: Stand) -> None:
    """支払い方法をリセットする, and then a card again, with which it renews by itself again."""
    hand = stand.bought().signed_in().follow("支払い方法をリセットする").press("OK")
    assert not RenewalSetting.select().exists()
    detach_due(stand.companies)
    assert [customer.get("deleted") for customer in stand.fake.world.all_of("customer")] == [True]
    is_paid(pay(hand.open("/contract").press("契約更新の操作へ進む").press("お支払い方法選択へ")))
    assert hand.says("次回のお支払い日")
    assert stand.taken == [MONTH, MONTH]
    assert RenewalSetting.get().payment_method.last4 == "3220"


def another_period(stand: Stand) -> None:
    hand = stand.bought().signed_in().follow("次回ご契約内容を変更する").press("契約期間を変更する")
    hand.choose("12か月 13,200円").press("お支払い方法選択へ")
    assert hand.says("クレジットカード")
    is_paid(pay(hand))
    assert stand.taken == [MONTH, YEAR]


def too_late_to_change(stand: Stand) -> None:
    """From the 5th of the month on."""
    stand.bought().turn(CHARGED)
    hand = stand.signed_in("/renewal/change")
    assert hand.says("変更・解除の期限")
    assert not hand.offers("契約期間を変更する")


def charge_refused_and_paid(stand: Stand) -> None:
    stand.bought(PAYS_ONCE).charged()
    hand = stand.signed_in()
    assert hand.says("自動更新のお支払いができませんでした")
    is_paid(pay(hand.follow("お支払い手続きへ")))
    assert stand.taken == [MONTH, MONTH]


def asked_by_the_bank(stand: Stand) -> Pointer:
    """The mail of the refused charge leads to the page that leads to the bank's."""
    stand.bought()
    stand.fake.world.all_of("payment_method")[0]["number"] = WANTS_ITS_HOLDER
    stand.charged()
    address = f"/renewal/authentication/{Payment.select().order_by(Payment.id.desc()).get().order.number}"
    assert address in Mail.get(Mail.kind == MailKind.RENEWAL_FAILED).body
    return to_the_bank(stand.signed_in(address))


def to_the_bank(hand: Pointer) -> Pointer:
    hand.press("本人認証へ進む").follow("カード会社の本人認証のページを開く")
    assert hand.heading == "本人認証"
    return hand


def charge_proved(stand: Stand) -> None:
    is_paid(asked_by_the_bank(stand).press("認証する"))
    assert stand.taken == [MONTH, MONTH]


def charge_not_proved(stand: Stand) -> None:
    hand = asked_by_the_bank(stand).press("認証しない")
    assert hand.says("本人認証ができなかったため、お支払いは行われていません")
    assert stand.taken == [MONTH]
    number = Order.get(Order.kind == "auto").number
    is_paid(to_the_bank(hand.open(f"/renewal/authentication/{number}")).press("認証する"))
    assert stand.taken == [MONTH, MONTH]


# -- the method ------------------------------------------------------------------------------------------------------------


def another_card(stand: Stand) -> None:
    hand = stand.bought().signed_in().follow("お支払い方法だけを変更する（今は支払わない）").choose("クレジットカード").press("次へ進む")
    enter(hand).press("OK")
    assert hand.says("お支払い方法を変更しました。今回のお支払いは行われていません")
    assert hand.says("Visa 下4桁 3220")
    assert stand.charged().taken == [MONTH, MONTH]
    assert stand.fake.world.all_of("charge")[1]["payment_method"] != stand.fake.world.all_of("charge")[0]["payment_method"]


def another_card_not_proved(stand: Stand) -> None:
    hand = stand.bought().signed_in("/renewal/method").choose("クレジットカード").press("次へ進む")
    hand.fill("カード番号", ASKS).fill("有効期限", "12/98").press("保存する").press("認証しない").follow("戻る")
    assert RenewalSetting.get().payment_method.last4 == "4242"
    assert hand.open("/contract").says("Visa 下4桁 4242")


def from_card_to_wallet(stand: Stand) -> None:
    hand = stand.bought().signed_in().follow("お支払い方法だけを変更する（今は支払わない）").choose("おさいぽ!")
    hand.select("自動更新日", "毎回 15日").press("次へ進む").enter_wallet().press("OK")
    assert hand.says("お支払い方法を変更しました")
    assert stand.charged().taken == [MONTH]
    detach_due(stand.companies)
    assert [customer.get("deleted") for customer in stand.fake.world.all_of("customer")] == [True]


def from_wallet_to_card(stand: Stand) -> None:
    stand.turn(BOUGHT)
    steps.buy_a_month_by_wallet(stand.before)
    hand = stand.signed_in().follow("お支払い方法だけを変更する（今は支払わない）").choose("クレジットカード").press("次へ進む")
    enter(hand).press("OK")
    assert hand.says("Visa 下4桁 3220")
    assert stand.charged().taken == [MONTH]


def from_card_to_transfer(stand: Stand) -> None:
    hand = (
        stand.bought().signed_in().follow("支払い方法をリセットする").press("OK").press("契約更新の操作へ進む").press("お支払い方法選択へ")
    )
    hand.take("銀行振込").press("お支払い").press("OK")
    assert hand.says("テスト銀行")
    assert stand.charged().taken == [MONTH]


def from_transfer_to_card(stand: Stand) -> None:
    """The order that waits for a transfer is paid by card instead; from then on it renews by itself."""
    stand.turn(BOUGHT)
    steps.order_by_transfer(stand.before)
    hand = stand.signed_in(f"/orders/{Order.get().number}/payment").take("クレジットカード")
    is_paid(pay(hand))
    assert stand.taken == [YEAR]
    assert Subscription.get().renews


# -- options ---------------------------------------------------------------------------------------------------------------


def backup_added_and_switched_on(stand: Stand) -> None:
    hand = stand.bought().signed_in("/backup").select("契約期間", "1か月").tick(steps.BACKUP_TERMS).press("お支払い方法選択へ")
    assert pay(hand).heading == PAID
    hand.open("/backup").follow("バックアップの自動更新をオンにする").press("OK")
    assert hand.says("自動更新をオンにしました")
    assert Subscription.get(Subscription.product == "backup").renews
    assert stand.charged().taken[2:] == [Order.get(Order.kind == "auto").total_yen]


def devices_added(stand: Stand) -> None:
    hand = stand.bought(options=True).signed_in("/security").fill("台数", "3").tick(steps.DEVICE_TERMS).press("お支払い方法選択へ")
    assert pay(hand).heading == PAID
    assert hand.open("/security").says("5台（うち3台は期間の途中で追加）")


def certificate_added(stand: Stand) -> None:
    stand.bought()
    a_confirmed_domain(Account.get())
    hand = (
        stand.signed_in("/ssl").follow("独自SSLを追加する").select("コモンネーム", "www.example.jp").select("独自SSLの種類", "クイック認証")
    )
    hand.tick(steps.SSL_TERMS).press("お支払い方法選択へ")
    assert pay(hand).heading == PAID
    assert Subscription.get(Subscription.product == "ssl").terms.exists()


# -- money that goes back --------------------------------------------------------------------------------------------------


def refund_seen(stand: Stand) -> None:
    stand.bought()
    order, company = Order.get(), stand.companies.card
    begun = refunds.begin(refundable(order), 320, stand.shop.staff, "機器の不具合", {"card": company}, stand.settings.installation_id)
    refunds.send(begun, company)
    hand = stand.signed_in(f"/orders/{order.number}")
    assert hand.says("320円")
    assert hand.says("返金")
    assert [refund["amount"] for refund in stand.fake.world.all_of("refund")] == [320]
    assert Account.get().mails.where(Mail.body.contains("320円")).exists()
    assert clock.today() == BOUGHT
