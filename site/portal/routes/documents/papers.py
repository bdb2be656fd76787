"""One paper of the customer: 宛名 at the first opening, then the paper as it prints, and as a file."""

from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.actions.documents import papers
from portal.forms.documents import AddresseeForm
from portal.rules.documents.papers import file_name, honorific
from portal.screens.papers import PrintedPaper, opening_of, printed
from portal.web.current import current_account, get_or_404
from portal.web.view_marks import keeps_input

blueprint = Blueprint("papers", __name__, url_prefix=f"/papers/<int(max={2**31 - 1}):number>")
WRITTEN_BEFORE = "この書類の宛名は、先に書かれています。宛名はあとから変えられません。"


@blueprint.get("")
def show(number: int) -> ResponseReturnValue:
    paper = _paper(number)
    if paper.asks_for_addressee:
        name = current_account().name
        return _form(paper, AddresseeForm(data={"addressee": name, "honorific": honorific(name)}))
    return render_template("documents/paper.html", paper=paper, file_name=file_name(paper.content))


@blueprint.post("")
@keeps_input("papers.show")
def open_first(number: int) -> ResponseReturnValue:
    paper, form = _paper(number), AddresseeForm()
    if paper.asks_for_addressee:
        if not form.validate():
            return _form(paper, form, 422)
        papers.open_first(paper.stored, form.written)
    if _paper(number).addressee != form.written:
        flash(WRITTEN_BEFORE)
        return redirect(url_for("papers.show", number=number), code=303)
    return redirect(url_for("papers.show", number=number, first=opening_of(paper.stored)), code=303)


@blueprint.get("/file")
def download(number: int) -> ResponseReturnValue:
    """The paper alone, to be kept: without the portal around it."""
    paper = _paper(number)
    if paper.asks_for_addressee:
        return redirect(url_for("papers.show", number=number))
    name = file_name(paper.content)
    return _as_file(render_template("documents/paper_file.html", paper=paper, file_name=name), f"{name}.html")


def _as_file(html: str, name: str) -> Response:
    response = Response(html, mimetype="text/html")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"  # RFC 6266: headers are Latin-1
    response.headers["Cache-Control"] = "no-store"
    return response


def _paper(number: int) -> PrintedPaper:
    return printed(get_or_404(current_account().invoices, number=number), request.args.get("first", ""))


def _form(paper: PrintedPaper, form: AddresseeForm, status: int = 200) -> ResponseReturnValue:
    return render_template("documents/addressee.html", paper=paper, form=form), status
