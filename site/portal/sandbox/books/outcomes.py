"""How the sandbox's test cards behave."""

from enum import StrEnum


class Outcome(StrEnum):
    PAYS = "pays"
    ASKS_THEN_PAYS = "asks_then_pays"
    FAILS_WHEN_ASKED = "fails_when_asked"
    REFUSED = "refused"
    EXPIRED = "expired"
    ANSWER_LOST = "answer_lost"
    PAYS_ONCE = "pays_once"
    ASKS_LATER = "asks_later"

    @property
    def asks_for_authentication(self) -> bool:
        return self in (Outcome.ASKS_THEN_PAYS, Outcome.FAILS_WHEN_ASKED)

    @property
    def is_silent(self) -> bool:
        """The card is charged, but neither the response nor a webhook says so."""
        return self is Outcome.ANSWER_LOST
