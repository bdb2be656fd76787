"""The status card: the sentence of the contract's state with its values, its tags, its bar. Everything said is a value of the forecast."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from markupsafe import Markup

from models import OrderLine
from portal.enums import MoneyStatus, OrderState, ProductKind
from portal.rules.payments.methods import METHODS
from portal.rules.renewals.contract_facts import ContractFacts
from portal.rules.renewals.contract_state import Action, ContractState, Row, contract_state, row_of
from portal.rules.renewals.endings import Ending, endings
from portal.rules.renewals.forecast import ByHand, Forecast
from portal.rules.renewals.gauge import Days, Gauge, gauge, percent
from portal.rules.renewals.quote import is_sold
from portal.screens.offers import offered_methods
from portal.screens.order_status import OrderStatus
from portal.screens.overview import Overview
from portal.screens.refusals import newest_refusal
from portal.web.current import catalog
from portal.web.filters import time_tag, yen

_OVER = (OrderState.EXPIRED, OrderState.CANCELLED)


@dataclass(frozen=True)
class ContractCard:
    """Each property is computed on first use, once per request."""

    contract: Overview

    @cached_property
    def state(self) -> ContractState:
        return contract_state(self.facts)

    @property
    def row(self) -> Row:
        return row_of(self.state)

    @property
    def action(self) -> Action:
        return self.row.action

    @property
    def order_status(self) -> OrderStatus | None:
        """The newest order while it is open: money or an answer is awaited, or it can be paid."""
        found = self.contract.order_status
        return found if found and found.order.is_placed else None

    @property
    def closed_status(self) -> OrderStatus | None:
        """The newest order once it is paid or over."""
        return None if self.order_status else self.contract.order_status

    @property
    def money(self) -> MoneyStatus | None:
        """入金状況, where it belongs to the state: of the open order, of what is paid and running, of the order that is over."""
        if self.order_status:
            return self.order_status.money
        found = self.contract.order_status
        if found is None or self.row.standing:
            return None
        is_told = (found.money and found.money.was_paid) if self.contract.server else self.facts.closed and not self.contract.ended
        return found.money if is_told else None

    @cached_property
    def sentence(self) -> Markup:
        return Markup(self.row.sentence).format(**self._values)  # noqa: S704 (sentences of ours)

    @cached_property
    def spoken(self) -> str:
        """What a screen reader hears when the state has changed."""
        is_paid = self.closed_status and self.closed_status.money is MoneyStatus.CONFIRMED
        return "ご入金を確認しました" if is_paid else self.sentence.striptags()

    @cached_property
    def found(self) -> Forecast | None:
        """The forecast for the server."""
        server = self.contract.snapshot.server
        return next((found for found in self.contract.forecasts if server and found.ends_on == server.ends_on), None)

    @cached_property
    def sooner(self) -> Forecast | None:
        """The next charge, if it is for options alone and comes before the server's, or the server has none."""
        by_server = self.found and self.found.charge
        charged = [found for found in self._without_order if found.charge and found is not self.found]
        nearest = min(charged, key=lambda found: found.charge.charged_on, default=None)
        return nearest if nearest and (not by_server or nearest.charge.charged_on <= by_server.charged_on) else None

    @cached_property
    def options_ending(self) -> list[ByHand]:
        """Options that end soon or have ended, unlike the server, if the customer does nothing."""
        server, near = self.contract.snapshot.server, self.contract.today + timedelta(days=self.facts.notice_days)
        by_hand = [mine for found in self._without_order for mine in found.by_hand if mine.entitlement is not server]
        return [mine for mine in by_hand if mine.entitlement.ends_on <= near and not mine.is_with_server]

    @property
    def _without_order(self) -> list[Forecast]:
        """The forecasts, while the card tells of the contract alone: no order is open, and the server is not 停止中."""
        is_told = self.contract.server and self.order_status is None and not self.facts.is_stopped
        return self.contract.forecasts if is_told else []

    @cached_property
    def ending(self) -> Ending | None:
        """When the server stops and is deleted, if nothing is paid."""
        snapshot, today = self.contract.snapshot, self.contract.today
        server = snapshot.server if self.contract.server else None
        return endings(snapshot, today, catalog())[server.subscription] if server else None

    @property
    def ends_on(self) -> date | None:
        """The last usable day: of what is paid, or of a term whose payment staff undid."""
        server = self.contract.snapshot.server if self.contract.server else None
        return server and server.usable_until

    @cached_property
    def lines(self) -> list[OrderLine]:
        """What the open order renews, with the new ends."""
        if self.order_status is None or self.order_status.order.is_new:
            return []
        return [line for line in self.order_status.order.lines.order_by(OrderLine.position) if line.subscription_id]

    @property
    def gives_days_back(self) -> bool:
        """True if the open order had bought the server until staff undid its payment."""
        return bool(self.contract.server and self.contract.server.runs_until) and self.order_status.order.gives_days_back

    @property
    def decline(self) -> str:
        """Why it is not paid yet; "" if nothing was refused."""
        return newest_refusal(self.order_status.order, self.order_status.payment) if self.order_status else ""

    @property
    def at_once(self) -> str:
        """The methods that pay on the day, in words; "" if none is offered."""
        return "・".join(method.label for method in offered_methods() if not METHODS[method].is_paid_later)

    @property
    def failed(self) -> Forecast | None:
        """The forecast for the end whose automatic charge was declined."""
        return self.contract.failed_forecast

    @cached_property
    def gauge(self) -> Gauge | None:
        """The bar of days; None without a server."""
        server, mine, found = self.contract.server, self.ending, self.found
        if server is None or found is None or mine is None:
            return None
        status, charge = self.order_status, found.charge
        awaited = status.transfer.due_on if status and status.transfer else None
        is_shown = charge and not (status and status.is_awaited)
        return gauge(
            Days(
                self.contract.today,
                server.term.starts_on,
                self.ends_on,
                renewed_until=self._renewed_until,
                due_on=awaited,
                last_change_on=charge.last_change_on if is_shown and charge.last_change_on >= self.contract.today else None,
                charge_on=charge.charged_on if is_shown else None,
                pay_until=awaited or mine.pay_until,
                deleted_on=mine.deleted_on,
                is_retry=found.group.plan.is_retry,
                is_stopped=self.facts.is_stopped,
            )
        )

    @property
    def _renewed_until(self) -> date | None:
        """The server's end once the open order is paid; not after a declined automatic charge, whose next days the bar shows."""
        if self.contract.failed:
            return None
        return next((line.ends_on for line in self.lines if line.kind == ProductKind.SERVER), None)

    @property
    def received(self) -> str:
        """How much of a partly paid transfer has arrived, in percent of the bar."""
        return percent(self.order_status.transfer.received_yen, self.order_status.order.total_yen)

    @cached_property
    def facts(self) -> ContractFacts:
        contract, status = self.contract, self.order_status
        is_charged = bool(self.found and self.found.charge)
        return ContractFacts(
            days_left=(self.ends_on - contract.today).days if self.ends_on else None,
            is_stopped=bool(contract.server and contract.server.stopped_on),
            was_ended=contract.ended is not None,
            has_plan=self._is_sold,
            has_draft=contract.has_draft("new"),
            stage=status and status.stage,
            closed=OrderState(self.closed_status.order.state) if self.closed_status and self.closed_status.order.state in _OVER else None,
            is_automatic=bool(status and status.order.is_automatic),
            is_refused=bool(status and status.payment and status.payment.is_declined),
            is_held=bool(status and not status.may_pay),
            is_reported=bool(status and status.transfer and status.transfer.report),
            is_overdue=bool(status and status.transfer and status.transfer.due_on < contract.today),
            is_undone=bool(contract.server and contract.snapshot.server and contract.snapshot.server.is_checked_again),
            is_charged=is_charged,
            is_retried=bool(self.failed and self.failed.charge),
            is_paid_ahead=contract.is_paid_ahead,
            is_reserved=bool(self.found and self.found.is_reserved),
            card_expires=is_charged and self._card_expires,
            notice_days=max(catalog().renewal.notice_days),
        )

    @property
    def _is_sold(self) -> bool:
        """Whether the server can be renewed, or a first one bought."""
        snapshot = self.contract.snapshot if self.contract.server else None
        return is_sold(snapshot, snapshot.server, catalog()) if snapshot and snapshot.server else self.contract.plan is not None

    @property
    def _card_expires(self) -> bool:
        method = self.contract.snapshot.renewal_method
        return bool(method and method.card_expires and method.card_expires < self.found.charge.charged_on)

    @property
    def _values(self) -> dict[str, object]:
        status, ended = self.order_status, self.contract.ended
        return {
            "ends_on": time_tag(self.ends_on, "まで") if self.ends_on else "",
            "days_to_pay": (self.ending.pay_until - self.contract.today).days if self.ending else "",
            "missing": yen(status.transfer.missing_yen) if status and status.transfer else "",
            "renewal": "更新の" if self.lines else "",
            "name": ended.name if ended else "",
        }
