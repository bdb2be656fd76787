"""All states, in groups: the address and the name of each. A new state is one row here and one `keep` in a scene."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.demo.states import customers_table, others_table, staff_table
from portal.enums import MailKind


def mail_state(kind: MailKind) -> str:
    return f"mail-{kind.value.replace('_', '-')}"


def letter_state(kind: MailKind) -> str:
    return f"{mail_state(kind)}-html"


MAILS = {mail_state(kind): kind.label for kind in MailKind}
LETTERS = {letter_state(kind): f"{kind.label}（HTML）" for kind in MailKind}
GROUPS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    customers_table.GROUPS | others_table.GROUPS | staff_table.GROUPS | {"メール": MAILS, "メール（HTML）": LETTERS},
)
NAMES: Mapping[str, str] = MappingProxyType({state: name for states in GROUPS.values() for state, name in states.items()})
