"""The second factor of the demo's staff, shown on the page, for a presenter has no authenticator app at hand."""

import pyotp

from models import Staff
from portal import clock
from portal.actions.staff_accounts import SECONDS


def next_code(staff: Staff) -> str:
    """The code that will be accepted: of now, or the one after it where that has been used."""
    now = int(clock.real_now().timestamp()) // SECONDS
    return pyotp.TOTP(staff.totp_secret).generate_otp(max(now, min(staff.totp_step + 1, now + 1)))
