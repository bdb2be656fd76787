"""Which part of the portal an address belongs to, customers' or staff's, and where each part starts."""

from dataclasses import dataclass

from flask import current_app, request


@dataclass(frozen=True)
class Area:
    """The customers' area or the staff area. app.py sets the views: `home` after sign-in, `way_out` is the link on an error page."""

    layout: str
    home: str
    sign_in: str
    way_out: tuple[str, str]


def is_staff_area(path: str) -> bool:
    return path == "/staff" or path.startswith("/staff/")


def customers_area() -> Area:
    return current_app.extensions["areas"][0]


def staff_area() -> Area:
    return current_app.extensions["areas"][1]


def current_area() -> Area:
    return staff_area() if is_staff_area(request.path) else customers_area()
