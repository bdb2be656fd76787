"""Which page a contract form was sent from, and when: so that a late answer or another tab does not overwrite a later choice."""

import re
import secrets
from collections.abc import Mapping

from portal.rules.orders.sent_form import SentForm

_PAGE = re.compile(r"([0-9]{1,9})-([0-9]{1,20})")
_LATEST = 2**53


def new_page(revision: int) -> str:
    """The hidden field `page` of one rendering of the form."""
    return f"{revision}-{secrets.randbelow(10**15) + 10**15}"


def sent_form(fields: Mapping[str, str]) -> SentForm | None:
    """None for a post that no page of ours has sent."""
    page, at = _PAGE.fullmatch(fields.get("page", "")), fields.get("sent", "")
    if page is None:
        return None
    return SentForm(page[0], int(page[1]), min(int(at), _LATEST) if re.fullmatch(r"[0-9]{1,16}", at) else 0)
