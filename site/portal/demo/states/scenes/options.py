"""The own pages of single options: bought there, more devices, and the switch of the automatic renewal."""

from portal.demo.days import months_before
from portal.demo.states import ways
from portal.demo.states.world import Scene, World

LAST_MONTH = months_before(1, 20)


def buying(world: World) -> None:
    guest = world.customer("options").visit("/backup").keep("option-none").press(ways.TO_THE_METHODS).keep("option-errors")
    agreed = world.catalog.document_of("backup").version
    guest.press(ways.TO_THE_METHODS, months="3", agree=agreed).keep("methods-add")
    ways.to_the_confirmation(guest).keep("confirm-add").press("OK").keep("order-paid-add").visit("/backup").keep("option-by-hand")
    guest.follow("バックアップの自動更新をオンにする").keep("switch-on").press("OK", shown="old").keep("switch-changed")
    guest.press("OK").keep("option-switched-on").follow("バックアップの自動更新をオフにする").keep("switch-off")


def more_devices(world: World) -> None:
    guest, agreed = world.customer("options"), world.catalog.document_of("device").version
    guest.visit("/security").press(ways.TO_THE_METHODS, months="12", count="2", agree=agreed)
    ways.to_the_confirmation(guest).press("OK").visit("/security").keep("devices")
    guest.press(ways.TO_THE_METHODS, count="1", agree=agreed)
    ways.to_the_transfer(guest).keep("confirm-devices-bank").press("OK").visit("/security").keep("devices-awaited")


def another_number(world: World) -> None:
    guest = ways.buy(world.customer("numbers"), world.catalog, 12, options=(world.catalog.product("device"),)).visit("/security")
    guest.press("最終確認へ進む", next_count="0").keep("number-errors").press("最終確認へ進む", next_count="5").keep("number-final")
    guest.press("OK", shown="old").keep("number-final-changed").press("OK").keep("devices-reserved")


SCENES = (
    Scene(lambda world: ways.buy(world.customer("options"), world.catalog, 12), LAST_MONTH),
    Scene(buying, months_before(0, 1)),
    Scene(more_devices, months_before(0, 1)),
    Scene(another_number, months_before(0, 1)),
)
