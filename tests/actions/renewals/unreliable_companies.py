"""A shop whose companies sometimes fail, and whose catalog may change."""

from dataclasses import dataclass, field

from portal.enums import Method
from portal.gateways.companies import Companies
from tests.cards import Outage, cards_of
from tests.companies import Company, LosesAnswers, NeverReached
from tests.purchase import Shop

WRAPPERS = {
    Outage.NONE: lambda company: company,
    Outage.LOSES_ANSWERS: LosesAnswers,
    Outage.LOSES_EVERYTHING: lambda company: LosesAnswers(company, "lookup", "close"),
    Outage.NEVER_REACHED: NeverReached,
}


@dataclass
class Connection:
    outage: Outage = Outage.NONE

    def wrap(self, company: Company) -> Company:
        return WRAPPERS[self.outage](company)


@dataclass(frozen=True)
class UnreliableShop(Shop):
    """Calls to a company and their answers fail as the current outage says."""

    connection: Connection = field(default_factory=Connection)

    def by(self, method: Method) -> "UnreliableShop":
        found, cards = super().by(method), cards_of(self.books)
        if method is Method.CARD and cards.fails_itself:
            cards.suffer(self.connection.outage)
            return found
        return found if method is Method.BANK else found.asking(self.connection.wrap(found.company))

    @property
    def companies(self) -> Companies:
        return Companies(**{method.value: self.by(method).company for method in (Method.CARD, Method.WALLET)})
