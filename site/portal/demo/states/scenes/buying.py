"""A first contract: from the empty panel to the paid order, by card, by wallet and by transfer."""

from portal.demo.states import ways
from portal.demo.states.world import PASSWORD, Scene, World
from portal.demo.stories import WALLET_PASSWORD, contract_choices, options_of


def choosing(world: World) -> None:
    guest = world.customer("new")
    guest.visit("/").keep("panel-new").visit("/contract").keep("contract-new")
    guest.press("新規契約のお申し込みへ進む").keep("form").press(ways.TO_THE_METHODS).keep("form-consent-missing")
    everything = contract_choices(world.catalog, 12, options=tuple(world.catalog.sold))
    guest.press("金額を再計算する", **everything).keep("form-every-option")
    guest.press(ways.TO_THE_METHODS, devices="21").keep("form-errors")
    guest.visit("/contract").keep("contract-drafted").visit("/").keep("panel-drafted")


def methods(world: World) -> None:
    guest = ways.to_the_methods(world.customer("methods"), world.catalog, options=options_of(world.catalog))
    guest.keep("methods-card")
    guest.press("選んだ方法の説明を見る", method="wallet").keep("methods-wallet")
    guest.press("選んだ方法の説明を見る", method="bank").keep("methods-bank")
    guest.press("お支払い", method="bank", csrf_token="stale").keep("error-outdated-page")


def by_card(world: World) -> None:
    guest = ways.to_the_methods(world.customer("card"), world.catalog, options=options_of(world.catalog))
    methods = guest.address
    guest.press(ways.TO_THE_CARD, method="card").keep("card-entry").press("送信する").keep("card-errors")
    entry = guest.address
    setup = ways.newest_setup("card")
    guest.visit(setup.address if setup.address.startswith("/orders") else f"/orders/{setup.order.number}/card/{setup.reference}")
    guest.keep("card-unfinished").visit(entry)
    guest.press("送信する", **ways.CARD | {"number": ways.ASKS}).keep("card-3d-secure").press("認証しない").keep(
        "methods-not-authenticated"
    )
    guest.visit(entry).keep("card-over").visit(methods)
    ways.to_the_confirmation(guest).keep("confirm-card")
    guest.press("OK", shown="old").keep("confirm-changed").press("OK").keep("order-paid-card")
    guest.visit("/contract").keep("contract-renewing").visit("/").keep("panel-renewing")
    guest.visit("/contract/timeline").keep("timeline-renewing")
    guest.visit("/mails").keep("mails").follow_first("/mails/").keep("mail-read")
    guest.visit("/history?first=x").keep("history-errors").visit("/history").keep("history")
    guest.follow_first("/papers/").keep("paper-addressee").press("この宛名で開く", addressee="").keep("paper-addressee-errors")
    guest.press("この宛名で開く", addressee="株式会社見本").keep("paper").visit("/history").follow_first("/papers/").keep("paper-reissued")


def refused(world: World) -> None:
    guest = ways.buy(world.customer("refused"), world.catalog, number=ways.REFUSED).keep("order-refused")
    guest.visit("/contract").keep("contract-refused").visit("/").keep("panel-refused")
    guest.visit(f"/orders/{ways.order_of('refused').number}/payment").keep("methods-refused")
    ways.buy(world.customer("expired-card"), world.catalog, number=ways.EXPIRED).keep("order-refused-for-good")
    guest = ways.to_the_methods(world.customer("not-authenticated"), world.catalog)
    guest.press(ways.TO_THE_CARD, method="card").press("送信する", **ways.CARD | {"number": ways.FAILS_WHEN_ASKED})
    guest.press("認証する").keep("methods-authentication-failed")


def unanswered(world: World) -> None:
    guest = ways.buy(world.customer("checking"), world.catalog, number=ways.ANSWER_LOST).keep("order-checking")
    guest.visit("/contract").keep("contract-checking").visit("/").keep("panel-checking")
    guest.visit("/contract?watch=no").keep("contract-checking-no-polling")


def by_wallet(world: World) -> None:
    guest = ways.to_the_methods(world.customer("osaipo", "見本 次郎"), world.catalog)
    number = ways.order_of("osaipo").number
    ways.to_the_wallet(guest).keep("wallet-id").press("おさいぽ!IDを認証する").keep("wallet-id-errors")
    entry = guest.address
    guest.visit(f"/orders/{number}/wallet/{ways.newest_setup('osaipo').reference}").keep("wallet-unfinished").visit(entry)
    guest.press("おさいぽ!IDを認証する", wallet_id=ways.EMPTY_WALLET).keep("wallet-password")
    guest.press("ログイン", password="wrong").keep("wallet-password-errors")
    guest.press("ログイン", password=WALLET_PASSWORD).keep("wallet-link").press("OK").keep("wallet-amount-short")
    amount = guest.address
    guest.visit(entry).keep("wallet-over").visit(amount).follow("おさいぽ!のポイントを購入する").keep("wallet-start")
    guest.press("おさいぽ!IDを認証する").keep("wallet-start-errors").press("おさいぽ!IDを認証する", wallet_id=ways.EMPTY_WALLET)
    guest.press("ログイン", password=WALLET_PASSWORD).keep("wallet-points").press("ポイントを購入する").keep("wallet-points-errors")
    guest.press("ポイントを購入する", choice="50000").keep("wallet-points-bought")
    guest.visit(amount).keep("wallet-amount").press("おさいぽ!ポイントから支払う").keep("confirm-wallet")
    guest.press("OK").keep("order-paid-wallet").visit("/contract").keep("contract-wallet")
    guest.visit("/account/data").keep("own-data").visit("/account").keep("settings-wallet").follow("おさいぽ!の連携を解除する").keep(
        "unlink-wallet"
    )


def signing_in(world: World) -> None:
    guest = world.visitor("stranger").visit("/login").keep("sign-in").press("ログイン").keep("sign-in-errors")
    guest.press("ログイン", login="new", password="wrong").keep("sign-in-wrong")
    world.customer("comes-back")
    guest.press("ログイン", login="comes-back", password=PASSWORD).press("ログアウト").keep("signed-out")


SCENES = tuple(Scene(act) for act in (choosing, methods, by_card, refused, unanswered, by_wallet, signing_in))
