"""Domains and certificates."""

from portal.demo.hosting_side import NO_RECORD
from portal.demo.states import ways
from portal.demo.states.guest import Guest
from portal.demo.states.world import Scene, World

CHECK = "TXTレコードを確認する"


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


def _add(guest: Guest, name: str) -> Guest:
    return guest.visit("/domains").press("追加する", domain=name)


SCENES = (Scene(no_server), Scene(domains))
