"""独自SSL: each certificate of an account with its state, its term and what comes next, from the same forecasts as every other page."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from models import Account, Certificate, Subscription
from portal import clock
from portal.catalog import Certificate as CertificateProduct
from portal.enums import CertificateState
from portal.rules.certificates.certificate_status import CertificateStatus, certificate_status
from portal.rules.renewals.change_window import Closed
from portal.rules.renewals.forecast import ByHand, Forecast
from portal.rules.renewals.snapshot import Entitlement
from portal.rules.renewals.switch import why_not
from portal.screens.deadlines import too_late
from portal.screens.overview import Overview, Row
from portal.web.current import catalog

ENDED_SHOWN = 20
ENDED = "この独自SSLは終了しているため、自動更新を変更できません。"
NO_COMMON_NAME = "自動更新は、コモンネームを設定するとオンにできます。"
SHAPES = {CertificateStatus.VALID: "ok", CertificateStatus.FAILED: "bad", CertificateStatus.ENDED: "off"}


@dataclass(frozen=True)
class CertificateRow:
    """`row`: None if the subscription has ended. `charged`: the charge that renews it. `by_hand`: what becomes of it, if nothing does."""

    subscription: Subscription
    certificate: Certificate | None
    status: CertificateStatus
    row: Row | None = None
    charged: Forecast | None = None
    by_hand: ByHand | None = None

    @property
    def is_unset(self) -> bool:
        return self.status is CertificateStatus.UNSET

    @property
    def is_failed(self) -> bool:
        return self.status is CertificateStatus.FAILED

    @property
    def is_ended(self) -> bool:
        return self.status is CertificateStatus.ENDED

    @property
    def is_requested(self) -> bool:
        return self.status is CertificateStatus.REQUESTED

    @property
    def shape(self) -> str:
        """The class of its tag."""
        return SHAPES.get(self.status, "")

    @property
    def may_choose(self) -> bool:
        """True while a common name can be chosen."""
        return self.is_unset or self.is_failed

    @property
    def valid_until(self) -> date | None:
        """Of the certificate that is in use; None if none is."""
        return self.certificate.valid_until(clock.today()) if self.certificate else None

    @property
    def is_next_under_way(self) -> bool:
        """True if the one for the next term is requested while this one runs."""
        found = self.certificate
        return found is not None and found.state == CertificateState.REQUESTED and self.status is not CertificateStatus.REQUESTED


class Certificates:
    """All certificates of an account: those that have not ended first."""

    def __init__(self, account: Account) -> None:
        self.contract = Overview(account)
        self._account = account

    @cached_property
    def rows(self) -> list[CertificateRow]:
        known = Certificate.by_subscription(self._account)
        ended = [subscription for subscription in known if subscription.ended_on][: -ENDED_SHOWN - 1 : -1]
        running = (row for row in self.contract.rows if row.term.subscription in known)
        found = [self._of(row, known[row.term.subscription]) for row in running]
        return found + [CertificateRow(each, known[each], CertificateStatus.ENDED) for each in ended]

    @property
    def sold(self) -> list[CertificateProduct]:
        """What can be added, to an account with a server."""
        return [product for product in catalog().sold if isinstance(product, CertificateProduct)] if self.contract.server else []

    def one(self, subscription_id: int) -> CertificateRow | None:
        """None for a certificate of somebody else."""
        return next((row for row in self.rows if row.subscription.id == subscription_id), None)

    def entitlement(self, found: CertificateRow) -> Entitlement:
        return next(each for each in self.contract.snapshot.entitlements if each.subscription == found.subscription.id)

    def why_no_switch(self, found: CertificateRow, *, on: bool) -> str | None:
        """Why its automatic renewal cannot be turned on or off now, in Japanese; None if it can."""
        if found.row is None or found.is_ended:
            return ENDED
        if on and found.may_choose:
            return NO_COMMON_NAME
        why = why_not(self.contract.snapshot, self.entitlement(found), self.contract.today, catalog(), on=on)
        return too_late(why) if isinstance(why, Closed) else why

    def _of(self, row: Row, certificate: Certificate | None) -> CertificateRow:
        subscription, until = row.term.subscription, _usable_until(row)
        charged = next((found for found in self.contract.charged if subscription.id in found.group.quote.subscriptions), None)
        by_hand = next((mine for mine, _ in self._by_hand if mine.entitlement.subscription == subscription.id), None)
        is_later = subscription.id in {entitlement.subscription for entitlement in self.contract.later}
        state = CertificateState(certificate.state) if certificate else None
        status = certificate_status(
            state,
            certificate.issued_until if certificate else None,
            until,
            self.contract.today,
            goes_on=charged is not None or is_later or row.following is not None,
            days_before=max(catalog().renewal.notice_days),
        )
        return CertificateRow(subscription, certificate, status, row, charged, by_hand)

    @property
    def _by_hand(self) -> list[tuple[ByHand, Forecast]]:
        return [(mine, found) for found in self.contract.by_hand for mine in found.by_hand]


def _usable_until(row: Row) -> date:
    last = (row.following or row.term).ends_on
    return max(last, row.runs_until or last)
