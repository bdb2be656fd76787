"""The evidence of a customer's OK: the exact text of the screen, and who pressed it when."""

from dataclasses import dataclass

from models import Account, Confirmation, Order, Payment
from portal import clock

ORDER, RESERVATION, METHOD, SWITCH = "order", "reservation", "method", "switch"


@dataclass(frozen=True)
class ConfirmedScreen:
    """A final screen with the exact text that the customer accepted. `sha256` is the hash of `content`."""

    content: str
    sha256: str
    address: str
    browser: str


def keep(agreed: ConfirmedScreen, account: Account, about: str, order: Order | None = None, payment: Payment | None = None) -> Confirmation:
    """Store the evidence. Called inside the transaction that does what the customer accepted."""
    shown = {"content": agreed.content, "sha256": agreed.sha256, "address": agreed.address, "browser": agreed.browser}
    return Confirmation.create(account=account, about=about, order=order, payment=payment, accepted_at=clock.now(), **shown)


def is_kept(sha256: str, account: Account) -> bool:
    """True if the customer's OK on this very text was accepted just now: the same button was pressed before."""
    return account.confirmations.where(Confirmation.sha256 == sha256, Confirmation.accepted_at > clock.now() - clock.ONE_PRESS).exists()
