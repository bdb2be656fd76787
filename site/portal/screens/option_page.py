"""The page of one option, which several routes show again with what was typed."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from portal.catalog import Option, PerDevice
from portal.forms.options import NextNumberForm, OptionForm
from portal.rules.renewals.next_number import NextNumber
from portal.screens.own_option import OwnOption, own_option
from portal.screens.owned import snapshot
from portal.web.current import catalog


def mine_or_404(product: str) -> OwnOption:
    """404 for what is no option, or is neither sold nor the customer's."""
    found = catalog().product(product)
    if not isinstance(found, Option | PerDevice):
        abort(404)
    mine = own_option(found)
    return mine if found.is_sold or mine.entitlement else abort(404)


def add_page(mine: OwnOption, form: OptionForm, status: int = 200) -> ResponseReturnValue:
    """`form`: what was typed to add it, or more of it."""
    is_opened = status == 200
    numbers = _number_form(mine, **({} if is_opened else {"formdata": None}))
    return _page(mine, form, numbers, status)


def number_page(mine: OwnOption, numbers: NextNumberForm, status: int = 200) -> ResponseReturnValue:
    """`numbers`: what was typed for the next automatic charge."""
    return _page(mine, mine.form({"count": "1"}), numbers, status)


def _number_form(mine: OwnOption, **kwargs: object) -> NextNumberForm | None:
    of = mine.next_number
    return NextNumberForm(most=of.most, so_far=of.line.quantity, **kwargs) if isinstance(of, NextNumber) else None


def _page(mine: OwnOption, form: OptionForm, numbers: NextNumberForm | None, status: int) -> ResponseReturnValue:
    mistakes = [*(numbers.mistakes if numbers else ()), *form.mistakes]
    context = {"mine": mine, "form": form, "numbers": numbers, "mistakes": mistakes, "catalog": catalog()}
    return render_template("renewals/option.html", renewal_method=snapshot().renewal_method, **context), status
