"""Domains and certificates."""

from dataclasses import replace

from portal.catalog import Certificate
from portal.demo.days import months_before
from portal.demo.hosting_side import GONE, NO_RECORD
from portal.demo.states import ways
from portal.demo.states.guest import Guest
from portal.demo.states.world import Scene, World, on

CHECK = "TXTレコードを確認する"
OF_KAWASEMI = "xn--u8j6a4gqc.jp"
OF_A_MONTH = "tsuki.example.jp"
REQUEST = "このコモンネームで発行の手続きを始める"


def no_server(world: World) -> None:
    world.customer("no-domains").visit("/domains").keep("domains-no-server")


def domains(world: World) -> None:
    guest = ways.buy(world.customer("domains"), world.catalog).visit("/domains").keep("domains-none")
    guest.press("追加する", domain="*.example.jp").keep("domains-errors")
    _add(guest, "日本語.jp").keep("domain-added").press(CHECK).keep("domain-asked")
    confirmed = guest.address
    missing = _add(guest, f"{NO_RECORD}example.jp").press(CHECK).address
    world.work()
    guest.visit(confirmed).keep("domain-confirmed").visit(missing).keep("domain-not-found")
    guest.visit("/domains").keep("domains").visit(f"{missing}/remove").keep("domain-remove").press("OK").keep("domains-removed")


def certificates(world: World) -> None:
    world.customer("no-domains").visit("/ssl").keep("certificates-none").visit("/ssl/new/ssl").keep("certificate-new-no-server")
    options = tuple(product for product in world.catalog.sold if isinstance(product, Certificate))
    guest = ways.buy(world.customer("ssl-states"), world.catalog, options=options).visit("/ssl").keep("certificates-unset")
    page = guest.follow("コモンネームを設定する").keep("certificate-no-domain").address
    guest.visit("/ssl/new/ssl").keep("certificate-new-no-domain")
    for name in (f"{GONE}example.jp", "かわせみ.jp"):
        _add(guest, name).press(CHECK)
    domain = guest.address
    world.work()
    guest.visit(page).keep("certificate-unset").press(REQUEST, common_name="").keep("certificate-errors")
    guest.press(REQUEST, common_name=f"{GONE}example.jp").keep("certificate-requested")
    world.work()
    guest.visit(page).keep("certificate-failed").press(REQUEST, common_name=OF_KAWASEMI)
    world.work()
    guest.visit(page).keep("certificate-valid").follow("自動更新をオンにする").keep("certificate-switch")
    guest.press("OK").keep("certificate-switched")
    guest.visit("/ssl/new/ssl").keep("certificate-new").press(ways.TO_THE_METHODS).keep("certificate-new-errors")
    chosen = {"common_name": f"www.{OF_KAWASEMI}", "kind": options[0].variants[0].id, "agree": world.catalog.document_of("ssl").version}
    ways.to_the_confirmation(guest.press(ways.TO_THE_METHODS, **chosen)).keep("confirm-certificate")
    guest.visit(domain).keep("domain-in-use")


def buys_for_a_month(world: World) -> None:
    """Sold for a month, so that it ends while the gallery is made."""
    product = next(product for product in world.catalog.products if isinstance(product, Certificate))
    short = replace(product, variants=tuple(replace(variant, months=1) for variant in product.variants))
    catalog = replace(world.catalog, products=tuple(short if each is product else each for each in world.catalog.products))
    with world.selling(catalog):
        guest = ways.buy(world.customer("ssl-ending"), catalog, options=(short,))
    _add(guest, OF_A_MONTH).press(CHECK)
    world.work()
    guest.visit("/ssl").follow("コモンネームを設定する").press(REQUEST, common_name=OF_A_MONTH)


def ending(world: World) -> None:
    world.customer("ssl-ending").visit("/ssl").keep("certificates-ending").follow("内容を見る").keep("certificate-ending")


def ended(world: World) -> None:
    world.customer("ssl-ending").visit("/ssl").keep("certificates-ended").follow("内容を見る").keep("certificate-ended")


def _add(guest: Guest, name: str) -> Guest:
    return guest.visit("/domains").press("追加する", domain=name)


SCENES = (
    Scene(buys_for_a_month, months_before(1, 20)),
    *(Scene(act) for act in (no_server, domains, certificates, ending)),
    Scene(ended, on(12, 16)),
)
