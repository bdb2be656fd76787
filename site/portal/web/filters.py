"""Jinja filters for pages: those of portal.formats, and those that need HTML."""

from datetime import date

from flask import Flask
from markupsafe import Markup

from portal.enums import Method, PaymentState
from portal.formats import FILTERS, date_ja, yen
from portal.rules.payments.methods import no_words, row_of
from portal.rules.staff.wording import actor_ja, entity_ja, state_ja

__all__ = ["add_filters", "date_ja", "time_tag", "yen"]


def time_tag(day: date) -> Markup:
    """The date in Japanese in a `<time>` element, with the ISO date in `datetime`."""
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), date_ja(day))


def _product_name(app: Flask, product_id: str) -> str:
    """The product's name in the catalog. Its id if it is no longer in the catalog."""
    product = app.extensions["catalog"].product(product_id)
    return product.name if product else product_id


def add_filters(app: Flask) -> None:
    app.jinja_env.filters.update(FILTERS, time_tag=time_tag)
    app.jinja_env.filters.update(entity_ja=entity_ja, actor_ja=actor_ja, state_ja=state_ja)
    app.jinja_env.filters["product_name"] = lambda product_id: _product_name(app, product_id)
    app.jinja_env.filters.update(method_row=row_of, no_words=no_words)
    app.jinja_env.filters.update(payment_state=lambda state: PaymentState(state).label, method_label=lambda method: Method(method).label)
