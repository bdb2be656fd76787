"""The second factor of the demo's staff, shown on the page, for a presenter has no authenticator app at hand."""

import pyotp
from flask import session

from models import Staff
from portal import clock
from portal.actions.accounts.staff_members import SECONDS
from portal.routes.staff.sign_in import staff_half_way


def next_code() -> str:
    """The code that will be accepted from whoever is signing in here: of now, or the one after it where that has been used."""
    staff = Staff.get_by_id((session.staff or staff_half_way()).id)
    now = int(clock.real_now().timestamp()) // SECONDS
    return pyotp.TOTP(staff.totp_secret).generate_otp(max(now, min(staff.totp_step + 1, now + 1)))
