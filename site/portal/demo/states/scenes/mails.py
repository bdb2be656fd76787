"""Every mail: those that the other scenes have caused, and what only the commands of the operator or a trouble cause."""

from models import Account, Mail
from portal.actions.accounts import password_reset
from portal.actions.mail import account_mails
from portal.actions.operations import alerts
from portal.demo.states.table import mail_state
from portal.demo.states.world import Scene, World, on
from portal.enums import LinkPurpose, MailKind

WHY = "お電話でのご依頼"


def people(world: World) -> None:
    """What other rooms ask for as soon as a person's data change."""
    world.customer("person", "見本 太郎")
    account = Account.by_login("person")
    account_mails.address_link(account, password_reset.open_link(account, LinkPurpose.ADDRESS, "neu@example.jp"))
    account_mails.address_changed(account, "alt@example.jp", WHY)
    account_mails.notices_changed(account, "alt@example.jp")
    account_mails.name_changed(account, "見本 太郎", WHY)


def troubles(world: World) -> None:
    """A mail that has waited for too long, before the worker comes."""
    world.customer("person").visit("/account")
    list(alerts.alert(world.catalog.company.email))


def every_kind(world: World) -> None:
    """The newest of each, as its reader has it."""
    guest = world.visitor("postmaster")
    for kind in MailKind:
        mail = Mail.select().where(Mail.kind == kind).order_by(Mail.id.desc()).first()
        if mail:
            guest.visit(f"/demo/mails/{mail.id}").keep(mail_state(kind))


SCENES = (Scene(people), Scene(troubles, on(12, 20), is_early=True), Scene(every_kind, on(12, 20)))
