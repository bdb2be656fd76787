"""The states of staff's pages."""

GROUPS: dict[str, dict[str, str]] = {}
