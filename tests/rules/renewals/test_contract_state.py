"""Where a contract stands: each state of the table, what comes first, and what its card says."""

import re

import pytest

from portal.enums import OrderState
from portal.rules.payments.order_status import Stage
from portal.rules.renewals.contract_facts import ContractFacts
from portal.rules.renewals.contract_state import Action, ContractState, Mood, Standing, contract_state, row_of

RUNNING = {"days_left": 200}
STOPPED = {"days_left": -10, "is_stopped": True}
RENEWING = RUNNING | {"is_charged": True}
DECLINED = {"stage": Stage.PAYABLE, "is_refused": True}
HELD = {"is_held": True}
FAILED = DECLINED | {"is_automatic": True}
RETRIED = FAILED | {"is_retried": True}
AWAITED = {"stage": Stage.AWAITED}
EXAMPLES = {
    ContractState.STOPPED_CHECKING: [STOPPED | {"stage": Stage.CHECKING}, STOPPED | {"stage": Stage.PAYING}, STOPPED | DECLINED | HELD],
    ContractState.STOPPED_PARTLY: [STOPPED | {"stage": Stage.PARTLY}],
    ContractState.STOPPED_REPORTED: [STOPPED | AWAITED | {"is_reported": True, "is_overdue": overdue} for overdue in (True, False)],
    ContractState.STOPPED_OVERDUE: [STOPPED | AWAITED | {"is_overdue": True}],
    ContractState.STOPPED_AWAITED: [STOPPED | AWAITED, STOPPED | AWAITED | {"has_plan": False}],
    ContractState.STOPPED_REFUSED: [STOPPED | DECLINED, STOPPED | FAILED],
    ContractState.STOPPED_WITHDRAWN: [STOPPED | {"has_plan": False}],
    ContractState.STOPPED: [STOPPED, STOPPED | {"closed": OrderState.EXPIRED}],
    ContractState.PARTLY: [{"stage": Stage.PARTLY}, RENEWING | {"stage": Stage.PARTLY, "is_overdue": True}],
    ContractState.CHECKING: [{"stage": Stage.CHECKING}, RENEWING | {"stage": Stage.CHECKING, "is_automatic": True}],
    ContractState.HELD: [DECLINED | HELD, RENEWING | FAILED | HELD],
    ContractState.PAYING: [{"stage": Stage.PAYING}, RENEWING | {"stage": Stage.PAYING}],
    ContractState.FAILED: [RENEWING | RETRIED, RUNNING | RETRIED, {"days_left": 3} | RETRIED],
    ContractState.FAILED_FOR_GOOD: [RUNNING | FAILED, RENEWING | FAILED],
    ContractState.REFUSED: [DECLINED, {"stage": Stage.PAYABLE}, RENEWING | DECLINED, {"was_ended": True} | DECLINED],
    ContractState.UNDONE: [RUNNING | AWAITED | {"is_undone": True}, RENEWING | AWAITED | {"is_undone": True, "is_reported": True}],
    ContractState.REPORTED: [AWAITED | {"is_reported": True}, RUNNING | AWAITED | {"is_reported": True, "is_overdue": True}],
    ContractState.OVERDUE: [AWAITED | {"is_overdue": True}, RENEWING | AWAITED | {"is_overdue": True}],
    ContractState.AWAITED: [AWAITED, RUNNING | AWAITED, RENEWING | AWAITED, {"days_left": -1} | AWAITED, {"was_ended": True} | AWAITED],
    ContractState.NEXT_PAID: [RUNNING | {"is_paid_ahead": True}, RENEWING | {"is_paid_ahead": True, "is_reserved": True}],
    ContractState.CARD_EXPIRES: [RENEWING | {"card_expires": True}],
    ContractState.RESERVED: [RENEWING | {"is_reserved": True}],
    ContractState.RENEWING: [RENEWING, RENEWING | {"stage": Stage.PAYABLE, "is_automatic": True}, RENEWING | {"days_left": 3}],
    ContractState.WITHDRAWN: [RUNNING | {"has_plan": False}, {"days_left": 3, "has_plan": False}],
    ContractState.OVER: [{"days_left": -1}],
    ContractState.ENDS_SOON: [{"days_left": 0}, {"days_left": 30}],
    ContractState.BY_HAND: [RUNNING, {"days_left": 31}, RUNNING | {"closed": OrderState.EXPIRED}],
    ContractState.ENDED_WITHDRAWN: [{"was_ended": True, "has_plan": False}],
    ContractState.ENDED: [{"was_ended": True}, {"was_ended": True, "has_draft": True}, {"was_ended": True, "closed": OrderState.CANCELLED}],
    ContractState.NOT_SOLD: [{"has_plan": False}, {"has_plan": False, "closed": OrderState.EXPIRED}],
    ContractState.DRAFTED: [{"has_draft": True}, {"has_draft": True, "closed": OrderState.CANCELLED}],
    ContractState.EXPIRED: [{"closed": OrderState.EXPIRED}],
    ContractState.CANCELLED: [{"closed": OrderState.CANCELLED}],
    ContractState.NEW: [{}],
}  # fmt: skip
AWAITING = (Stage.AWAITED, Stage.PARTLY, Stage.CHECKING, Stage.PAYING)
ORDERING = (Action.ORDER, Action.CONTINUE, Action.RENEW)


@pytest.mark.parametrize("state", ContractState)
def test_each_state_is_found(state: ContractState) -> None:
    assert [contract_state(ContractFacts(**facts)) for facts in EXAMPLES[state]] == [state] * len(EXAMPLES[state])


@pytest.mark.parametrize("stage", [None, *Stage])
@pytest.mark.parametrize("about", [{}, {"is_paid_ahead": True}, {"is_charged": True}, {"closed": OrderState.EXPIRED}, {"is_refused": True}])
def test_a_stopped_server_comes_before_everything_else(stage: Stage | None, about: dict) -> None:
    row = row_of(contract_state(ContractFacts(**STOPPED | {"stage": stage} | about)))

    assert (row.standing, row.mood) == (Standing.STOPPED, Mood.BROKEN)


@pytest.mark.parametrize("contract", [{}, RUNNING, RENEWING, STOPPED, {"days_left": 3}, {"was_ended": True}, {"days_left": -1}])
@pytest.mark.parametrize("stage", AWAITING)
def test_while_money_or_an_answer_is_awaited_no_button_leads_to_a_second_order(contract: dict, stage: Stage) -> None:
    row = row_of(contract_state(ContractFacts(**contract | {"stage": stage})))

    assert row.action not in (*ORDERING, Action.PAY)
    assert row.action in ((Action.REPORT,) if stage in (Stage.AWAITED, Stage.PARTLY) else (Action.NONE,))


@pytest.mark.parametrize("state", ContractState)
def test_each_sentence_is_short_and_names_only_what_the_screen_knows(state: ContractState) -> None:
    sentence = row_of(state).sentence

    assert set(re.findall(r"{(\w+)}", sentence)) <= {"ends_on", "days_to_pay", "missing", "renewal", "name"}
    assert 0 < len(sentence) <= 45
    assert not sentence.endswith("。")


def test_colour_and_action_agree() -> None:
    """A calm card asks for nothing; a withdrawn plan has no button that cannot work."""
    rows = {state: row_of(state) for state in ContractState}

    assert {row.action for row in rows.values() if row.mood is Mood.CALM} == {Action.NONE}
    assert {rows[state].action for state in ContractState if "withdrawn" in state or state is ContractState.NOT_SOLD} == {Action.NONE}
