"""The customer's mail addresses: the account's own, and a second one for notices.

A new one counts once the button on the page of its mailed link was pressed. Staff correct the account's own at once.
"""

from models import Account, OneTimeLink
from portal import clock
from portal.actions import history
from portal.actions.accounts import limits
from portal.actions.accounts.accounts import NotAcceptable
from portal.actions.accounts.authentication import Refused
from portal.actions.accounts.password_reset import ONE_PRESS, open_link, was_just_used
from portal.actions.mail import account_mails, outbox
from portal.actions.refusals import NotPossible
from portal.enums import LinkPurpose
from portal.rules.accounts.limits import Limited, TooMany
from portal.rules.accounts.mail_addresses import is_same, why_refused
from portal.security_log import SecurityEvent, note
from portal.store.database import database

SAME = "いまと同じメールアドレスです。"
NOTICES = "お知らせの宛先"


def ask(account: Account, address: str, purpose: LinkPurpose, *, client: str) -> TooMany | Refused | None:
    """Mail a link to the new address; older links of this purpose open nothing any more. Pressed twice, it is one mail.

    `purpose`: ADDRESS or NOTICES. `client`: where the press came from. Refused: the password is not any more the
    one that was checked for `account`.
    """
    proved = account.password_hash
    with database.atomic():
        account = Account.locked(account.id)
        if account.password_hash != proved:
            return Refused()
        if _was_just_asked(account, address, purpose):
            return None
        counted = limits.count(Limited.ADDRESS_LINK, limits.of_account(account, client))
        if isinstance(counted, TooMany):
            return counted
        account_mails.address_link(account, open_link(account, purpose, address))
        what = NOTICES if purpose == LinkPurpose.NOTICES else "新しいメールアドレス"
        _record(account, history.by(account), f"{what}の確認のリンクを送信：{address}")
        return None


def confirm(link: OneTimeLink) -> bool:
    """The address of the link counts from now on; mails and history. False if the link is not good any more. The same press again: True."""
    with database.atomic():
        account = Account.locked(link.account_id)
        if account.is_closed or not link.use(clock.real_now()):
            return was_just_used(link, account)
        if link.purpose == LinkPurpose.NOTICES:
            _set_notices(account, link.address)
        else:
            _move(account, link.address, history.by(account))
        return True


def correct(account: Account, address: str, actor: str, reason: str) -> None:
    """For staff: the account's own address, at once. Raises NotAcceptable if it is malformed, NotPossible if it is the same."""
    if why := why_refused(address):
        raise NotAcceptable(why)
    with database.atomic():
        account = Account.locked(account.id)
        if account.email == address:
            raise NotPossible(SAME)
        _move(account, address, actor, reason)


def stop_notices(account: Account) -> bool:
    """No second address any more. False if there was none."""
    with database.atomic():
        account = Account.locked(account.id)
        OneTimeLink.replace(account, LinkPurpose.NOTICES)
        if account.notice_email is None:
            return False
        _set_notices(account, None)
        return True


def _move(account: Account, address: str, actor: str, reason: str = "") -> None:
    """Links that were mailed to the old address open nothing; mails that still wait go to the new one."""
    before, account.email = account.email, address
    Account.update(email=address).where(Account.id == account.id).execute()
    OneTimeLink.replace(account, LinkPurpose.PASSWORD, LinkPurpose.ADDRESS)
    outbox.readdress(account, before)
    _record(account, actor, f"メールアドレスを変更：{before} → {address}" + (f"（{reason}）" if reason else ""))
    account_mails.address_changed(account, before, reason)
    note(SecurityEvent.ADDRESS_CHANGED, person=account)


def _set_notices(account: Account, address: str | None) -> None:
    before, account.notice_email = account.notice_email or "", address
    Account.update(notice_email=address).where(Account.id == account.id).execute()
    _record(account, history.by(account), f"{NOTICES}を変更：{before or 'なし'} → {address or 'なし'}")
    account_mails.notices_changed(account, before)
    note(SecurityEvent.ADDRESS_CHANGED, person=account)


def _was_just_asked(account: Account, address: str, purpose: LinkPurpose) -> bool:
    mine = account.links.where(OneTimeLink.purpose == purpose).order_by(OneTimeLink.id.desc()).first()
    return mine is not None and mine.is_open and is_same(mine.address, address) and clock.real_now() - mine.created_at < ONE_PRESS


def _record(account: Account, actor: str, what: str) -> None:
    state = "closed" if account.is_closed else "open"
    history.record("account", account.login, state, state, actor, what, account=account)
