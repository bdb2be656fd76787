"""Every mail: those that the other scenes have caused, and the one about trouble."""

from models import Mail
from portal.actions.operations import alerts
from portal.demo.sent_mails import html_as_sent
from portal.demo.states.table import letter_state, mail_state
from portal.demo.states.world import Scene, World, on
from portal.enums import MailKind


def troubles(world: World) -> None:
    """A mail that has waited for too long, before the worker comes."""
    world.customer("settings-person").visit("/account")
    list(alerts.alert(world.catalog.company.email))


def every_kind(world: World) -> None:
    """The newest of each, as its reader has it: its text, and its HTML."""
    folder = world.app.extensions["settings"].data_folder
    guest = world.visitor("postmaster")
    for kind in MailKind:
        mail = Mail.select().where(Mail.kind == kind).order_by(Mail.id.desc()).first()
        if mail:
            guest.visit(f"/demo/mails/{mail.id}").keep(mail_state(kind))
            guest.open_letter(html_as_sent(mail, folder)).keep(letter_state(kind))


SCENES = (Scene(troubles, on(12, 20), is_early=True), Scene(every_kind, on(12, 20)))
