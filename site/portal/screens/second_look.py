"""The second look: confirmation by content, for every step that binds someone or moves money.

A page shows the text of what will be done, with its SHA-256. On [OK] the text is rendered again and compared.
Equal: it is done. Different: the new text is shown with a message, and nothing was done.
"""

import hashlib
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.actions.orders import confirmations
from portal.actions.orders.confirmations import ConfirmedScreen
from portal.web.current import client_address, client_browser, current_account


@dataclass(frozen=True)
class SecondLook:
    """`content` is the text as of now. The page shows it, with `sha256` in a hidden field (macro `shown` in components/fields)."""

    content: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content.encode()).hexdigest()

    @property
    def was_shown(self) -> bool:
        """True if the page whose button was pressed showed exactly this text."""
        return request.form.get("shown") == self.sha256

    @property
    def was_accepted(self) -> bool:
        """True if the customer's OK on the text of the pressed page was accepted just now: the button was pressed twice."""
        return confirmations.is_kept(request.form.get("shown", ""), current_account())

    @property
    def evidence(self) -> ConfirmedScreen:
        """What is stored with an OK: the text that was shown, and the address and browser of the request."""
        return ConfirmedScreen(self.content, self.sha256, client_address(), client_browser())

    def page(self, template: str, *, notice: str | None = None, status: int = 200, **context: object) -> ResponseReturnValue:
        """`notice`: the content changed and nothing was done; the status is then 409."""
        return render_template(template, look=self, notice=notice, **context), 409 if notice else status
