"""独自ドメイン設定: the customer's own domains, added, checked and removed."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models import Certificate, Domain
from portal.actions.certificates import domains
from portal.actions.refusals import NotPossible
from portal.forms.certificates import DomainForm
from portal.web.current import current_account, get_or_404
from portal.web.view_marks import keeps_input, types_nothing

blueprint = Blueprint("domains", __name__, url_prefix="/domains")
HIGHEST_NUMBER = 2**31 - 1
ONE = f"/<int(max={HIGHEST_NUMBER}):domain_id>"
ADDED = "{} を追加しました。TXTレコードを設定してから、確認へお進みください。"
REMOVED = "{} を削除しました。"


@blueprint.get("")
def show() -> ResponseReturnValue:
    return _page(DomainForm())


@blueprint.post("")
@keeps_input("domains.show")
def add() -> ResponseReturnValue:
    form = DomainForm()
    if current_account().server is None:
        flash(domains.NO_SERVER)
        return redirect(url_for("domains.show"), code=303)
    if not form.validate():
        return _page(form, 422)
    try:
        added = domains.add(current_account(), form.wanted)
    except NotPossible as why:
        form.domain.errors = [str(why)]
        return _page(form, 422)
    flash(ADDED.format(added.shown))
    return redirect(url_for("domains.one", domain_id=added.id), code=303)


@blueprint.get(ONE)
def one(domain_id: int) -> ResponseReturnValue:
    domain = _mine(domain_id)
    record = {"record": domains.record_name(domain), "value": domains.record_value(domain)}
    used_by = list(Certificate.standing_on(domain))
    return render_template("certificates/domain.html", domain=domain, used_by=used_by, **record)


@blueprint.post(f"{ONE}/check")
@types_nothing
def check(domain_id: int) -> ResponseReturnValue:
    try:
        domains.ask(_mine(domain_id))
    except NotPossible as why:
        flash(str(why))
    return redirect(url_for("domains.one", domain_id=domain_id), code=303)


@blueprint.get(f"{ONE}/remove")
def confirm_removing(domain_id: int) -> ResponseReturnValue:
    domain = _mine(domain_id)
    if Certificate.standing_on(domain).exists():
        flash(domains.IN_USE)
        return redirect(url_for("domains.one", domain_id=domain_id), code=303)
    return render_template("certificates/domain_remove.html", domain=domain)


@blueprint.post(f"{ONE}/remove")
@types_nothing
def remove(domain_id: int) -> ResponseReturnValue:
    """A second press finds it removed, and says the same."""
    domain = get_or_404(current_account().domains, id=domain_id)
    try:
        domains.remove(domain)
    except NotPossible as why:
        flash(str(why))
        return redirect(url_for("domains.one", domain_id=domain_id), code=303)
    flash(REMOVED.format(domain.shown))
    return redirect(url_for("domains.show"), code=303)


def _mine(domain_id: int) -> Domain:
    return get_or_404(Domain.of(current_account()), id=domain_id)


def _page(form: DomainForm, status: int = 200) -> ResponseReturnValue:
    account = current_account()
    rows, has_server = list(Domain.of(account)), account.server is not None
    return render_template("certificates/domains.html", form=form, rows=rows, has_server=has_server), status
