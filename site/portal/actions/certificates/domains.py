"""独自ドメイン: added, checked by a TXT record that the hosting side looks up, and removed. A confirmed name belongs to one account."""

import secrets

from peewee import IntegrityError

from models import Account, Certificate, Domain, Order
from portal import clock
from portal.actions import history
from portal.actions.hosting import events
from portal.actions.refusals import NotPossible
from portal.enums import DomainState, HostingEventKind, OrderKind, OrderState
from portal.rules.certificates.domain_names import DomainName
from portal.store.database import database

MOST = 100
RECORD = "_keiyaku"
VALUE = "keiyaku-verify="
TAKEN = "ほかのお客様のアカウントで使われているため、追加できません。お心当たりがない場合は、お問い合わせ窓口へご連絡ください。"
TAKEN_MEANWHILE = "ほかのお客様のアカウントで使われています。お心当たりがない場合は、お問い合わせ窓口へご連絡ください。"
ADDED_ALREADY = "すでに追加されています。下の一覧から確認へお進みください。"
TOO_MANY = f"独自ドメインは{MOST}個まで追加できます。使わないものを削除してから、追加してください。"
IN_USE = "この独自ドメインをコモンネームとする独自SSLがあるため、削除できません。独自SSLの終了後に削除できます。"
BEING_BOUGHT = "この独自ドメインのコモンネームで、独自SSLのお申し込みがあるため、削除できません。"
NO_SERVER = "独自ドメインは、サーバーをご契約いただくと追加・確認できます。"
ASKABLE = (DomainState.ADDED, DomainState.NOT_FOUND)


def record_name(domain: Domain) -> str:
    return f"{RECORD}.{domain.name}"


def record_value(domain: Domain) -> str:
    return VALUE + domain.proof


def add(account: Account, wanted: DomainName) -> Domain:
    """A second press of the button finds the first one's. Raises NotPossible."""
    with database.atomic():
        account = Account.locked(account.id)
        known = Domain.of(account).where(Domain.name == wanted.name).first()
        if known:
            if clock.now() - known.created_at < clock.ONE_PRESS:
                return known
            raise NotPossible(ADDED_ALREADY)
        _check_room(account, wanted)
        added = Domain.create(account=account, name=wanted.name, shown=wanted.shown, proof=secrets.token_hex(16), created_at=clock.now())
        _record(added, None, DomainState.ADDED, history.by(account), wanted.shown)
        return added


def ask(domain: Domain) -> None:
    """Have the hosting side look for the TXT record. While it is asked, or once it is confirmed, nothing happens. Raises NotPossible."""
    with database.atomic():
        account = Account.locked(domain.account_id)
        domain, server = Domain.locked(domain.id), account.server
        if domain.state not in ASKABLE:
            return
        if server is None:
            raise NotPossible(NO_SERVER)
        before = domain.state
        domain.move(DomainState.ASKED, came_from=ASKABLE, asked=Domain.asked + 1, reason="")
        domain = Domain.get_by_id(domain.id)
        _record(domain, before, DomainState.ASKED, history.by(account), domain.shown)
        more = {"domain": domain.name, "record": record_name(domain), "value": record_value(domain)}
        events.queue(HostingEventKind.DOMAIN_CHECK, server, key=domain.question, more=more)


def found(domain: Domain) -> None:
    """The hosting side has found the record. A name that another account has confirmed meanwhile stays that one's."""
    try:
        with database.atomic():
            _answer(domain, DomainState.CONFIRMED, "")
    except IntegrityError:
        not_found(domain, TAKEN_MEANWHILE)


def not_found(domain: Domain, reason: str) -> None:
    _answer(domain, DomainState.NOT_FOUND, reason)


def remove(domain: Domain) -> bool:
    """False if it is removed already. Raises NotPossible while a certificate stands on it."""
    with database.atomic():
        account = Account.locked(domain.account_id)
        domain = Domain.locked(domain.id)
        if domain.is_removed:
            return False
        if Certificate.standing_on(domain).exists():
            raise NotPossible(IN_USE)
        if _is_being_bought(account, domain):
            raise NotPossible(BEING_BOUGHT)
        return _remove(domain, history.by(account), "お客様が削除")


def _is_being_bought(account: Account, domain: Domain) -> bool:
    """True if a placed order adds a certificate for it."""
    placed = account.orders.where(Order.kind == OrderKind.ADD, Order.state == OrderState.PLACED)
    return any(order.common_name in (domain.name, f"www.{domain.name}") for order in placed)


def _remove(domain: Domain, actor: str, why: str) -> bool:
    before = domain.state
    is_done = domain.move(DomainState.REMOVED, came_from=[before], removed_at=clock.now())
    _record(domain, before, DomainState.REMOVED, actor, f"{domain.shown}（{why}）")
    return is_done


def _check_room(account: Account, wanted: DomainName) -> None:
    if account.server is None:
        raise NotPossible(NO_SERVER)
    if Domain.belongs_to_another(wanted.name, account):
        raise NotPossible(TAKEN)
    if Domain.of(account).count() >= MOST:
        raise NotPossible(TOO_MANY)


def _answer(domain: Domain, state: DomainState, reason: str) -> None:
    if domain.move(state, came_from=[DomainState.ASKED], reason=reason):
        _record(domain, DomainState.ASKED, state, history.HOSTING, f"{domain.shown}{'：' if reason else ''}{reason}")


def _record(domain: Domain, before: str | None, after: str, actor: str, reason: str) -> None:
    history.record("domain", domain.id, before, after, actor, reason, account=domain.account_id)
