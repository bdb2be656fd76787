"""What an edited catalog changes for one account: the charges, days and ends that the worker would act on, beside those of today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.catalog import Catalog
from portal.enums import LabelEnum
from portal.rules.renewals.forecast import Forecast, forecasts
from portal.rules.renewals.quote import is_sold
from portal.rules.renewals.scheduled_event import EventKind
from portal.rules.renewals.snapshot import Snapshot
from portal.rules.renewals.timeline import timeline

ENDINGS = (EventKind.STOP, EventKind.DELETION)


class ChangeKind(LabelEnum):
    WITHDRAWN = "withdrawn", "更新できなくなる"
    NO_CHARGE = "no charge", "自動更新されなくなる"
    NEW_CHARGE = "new charge", "自動更新されるようになる"
    YEN = "yen", "次の自動更新の金額が変わる"
    DAY = "day", "次の自動更新の日が変わる"
    ENDING = "ending", "停止や解約の日が変わる"


@dataclass(frozen=True)
class Change:
    kind: ChangeKind
    sentence: str


def changes(snapshot: Snapshot, today: date, before: Catalog, after: Catalog) -> list[Change]:
    """Empty for an account that the edit does not concern."""
    was, now = ({one.ends_on: one for one in forecasts(snapshot, today, catalog)} for catalog in (before, after))
    found = [change for ends_on in was for change in _of_charge(was[ends_on], now[ends_on])]
    return [*_withdrawn(snapshot, before, after), *found, *_endings(snapshot, today, before, after)]


def _withdrawn(snapshot: Snapshot, before: Catalog, after: Catalog) -> Iterator[Change]:
    for mine in snapshot.entitlements:
        if is_sold(snapshot, mine, before) and not is_sold(snapshot, mine, after):
            yield Change(ChangeKind.WITHDRAWN, f"{mine.name}（{mine.ends_on}まで）")


def _of_charge(was: Forecast, now: Forecast) -> Iterator[Change]:
    if was.charge is None or now.charge is None:
        kept = was if was.charge else now
        if kept.charge:
            kind = ChangeKind.NO_CHARGE if kept is was else ChangeKind.NEW_CHARGE
            yield Change(kind, f"{kept.charge.charged_on}の {kept.yen:,}円")
        return
    if was.yen != now.yen:
        yield Change(ChangeKind.YEN, f"{now.charge.charged_on}：{was.yen:,}円 → {now.yen:,}円")
    if was.charge.charged_on != now.charge.charged_on:
        yield Change(ChangeKind.DAY, f"{was.charge.charged_on} → {now.charge.charged_on}")


def _endings(snapshot: Snapshot, today: date, before: Catalog, after: Catalog) -> Iterator[Change]:
    was, now = (
        {(event.kind, event.names): event.on for event in timeline(snapshot, today, catalog) if event.kind in ENDINGS}
        for catalog in (before, after)
    )
    for kind, names in was.keys() & now.keys():
        if was[kind, names] != now[kind, names]:
            days = f"{was[kind, names]} → {now[kind, names]}"
            yield Change(ChangeKind.ENDING, f"{'、'.join(names)}の{kind.label}：{days}")
