"""The pages on which staff give money back: what it is of, form, second look, and what became of it."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models import Account, Deposit, Order, Refund
from portal import clock
from portal.actions.payments import refunds
from portal.actions.payments.refundable import Refundable
from portal.actions.transfers import returns
from portal.actions.transfers.returns import Rest, Sent
from portal.enums import Method, RefundState
from portal.forms.reading import whole_number
from portal.forms.staff.refund import RefundForm
from portal.rules.payments.declines import short_reason
from portal.rules.payments.methods import row_of
from portal.screens.staff.action_look import ActionLook
from portal.web.current import companies, company_of, current_staff, settings
from portal.web.filters import yen

FORM, LOOK, TEXT = "staff/refunds/form.html", "staff/refunds/look.html", "staff/refunds/_look.html"
KNOWN = "この返金は、すでに受け付けられています。今の状態を表示しました。"
_RETURNED = "{}を返金しました。"
_UNKNOWN = "{}の返金を依頼しました。{}からの返事を待っています（返金手続き中）。結果は自動で確認します。"
_DECLINED = "{1}が返金を受け付けませんでした（{2}）。{0}は返金されていません。"


@dataclass(frozen=True)
class Subject:
    """What money goes back of: an order, or the rest of a deposit. `address`: of the form; the look and OK stand below it."""

    found: Refundable | Rest
    address: str

    @property
    def order(self) -> Order | None:
        return self.found.order if isinstance(self.found, Refundable) else None

    @property
    def deposit(self) -> Deposit | None:
        return self.found.deposit if isinstance(self.found, Rest) else None

    @property
    def account(self) -> Account | None:
        return self.found.order.account if isinstance(self.found, Refundable) else self.found.account

    @property
    def method(self) -> Method:
        return self.found.method if isinstance(self.found, Refundable) else Method.BANK

    @property
    def company_name(self) -> str:
        """Empty for a transfer."""
        return row_of(self.method).company_name

    @property
    def paid_with(self) -> str:
        payment = self.found.payment if isinstance(self.found, Refundable) else None
        return payment.payment_method.paid_with if payment else ""

    @property
    def refusal(self) -> str | None:
        return self.found.refusal(companies()) if isinstance(self.found, Refundable) else self.found.refusal

    @property
    def back(self) -> str:
        if self.order:
            return url_for("staff.orders.show", number=self.order.number)
        return url_for("staff.deposits.show", number=self.deposit.number)


def form_of(subject: Subject, **kwargs: object) -> RefundForm:
    earliest = returns.earliest_day(subject.found) if subject.method is Method.BANK else None
    return RefundForm(subject.found.rest_yen, clock.today(), earliest, **kwargs)


def first_form(subject: Subject) -> RefundForm:
    """Everything that is left, today."""
    shown = {"yen": f"{subject.found.rest_yen:,}", "returned_on": clock.today().isoformat(), "ordinal": str(subject.found.ordinal)}
    return form_of(subject, data=shown)


def form_page(subject: Subject, typed: RefundForm, status: int = 200, notice: str | None = None) -> ResponseReturnValue:
    mistakes = [] if subject.refusal or notice else typed.mistakes
    return render_template(FORM, subject=subject, found=subject.found, form=typed, mistakes=mistakes, notice=notice), status


def action_look(subject: Subject, typed: RefundForm) -> ActionLook:
    about = {"subject": subject, "found": subject.found, "yen": typed.amount, "on": typed.returned_day, "reason": typed.why}
    return ActionLook(lambda: _act(subject, typed), TEXT, about, account=subject.account, deposit=subject.deposit)


def finish(subject: Subject) -> ResponseReturnValue:
    """After the commit: ask the company, if the money goes through one, and say what became of it."""
    refund = _refund(subject, subject.found.ordinal)
    if refund and refund.is_under_way:
        refunds.send(refund, company_of(subject.method))
    return _say(subject, _refund(subject, subject.found.ordinal))


def made_before(subject: Subject, typed: RefundForm) -> ResponseReturnValue | None:
    """The answer if the refund of this page was made meanwhile: pressed again, the same as before. None if it was not made."""
    refund = _refund(subject, whole_number(typed.ordinal.data))
    if refund is None:
        return None
    is_this = (refund.staff_id, refund.yen, refund.reason) == (current_staff().id, typed.amount, typed.why)
    return _say(subject, refund if is_this else None)


def _refund(subject: Subject, ordinal: int | None) -> Refund | None:
    return (subject.order or subject.deposit).refunds.where(Refund.ordinal == ordinal).first()


def _say(subject: Subject, refund: Refund | None) -> ResponseReturnValue:
    if refund is None:
        flash(KNOWN)
        return redirect(subject.back, code=303)
    texts = {RefundState.SUCCEEDED: _RETURNED, RefundState.DECLINED: _DECLINED}
    flash(texts.get(refund.state, _UNKNOWN).format(yen(refund.yen), subject.company_name, short_reason(refund.code or "")))
    return redirect(subject.back, code=303)


def _act(subject: Subject, typed: RefundForm) -> None:
    found, staff, ours = subject.found, current_staff(), settings().installation_id
    sent = Sent(typed.amount, typed.returned_day, typed.why)
    if isinstance(found, Rest):
        returns.return_rest(found, sent, staff, ours)
    elif found.payment:
        refunds.begin(found, sent.yen, staff, sent.reason, companies(), ours)
    else:
        returns.return_of_order(found, sent, staff, ours)
