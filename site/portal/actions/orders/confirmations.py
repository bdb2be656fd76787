"""The evidence of an OK: what stood on the screen, word for word, and who pressed it when."""

from dataclasses import dataclass

from models import Account, Confirmation, Order, Payment
from portal import clock

ORDER, RESERVATION, METHOD = "order", "reservation", "method"


@dataclass(frozen=True)
class ConfirmedScreen:
    """A final screen as the customer saw it and pressed OK on."""

    content: str
    sha256: str
    address: str
    browser: str


def keep(agreed: ConfirmedScreen, account: Account, about: str, order: Order | None = None, payment: Payment | None = None) -> None:
    """Called inside the transaction that does what was agreed to."""
    shown = {"content": agreed.content, "sha256": agreed.sha256, "address": agreed.address, "browser": agreed.browser}
    Confirmation.create(account=account, about=about, order=order, payment=payment, accepted_at=clock.now(), **shown)
