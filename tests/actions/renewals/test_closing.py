"""A closed account: nobody signs in, nothing is charged, transfers stay payable, terms run out with their mails."""

from datetime import date

import pytest

from models import Account, Event, Mail, Order, Payment, Session
from portal.actions.payments import pay
from portal.actions.renewals import automatic_charge, closing, due_events
from portal.actions.renewals.billing_context import BillingContext
from portal.actions.renewals.snapshot import snapshot_of
from portal.actions.transfers import allocation
from portal.actions.transfers.deposits import NotPossible
from portal.enums import ChargeSkip
from portal.rules.renewals.scheduled_event import EventKind
from portal.runtime import people
from portal.store.opening import Refused
from tests.choices import a_selection


def december(day: int) -> date:
    return date(2026, 12, day)


def january(day: int) -> date:
    return date(2027, 1, day)


def account() -> Account:
    return Account.by_login("new")


def mails() -> list[str]:
    return [str(mail.kind) for mail in account().mails.order_by(Mail.id)]


def reopen(shop) -> None:
    closing.reopen(account(), "staff keiri", "確認が取れた", shop.catalog)


@pytest.fixture
def closed(shop, calendar):
    """A server by card until the end of December, charged on the 5th; closed on November 24."""
    shop.buy(selection=a_selection(months=1))
    calendar.turn(shop, date(2026, 11, 24))
    closing.close(account(), "staff keiri", "約款違反", shop.catalog)
    return shop


def test_nothing_is_tried_and_nothing_fails_until_the_contract_has_run_out(closed, calendar):
    calendar.turn(closed, january(16))

    assert Payment.select().where(Payment.setup.is_null()).count() == 0
    assert (calendar.days_of(EventKind.STOP), calendar.days_of(EventKind.DELETION)) == ([january(1)], [january(15)])
    assert mails()[1:] == [
        "account_closed", "renewal_by_hand", "renewal_by_hand", "contract_ended", "contract_stopped", "deletion_ahead", "contract_deleted",
    ]  # fmt: skip
    closed.ledger.prove()


def test_the_mails_of_a_closed_account_lead_to_the_support_desk(closed, calendar):
    calendar.turn(closed, january(2))

    texts = {mail.kind: mail.body.replace("\n", "") for mail in account().mails}
    assert "・スタンダードプラン：2026年12月5日（土）の1,320円（税込）" in texts["account_closed"]
    for kind in ("renewal_by_hand", "contract_ended", "contract_stopped"):
        assert "下のサポート窓口へご連絡ください（アカウントを閉じているため" in texts[kind], kind
        assert "契約更新の操作へ進む" not in texts[kind]


def test_the_history_names_the_charge_that_is_not_made(closed):
    row = Event.get(Event.entity == "auto new 2026-12-31")

    assert (row.to_state, row.reason) == (ChargeSkip.ACCOUNT_CLOSED, "2026-12-05の1320円：アカウントを閉じたため（約款違反）")
    assert Event.select().where(Event.entity == "account new", Event.to_state == "closed", Event.reason == "約款違反").count() == 1


@pytest.mark.parametrize(
    ("opened", "charged"),
    [(december(1), december(5)), (december(2), december(10)), (december(12), december(20)), (december(25), january(5))],
)
def test_opened_again_it_is_charged_on_the_next_day_left_at_least_four_days_later(closed, calendar, opened, charged):
    calendar.turn(closed, opened)
    reopen(closed)
    assert f"{charged.month}月{charged.day}日" in Mail.get(Mail.kind == "account_reopened").body

    calendar.turn(closed, january(6))

    assert calendar.days_of(EventKind.CHARGE)[0] == charged
    closed.ledger.prove()


def test_an_open_transfer_stays_payable(shop, calendar):
    order = shop.place_for_transfer(shop.draft(), a_selection(months=1))
    closing.close(account(), "staff keiri", "約款違反", shop.catalog)
    assert f"お申し込み番号 {order.number}：2026年12月6日（日）までに1,320円" in Mail.get(Mail.kind == "account_closed").body

    allocation.allocate(shop.deposit(order.total_yen), order, order.total_yen, shop.staff, "番号が一致", catalog=shop.catalog)

    assert Order.get_by_id(order.id).is_paid
    assert not account().placed_transfer
    shop.ledger.prove()


def test_a_charge_that_is_committed_and_not_sent_is_given_up_when_the_account_is_closed(shop, calendar):
    shop.buy(selection=a_selection(months=1))
    calendar.jump(december(5))
    context = BillingContext(shop.catalog, shop.companies, calendar.settings.installation_id)
    snapshot = snapshot_of(account(), with_sent_notices=True)
    due = next(found for found in due_events.due_of(snapshot, context) if found.kind is EventKind.CHARGE)
    [attempt] = automatic_charge.begin_all([automatic_charge.plan(account(), snapshot, due, context)], context.installation_id)

    closing.close(account(), "staff keiri", "約款違反", shop.catalog)
    pay.send(attempt.payment, attempt.company, shop.catalog)

    assert Payment.get_by_id(attempt.payment.id).state == "abandoned"
    assert len(shop.taken) == 1
    shop.ledger.prove()


@pytest.mark.usefixtures("closed")
def test_the_operator_closes_and_opens_an_account_too(catalog, capsys):
    people.change_account("new", "確認が取れた", closing.reopen, catalog)
    people.change_account("new", "約款違反", closing.close, catalog)

    assert "アカウント「new」を閉じました。\n2026年12月5日（土）の自動更新のお支払い 1,320円を行いません。" in capsys.readouterr().out
    with pytest.raises(Refused):
        people.change_account("new", "もう一度", closing.close, catalog)
    with pytest.raises(Refused):
        people.change_account("nobody", "だれ", closing.close, catalog)
    assert account().is_closed


def test_closing_ends_the_sessions_and_both_happen_once(closed):
    assert not Session.select().where(Session.account == account()).exists()
    with pytest.raises(NotPossible):
        closing.close(account(), "staff keiri", "もう一度", closed.catalog)
    reopen(closed)
    with pytest.raises(NotPossible):
        reopen(closed)

    assert mails().count("account_closed") == mails().count("account_reopened") == 1
