"""Somebody who tries each thing fifty times and more, from one network and from twenty, at once, with forged addresses and odd spellings.

Against a demo of this machine with its real number of processes. Prints what was let through and what the owner could still do meanwhile;
ends with 1 if more passed than rules/accounts/limits.py allows, or if the owner was stopped. Loopback only; about two minutes.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from models import Mail, OneTimeLink, PasswordRequest, Payment, PaymentMethodSetup, Session, Staff
from portal.actions.accounts import password_reset
from portal.clock import ONE_PRESS
from portal.enums import MailKind
from portal.rules.accounts.limits import LIMITS, By, Limited
from tests import steps
from tests.abuse.networks import OWNER, Row, Stage
from tests.browser import Browser
from tests.page import NotOnThePage
from tests.real.server import Server

FIFTY, AT_ONCE = 50, 8
STRANGER, CROWD = 9, range(20, 40)
STAFF, STAFF_PASSWORD = "keiri-9", "staff-pass-of-ours"
FORGED = {"X-Forwarded-For": "203.0.113.{}", "X-Real-Ip": "203.0.113.{}", "Forwarded": "for=203.0.113.{}"}
SPELLED = ("{}", " {} ", "　{}", "{}\u200b", "\ufeff{}", "{}\u00a0")
A_WHILE = ONE_PRESS.total_seconds() + 1  # then the same button pressed again is another press
IN = "コントロールパネル"
TERMS, DAYS = ("1か月 1,320円", "24か月 25,080円"), (5, 10, 15, 20, 25)


def main() -> int:
    print("| what | tried | let through | allowed | the owner meanwhile | |\n| --- | --- | --- | --- | --- | --- |")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "demo").start()
        try:
            for attack in (wrong_passwords, new_browsers, resets, card_refusals, visits, mails, codes_and_searches, sessions):
                for row in attack(Stage(server)):
                    print(row, flush=True)
                    rows.append(row)
        finally:
            server.stop()
    return 1 if any(row.is_bad for row in rows) else 0


def wrong_passwords(stage: Stage) -> Iterator[Row]:
    per_network, per_account = most(Limited.SIGN_IN, By.WHO_AND_NETWORK), most(Limited.SIGN_IN, By.WHO)
    yield _guessed(stage, "from one network", per_network, lambda n, login: (stage.at(STRANGER), login))
    yield _guessed(stage, "from the owner's network", per_network, lambda n, login: (stage.at(OWNER), login))
    yield _guessed(stage, "from 20 networks", per_account, lambda n, login: (stage.at(CROWD[n % len(CROWD)]), login))
    forged = [{name: value.format(n) for name, value in FORGED.items()} for n in range(FIFTY)]
    yield _guessed(stage, "with forged addresses", per_network, lambda n, login: (stage.at(STRANGER + 1, forged[n]), login))
    yield _guessed(stage, "in other spellings", per_network, lambda n, login: (stage.at(STRANGER + 2), spelled(login, n)))


def _guessed(stage: Stage, how: str, allowed: int, guess: Callable[[int, str], tuple[Browser, str]]) -> Row:
    login = f"guessed-{allowed}-{len(how)}"
    owner = stage.customer(login).sign_in(login).press("ログアウト")

    def press(n: int) -> Browser:
        browser, typed = guess(n, login)
        return browser.sign_in(typed, "wrong")

    through = passed(many(FIFTY, press))
    return Row(f"wrong passwords {how}", FIFTY, through, allowed, "signs in" if owner.sign_in(login).h1 == IN else "")


def new_browsers(stage: Stage) -> Iterator[Row]:
    """Who has the password signs in with fifty browsers."""
    owner = stage.customer("stolen").sign_in("stolen")
    many(FIFTY, lambda n: stage.at(CROWD[n % len(CROWD)]).sign_in("stolen"))
    mails = stage.count(Mail, kind=MailKind.NEW_BROWSER, account__login="stolen")
    yield Row(
        "mails of new browsers", FIFTY, mails, most(Limited.BROWSER_MAIL, By.WHO), "is signed in" if owner.visit("/").h1 == IN else ""
    )


def resets(stage: Stage) -> Iterator[Row]:
    owner = stage.customer("reset-me").sign_in("reset-me").press("ログアウト")

    def press(n: int) -> Browser:
        typed = spelled("reset-me" if n % 2 else "RESET-ME@example.jp", n)
        return (
            stage.at(CROWD[n % len(CROWD)]).visit("/password").fill("ログインIDまたはメールアドレス", typed).press("リンクをメールで送る")
        )

    many(FIFTY, press)
    while stage.count(PasswordRequest, answered_at=None):
        time.sleep(1)  # the worker answers
    links = stage.count(OneTimeLink, account__login="reset-me")
    yield Row("links for a new password", FIFTY, links, password_reset.MOST_LINKS, "signs in" if owner.sign_in("reset-me").h1 == IN else "")


def card_refusals(stage: Stage) -> Iterator[Row]:
    owner = steps.to_the_payment(stage.customer("refused"), "refused")
    form = owner.url
    for _ in range(FIFTY):
        with suppress(NotOnThePage):  # the page of the limit has no such button
            steps.enter_card(owner.visit(form).press("クレジットカード情報入力"), steps.REFUSED).press("OK")
    asked = stage.count(Payment, order__account__login="refused")
    yield Row("card refusals", FIFTY, asked, most(Limited.PAYMENT, By.WHO), by_transfer(owner, form))
    yield Row(
        "mails of card refusals",
        FIFTY,
        stage.count(Mail, kind=MailKind.CARD_REFUSED, account__login="refused"),
        most(Limited.REFUSAL_MAIL, By.WHO),
        "reads one",
    )


def visits(stage: Stage) -> Iterator[Row]:
    """Each with another choice: the same one again is the same visit for a while."""
    owner = steps.to_the_form(stage.customer("visiting"), "visiting")
    form = owner.url
    for n in range(FIFTY):
        owner.visit(form).choose(TERMS[n % len(TERMS)]).tick(steps.SERVER_TERMS).press("お支払い方法選択へ")
        owner.choose("おさいぽ!", under="お支払い方法").press("選んだ方法の説明を見る").choose(f"毎回 {DAYS[n % len(DAYS)]}日").press(
            "お支払い"
        )
    opened = stage.count(PaymentMethodSetup, account__login="visiting")
    yield Row("visits to a company", FIFTY, opened, most(Limited.VISIT, By.WHO), by_transfer(owner, f"{form}/payment"))


def by_transfer(owner: Browser, address: str) -> str:
    owner.visit(address).choose("銀行振込", under="お支払い方法").press("選んだ方法の説明を見る").press("お支払い").press("OK")
    return "orders by transfer" if owner.says("お振込待ち") else ""


def mails(stage: Stage) -> Iterator[Row]:
    owner = stage.customer("again")
    steps.order_by_transfer(owner, "again")
    for n in range(FIFTY):
        owner.visit("/contract").press("お支払い情報をメールで再送する")
        time.sleep(0 if n % 10 else A_WHILE)
    written = stage.count(Mail, kind=MailKind.ORDER_ACCEPTED, account__login="again")
    yield Row(
        "mails of the bank details",
        FIFTY,
        written,
        1 + most(Limited.PAYMENT_DETAILS, By.WHO),
        "reads them" if owner.visit("/mails") else "",
    )


def codes_and_searches(stage: Stage) -> Iterator[Row]:
    """Who knows the password of one of the staff tries codes; one of the staff searches without end."""
    totp = stage.server.add_staff(STAFF, STAFF_PASSWORD)

    def half_way(browser: Browser) -> Browser:
        return browser.visit("/staff/login").fill("ログインID", STAFF).fill("パスワード", STAFF_PASSWORD).press("次へ")

    desk, allowed = half_way(stage.at(OWNER)).fill("確認コード", totp.now()).press("ログイン"), most(Limited.SEARCH, By.WHO)
    searched = sum(desk.visit(f"/staff/orders?q={n}").status == 200 for n in range(allowed + FIFTY))
    yield Row("searches of staff", allowed + FIFTY, searched, allowed, "opens lists" if desk.visit("/staff/orders").status == 200 else "")
    desk.press("ログアウト")
    tried = many(FIFTY, lambda n: half_way(stage.at(CROWD[n % len(CROWD)])).fill("確認コード", "000000").press("ログイン"))
    with stage.server.models():
        Staff.update(totp_step=0).execute()  # this half minute's code was used above
    back = half_way(desk).fill("確認コード", totp.now()).press("ログイン")
    yield Row("wrong codes of staff", FIFTY, passed(tried), most(Limited.CODE, By.WHO), "signs in" if back.h1 == "入金待ち" else "")


def sessions(stage: Stage) -> Iterator[Row]:
    owner = stage.customer("home").sign_in("home").press("ログアウト")
    before, allowed = stage.count(Session), most(Limited.SESSION, By.NETWORK)
    many(allowed + FIFTY, lambda n: stage.at(STRANGER + 3).visit("/login"))
    yield Row(
        "sessions without a sign-in",
        allowed + FIFTY,
        stage.count(Session) - before,
        allowed,
        "signs in" if owner.sign_in("home").h1 == IN else "",
    )


def most(kind: Limited, by: By) -> int:
    return min(limit.most for limit in LIMITS[kind] if limit.by is by)


def many(times: int, press: Callable[[int], Browser]) -> list[Browser]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(press, range(times)))


def passed(browsers: list[Browser]) -> int:
    return sum(browser.status != 429 for browser in browsers)


def spelled(login: str, n: int) -> str:
    """Capitals, full width, spaces and characters that nobody sees."""
    written = (login, login.upper(), "".join(chr(ord(letter) + 0xFEE0) for letter in login))[n % 3]
    return SPELLED[n % len(SPELLED)].format(written)


if __name__ == "__main__":
    sys.exit(main())
