"""支払い方法をリセットする: the automatic renewal ends, and the card is forgotten."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.actions import pay
from portal.routes.contract import Overview
from portal.web.current import companies, current_account

blueprint = Blueprint("renewal", __name__)
DONE = "自動更新を止め、登録されていたお支払い方法を削除しました。お支払い済みの期間の終わりまで、そのままご利用いただけます。"


@blueprint.get("/renewal/reset")
def confirm() -> ResponseReturnValue:
    contract = Overview(current_account())
    if contract.setting is None:
        return redirect(url_for("contract.show"), code=303)
    return render_template("renewal/reset.html", contract=contract)


@blueprint.post("/renewal/reset")
def reset() -> ResponseReturnValue:
    if pay.reset_method(current_account(), companies()):
        flash(DONE)
    return redirect(url_for("contract.show"), code=303)
