"""Accounts: settings, the forgotten password, sessions that ended, limits."""

from portal import clock
from portal.actions.renewals import importing
from portal.actions.renewals.plan_change import change_plan
from portal.demo.states import ways
from portal.demo.states.world import NAME, PASSWORD, Scene, World
from portal.enums import MailKind
from portal.rules.orders.terms import term_end
from portal.rules.renewals.account_file import COLUMNS, read

NEW_PASSWORD = "a-new-one-for-the-gallery"


def settings(world: World) -> None:
    guest = world.customer("settings").visit("/account").keep("settings").press("パスワードを変更する").keep("settings-errors")
    guest.press("パスワードを変更する", current=PASSWORD, new=NEW_PASSWORD).keep("settings-password-changed")
    world.customer("osaipo").visit("/account/wallet").press("OK").keep("settings-wallet-unlinked")


def person(world: World) -> None:
    guest = world.customer("person", "見本 太郎").visit("/account/name").keep("name").press("お名前を変更する", name="").keep("name-errors")
    guest.press("お名前を変更する", name="見本 一郎").keep("name-changed")
    guest.visit("/account/address").keep("address").press("確認のリンクを送る", address="x").keep("address-errors")
    guest.press("確認のリンクを送る", address="neu@example.jp", current=PASSWORD).keep("address-asked")
    world.work()
    guest.visit(world.link_in_mail(MailKind.ADDRESS_LINK)).keep("address-confirm").press("このアドレスにする").keep("address-done")
    guest.visit("/account/notices").keep("notices").press("確認のリンクを送る", address="zwei@example.jp", current=PASSWORD)
    world.work()
    guest.visit(world.link_in_mail(MailKind.ADDRESS_LINK)).press("このアドレスにする").visit("/account/notices").keep("notices-with-one")


def sessions(world: World) -> None:
    guest = world.customer("sessions").visit("/account/sessions").keep("sessions-alone")
    world.visitor("sessions elsewhere").sign_in("sessions", PASSWORD)
    guest.visit("/account/sessions").keep("sessions").press("この端末のほかを、すべてログアウトさせる").keep("sessions-ended")


def forgotten(world: World) -> None:
    world.customer("forgetful")
    guest = world.visitor("forgetful stranger").visit("/password").keep("password-ask")
    guest.press("リンクをメールで送る").keep("password-ask-errors")
    guest.press("リンクをメールで送る", name="forgetful").keep("password-sent")
    world.work()
    guest.visit(world.link_in_mail(MailKind.PASSWORD_LINK)).keep("password-new")
    guest.press("このパスワードにする", new="short").keep("password-new-errors")
    link = guest.address
    guest.press("このパスワードにする", new=NEW_PASSWORD).keep("password-done").visit(link).keep("link-over")
    for _ in range(3):
        guest.visit("/password").press("リンクをメールで送る", name="forgetful")
    guest.keep("limit-password-links")


def imported(world: World) -> None:
    """A customer whose server ran before the portal, and whose plan is changed then."""
    ends_on = term_end(clock.today(), 3)
    text = f"{','.join(COLUMNS)}\nimported,{NAME},ミホン,imported@example.jp,{world.catalog.plans[0].id},,{ends_on},12,9900\n"
    plan = importing.plan_of(read(text.encode(), world.catalog, clock.today()))
    [account] = importing.carry_out(plan, world.catalog, "demo")
    change_plan(account, world.catalog.plans[1].id, "demo", "お電話でのご依頼", world.catalog)


def guessing(world: World) -> None:
    guest = world.visitor("guesser").visit("/login")
    for _ in range(11):
        guest.press("ログイン", login="osaipo", password="wrong")
    guest.keep("limit-sign-in")


def refused_too_often(world: World) -> None:
    guest = ways.to_the_methods(world.customer("too-often"), world.catalog)
    for _ in range(5):
        ways.to_the_confirmation(guest, ways.REFUSED).press("OK").visit(f"/orders/{ways.order_of('too-often').number}/payment")
    guest.press(ways.TO_THE_CARD, method="card").keep("limit-payments")
    guest.visit("/contract").keep("contract-limit-payments")


def ended(world: World) -> None:
    guest = world.customer("away").visit("/account")
    world.wait(hours=1)
    guest.press("パスワードを変更する", current=PASSWORD, new=NEW_PASSWORD).keep("sign-in-not-done")
    form = ways.to_the_form(world.customer("away"))
    world.wait(hours=1)
    form.press(ways.TO_THE_METHODS, months="3").keep("sign-in-kept")
    form.press("ログイン", login="away", password=PASSWORD).keep("form-kept-input")
    world.wait(hours=1)
    guest.visit("/contract").keep("sign-in-ended")
    guest = world.customer("without-cookies").visit("/contract")
    guest.forget().press("新規契約のお申し込みへ進む").keep("sign-in-no-cookie")


SCENES = tuple(Scene(act) for act in (settings, person, sessions, forgotten, imported, guessing, refused_too_often, ended))
