"""CSV of the audit views."""

from tempfile import SpooledTemporaryFile

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from portal import clock
from portal.actions.staff import export
from portal.rules.staff.journal_files import FORMATS, journal_months
from portal.screens.staff.csv_file import KEPT_IN_MEMORY, csv_file

blueprint = Blueprint("files", __name__)
LABELS = {
    "audit_orders": "申し込み",
    "audit_lines": "申し込みの明細",
    "audit_payments": "カード・おさいぽ!のお支払い",
    "audit_receipts": "受領",
    "audit_invoices": "領収書・請求書",
    "audit_terms": "契約期間",
    "audit_certificates": "独自SSL",
    "audit_refunds": "返金",
    "audit_payouts": "振込での返金の予定とファイル",
    "audit_mails": "メール",
    "audit_history": "履歴",
}


@blueprint.get("/files")
def index() -> ResponseReturnValue:
    views = {view: LABELS[view] for view in export.VIEWS}
    return render_template("staff/export/list.html", views=views, formats=FORMATS.values(), months=journal_months(clock.today()))


@blueprint.get("/files/<view>.csv")
def download(view: str) -> Response:
    if view not in export.VIEWS:
        abort(404)
    file = SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115
    export.write_csv(view, file)
    return csv_file(file, f"{view}-{clock.today()}.csv")
