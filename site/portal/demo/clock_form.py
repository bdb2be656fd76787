"""The clock form: the button pressed, the date typed, and the date that the page showed."""

from datetime import date, timedelta

from flask import request
from wtforms import StringField

from portal.demo.turning import MOST_DAYS
from portal.formats import date_ja
from portal.forms.base import PortalForm
from portal.forms.reading import calendar_date


class ClockForm(PortalForm):
    day = StringField("日付")

    @property
    def button(self) -> str:
        """day, next, date or today."""
        return request.form.get("do", "date")

    @property
    def seen(self) -> date | None:
        return calendar_date(request.form.get("from"))

    @property
    def typed_day(self) -> date | None:
        return calendar_date(self.day.data)

    def takes(self, target: date | None, today: date) -> bool:
        """True if the clock may go there; else the field gets an error."""
        if target is None:
            self.day.errors = [f"日付は、{today.isoformat()} のように年・月・日で入力してください。"]
        elif (target - today).days > MOST_DAYS:
            last = date_ja(today + timedelta(days=MOST_DAYS))
            self.day.errors = [f"一度に進められるのは{MOST_DAYS}日までです。{last}までの日付を入力してください。"]
        return not self.day.errors
