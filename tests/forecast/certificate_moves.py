"""What customers do with domains and certificates, and what the hosting side says of them. A refused move changes nothing."""

from random import Random

from models import Account, Certificate, Domain, Subscription
from portal.actions.certificates import answers, common_names, domains, renewal_switch
from portal.actions.refusals import NotPossible
from portal.actions.renewals.snapshot import snapshot_of
from portal.demo.hosting_side import awaited
from portal.enums import CertificateState, Method, ProductKind
from portal.gateways.hosting_answers import AnswerKind, HostingAnswer
from portal.rules.certificates.domain_names import read_domain_name
from portal.rules.orders.quote import quote
from portal.rules.renewals.snapshot import Entitlement
from portal.rules.transfers.due_dates import may_wait_for_transfer
from tests import additions
from tests.actions.renewals.contract import OK
from tests.authority import answer_about, issue_everything
from tests.choices import a_selection
from tests.forecast.world import LOGINS, World

NAMES = ("example.jp", "日本語.jp")
VARIANTS = ("quick", "organization")


def set_one_up(world: World, random: Random) -> None:
    """Bought, issued, and turned on, as the guide says."""
    choose_a_name(world, random)
    issue_everything()
    turn(world, random)


def choose_a_name(world: World, random: Random) -> None:
    """Of a certificate that has none, or could not be issued."""
    for mine in _certificates(account := _somebody(random)):
        known = Certificate.of(mine.subscription)
        if known is None or known.is_failed:
            own_domains(account)
            free = [each.common_name.name for each in common_names.choices(account) if not each.is_taken]
            if free:
                with world.customers.trying("chose a common name"):
                    common_names.choose(Subscription.get_by_id(mine.subscription), random.choice(free))


def add(world: World, random: Random) -> None:
    """A further common name. The page offers none once the server's term is over, or where it is not sold."""
    account, method, keeps = _somebody(random), random.choice(list(Method)), random.random() < 0.3
    server = snapshot_of(account).server
    if server is None or server.stopped_on or server.usable_until < world.today:
        return
    if not world.catalog.product("ssl").is_sold or account.plan not in [plan.id for plan in world.catalog.plans]:
        return
    own_domains(account)
    free = [each.common_name.name for each in common_names.choices(account) if not each.is_taken]
    found = quote(a_selection(ssl=random.choice(VARIANTS)), world.catalog.plan(account.plan), world.catalog, world.today)
    if not free or (method is Method.BANK and not may_wait_for_transfer(found, None, world.today, world.catalog.closed_days)):
        return
    with world.customers.trying(f"added a certificate by {method}"):
        additions.order(world.shop.by(method), account.login, f"ssl {random.choice(free)}", found, keeps_method=keeps)


def turn(world: World, random: Random) -> None:
    account = _somebody(random)
    mine = _certificates(account)
    if mine:
        one = random.choice(mine)
        with world.customers.trying(f"turned a certificate {'off' if one.renews else 'on'}"):
            renewal_switch.switch(account, one.subscription, OK, world.catalog, on=not one.renews)


def remove_a_domain(world: World, random: Random) -> None:
    owned = list(Domain.of(_somebody(random)))
    if owned:
        with world.customers.trying("removed a domain"):
            domains.remove(random.choice(owned))


def hosting_side_answers(world: World, random: Random) -> None:
    """Issued, or not: the domain is gone."""
    for certificate in awaited():
        is_issued = random.random() < 0.6
        answer_about(certificate, AnswerKind.CERTIFICATE_ISSUED if is_issued else AnswerKind.CERTIFICATE_FAILED)
        world.did[f"hosting side: {'issued' if is_issued else 'failed'}"] += 1


def runs_out_early(world: World, random: Random) -> None:
    for certificate in Certificate.select().where(Certificate.state == CertificateState.ISSUED):
        answer_about(certificate, AnswerKind.CERTIFICATE_EXPIRING, in_days=random.randrange(20))
        world.did["hosting side: expiring"] += 1


def some_to_renew(login: str, random: Random) -> frozenset[int]:
    """Any of the customer's certificates, ticked on the form of a renewal."""
    account = Account.by_login(login)
    return frozenset(mine.subscription for mine in (_certificates(account) if account else ()) if random.random() < 0.5)


def own_domains(account: Account) -> None:
    """One of the names, confirmed at once; refused without a server."""
    for name in NAMES:
        try:
            domain = domains.add(account, read_domain_name(f"{account.login}-{name}"))
            domains.ask(domain)
        except NotPossible:
            continue
        found = Domain.get_by_id(domain.id)
        answers.receive(HostingAnswer(f"found {found.question}", AnswerKind.DOMAIN_CONFIRMED, found.question), "{}")


def _certificates(account: Account) -> list[Entitlement]:
    return [mine for mine in snapshot_of(account).entitlements if mine.kind is ProductKind.CERTIFICATE]


def _somebody(random: Random) -> Account:
    return Account.by_login(random.choice(LOGINS))
