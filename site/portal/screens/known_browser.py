"""The cookie of a browser that has signed in before. It opens nothing: its tries are counted alone, so strangers cannot shut it out."""

from dataclasses import dataclass

from flask import Response, request
from werkzeug.sansio.http import parse_cookie

from models import Account, Staff
from portal.actions.accounts.authentication import CUSTOMERS, STAFF, SignInArea, device_mark, new_nonce, passed_before
from portal.web.area import is_staff_area
from portal.web.current import settings

ONE_YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class KnownBrowser:
    """The cookie of one sign-in area: of the name that signed in last."""

    cookie: str
    area: SignInArea
    samesite: str

    @property
    def name(self) -> str:
        return f"__Host-{self.cookie}" if settings().is_https else self.cookie

    def mark(self) -> str | None:
        """What the browser has; whether it is of the name concerned is for the action to check."""
        return request.cookies.get(self.name)

    def has_passed(self, cookies: str) -> bool:
        """Whether a browser that sends these cookies has signed in before, under whatever name. Asks no database."""
        return passed_before(parse_cookie(cookies).get(self.name), settings().secret_key) is not None

    def remember(self, response: Response, person: Account | Staff) -> Response:
        """With the password that `person` has; nothing else than what was typed here makes a browser a known one."""
        secret = settings().secret_key
        mark = device_mark(self.area.owner(person), secret, new_nonce(secret))
        options = {"path": "/", "httponly": True, "samesite": self.samesite, "secure": settings().is_https}
        response.set_cookie(self.name, mark, max_age=ONE_YEAR, **options)
        return response


CUSTOMERS_OWN = KnownBrowser("device", CUSTOMERS, "Lax")
STAFFS_OWN = KnownBrowser("staff-device", STAFF, "Strict")


def of_this_area() -> KnownBrowser:
    return STAFFS_OWN if is_staff_area(request.path) else CUSTOMERS_OWN
