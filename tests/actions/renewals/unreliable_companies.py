"""A shop whose companies sometimes fail, and whose catalog may change."""

from dataclasses import dataclass, field
from enum import StrEnum

from portal.enums import Method
from portal.gateways.companies import Companies
from tests.companies import Company, LosesAnswers, NeverReached
from tests.purchase import Shop


class Sky(StrEnum):
    FINE = "fine"
    LOSES_ANSWERS = "loses answers"
    LOSES_EVERYTHING = "loses everything"
    NEVER_REACHED = "never reached"


OVER = {
    Sky.FINE: lambda company: company,
    Sky.LOSES_ANSWERS: LosesAnswers,
    Sky.LOSES_EVERYTHING: lambda company: LosesAnswers(company, "lookup", "close"),
    Sky.NEVER_REACHED: NeverReached,
}


@dataclass
class Weather:
    sky: Sky = Sky.FINE

    def over(self, company: Company) -> Company:
        return OVER[self.sky](company)


@dataclass(frozen=True)
class OpenAirShop(Shop):
    """Calls to a company and their answers fail as the current outage says."""

    weather: Weather = field(default_factory=Weather)

    def by(self, method: Method) -> "OpenAirShop":
        found = super().by(method)
        return found if method is Method.BANK else found.asking(self.weather.over(found.company))

    @property
    def companies(self) -> Companies:
        return Companies(**{method.value: self.by(method).company for method in (Method.CARD, Method.WALLET)})
