"""The three pages of an action of staff about a customer or an order: a form with the reason, the second look, and OK.

What the look lists comes from running the action (screens/staff/action_look.py), and OK does exactly that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from models import Account, Deposit
from portal.actions.staff.consequences import NotAsShown
from portal.actions.transfers.deposits import NotPossible
from portal.forms.staff.allocation import ReasonForm
from portal.screens.second_look import SecondLook
from portal.screens.staff import second_factor
from portal.screens.staff.action_look import ActionLook
from portal.screens.staff.deposit_pages import CHANGED

FORM, LOOK, TEXT = "staff/actions/form.html", "staff/actions/look.html", "staff/actions/_look.html"


@dataclass(frozen=True)
class Words:
    """`does`: what the action does, for the form and the look. `button`: what stands in the brackets of OK. `done`: said afterwards."""

    title: str
    does: str
    button: str
    done: str


@dataclass(frozen=True)
class ActionPages:
    """`customer`, `deposit`: whom and what money it concerns, if any. `subject`: what it is about, as shown. `back`: the page to return to.

    `perform` is given the typed form.

    `is_done`: it was done before, for example by the same button pressed twice: the answer is then that of the first press.
    """

    words: Words
    customer: Account | None
    subject: str
    back: str
    form: ReasonForm
    perform: Callable[[ReasonForm], object]
    is_done: Callable[[], bool]
    afterwards: Callable[[], None] = lambda: None
    shown: Mapping[str, Any] = field(default_factory=dict)
    deposit: Deposit | None = None

    @property
    def address(self) -> str:
        """Of the form. The look is posted there, OK to `/ok` below it."""
        return request.path.removesuffix("/ok")

    def ask(self, status: int = 200, refusal: str = "") -> ResponseReturnValue:
        """The form. `refusal`: why it cannot be done."""
        return render_template(FORM, page=self, form=self.form, mistakes=self.form.mistakes, refusal=refusal), status

    def look(self) -> ResponseReturnValue:
        if not self.form.validate():
            return self.ask(422)
        try:
            return self._look(self._action().look())
        except NotPossible as problem:
            return self.ask(409, str(problem))

    def press_ok(self) -> ResponseReturnValue:
        if self.is_done():
            return self._done()
        if not self.form.validate():
            return self.ask(422)
        try:
            if not second_factor.is_confirmed(self.form):
                return self._look(self._action().look(), 422)
            self._action().carry_out()
        except NotAsShown as changed:
            return self._look(self._action().look_at(changed.consequences), notice=CHANGED)
        except NotPossible as problem:
            return self._done() if self.is_done() else self.ask(409, str(problem))
        self.afterwards()
        return self._done()

    def _action(self) -> ActionLook:
        context = {"page": self, "form": self.form}
        return ActionLook(lambda: self.perform(self.form), TEXT, context, account=self.customer, deposit=self.deposit)

    def _look(self, look: SecondLook, status: int = 200, notice: str | None = None) -> ResponseReturnValue:
        context = {"page": self, "form": self.form, "mistakes": self.form.mistakes, "is_stale": second_factor.is_stale()}
        return look.page(LOOK, notice=notice, status=status, **context)

    def _done(self) -> ResponseReturnValue:
        flash(self.words.done)
        return redirect(self.back, code=303)
