"""What a customer reads of a certificate, and which common names a domain gives. Dates are inclusive dates in Japan."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.enums import CertificateState, LabelEnum

LONGEST_COMMON_NAME = 64  # RFC 5280, ub-common-name
WWW = "www."


class CertificateStatus(LabelEnum):
    UNSET = "unset", "未設定"
    REQUESTED = "requested", "発行手続き中"
    VALID = "valid", "有効"
    ENDING = "ending", "まもなく終了"
    ENDED = "ended", "終了"
    FAILED = "failed", "発行できませんでした"


@dataclass(frozen=True)
class CommonName:
    """`name`: as in the certificate; `shown`: as people write it."""

    name: str
    shown: str


def certificate_status(
    state: CertificateState | None, issued_until: date | None, usable_until: date | None, today: date, *, goes_on: bool, days_before: int
) -> CertificateStatus:
    """`state`: None without a common name. `usable_until`: the end of what is paid; None if the subscription has ended.

    `goes_on`: it renews by itself as far as is known. `days_before`: from when on its end is near.
    """
    if usable_until is None or usable_until < today or state is CertificateState.ENDED:
        return CertificateStatus.ENDED
    if state is None:
        return CertificateStatus.UNSET
    if state is CertificateState.FAILED:
        return CertificateStatus.FAILED
    if issued_until is None or issued_until < today:
        return CertificateStatus.REQUESTED if state is CertificateState.REQUESTED else CertificateStatus.ENDED
    is_near = usable_until - timedelta(days=days_before) <= today
    return CertificateStatus.ENDING if is_near and not goes_on else CertificateStatus.VALID


def common_names(name: str, shown: str) -> tuple[CommonName, ...]:
    """With and without `www.`; a certificate has room for 64 characters."""
    both = (CommonName(name, shown), CommonName(WWW + name, WWW + shown))
    return tuple(each for each in both if len(each.name) <= LONGEST_COMMON_NAME)
