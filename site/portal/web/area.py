"""Whose part of the portal an address belongs to."""


def is_staff_area(path: str) -> bool:
    return path == "/staff" or path.startswith("/staff/")
