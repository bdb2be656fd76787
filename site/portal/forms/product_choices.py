"""The choices of each product for a new customer."""

from collections.abc import Hashable
from typing import assert_never

from wtforms import Form
from wtforms.fields import SelectChoice

from portal.catalog import AnyProduct, Certificate, Option, PerDevice, Plan, Server

NONE = SelectChoice("", "利用しない")
LONGEST = 20  # characters: the version of a document is the longest choice


def looks_of(form: Form, product: AnyProduct) -> Hashable | None:
    """What the form's part of this product depends on, besides the catalog. None if it is like no other: with a mistake, or long text."""
    fields = [form[name] for name in product.fields]
    typed = tuple(field.data or "" for field in fields)
    if any(field.errors for field in fields) or any(len(text) > LONGEST for text in typed):
        return None
    return type(form), form.pays_now, product.id, form.plan and form.plan.id, typed


def choices_of(product: AnyProduct, plan: Plan | None) -> list[SelectChoice]:
    """`plan` is the customer's plan, None if it was withdrawn."""
    match product:
        case Server():
            return [SelectChoice(str(months), f"{months}か月") for months in (plan.months if plan else ())]
        case Certificate():
            return [NONE, *(SelectChoice(variant.id, variant.name) for variant in product.variants)]
        case Option():
            return [NONE, *(_for_months(months, product.total_yen(months)) for months in product.months)]
        case PerDevice():
            return [NONE, *(_for_one_device(months, product.total_yen(1, months)) for months in product.months)]
        case _:
            assert_never(product)


def _for_months(months: int, yen: int) -> SelectChoice:
    return SelectChoice(str(months), f"{months}か月 {yen:,}円")


def _for_one_device(months: int, yen: int) -> SelectChoice:
    return SelectChoice(str(months), f"{months}か月 1台 {yen:,}円")
