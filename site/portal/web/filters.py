"""How money and dates are written, in one place."""

from datetime import date, datetime

from flask import Flask
from markupsafe import Markup

from portal import clock
from portal.words import Method, PaymentState

_WEEKDAYS = "月火水木金土日"


def yen(amount: int) -> str:
    """13200 -> 13,200円"""
    return f"{amount:,}円"


def date_ja(day: date) -> str:
    """2026-11-04 -> 2026年11月4日（水）"""
    return f"{day.year}年{day.month}月{day.day}日（{_WEEKDAYS[day.weekday()]}）"


def time_tag(day: date) -> Markup:
    """The date as people read it, with the date as machines read it."""
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), date_ja(day))


def moment_ja(moment: datetime) -> str:
    """A moment, as the clock on a Japanese wall shows it: 2026年11月4日（水） 9時05分"""
    there = moment.astimezone(clock.JAPAN)
    return f"{date_ja(there.date())} {there.hour}時{there.minute:02}分"


def short_moment(moment: datetime) -> str:
    """For tables: 2026-11-04 09:05, Japanese time"""
    return f"{moment.astimezone(clock.JAPAN):%Y-%m-%d %H:%M}"


def short_date(day: date) -> str:
    """For tables: 2026-11-04"""
    return day.isoformat()


def months_ja(months: int) -> str:
    """12 -> 12か月"""
    return f"{months}か月"


def add_filters(app: Flask) -> None:
    app.jinja_env.filters.update(yen=yen, date_ja=date_ja, time_tag=time_tag, moment_ja=moment_ja, months_ja=months_ja)
    app.jinja_env.filters.update(short_moment=short_moment, short_date=short_date)
    app.jinja_env.filters.update(payment_state=lambda state: PaymentState(state).label, method_label=lambda method: Method(method).label)
