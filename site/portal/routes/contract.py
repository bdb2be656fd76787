"""「サーバー契約・更新」: what the customer has, where the money is, when and how it renews."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from models import Account, Order, Payment, RenewalSetting, Term
from portal.catalog import Plan
from portal.routes.transfer import Transfer, transfer_of
from portal.rules.offer import Renewal
from portal.rules.renewal import Charge, first_charge
from portal.rules.status import Stage, money_status, stage
from portal.web.current import catalog, current_account
from portal.web.fragments import page_or_fragment, wants_fragment
from portal.web.sessions import polling
from portal.words import Method, MoneyStatus, OrderKind

blueprint = Blueprint("contract", __name__)
FIRST_WAIT = 5
LONGEST_WAIT = 60


@dataclass(frozen=True)
class Standing:
    """Where one order stands: what the status panel shows. `transfer` is there while a transfer is awaited."""

    order: Order
    payment: Payment | None
    stage: Stage
    money: MoneyStatus
    wait: int | None
    transfer: Transfer | None = None

    @property
    def is_awaited(self) -> bool:
        return self.stage in (Stage.PAYING, Stage.CHECKING, Stage.AWAITED, Stage.PARTLY)

    @property
    def is_undecided(self) -> bool:
        """Money is on its way, or a part of it is there: nothing else may be ordered until that is settled."""
        return self.stage in (Stage.PAYING, Stage.CHECKING, Stage.PARTLY)

    @property
    def may_pay(self) -> bool:
        """Not while staff looks after money that this order could not take."""
        return not (self.payment and self.payment.code == "not_allocated")

    @property
    def next_wait(self) -> int:
        return min(2 * (self.wait or FIRST_WAIT), LONGEST_WAIT)


@dataclass(frozen=True)
class Overview:
    """One account's contract, for コントロールパネル and 「サーバー契約・更新」. Asks the database only for what the page shows."""

    account: Account
    wait: int | None = None

    @cached_property
    def plan(self) -> Plan | None:
        return next((plan for plan in catalog().plans if plan.id == self.account.plan), None)

    @cached_property
    def terms(self) -> list[Term]:
        return self.account.terms

    @cached_property
    def setting(self) -> RenewalSetting | None:
        return self.account.renewal_setting

    @cached_property
    def renewals(self) -> list[Renewal]:
        return _renewals(self.terms, self.setting)

    @cached_property
    def draft(self) -> Order | None:
        return self.account.draft(OrderKind.NEW)

    @cached_property
    def standing(self) -> Standing | None:
        return latest_standing(self.account, self.wait)


@blueprint.get("/contract")
def show() -> ResponseReturnValue:
    wait = None if request.args.get("watch") == "no" else FIRST_WAIT
    return render_template("contract/show.html", contract=Overview(current_account(), wait))


@blueprint.get("/contract/status")
def status() -> ResponseReturnValue:
    if wants_fragment():
        polling()
    wait = request.args.get("wait", FIRST_WAIT, type=int)
    standing = latest_standing(current_account(), min(max(wait, FIRST_WAIT), LONGEST_WAIT)) or abort(404)
    say = "" if standing.is_awaited else _spoken(standing)
    return page_or_fragment("contract/status.html", "contract/_status.html", say=say, standing=standing)


def latest_standing(account: Account, wait: int | None = None) -> Standing | None:
    order = account.latest_order
    return order and standing_of(order, order.latest_payment, wait)


def standing_of(order: Order, payment: Payment | None, wait: int | None = None) -> Standing:
    transfer = transfer_of(order) if order.is_placed and order.is_by_transfer else None
    found = stage(order.state, payment and payment.state, order.method, transfer.received_yen if transfer else 0)
    if found not in (Stage.AWAITED, Stage.PARTLY):
        return Standing(order, payment, found, money_status(found, order.state), wait)
    return Standing(order, payment, found, money_status(found, order.state, is_reported=transfer.report is not None), wait, transfer)


def _spoken(standing: Standing) -> str:
    if standing.money is MoneyStatus.CONFIRMED:
        return "ご入金を確認しました"
    return f"入金状況が変わりました：{standing.money.label}"


def _renewals(terms: list[Term], setting: RenewalSetting | None) -> list[Renewal]:
    """What is charged by itself next, by the day on which it ends."""
    if setting is None:
        return []
    renewing = sorted((term for term in terms if term.subscription.renews), key=lambda term: term.ends_on)
    groups = groupby(renewing, key=lambda term: term.ends_on)
    return [Renewal(ends_on, tuple(term.order_line for term in group), _charge(ends_on, setting)) for ends_on, group in groups]


def _charge(ends_on: date, setting: RenewalSetting) -> Charge | None:
    return first_charge(Method(setting.method), ends_on, setting.set_on, setting.wallet_day, numbers=catalog().renewal)
