"""Certificates and domains of all customers: one page of rows with one query, however many there are."""

from dataclasses import dataclass
from typing import Any

from peewee import JOIN

from models import Account, Certificate, Domain, Subscription
from portal.actions.staff import places
from portal.actions.staff.paging import Listed, newest_first, page_of
from portal.actions.staff.searching import SearchQuery
from portal.actions.transfers.order_rows import any_of, named
from portal.enums import CertificateState
from portal.rules.certificates.certificate_status import CertificateStatus
from portal.rules.transfers.order_numbers import half_width


@dataclass(frozen=True)
class CertificateRow:
    """`certificate`: None as long as it has no common name."""

    subscription: Subscription
    certificate: Certificate | None

    @property
    def state_label(self) -> str:
        if self.subscription.ended_on:
            return CertificateStatus.ENDED.label
        return CertificateState(self.certificate.state).label if self.certificate else CertificateStatus.UNSET.label


def certificates(search: SearchQuery) -> Listed[CertificateRow]:
    """Every certificate that was bought, the newest first."""
    query = Subscription.select(Subscription, Account, Certificate).join(Account).switch(Subscription)
    query = query.join(Certificate, JOIN.LEFT_OUTER, attr="certificate").where(places.IS_CERTIFICATE)
    return newest_first(query, (Subscription.id,), search, places.certificates(search), _certificate_row)


def unissued(search: SearchQuery) -> Listed[CertificateRow]:
    """Those that are paid and could not be issued."""
    query = Subscription.select(Subscription, Account, Certificate).join(Account).switch(Subscription)
    query = query.join(Certificate, attr="certificate").where(Certificate.is_unissued())
    query = _narrowed(query, search, Certificate.common_name, Certificate.shown)
    return page_of(query.order_by(Subscription.id.desc()), search, _certificate_row)


def domains(search: SearchQuery) -> Listed[Domain]:
    """Every domain that was added, the newest first."""
    query = Domain.select(Domain, Account).join(Account)
    return newest_first(query, (Domain.id,), search, places.domains(search), lambda row: row)


def _certificate_row(row: Subscription) -> CertificateRow:
    return CertificateRow(row, _named(row))


def _narrowed(query: Any, search: SearchQuery, *columns: Any) -> Any:
    """To those whose name, login or customer the text is a part of."""
    if not search.text:
        return query
    text = half_width(search.text)
    by_text = [column.contains(text.lower()) for column in columns] + [Account.login.contains(text)]
    return query.where(any_of([*by_text, *named(Account.name_key, search.text)]))


def _named(row: Subscription) -> Certificate | None:
    found = getattr(row, "certificate", None)
    return found if found is not None and found.id else None
