"""Kinds of mails about certificates. `product`: its name; `common_name`: as people write it, and as the DNS has it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class CertificateIssued:
    """A certificate was issued. Entity: the question to the hosting side, `certificate ID request N`."""

    product: str
    common_name: str


@dataclass(frozen=True)
class CertificateFailed:
    """It could not be issued; `reason` is the hosting side's. Entity: the question to the hosting side.

    `was_on`: its automatic renewal was turned off; `is_charged`: a charge that was sent before has it. `valid_until`: of the one before,
    while it runs. `choose_until`: the last day of the paid term, on which another common name can be chosen; None if it is over.
    """

    product: str
    common_name: str
    reason: str
    was_on: bool = False
    is_charged: bool = False
    valid_until: date | None = None
    choose_until: date | None = None
