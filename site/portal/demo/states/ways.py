"""Steps that many scenes have in common. Each leaves the guest at the page in its name."""

from models import Account, Order, PaymentMethodSetup
from portal.catalog import AnyProduct, Catalog
from portal.demo.states.guest import Guest
from portal.demo.stories import GOOD_CARD, WALLET, WALLET_PASSWORD, contract_choices

CARD = {"number": GOOD_CARD, "expiry": "12/98", "code": "123", "name": "HANA MIHON"}
ASKS, FAILS_WHEN_ASKED, REFUSED, EXPIRED, ANSWER_LOST, ASKS_LATER, GOOD_ONCE = (
    "4000 0000 0000 3220",
    "4000 0084 0000 1280",
    "4000 0000 0000 0002",
    "4000 0000 0000 0069",
    "4000 0000 0000 5043",
    "4000 0027 6000 3184",
    "4000 0000 0000 9995",
)
EMPTY_WALLET = "osaipo-empty"
TO_THE_METHODS, TO_THE_CARD = "お支払い方法選択へ", "クレジットカード情報入力"


def to_the_form(guest: Guest) -> Guest:
    return guest.visit("/contract").press("新規契約のお申し込みへ進む")


def to_the_methods(guest: Guest, catalog: Catalog, months: int = 12, options: tuple[AnyProduct, ...] = ()) -> Guest:
    return to_the_form(guest).press(TO_THE_METHODS, **contract_choices(catalog, months, options=options))


def to_the_confirmation(guest: Guest, number: str = GOOD_CARD, expiry: str = "12/98") -> Guest:
    """From お支払い方法, by card."""
    return guest.press(TO_THE_CARD, method="card").press("送信する", **CARD | {"number": number, "expiry": expiry})


def buy(guest: Guest, catalog: Catalog, months: int = 12, *, number: str = GOOD_CARD, options: tuple[AnyProduct, ...] = ()) -> Guest:
    return to_the_confirmation(to_the_methods(guest, catalog, months, options), number).press("OK")


def to_the_wallet(guest: Guest, day: str = "15") -> Guest:
    """From お支払い方法 to the wallet company's first page."""
    return guest.press("選んだ方法の説明を見る", method="wallet").press("お支払い", method="wallet", wallet_day=day)


def link_wallet(guest: Guest, wallet: str = WALLET) -> Guest:
    """From the wallet company's first page to the amount."""
    return guest.press("おさいぽ!IDを認証する", wallet_id=wallet).press("ログイン", password=WALLET_PASSWORD).press("OK")


def to_the_transfer(guest: Guest) -> Guest:
    """From お支払い方法 to the confirmation of a transfer."""
    return guest.press("選んだ方法の説明を見る", method="bank").press("お支払い", method="bank")


def order_by_transfer(guest: Guest, catalog: Catalog, months: int = 12) -> Guest:
    return to_the_transfer(to_the_methods(guest, catalog, months)).press("OK")


def renew(guest: Guest) -> Guest:
    """To the form of a renewal by hand."""
    return guest.visit("/contract").press("契約更新の操作へ進む")


def stop_renewal(guest: Guest) -> Guest:
    return guest.visit("/renewal/reset").press("OK")


def order_of(login: str) -> Order:
    """The newest."""
    return Order.select().join(Account).where(Account.login == login).order_by(Order.id.desc()).get()


def newest_setup(login: str) -> PaymentMethodSetup:
    """The visit to a payment company that began last."""
    return PaymentMethodSetup.select().join(Account).where(Account.login == login).order_by(PaymentMethodSetup.id.desc()).get()
