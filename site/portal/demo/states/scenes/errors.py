"""What goes wrong: addresses, forms, sizes, companies, the program, the database."""

from peewee import OperationalError

from portal.demo.states import ways
from portal.demo.states.world import Scene, World
from portal.gateways.card import CompanyUnreachable
from portal.rules.documents.guide import GUIDE
from portal.store.database import LOCKED


def addresses(world: World) -> None:
    world.visitor("lost").visit("/nowhere").keep("error-not-found")
    world.visitor("lost").visit("/sandbox/card/nobody").keep("error-not-found-card")
    world.visitor("lost").visit("/sandbox/wallet/link/nobody").keep("error-not-found-wallet")
    world.visitor("lost").visit_as("evil.example", "/login").keep("error-host")


def forms(world: World) -> None:
    guest = world.customer("forms").visit("/account")
    guest.press("パスワードを変更する", current="x" * 3_000_000).keep("error-too-long")
    guest.visit("/account").send("/account/password", "delete", {}).keep("error-not-possible")
    guest.visit("/account").press_from("https://evil.example/", "パスワードを変更する").keep("error-other-site")


def breakdowns(world: World) -> None:
    guest = ways.to_the_methods(world.customer("unlucky"), world.catalog)
    for trouble, state in (
        (CompanyUnreachable("card company"), "error-company"),
        (RuntimeError("for the gallery"), "error-broken"),
        (OperationalError(LOCKED), "error-database"),
    ):
        with world.trouble(trouble):
            guest.visit(f"/orders/{ways.order_of('unlucky').number}/payment").keep(state)
    guest = world.staff()
    with world.trouble(OperationalError(LOCKED)):
        guest.visit("/staff/").keep("staff-error-database")


def documents(world: World) -> None:
    guest = world.visitor("reader").visit("/legal/tokutei").keep("commerce-law").visit("/legal/accessibility").keep("accessibility")
    guest.visit("/legal/accessibility/criteria").keep("criteria").visit("/legal/privacy").keep("privacy")
    document = world.catalog.documents[0]
    guest.visit(f"/documents/{document.id}/{document.version}").keep("terms")
    guest.visit("/documents").keep("terms-all").visit("/prices").keep("prices").visit("/guide").keep("guide")
    for name in GUIDE:
        guest.visit(f"/guide/{name}").keep(f"guide-{name}")


SCENES = tuple(Scene(act) for act in (addresses, forms, breakdowns, documents))
