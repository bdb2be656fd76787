"""Every kind of the table of limits is counted where somebody presses, and when it is reached that press is refused and does nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask

from models import Account, CountedTry, KeptInput, Mail, Order, PasswordRequest, Payment, PaymentMethodSetup, Session
from portal import clock
from portal.enums import MailState
from portal.rules.accounts.limits import UNSEEN, By, Limited, limits_of
from portal.sandbox.books.outcomes import Outcome
from tests.browser import Browser
from tests.factories import PASSWORD, Workshop, a_customer
from tests.routes.test_way_out import ended_session
from tests.staff_desk import Clerk, a_bank_order, a_clerk, enter_password, sign_in

OURS = {"Sec-Fetch-Site": "same-origin"}
ACTED_ON = (Mail, Order, PasswordRequest, Payment, PaymentMethodSetup, Session, KeptInput)


@dataclass
class World:
    app: Flask
    workshop: Workshop
    browser: Browser
    there: dict[str, object] = field(default_factory=dict)

    def new_browser(self) -> Browser:
        return Browser(self.app)

    def once(self, name: str, make: Callable[[], object]) -> object:
        if name not in self.there:
            self.there[name] = make()
        return self.there[name]

    def order(self) -> Order:
        """A draft of the customer who is signed in."""
        return self.once("order", lambda: (customer := a_customer(), self.browser.sign_in("new"), self.workshop.draft(customer))[2])

    def clerk(self) -> Clerk:
        return self.once("clerk", a_clerk)


@pytest.fixture
def world(app: Flask, workshop: Workshop, browser: Browser) -> World:
    return World(app, workshop, browser)


def payment(world: World) -> Browser:
    setups = world.once("setups", lambda: [world.workshop.setup(world.order(), Outcome.REFUSED) for _ in range(2)])
    return world.browser.visit(f"/orders/{world.order().number}/card/{setups.pop().reference}").press("OK")


def visit(world: World) -> Browser:
    a_while_ago(PaymentMethodSetup)
    return world.browser.visit(f"/orders/{world.order().number}/payment").press("クレジットカード情報入力")


def payment_details(world: World) -> Browser:
    order = world.once("transfer", lambda: a_bank_order(world.workshop.catalog))
    world.once("customer", lambda: world.browser.sign_in(order.account.login))
    Mail.update(state=MailState.SENT, sent_at=clock.now()).execute()
    a_while_ago(Mail)
    return world.browser.visit("/contract").press("お支払い情報をメールで再送する")


def a_while_ago(table: type) -> None:
    """A second press of the same button just now would be answered as the first."""
    table.update(created_at=clock.now() - timedelta(hours=1)).execute()


def signed_in_anew(world: World) -> Browser:
    world.once("customer", a_customer)
    return world.new_browser().sign_in("new")


def other_sessions(world: World) -> Browser:
    world.order()
    about = {"account": Account.get(), "data": "{}", "created_at": clock.real_now(), "seen_at": clock.real_now()}
    Session.insert_many([about | {"token_hash": f"another {place}"} for place in range(2)]).execute()
    return world.browser.visit("/account/sessions").press("すべてログアウトさせる")


def address_link(world: World) -> Browser:
    """Each time another address: the same one again is the same press."""
    world.order()
    page = world.browser.visit("/account/address").fill("新しいメールアドレス", f"new{len(world.browser.history)}@example.jp")
    return page.fill("いまのパスワード", PASSWORD).press("確認のリンクを送る")


def another_name(world: World) -> Browser:
    world.order()
    name = "見本 次郎" if Account.get().name == "見本 新" else "見本 三郎"
    return world.browser.visit("/account/name").fill("新しいお名前", name).press("お名前を変更する")


def reset(world: World) -> Browser:
    return world.browser.visit("/password").fill("ログインIDまたはメールアドレス", "somebody").press("リンクをメールで送る")


def wrong_password(world: World) -> Browser:
    return world.browser.sign_in("nobody", "wrong")


def wrong_own_password(world: World) -> Browser:
    world.order()
    page = world.browser.visit("/account").fill("いまのパスワード", "wrong")
    return page.fill("新しいパスワード", "long-enough-9").press("パスワードを変更する")


def wrong_code(world: World, code: str = "000000") -> Browser:
    world.once("half way", lambda: enter_password(world.browser, world.clerk()))
    return world.browser.visit("/staff/code").fill("確認コード", code).press("ログイン")


def wrong_recovery_code(world: World) -> Browser:
    return wrong_code(world, "aaaa-bbbb-cccc-dddd")


def newcomer(world: World) -> Browser:
    return world.new_browser().visit("/login")


def staff_search(world: World) -> Browser:
    world.once("desk", lambda: sign_in(world.browser, world.clerk()))
    return world.browser.visit("/staff/accounts?q=1")


def kept_input(world: World) -> Browser:
    world.order()
    ended_session(world.browser, world.app)
    return world.browser.post_raw(f"/orders/{world.order().number}", {"months": "6"}, csrf=False, headers=OURS)


PRESSES: dict[Limited, Callable[[World], Browser]] = {
    Limited.PAYMENT: payment,
    Limited.VISIT: visit,
    Limited.REFUSAL_MAIL: payment,
    Limited.PAYMENT_DETAILS: payment_details,
    Limited.BROWSER_MAIL: signed_in_anew,
    Limited.SESSIONS_MAIL: other_sessions,
    Limited.ADDRESS_LINK: address_link,
    Limited.NAME: another_name,
    Limited.RESET: reset,
    Limited.SIGN_IN: wrong_password,
    Limited.OWN_PASSWORD: wrong_own_password,
    Limited.CODE: wrong_code,
    Limited.RECOVERY: wrong_recovery_code,
    Limited.SESSION: newcomer,
    Limited.SEARCH: staff_search,
    Limited.KEPT_INPUT: kept_input,
}


@pytest.mark.parametrize("kind", Limited)
def test_every_kind_is_counted_where_somebody_presses_and_refused_there(world: World, kind: Limited) -> None:
    """A kind without a place that counts it fails, and so does a place that counts after it has acted."""
    first = PRESSES[kind](world)
    assert (counted(kind), is_refused(first)) == (1, False)
    reach(kind)
    before = acted(kind)

    second = PRESSES[kind](world)

    assert acted(kind) == before
    assert is_refused(second) is (kind not in UNSEEN | {Limited.KEPT_INPUT})


def counted(kind: Limited) -> int:
    """Kept input is counted by its own rows."""
    rows = KeptInput.select() if kind is Limited.KEPT_INPUT else CountedTry.select().where(CountedTry.kind == kind)
    return rows.count()


def is_refused(browser: Browser) -> bool:
    return browser.says("お待ちください") or browser.says("受け付けを止めています")


def reach(kind: Limited) -> None:
    """As if as many had pressed as the first limit allows that refuses."""
    table = KeptInput if kind is Limited.KEPT_INPUT else CountedTry
    row = table.select().where(True if table is KeptInput else CountedTry.kind == kind).dicts().get()
    limits = limits_of(kind, is_known_browser=bool(row.get("browser")))
    missing = min(limit.most for limit in limits if limit.by is not By.ALL) - 1
    key = table._meta.primary_key.name
    copies = [{name: value for name, value in row.items() if name not in (key, "press")} for _ in range(missing)]
    table.insert_many([copy | ({key: f"{place}"} if table is KeptInput else {}) for place, copy in enumerate(copies)]).execute()


def acted(kind: Limited) -> dict[str, object]:
    """What a press must not do when it is refused. A mail that a limit holds back leaves the rest of the press as it is."""
    tables = (Mail,) if kind in UNSEEN else ACTED_ON
    names = [account.name for account in Account.select()]
    return {table.__name__: table.select().count() for table in tables} | {"counted": counted(kind), "names": names}
