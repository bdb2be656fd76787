"""A second look, the same for every step that obliges somebody or moves money.

One text says what would be done. It is shown with the SHA-256 of its words; when OK is pressed it is written anew and compared. As it was
shown: it is done. Otherwise it is shown again with a sentence that says so, and nothing was done.
"""

import hashlib
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.actions.orders.confirmations import ConfirmedScreen
from portal.web.current import client_address, client_browser


@dataclass(frozen=True)
class SecondLook:
    """`content` is the text as it is now. A page shows it, and `sha256` in a hidden field (the macro `shown` of components/fields)."""

    content: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content.encode()).hexdigest()

    @property
    def was_shown(self) -> bool:
        """Whether the page whose button was pressed showed this very text."""
        return request.form.get("shown") == self.sha256

    @property
    def evidence(self) -> ConfirmedScreen:
        """What is kept of an OK: the words that were shown, and from where OK was pressed."""
        return ConfirmedScreen(self.content, self.sha256, client_address(), client_browser())

    def page(self, template: str, *, notice: str | None = None, status: int = 200, **context: object) -> ResponseReturnValue:
        """`notice`: the text is not what was shown before, and nothing was done. Answered as a conflict."""
        return render_template(template, look=self, notice=notice, **context), 409 if notice else status
