"""Jinja filters for pages: those of portal.formats, and those that need HTML.

Everything that a page says of days and of future charges can be read by a program: dates are `<time>` elements, yen of a future charge
are `<data>` elements. The plain filters for dates are left out, so no page can print a date in another way.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask import Flask
from markupsafe import Markup

from portal import clock
from portal.enums import Method, PaymentState
from portal.formats import FILTERS, date_ja, moment_ja, short_date, short_moment, up_to, yen
from portal.rules.accounts.browser_names import browser_name
from portal.rules.certificates.domain_names import in_full
from portal.rules.payments import disputes
from portal.rules.payments.declines import short_reason
from portal.rules.payments.methods import no_words, row_of
from portal.rules.payments.order_status import TAG_SHAPES
from portal.rules.staff.advice import advice
from portal.rules.staff.happening_words import happening_ja
from portal.rules.staff.lists import COUNTED
from portal.rules.staff.wording import actor_ja, entity_ja, reason_ja, state_ja

__all__ = ["add_filters", "date_ja", "time_tag", "yen"]

NOT_ON_PAGES = {"date_ja", "moment_ja", "short_moment"}


def time_tag(day: date, suffix: str = "") -> Markup:
    """The date in Japanese in a `<time>` element, with the ISO date in `datetime`. `suffix` (まで, から) stands inside it."""
    return _time(day.isoformat(), date_ja(day) + suffix)


def moment_tag(moment: datetime, suffix: str = "") -> Markup:
    """A moment in Japanese time."""
    return _time(_minute(moment), moment_ja(moment) + suffix)


def short_moment_tag(moment: datetime) -> Markup:
    """A moment in a table."""
    return _time(_minute(moment), short_moment(moment))


def clock_tag(moment: datetime) -> Markup:
    """The hour and minute of a moment within the next hours."""
    return Markup('<time role="none">{}</time>').format(f"{moment.astimezone(clock.JAPAN):%H:%M}")


def days_tag(days: Iterable[date]) -> Markup:
    """12月10日、15日: each day in its own element, with its comma: no line begins with one. The month is written where it changes."""
    found, month, listed = [], None, tuple(days)
    for place, day in enumerate(listed, 1):
        comma = "、" if place < len(listed) else ""
        found.append(_time(day.isoformat(), f"{day.day}日{comma}" if day.month == month else f"{day.month}月{day.day}日{comma}"))
        month = day.month
    return Markup("").join(found)


def month_tag(day: date) -> Markup:
    """The last month of a card: 11/2026, as it is printed on the card."""
    return _time(f"{day:%Y-%m}", f"{day.month}/{day.year}")


def month_in_year_tag(day: date) -> Markup:
    """The month of a day: 2026年11月."""
    return _time(f"{day:%Y-%m}", f"{day.year}年{day.month}月")


def yen_tag(amount: int) -> Markup:
    """Yen of a future charge in a `<data>` element."""
    return Markup('<data value="{}">{}</data>').format(amount, yen(amount))


def stored_value(value: str | int | date | datetime | None) -> str:
    """A cell of what is stored, whatever it is."""
    if isinstance(value, datetime):
        return short_moment_tag(value)
    if isinstance(value, date):
        return short_date(value)
    return "" if value is None else str(value)


def _time(value: str, text: str) -> Markup:
    """`role`: Orca leaves out a `<time>` that begins a `<dd>`, unless it is read as plain text."""
    return Markup('<time role="none" datetime="{}">{}</time>').format(value, text)


def _minute(moment: datetime) -> str:
    return moment.astimezone(clock.JAPAN).isoformat(timespec="minutes")


def _product_name(app: Flask, product_id: str) -> str:
    """The product's name in the catalog. Its id if it is no longer in the catalog."""
    product = app.extensions["catalog"].product(product_id)
    return product.name if product else product_id


def _advice(payment: Any) -> str:
    return advice(is_unknown=payment.is_unknown, is_automatic=payment.is_automatic, is_final=payment.is_final)


def _happening(row: Any) -> str:
    return happening_ja(row.what, row.about, row.from_state, row.state, row.actor, row.reason)


def _plan_name(app: Flask, plan_id: str) -> str:
    return next((plan.name for plan in app.extensions["catalog"].server.plans if plan.id == plan_id), plan_id)


def add_filters(app: Flask) -> None:
    app.jinja_env.filters.update({name: written for name, written in FILTERS.items() if name not in NOT_ON_PAGES})
    app.jinja_env.filters.update(
        time_tag=time_tag,
        moment_tag=moment_tag,
        clock_tag=clock_tag,
        days_tag=days_tag,
        month_tag=month_tag,
        yen_tag=yen_tag,
        month_in_year_tag=month_in_year_tag,
    )
    app.jinja_env.filters["stored"] = stored_value
    app.jinja_env.filters["menu_count"] = lambda rows: up_to(rows, COUNTED)
    app.jinja_env.filters["short_moment"] = short_moment_tag
    app.jinja_env.filters.update(dispute_reason=disputes.reason_ja)
    app.jinja_env.filters.update(dispute_step=lambda dispute: disputes.step(dispute.state, dispute.respond_by, clock.now()))
    app.jinja_env.filters.update(entity_ja=entity_ja, actor_ja=actor_ja, state_ja=state_ja, reason_ja=reason_ja, short_reason=short_reason)
    app.jinja_env.filters["tag_shape"] = lambda money: TAG_SHAPES.get(money, "")
    app.jinja_env.filters["happening_ja"] = _happening
    app.jinja_env.filters["advice"] = _advice
    app.jinja_env.filters["plan_name"] = lambda plan_id: _plan_name(app, plan_id)
    app.jinja_env.filters["product_name"] = lambda product_id: _product_name(app, product_id)
    app.jinja_env.filters.update(browser_name=browser_name, method_row=row_of, no_words=no_words, shown_domain=in_full)
    app.jinja_env.filters.update(payment_state=lambda state: PaymentState(state).label, method_label=lambda method: Method(method).label)
