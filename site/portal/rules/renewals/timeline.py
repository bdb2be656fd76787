"""What happens to an account and when: one pure function that the page shows, the mails quote and the worker acts on.

It tells what is still to come and what is overdue; what has been done is not in it any more. All dates are inclusive dates in Japan.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.catalog import Catalog
from portal.enums import LabelEnum
from portal.rules.renewals.charge_plan import ChargePlan, caused_on, charge_plan
from portal.rules.renewals.lifecycle import DAYS_AHEAD, deletion_day, last_day_to_pay, stop_day
from portal.rules.renewals.quote import Basket, basket
from portal.rules.renewals.snapshot import Facts, Holding


class What(LabelEnum):
    """In the order in which they are done on one day."""

    NOTICE = "notice", "更新のお知らせメール"
    MOVED = "moved", "お支払い日変更のお知らせメール"
    CARD_EXPIRES = "card_expires", "カードの有効期限のお知らせメール"
    BY_HAND = "by_hand", "契約終了のお知らせメール"
    LAST_CHANGE = "last_change", "変更・停止の期限"
    CHARGE = "charge", "自動更新のお支払い"
    RETRY = "retry", "お支払いの再手続き"
    END = "end", "契約終了"
    STOP = "stop", "停止"
    DELETION_AHEAD = "deletion_ahead", "解約の予告メール"
    DELETION = "deletion", "解約"


ORDER = tuple(What)
WHICH = ("first", "second")


@dataclass(frozen=True)
class Happening:
    """One dated entry. `names` are the products in question; `reason` says in Japanese why on this day; `key` tells notices apart.

    `is_only_if_unpaid`: it happens only if the automatic charges before it all fail.
    """

    on: date
    what: What
    ends_on: date
    names: tuple[str, ...]
    reason: str
    subscription: int | None = None
    key: str = ""
    is_only_if_unpaid: bool = False


@dataclass(frozen=True)
class Renewing:
    """How everything that ends on one day goes on: what is charged, when, and what the customer has to renew by hand."""

    ends_on: date
    basket: Basket
    plan: ChargePlan
    by_hand: tuple[Holding, ...]

    @property
    def is_charged(self) -> bool:
        return bool(self.plan.days and self.basket.lines)


def renewing(facts: Facts, ends_on: date, today: date, catalog: Catalog) -> Renewing:
    """What of this end renews by itself. Before the 30-day notice a dearer catalog counts, afterwards not."""
    plan = charge_plan(facts, ends_on, catalog.renewal)
    first_notice = max(catalog.renewal.notice_days)
    is_early = bool(plan.days) and ends_on not in facts.announced and today <= plan.days[0] - timedelta(days=first_notice)
    found = basket(facts, ends_on, catalog, may_rise=is_early) if plan.method else Basket(ends_on, ())
    charged = found.subscriptions if plan.days else frozenset()
    by_hand = tuple(holding for holding in facts.ending(ends_on) if holding.subscription not in charged)
    return Renewing(ends_on, found, plan, by_hand)


def timeline(facts: Facts, today: date, catalog: Catalog) -> list[Happening]:
    """All that is to come, and what is overdue, by date and then in the order in which it is done."""
    found = [happening for ends_on in facts.ends for happening in _of_one_end(facts, ends_on, today, catalog)]
    return sorted(found, key=lambda happening: (happening.on, ORDER.index(happening.what), happening.ends_on))


def next_day(facts: Facts, today: date, catalog: Catalog) -> date | None:
    """The next day after `today` on which anything happens."""
    return min((happening.on for happening in timeline(facts, today, catalog) if happening.on > today), default=None)


def _of_one_end(facts: Facts, ends_on: date, today: date, catalog: Catalog) -> Iterator[Happening]:
    group = renewing(facts, ends_on, today, catalog)
    if group.is_charged:
        yield from _charge(facts, group, today, catalog)
    yield from _moved(facts, group)
    if group.by_hand:
        yield from _by_hand(facts, group, today, catalog)
    yield from _end(facts, group, today, catalog.closed_days)


def _charge(facts: Facts, group: Renewing, today: date, catalog: Catalog) -> Iterator[Happening]:
    charge, names = group.plan.charge, tuple(line.name for line in group.basket.lines)
    if not group.plan.is_retry and not group.plan.moved_on:
        for on, which, before in _notice_days(charge.charged_on, _cause(facts, group), today, catalog):
            if (key := f"notice {group.ends_on} {which}") not in facts.told:
                yield Happening(on, What.NOTICE, group.ends_on, names, f"お支払い日の{before}日前", key=key)
    expires = facts.means.card_expires
    if expires and expires < charge.charged_on:
        on = max(charge.charged_on - timedelta(days=max(catalog.renewal.notice_days)), _cause(facts, group))
        key = f"card {group.ends_on} {expires}"
        if key not in facts.told:
            yield Happening(on, What.CARD_EXPIRES, group.ends_on, names, "お支払い日までにカードの有効期限が切れるため", key=key)
    yield Happening(
        charge.last_change_on, What.LAST_CHANGE, group.ends_on, names, f"{_day(charge.charged_on)}のお支払いの前の、変更できる最後の日"
    )
    what = What.RETRY if group.plan.is_retry else What.CHARGE
    reason = "前回お支払いできなかったため" if group.plan.is_retry else _why(facts, group)
    yield Happening(charge.charged_on, what, group.ends_on, names, reason)
    for day in charge.retries:
        yield Happening(day, What.RETRY, group.ends_on, names, "それまでにお支払いできなかったときだけ")


def _notice_days(before_day: date, since: date, today: date, catalog: Catalog) -> Iterator[tuple[date, str, int]]:
    """30 and 7 days before; one whose day had passed before the term was paid is left out, and so is one that the next has overtaken."""
    days = [before_day - timedelta(days=before) for before in sorted(catalog.renewal.notice_days, reverse=True)]
    for number, on in enumerate(days):
        is_overtaken = number + 1 < len(days) and days[number + 1] <= today
        if on >= since and not is_overtaken:
            yield on, WHICH[number] if number < len(WHICH) else f"notice{number + 1}", (before_day - on).days


def _moved(facts: Facts, group: Renewing) -> Iterator[Happening]:
    """A charge that waited for another order is announced anew, or the customer is asked to act where no day is left."""
    on = group.plan.moved_on
    key = f"moved {group.ends_on} {on}"
    if on is None or key in facts.told:
        return
    names = tuple(holding.name for holding in facts.ending(group.ends_on) if holding.renews)
    yield Happening(on, What.MOVED, group.ends_on, names, "別のお申し込みの結果を待っていたため", key=key)


def _by_hand(facts: Facts, group: Renewing, today: date, catalog: Catalog) -> Iterator[Happening]:
    names = tuple(holding.name for holding in group.by_hand)
    since = max([*(holding.told_on for holding in group.by_hand), *_when_it_became_by_hand(facts, group)])
    for on, which, before in _notice_days(group.ends_on, since, today, catalog):
        if (key := f"hand {group.ends_on} {which}") not in facts.told:
            yield Happening(on, What.BY_HAND, group.ends_on, names, f"契約期間の終わりの{before}日前", key=key)


def _when_it_became_by_hand(facts: Facts, group: Renewing) -> Iterator[date]:
    """The customer was told on that very day, so what would have been said earlier is not said late."""
    tried = facts.last_try(group.ends_on)
    if tried:
        yield tried.on
    if facts.turned_off_on:
        yield facts.turned_off_on


def _end(facts: Facts, group: Renewing, today: date, closed: Set[date]) -> Iterator[Happening]:
    """契約終了 on the day after; then 停止中 and 解約済, for the server and for every option.

    While a charge is still to be tried they are only what would follow if it failed: nothing of it happens before that.
    """
    for holding in facts.ending(group.ends_on):
        is_held = group.plan.waits and not group.plan.waits_for_another
        is_charged = group.is_charged and holding.subscription in group.basket.subscriptions and not is_held
        for happening in _end_of(facts, holding, today, closed):
            if not is_charged:
                yield happening
            elif happening.on > today:
                yield replace(happening, is_only_if_unpaid=True)


def _end_of(facts: Facts, holding: Holding, today: date, closed: Set[date]) -> Iterator[Happening]:
    """A stop that is late begins today: its 14 days are the customer's, whatever kept the worker."""
    planned = stop_day(facts, holding, closed)
    if planned is None:
        return
    stopped_on = holding.stopped_on or max(planned, today)
    about = (holding.ends_on, (holding.name,))
    key = f"end {holding.subscription} {holding.ends_on}"
    if key not in facts.told:
        yield Happening(holding.ends_on + timedelta(days=1), What.END, *about, "契約期間が終わるため", holding.subscription, key)
    if holding.stopped_on is None:
        yield Happening(stopped_on, What.STOP, *about, _why_stopped(stopped_on, holding), holding.subscription)
    deleted_on = deletion_day(facts, holding, stopped_on, closed)
    if deleted_on is None:
        return
    key = f"deletion {holding.subscription} {holding.ends_on}"
    if key not in facts.told:
        ahead = deleted_on - timedelta(days=DAYS_AHEAD)
        yield Happening(ahead, What.DELETION_AHEAD, *about, f"解約の{DAYS_AHEAD}日前", holding.subscription, key)
    reason = f"停止中のお支払いの期限（{_day(last_day_to_pay(stopped_on))}）を過ぎるため"
    yield Happening(deleted_on, What.DELETION, *about, reason, holding.subscription)


def _cause(facts: Facts, group: Renewing) -> date:
    charged = tuple(holding for holding in facts.ending(group.ends_on) if holding.renews)
    return caused_on(facts, charged)


def _why(facts: Facts, group: Renewing) -> str:
    if group.plan.moved_on:
        return "別のお申し込みの結果を待っていたため"
    return f"契約が終わる月の、{facts.means.method.label}の自動更新日"


def _why_stopped(on: date, holding: Holding) -> str:
    return (
        "契約期間が終わったため"
        if on == holding.ends_on + timedelta(days=1)
        else "契約期間が終わり、お振り込みの確認を待つ期間も過ぎるため"
    )


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
