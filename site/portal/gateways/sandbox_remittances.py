"""What the sandbox companies send to our bank account: each week's money, less a fee, on the Friday after it. Yen."""

from collections.abc import Iterable
from datetime import date, timedelta, timezone

from portal.enums import RemittanceState
from portal.gateways.answers import Movement, MovementKind, Parts, Remittance

JAPAN = timezone(timedelta(hours=9))
FEE_PER_MILLE = 36
A_WEEK, FROM_MONDAY_TO_ARRIVAL = timedelta(days=7), timedelta(days=11)
NAMES = {MovementKind.CHARGE: "charged", MovementKind.REFUND: "refunded", MovementKind.DISPUTE: "disputed"}


def weekly(word: str, movements: Iterable[Movement], today: date) -> list[Remittance]:
    """`word`: the beginning of their numbers."""
    weeks: dict[date, dict[str, int]] = {}
    for moved in movements:
        day = moved.at.astimezone(JAPAN).date()
        sums = weeks.setdefault(day - timedelta(days=day.weekday()), dict.fromkeys(NAMES.values(), 0))
        sums[NAMES[moved.kind]] += moved.yen
    over = {monday: sums for monday, sums in sorted(weeks.items()) if monday + A_WEEK <= today}
    found = [_of_week(word, monday, sums, today) for monday, sums in over.items()]
    return [remittance for remittance in found if remittance.yen]


def _of_week(word: str, monday: date, sums: dict[str, int], today: date) -> Remittance:
    parts = Parts(**sums, fees=-(sums["charged"] * FEE_PER_MILLE // 1000))
    arrives_on = monday + FROM_MONDAY_TO_ARRIVAL
    state = RemittanceState.SENT if arrives_on <= today else RemittanceState.ON_WAY
    return Remittance(f"{word}_{monday:%Y%m%d}", parts.yen, arrives_on, state, parts)
