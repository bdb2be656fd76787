"""What the scenes keep: each state's page as it was, which templates made it, and where its links lead."""

from dataclasses import dataclass, field
from typing import Any

from flask import Flask, template_rendered

from portal.demo.states.guest import Guest
from portal.demo.states.printed import printed
from portal.demo.states.table import NAMES

HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy")


@dataclass
class Kept:
    """`templates`: those that were rendered for it, parts that are included left out. `view`: what rendered it. `contract`: the
    ContractState on the page, or "".
    """

    guest: Guest
    address: str
    html: str
    status: int
    headers: dict[str, str]
    templates: list[str]
    view: str
    contract: str

    @property
    def about(self) -> dict[str, Any]:
        """What is written beside the page."""
        return {"headers": self.headers, "status": self.status, "templates": self.templates, "view": self.view, "contract": self.contract}


@dataclass
class Album:
    kept: dict[str, Kept] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    _rendered: list[str] = field(default_factory=list)
    _view: str = ""
    _contract: str = ""

    def watch(self, *apps: Flask) -> None:
        for app in apps:
            template_rendered.connect(self._note, app)

    def keep(self, state: str, guest: Guest) -> None:
        """Raises KeyError for a state that is not in the table or is kept already."""
        if state not in NAMES or state in self.kept:
            raise KeyError(state)
        headers = {name: guest.response.headers[name] for name in HEADERS if name in guest.response.headers}
        rendered = list(dict.fromkeys(self._rendered))
        self.kept[state] = Kept(guest, guest.address, guest.html, guest.response.status_code, headers, rendered, self._view, self._contract)

    def pages(self) -> dict[str, str]:
        """The HTML of each state, in the order in which they were kept."""
        return {state: self._printed(state, kept) for state, kept in self.kept.items()}

    def _printed(self, state: str, kept: Kept) -> str:
        return printed(
            kept.html, state=state, name=NAMES[state], site=kept.guest.site, leads_to=lambda address: self._leads(state, address)
        )

    def _leads(self, state: str, address: str) -> str | None:
        """The next state of that address in the same browser, else the last one before, else anybody's."""
        kept, path, states = self.kept[state], address.partition("?")[0], list(self.kept)
        path = path or kept.address
        here = states.index(state)
        same = [other for other in (*states[here + 1 :], *reversed(states[:here])) if self.kept[other].address == path]
        return next((other for other in same if self.kept[other].guest is kept.guest), same[0] if same else None)

    def _note(self, _app: Flask, template: Any, context: dict[str, Any], **_more: Any) -> None:
        if not context["request"].environ.get("gallery.seen"):
            context["request"].environ["gallery.seen"] = True
            self._rendered, self._view, self._contract = [], context["request"].endpoint or "", ""
        self._rendered.append(template.name)
        card = context.get("card")
        if card is not None:
            self._contract = str(card.state)
