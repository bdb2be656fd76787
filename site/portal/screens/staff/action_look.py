"""The second look of an action of staff: its text comes from running the action, and OK does exactly what the text says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template

from models import Account, Deposit
from portal.actions.staff.consequences import Consequences, carry_out, consequences_of
from portal.screens.second_look import SecondLook
from portal.web.current import catalog


@dataclass(frozen=True)
class ActionLook:
    """`template` prints `context` and `consequences`. `account` and `deposit`: what the action concerns."""

    action: Callable[[], object]
    template: str
    context: Mapping[str, Any]
    account: Account | None = None
    deposit: Deposit | None = None

    def look(self) -> SecondLook:
        """What OK would do now; nothing is changed. Raises what the action raises."""
        return self.look_at(consequences_of(self.action, self.account, catalog(), deposit=self.deposit))

    def look_at(self, found: Consequences) -> SecondLook:
        return SecondLook(render_template(self.template, consequences=found, **self.context))

    def carry_out(self) -> Consequences:
        """Do it, if it does what the page showed whose button was pressed. Raises NotAsShown, and what the action raises."""
        shown = {"deposit": self.deposit, "is_as_shown": lambda found: self.look_at(found).was_shown}
        return carry_out(self.action, self.account, catalog(), **shown)
