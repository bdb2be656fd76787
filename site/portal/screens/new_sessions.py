"""A browser that comes without a session gets one only as often as its network may: each is a row, and programs without cookies take one
per page. Nobody who has a session is asked, and a browser that has signed in before is counted alone.
"""

from flask import Flask, Response, session

from portal.actions.accounts import authentication, limits
from portal.actions.accounts.limits import Who
from portal.rules.accounts.limits import Limited, TooMany
from portal.screens.known_browser import of_this_area
from portal.web.current import client_address, settings
from portal.web.errors import too_many


def add_limit(app: Flask) -> None:
    """Call it after all else that changes answers: what is registered last comes first, and this makes a page of its own."""
    app.after_request(_count)


def _count(response: Response) -> Response:
    if not session.is_of_a_newcomer:
        return response
    browser = authentication.passed_before(of_this_area().mark(), settings().secret_key)
    found = limits.count(Limited.SESSION, Who(address=client_address(), browser=browser))
    if isinstance(found, TooMany):
        response = too_many(found)
        session.drop_changes()  # what a form on that page wanted to remember
    return response
