"""「バックアップ」「デバイスセキュリティ」, and every other option of the catalog: a page for this one thing."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.catalog import Option, PerDevice
from portal.forms.options import OptionForm
from portal.screens import additions
from portal.screens.own_option import OwnOption, own_option
from portal.screens.owned import snapshot
from portal.web.current import catalog
from portal.web.view_marks import keeps_input

blueprint = Blueprint("options", __name__)
ADDRESSES = {"backup": "/backup", "device": "/security"}


@blueprint.get("/options/<product>")
def show(product: str) -> ResponseReturnValue:
    mine = _mine(product)
    return _page(mine, mine.form())


@blueprint.post("/options/<product>")
@keeps_input("options.show")
def add(product: str) -> ResponseReturnValue:
    mine = _mine(product)
    form = mine.form()
    if not mine.may_add or (mine.placed and mine.placed.is_on_its_way):
        return redirect(url_for("options.show", product=product), code=303)
    if form.agreed is None:
        return _page(mine, form, 422)
    return redirect(url_for("payment.choose", number=additions.begin(product, form.typed()).number), code=303)


def _mine(product: str) -> OwnOption:
    """404 for what is no option, or is neither sold nor the customer's."""
    found = catalog().product(product)
    if not isinstance(found, Option | PerDevice):
        abort(404)
    mine = own_option(found)
    return mine if found.is_sold or mine.entitlement else abort(404)


def _page(mine: OwnOption, form: OptionForm, status: int = 200) -> ResponseReturnValue:
    context = {"mine": mine, "form": form, "mistakes": form.mistakes, "catalog": catalog()}
    return render_template("renewals/option.html", renewal_method=snapshot().renewal_method, **context), status


def _short_addresses() -> None:
    """The addresses that customers know, for the options of the company's guide."""
    for product, address in ADDRESSES.items():
        for view, methods in ((show, ["GET"]), (add, ["POST"])):
            blueprint.add_url_rule(address, view.__name__, view, methods=methods, defaults={"product": product})


_short_addresses()
