"""「バックアップ」「デバイスセキュリティ」, and every other option of the catalog: a page for this one thing."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.screens import additions
from portal.screens.option_page import add_page, mine_or_404
from portal.web.view_marks import keeps_input

blueprint = Blueprint("options", __name__)
ADDRESSES = {"backup": "/backup", "device": "/security"}


@blueprint.get("/options/<product>")
def show(product: str) -> ResponseReturnValue:
    mine = mine_or_404(product)
    return add_page(mine, mine.form())


@blueprint.post("/options/<product>")
@keeps_input("options.show")
def add(product: str) -> ResponseReturnValue:
    mine = mine_or_404(product)
    form = mine.form()
    if not mine.may_add or (mine.placed and mine.placed.is_on_its_way):
        return redirect(url_for("options.show", product=product), code=303)
    if form.agreed is None:
        return add_page(mine, form, 422)
    return redirect(url_for("payment.choose", number=additions.begin(product, form.typed()).number), code=303)


def _short_addresses() -> None:
    """The addresses that customers know, for the options of the company's guide."""
    for product, address in ADDRESSES.items():
        for view, methods in ((show, ["GET"]), (add, ["POST"])):
            blueprint.add_url_rule(address, view.__name__, view, methods=methods, defaults={"product": product})


_short_addresses()
