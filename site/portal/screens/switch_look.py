"""The final screen of a switch of 自動更新: what it changes and what follows, of an option as of a certificate."""

from datetime import date

from flask import render_template

from portal.rules.renewals.next_renewals import next_renewals
from portal.rules.renewals.snapshot import Entitlement, Snapshot
from portal.rules.renewals.switch import switched
from portal.screens.second_look import SecondLook
from portal.web.current import catalog


def switch_look(snapshot: Snapshot, entitlement: Entitlement, today: date, *, on: bool) -> SecondLook:
    after = switched(snapshot, entitlement.subscription, today, on=on)
    upcoming = next_renewals(after, today, catalog(), {entitlement.subscription})
    context = {"mine": entitlement, "on": on, "upcoming": upcoming, "renewal_method": after.renewal_method}
    return SecondLook(render_template("renewals/_switch.html", **context))
