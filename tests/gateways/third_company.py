"""A pretend third card company, written from docs/a-card-company.md alone: one module, here in memory instead of behind a line."""

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from portal.gateways.card import (
    Card,
    CardCompany,
    CardEvent,
    Customer,
    Declined,
    Failed,
    KeyReused,
    Movement,
    MovementKind,
    NotFound,
    Page,
    Paid,
    Pending,
    Refunded,
    Remittance,
    Unknown,
)
from portal.gateways.checks import check_address, check_key, check_yen
from portal.runtime.card_companies import CardCompanyRow
from portal.runtime.settings import Settings

REMOVED, CLOSED = Declined("card_removed", retryable=False), Declined("closed", retryable=True)
NOT_REFUNDABLE = Declined("not_refundable", retryable=False)
ROW = CardCompanyRow("tests.gateways.third_company", ("THIRD_KEY",), lambda variables, _secret, _is_demo: [])


@dataclass
class Visit:
    back: str
    url: str
    code: str = ""
    token: str = ""
    failed: str = ""


@dataclass
class ThirdCompany:
    """`cards`: stored tokens and how they behave: "pays", "refused", "silent"."""

    key: str = ""
    public_url: str = ""
    name: str = "third"
    origin: str = "https://pay.third.example"
    visits: dict[str, Visit] = field(default_factory=dict)
    cards: dict[str, str] = field(default_factory=dict)
    charges: dict[str, tuple[str, int, Paid | Declined]] = field(default_factory=dict)
    refunds: dict[str, Refunded] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def begin_setup(self, reference: str, return_url: str, customer: Customer) -> Page:
        check_address(return_url)
        known = self.visits.get(reference)
        if known is None or known.failed:
            self.visits[reference] = Visit(f"{self.public_url}{return_url}", f"{self.origin}/enter/{secrets.token_hex(8)}")
        return Page(self.visits[reference].url)

    def finish_setup(self, key: str, code: str) -> Card | Pending | Failed:
        visit = self.visits.get(key)
        if visit is None:
            return Failed("not_found")
        if visit.failed:
            return Failed(visit.failed)
        if not visit.code or not secrets.compare_digest(code.encode(errors="replace"), visit.code.encode()):
            return Pending()
        return Card(visit.token, "Visa", "4242", date(2098, 12, 31))

    def end_setup(self, key: str) -> None:
        if key in self.visits:
            self.visits[key].failed = "expired"
            self.cards.pop(self.visits[key].token, None)

    def prepare(self, token: str, yen: int, key: str) -> str:
        check_yen(yen)
        check_key(key)
        return key

    def charge(self, token: str, yen: int, key: str) -> Paid | Declined | Unknown:
        check_yen(yen)
        check_key(key)
        with self.lock:
            if key in self.charges and self.charges[key][0]:
                if self.charges[key][:2] != (token, yen):
                    raise KeyReused(key)
            elif key not in self.charges:
                self.charges[key] = (token, yen, self._verdict(token, yen))
            return Unknown() if self.cards.get(token) == "silent" else self.lookup(key)

    def _verdict(self, token: str, yen: int) -> Paid | Declined:
        behaviour = self.cards.get(token)
        if behaviour is None:
            return REMOVED
        paid = Paid(f"third_{secrets.token_hex(8)}", yen, datetime.now(UTC))
        return Declined("card_declined", retryable=True) if behaviour == "refused" else paid

    def authenticate(self, token: str, yen: int, key: str, return_url: str) -> Page | Paid | Declined | Unknown:
        return self.charge(token, yen, key)

    def lookup(self, key: str) -> Paid | Declined | NotFound | Unknown:
        if key not in self.charges:
            return NotFound()
        result = self.charges[key][2]
        is_gone = isinstance(result, Paid) and self._rest(result) == 0
        return Declined("refunded", retryable=False) if is_gone else result

    def close(self, key: str) -> Paid | Declined | Unknown:
        check_key(key)
        with self.lock:
            self.charges.setdefault(key, ("", 0, CLOSED))
            return self.lookup(key)

    def refund(self, reference: str, yen: int, key: str) -> Refunded | Declined | Unknown:
        check_yen(yen)
        check_key(key)
        with self.lock:
            known = self.refunds.get(key)
            if known:
                if (known.reference, known.yen) != (reference, yen):
                    raise KeyReused(key)
                return known
            token, paid = next(((token, paid) for token, _, paid in self.charges.values() if _is(paid, reference)), ("", None))
            if paid is None or self._rest(paid) < yen:
                return NOT_REFUNDABLE
            self.refunds[key] = Refunded(reference, yen, datetime.now(UTC))
            return Unknown() if self.cards.get(token) == "silent" else self.refunds[key]

    def _rest(self, paid: Paid) -> int:
        return paid.yen - sum(refund.yen for refund in self.refunds.values() if refund.reference == paid.reference)

    def detach(self, token: str) -> None:
        self.cards.pop(token, None)

    def movements(self, begin: datetime, end: datetime) -> list[Movement]:
        paid = [(key, paid) for key, (_, _, paid) in self.charges.items() if isinstance(paid, Paid)]
        found = [Movement(MovementKind.CHARGE, key, one.reference, one.yen, one.at) for key, one in paid]
        found += [Movement(MovementKind.REFUND, key, one.reference, -one.yen, one.at) for key, one in self.refunds.items()]
        return [moved for moved in found if begin <= moved.at < end]

    def remittances(self, first: date, last: date) -> list[Remittance]:
        return []

    def parse_event(self, headers: Mapping[str, str], body: bytes) -> CardEvent | None:
        return None

    def customer_types(self, url: str, behaviour: str = "pays") -> str:
        """A card, on the company's page. Returns where the browser is sent."""
        visit = next(visit for visit in self.visits.values() if visit.url == url)
        if not visit.failed:
            visit.code, visit.token = secrets.token_hex(16), f"card_{secrets.token_hex(8)}"
            self.cards[visit.token] = behaviour
        return f"{visit.back}?code={visit.code}"


def company_from(settings: Settings) -> CardCompany:
    return ThirdCompany(settings.card_settings["THIRD_KEY"], settings.public_url)


def _is(paid: Paid | Declined, reference: str) -> bool:
    return isinstance(paid, Paid) and paid.reference == reference


class ThirdBench:
    name = "third"
    removed = "card_removed"

    def __init__(self) -> None:
        self.company = company = ThirdCompany()
        self.begin, self.finish, self.end = company.begin_setup, company.finish_setup, company.end_setup
        self.take, self.remove, self.announce = company.charge, company.detach, company.prepare

    def customer_finishes(self, page: Page, browser: str) -> str:
        return self.company.customer_types(page.url).partition("code=")[2]

    def fails(self, page: Page) -> str:
        next(visit for visit in self.company.visits.values() if visit.url == page.url).failed = "cancelled"
        return "cancelled"

    def payer(self, behaviour: str = "pays") -> str:
        page = self.begin(secrets.token_hex(4), "/back", Customer("shop", "new", "name"))
        self.company.customer_types(page.url, behaviour)
        return next(visit.token for visit in self.company.visits.values() if visit.url == page.url)

    def refused_payer(self) -> str:
        return self.payer("refused")

    def silent_payer(self) -> str:
        return self.payer("silent")
