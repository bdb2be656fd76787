"""One browser's session in a request: who is signed in, and what is remembered. How it is stored: see portal.web.sessions."""

import hashlib
import json
from typing import Any

from flask.sessions import SessionMixin
from werkzeug.datastructures import CallbackDict

from models import Account, Session, Staff
from portal import clock
from portal.security_log import SecurityEvent, note

PROOF = "proof"


def proof_of(person: Account | Staff) -> str:
    """Of the password as it was when `person` was read. What began with an earlier one has ended, also if it is stored only after that."""
    return hashlib.sha256(person.password_hash.encode()).hexdigest()[:16]


class ServerSession(CallbackDict, SessionMixin):
    """A browser's session data, with the signed-in account or staff member. `staff` is set only after both factors.

    `ended`: the session that the browser's cookie belonged to, while it is remembered. `has_cookie`: it sent one that opens nothing.
    """

    modified = False

    def __init__(self, row: Session | None, data: dict[str, Any], account: Account | None = None, staff: Staff | None = None) -> None:
        super().__init__(data, _mark_modified)
        self.row, self.account, self.staff = row, account, staff
        self.before: Session | None = None
        self.ended: Session | None = None
        self.problem: Exception | None = None
        self.is_over, self.has_cookie = False, False

    @property
    def form(self) -> str:
        """Identifies this browser's sign-in page."""
        return self.row.token_hash[:16] if self.row else ""

    @property
    def is_of_a_newcomer(self) -> bool:
        """True if a row would be stored for a browser that came without one, and nobody signs in."""
        return self.modified and not self.is_over and self.row is None and not (self.account or self.staff or self.before)

    @property
    def was_used(self) -> bool:
        """True for a sign-in page whose button was pressed before, a few seconds ago."""
        now = self.row and Session.get_or_none(Session.token_hash == self.row.token_hash)
        return now is not None and now.has_ended(clock.real_now() + 2 * clock.ONE_PRESS)

    def begin(self, account: Account | None = None, staff: Staff | None = None) -> None:
        """Sign in with a new token, against session fixation. Without `account` and `staff`: a new token between staff's two factors.

        The session of the sign-in page opens nothing; it stays for a few seconds, so that the button's second press is answered too.
        That of somebody who goes on (with a new password) ends at once and stays known, for the same reason.
        """
        before, now = self.row, clock.real_now()
        if before and not before.is_signed_in:
            before.end_at(now + clock.ONE_PRESS)
        elif before and account and before.account_id == account.id:
            before.end_at(now)
        else:
            before = None
            self.end()
        self.clear()
        self.row, self.account, self.staff, self.is_over, self.modified, self.before = None, account, staff, False, True, before
        if person := account or staff:
            self[PROOF] = proof_of(person)

    def begin_again(self) -> None:
        """The second press of a button whose first press has ended this session: open the one that the first press began."""
        self.account, self.is_over, self.modified, self.before = self.ended.account, False, True, self.ended

    @property
    def has_just_ended(self) -> bool:
        """True if the customer's session that the browser shows ended a few seconds ago."""
        now = clock.real_now()
        return self.ended is not None and self.ended.account_id is not None and not self.ended.has_ended(now - clock.ONE_PRESS)

    def drop_changes(self) -> None:
        """The request failed: what it wanted to say or to remember is not kept."""
        before = json.loads(self.row.data) if self.row else {}
        self.clear()
        self.update(before)
        self.modified = False

    def set_aside(self) -> None:
        """The answer is made without the session, which stays as it is stored: the database may be away."""
        self.row, self.account, self.staff = None, None, None
        self.clear()
        self.is_over, self.modified = False, False

    def end(self) -> None:
        """Sign out: delete the row, so that no copy of the cookie works any more."""
        if self.row:
            self.row.delete_instance()
        if self.account or self.staff:
            note(SecurityEvent.SIGNED_OUT, person=self.account or self.staff)
        self.clear()
        self.row, self.account, self.staff, self.is_over, self.modified = None, None, None, True, False


def _mark_modified(data: ServerSession) -> None:
    data.modified = True
