"""Kinds of mails about certificates. `product`: its name; `common_name`: as people write it, and as the DNS has it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CertificateIssued:
    """A certificate was issued. Entity: the question to the hosting side, `certificate ID request N`."""

    product: str
    common_name: str


@dataclass(frozen=True)
class CertificateFailed:
    """It could not be issued; `reason` is the hosting side's. Entity: the question to the hosting side."""

    product: str
    common_name: str
    reason: str
