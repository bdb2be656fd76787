"""Shows the demo staff's one-time code on the page, because a presenter has no authenticator app."""

import pyotp
from flask import session

from models import Staff
from portal import clock
from portal.actions.accounts.staff_members import SECONDS
from portal.routes.staff.sign_in import staff_half_way


def next_code() -> str:
    """The code that will be accepted at this sign-in: the current one, or the next if the current one is used."""
    staff = Staff.get_by_id((session.staff or staff_half_way()).id)
    now = int(clock.real_now().timestamp()) // SECONDS
    return pyotp.TOTP(staff.totp_secret).generate_otp(max(now, min(staff.totp_step + 1, now + 1)))
