"""Goes to a final screen or to a second look of staff, reads it, presses OK, and finds what was read in the forecast afterwards."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from flask import Flask

from models import Account, Allocation, Order, PaymentMethodSetup
from portal.actions.certificates import common_names
from portal.actions.refusals import NotPossible
from portal.enums import Method, OrderState
from portal.rules.payments.methods import row_of
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.books.setups import StoredCard
from tests import steps, visits
from tests.actions.renewals.random_customers import Transfer, link_at
from tests.browser import Browser
from tests.cards import cards_of
from tests.fake_stripe.browser import ShoppingBrowser
from tests.forecast import certificate_moves, crawler, said
from tests.forecast.foreseen import Foreseen, foreseen
from tests.forecast.world import World
from tests.page import NotOnThePage

TERMS = (steps.SERVER_TERMS, steps.SSL_TERMS, steps.BACKUP_TERMS, steps.DEVICE_TERMS)
SWITCHES = ("バックアップの自動更新をオフにする", "バックアップの自動更新をオンにする")
METHODS = {Method.CARD: "クレジットカード", Method.WALLET: "おさいぽ!", Method.BANK: "銀行振込"}


@dataclass
class Desk:
    """One customer of a world, and staff, at their browsers."""

    world: World
    account: Account
    customer: Browser
    staff: Browser

    @classmethod
    def of(cls, app: Flask, world: World, account: Account) -> "Desk":
        browsers = ShoppingBrowser(app, stripe=cards_of(world.shop.books).pages), Browser(app)
        browsers[0].client = crawler.signed_in(app, "session", "/", account=account)
        browsers[1].client = crawler.signed_in(app, "staff", "/staff", staff=world.shop.staff)
        return cls(world, account, *browsers)


Way = Callable[[Desk], Browser | None]


def faults_of_looks(app: Flask, world: World, covered: Counter[str], ways: int) -> list[str]:
    """So many final screens or looks for each customer, each in a world of its own."""
    logins = [account.login for account in world.accounts]
    chosen = [(login, way) for login in logins for way in world.random.sample(WAYS, ways)]
    return [fault for login, way in chosen for fault in faults_of(app, world, login, way, covered)]


def faults_of(app: Flask, world: World, login: str, way: Way, covered: Counter[str]) -> list[str]:
    with world.copied(f"{login}-{way.__name__}") as copy:
        copy.let_companies_answer()
        crawler.serve(app, copy)
        return list(_faults(Desk.of(app, copy, Account.by_login(login)), way, covered))


def _faults(desk: Desk, way: Way, covered: Counter[str]) -> Iterator[str]:
    try:
        browser = way(desk)
    except NotOnThePage:
        browser = None
    if browser is None or browser.status != 200 or not browser.offers("OK"):
        covered[f"look not reached: {way.__name__}"] += 1
        return
    before, days = (
        foreseen(desk.account, desk.world.today, desk.world.catalog),
        said.on_page(browser.html, f"{way.__name__} of {desk.account.login}", desk.world.today),
    )
    yen = said.yen_on_page(browser.html)
    if way not in OF_STAFF and said.hides_the_way_to_stop(browser.html):
        yield f"{desk.world.today} {way.__name__}: names a charge, and not how to stop it"
    browser.press("OK")
    covered[f"look: {way.__name__}"] += 1
    after = _afterwards(desk)
    for each in days:
        is_known = not before.contradicts(each) if each.is_until_now or way in OF_STAFF else False
        if after.contradicts(each) and not is_known:
            yield f"{desk.world.today} {each} is not so after OK"
    if way not in OF_STAFF:
        yield from (f"{desk.world.today} {way.__name__}: {one} yen are not so after OK" for one in yen if one not in after.amounts)


def _afterwards(desk: Desk) -> Foreseen:
    """What is foreseen now; for a transfer also when it will have come in today."""
    found = foreseen(desk.account, desk.world.today, desk.world.catalog)
    order = desk.account.orders.where(Order.state == OrderState.PLACED).order_by(Order.placed_at.desc()).first()
    if order and order.is_by_transfer and not order.received_yen:
        desk.world.customers.on_the_way.append(Transfer(order, order.total_yen, desk.world.today))
        desk.world.customers.confirm(-1)
        found.add(foreseen(desk.account, desk.world.today, desk.world.catalog))
    return found


# -- the customer's final screens ------------------------------------------------------------------------------------------


def new_contract_by_transfer(desk: Desk) -> Browser:
    browser = desk.customer.visit("/contract").press("新規契約のお申し込みへ進む")
    return steps.by_transfer(_agreed(browser).press("お支払い方法選択へ"))


def renewal_by_transfer(desk: Desk) -> Browser:
    return steps.by_transfer(_renewal(desk))


def renewal_by_card(desk: Desk) -> Browser | None:
    return _at_the_card_company(desk, _renewal(desk).choose("クレジットカード", under="お支払い方法").press("クレジットカード情報入力"))


def renewal_by_wallet(desk: Desk) -> Browser | None:
    browser = _renewal(desk).choose("おさいぽ!", under="お支払い方法").press("選んだ方法の説明を見る").choose("毎回 15日").press("お支払い")
    if "/sandbox/" in browser.url:
        code = link_at(desk.world.shop, browser.url)
        browser.visit(f"/orders/{_newest(desk).order.number}/wallet/{_newest(desk).reference}?code={code}")
    desk.world.shop.put_in(1_000_000)
    return browser.press("おさいぽ!ポイントから支払う")


def reset(desk: Desk) -> Browser:
    return desk.customer.visit("/renewal/reset")


def reservation(desk: Desk) -> Browser:
    browser = desk.customer.visit("/renewal/reservation")
    return _agreed(browser).press("最終確認へ進む")


def undone_reservation(desk: Desk) -> Browser | None:
    return desk.customer.visit("/renewal/reservation/undo") if desk.account.reservation else None


def another_wallet_day(desk: Desk) -> Browser | None:
    setting = desk.account.renewal_setting
    if setting is None or not row_of(setting.method).has_own_day:
        return None
    return desk.customer.visit(f"/renewal/method/day/{25 if setting.wallet_day == 20 else 20}")


def another_card(desk: Desk) -> Browser:
    return _at_the_card_company(desk, desk.customer.visit("/renewal/method").choose("クレジットカード").press("次へ進む"))


def switch_of_an_option(desk: Desk) -> Browser | None:
    browser = desk.customer.visit("/backup")
    label = next((label for label in SWITCHES if browser.says(label)), None)
    return browser.follow(label) if label else None


def another_number_of_devices(desk: Desk) -> Browser:
    browser = desk.customer.visit("/security")
    return browser.fill("次回からの台数", "2" if browser.value("次回からの台数") == "1" else "1").press("最終確認へ進む")


def switch_of_a_certificate(desk: Desk) -> Browser | None:
    """The newest that offers it."""
    for address in sorted(set(re.findall(r'href="(/ssl/[0-9]+)"', desk.customer.visit("/ssl").html)), reverse=True):
        browser = desk.customer.visit(address)
        label = next((label for label in ("自動更新をオフにする", "自動更新をオンにする") if browser.says(label)), None)
        if label:
            return browser.follow(label)
    return None


def another_certificate_by_transfer(desk: Desk) -> Browser:
    return steps.by_transfer(_another_certificate(desk))


def another_certificate_by_card(desk: Desk) -> Browser | None:
    browser = _another_certificate(desk).choose("クレジットカード", under="お支払い方法").choose("はい").press("クレジットカード情報入力")
    return _at_the_card_company(desk, browser)


def more_devices_by_transfer(desk: Desk) -> Browser:
    return steps.by_transfer(_more_devices(desk))


def more_devices_by_card(desk: Desk) -> Browser | None:
    browser = _more_devices(desk).choose("クレジットカード", under="お支払い方法").choose("はい").press("クレジットカード情報入力")
    return _at_the_card_company(desk, browser)


# -- staff's looks ---------------------------------------------------------------------------------------------------------


def allocation(desk: Desk) -> Browser | None:
    order = desk.account.placed_order
    if order is None or not order.is_by_transfer:
        return None
    deposit = desk.world.shop.deposit(order.missing_yen)
    desk.staff.visit(f"/staff/deposits/{deposit.number}/orders/{order.number}").fill("理由", "番号が一致")
    return desk.staff.press("確認へ進む")


def undone_allocation(desk: Desk) -> Browser | None:
    mine = Allocation.select().join(Order).where(Order.account == desk.account, Allocation.deposit.is_null(False))
    newest = mine.where(Order.state.in_([OrderState.PAID, OrderState.PLACED])).order_by(Allocation.id.desc()).first()
    if newest is None:
        return None
    return desk.staff.visit(f"/staff/deposits/{newest.deposit.number}").follow("取り消す").fill("理由", "取り違え").press("確認へ進む")


OF_STAFF = (allocation, undone_allocation)
WAYS: tuple[Way, ...] = (
    new_contract_by_transfer, renewal_by_transfer, renewal_by_card, renewal_by_wallet, reset, reservation, undone_reservation,
    another_wallet_day, another_card, switch_of_an_option, another_number_of_devices, more_devices_by_transfer, more_devices_by_card,
    switch_of_a_certificate, another_certificate_by_transfer, another_certificate_by_card, *OF_STAFF,
)  # fmt: skip


def _more_devices(desk: Desk) -> Browser:
    """At お支払い方法 of one more device from now on, or of a first one."""
    browser = desk.customer.visit("/security").fill("台数", "1")
    return _agreed(browser.choose("1か月") if browser.says("お申し込み", "h2") else browser).press("お支払い方法選択へ")


def _another_certificate(desk: Desk) -> Browser:
    """At お支払い方法 of one more certificate, for a common name that is free."""
    with suppress(NotPossible):
        certificate_moves.own_domains(desk.account)
    free = next((each.common_name.name for each in common_names.choices(desk.account) if not each.is_taken), "")
    kind = desk.world.catalog.product("ssl").variants[0].id
    browser = _agreed(desk.customer.visit("/ssl/new/ssl"))
    return browser.press("お支払い方法選択へ", forged={"common_name": free, "kind": kind})


def _renewal(desk: Desk) -> Browser:
    """At お支払い方法 of a renewal with what the form proposes."""
    return _agreed(steps.open_renewal(desk.customer)).press("お支払い方法選択へ")


def _agreed(browser: Browser) -> Browser:
    for terms in TERMS:
        if browser.says(terms):
            browser.tick(terms)
    return browser


def _at_the_card_company(desk: Desk, browser: Browser) -> Browser | None:
    """A card is entered and the customer sent back."""
    if cards_of(desk.world.shop.books).pages not in browser.url:
        return None
    code = visits.enter_card(desk.world.shop.books, browser.url, StoredCard(Outcome.PAYS, "Visa", "1881", date(2040, 12, 31)))
    setup = _newest(desk)
    way = f"/orders/{setup.order.number}/card" if setup.order_id else "/renewal/method/card"
    return browser.visit(f"{way}/{setup.reference}?code={code}")


def _newest(desk: Desk) -> PaymentMethodSetup:
    return desk.account.setups.order_by(PaymentMethodSetup.id.desc()).get()
