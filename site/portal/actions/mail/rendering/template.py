"""templates/mail/<kind>.txt -> subject (first line) and text. Values from people cannot add lines or hide text."""

import re
import unicodedata
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.actions.mail.rendering.kinds import KINDS
from portal.actions.mail.rendering.letterhead import letterhead
from portal.enums import MailKind, Method
from portal.formats import FILTERS
from portal.rules.accounts.browser_names import browser_name
from portal.rules.payments.declines import decline_text
from portal.rules.payments.methods import row_of
from portal.runtime.folders import asset_folder

JOINERS = "\u200c\u200d"
TRAILING_SPACE = re.compile(r"[ \u3000]+$", re.MULTILINE)
MANY_BLANK_LINES = re.compile(r"\n{3,}")
SUBJECT_AT_MOST = 255


@dataclass(frozen=True)
class RenderedMail:
    subject: str
    body: str


def render(kind: MailKind, name: str, *, is_closed: bool = False, **values: object) -> RenderedMail:
    """Render one mail. `is_closed`: the customer cannot sign in. Raises TypeError if `values` do not match the kind's fields."""
    mail = KINDS[kind](**values)
    known = {field.name: getattr(mail, field.name) for field in fields(mail)}
    known |= {"name": name, "is_closed": is_closed, "company": letterhead().company, "portal": letterhead().portal_url}
    subject, _, text = _text(f"{kind.value}.txt", known).partition("\n")
    whole = "\n\n".join((_text("_opening.txt", known), text.strip(), _text("_closing.txt", known)))
    title = f"【{one_line(letterhead().company.service_name)}】{subject.strip()}"
    return RenderedMail(title[:SUBJECT_AT_MOST], MANY_BLANK_LINES.sub("\n\n", TRAILING_SPACE.sub("", whole)) + "\n")


def one_line(value: object) -> object:
    """A value safe inside a line: no line breaks, control characters or direction overrides."""
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(_plain(character) for character in value)


def _plain(character: str) -> str:
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cs":
            return "〓"
        case "Cf" if character not in JOINERS:
            return ""
    return character


def _text(template: str, known: dict[str, object]) -> str:
    return _environment().get_template(template).render(known).strip("\n")


@cache
def _environment() -> Environment:
    """Plain text, so no escaping; `finalize` makes values safe."""
    environment = Environment(
        loader=FileSystemLoader(Path(asset_folder("templates")) / "mail"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=one_line,
    )
    environment.filters |= FILTERS | {"browser_name": browser_name, "decline_text": decline_text, "method_row": row_of}
    environment.globals["Method"] = Method
    return environment
