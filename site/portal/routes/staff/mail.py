"""メール: every mail to customers, with its state. Failed mails can be sent again."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models import Mail
from portal.actions.history import by_staff
from portal.actions.mail import outbox
from portal.actions.staff import details, lists
from portal.screens.staff.list_page import list_page, search, search_query
from portal.web.current import current_staff
from portal.web.view_marks import types_nothing

blueprint = Blueprint("mails", __name__)
HIGHEST_NUMBER = 2**31 - 1
AGAIN = "再送を受け付けました。まもなく送信されます。"
NOT_NOW = "いま送信中か、ほかの人が先に再送したため、受け付けませんでした。今の状態を表示しました。"


@blueprint.get("/mails")
def index() -> ResponseReturnValue:
    form = search()
    return list_page("staff/mail/list.html", form, lists.mails(search_query(form)))


@blueprint.get(f"/mails/<int(max={HIGHEST_NUMBER}):number>")
def show(number: int) -> ResponseReturnValue:
    mail = _mail(number)
    return render_template("staff/mail/show.html", mail=mail, refusal=outbox.why_not_again(mail))


@blueprint.post(f"/mails/<int(max={HIGHEST_NUMBER}):number>/again")
@types_nothing
def send_again(number: int) -> ResponseReturnValue:
    mail = _mail(number)
    is_accepted = outbox.send_again(mail, by_staff(current_staff()))
    flash(AGAIN if is_accepted else outbox.why_not_again(mail) or NOT_NOW)
    return redirect(url_for("staff.mails.show", number=number), code=303)


def _mail(number: int) -> Mail:
    return details.mail_by_number(number) or abort(404)
