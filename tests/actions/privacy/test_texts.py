"""Old texts go, and only they: by the catalog's numbers, in business time."""

from datetime import date

import pytest

from models import Mail, OneTimeLink, WebhookEvent
from portal import clock
from portal.actions.accounts import password_reset
from portal.actions.mail import outbox
from portal.actions.privacy import texts
from portal.catalog import RetentionNumbers
from portal.enums import MailState
from portal.store import database as store
from tests.factories import a_customer

NUMBERS = RetentionNumbers(mails_months=24, messages_months=13)
WRITTEN = date(2024, 11, 22)


@pytest.fixture
def mails(database, business_day) -> tuple[Mail, Mail]:
    """A mail that was sent with a link, and one that waits; and a message of a company."""
    business_day(WRITTEN)
    password_reset.send_link(a_customer("new"), "test")
    password_reset.send_link(a_customer("waiting"), "test")
    sent, waiting = Mail.select().order_by(Mail.id)
    Mail.update(state=MailState.SENT, sent_at=clock.now()).where(Mail.id == sent.id).execute()
    OneTimeLink.update(created_at=clock.now()).execute()  # real time, which the test does not turn
    WebhookEvent.record(company="card", event_id="1", body='{"name": "見本"}', received_at=clock.now())
    return sent, waiting


def emptied(numbers: RetentionNumbers = NUMBERS) -> dict[str, int]:
    planned = {each.what: each.rows for each in texts.due(numbers)}
    done = {each.what: each.rows for each in texts.empty_old_texts(numbers)}
    assert planned == done
    return done


@pytest.mark.store
def test_a_text_goes_when_its_months_are_over_and_that_there_was_one_stays(mails, business_day):
    sent, waiting = mails
    business_day(date(2026, 11, 30))
    assert emptied() == {"決済の会社からの通知の本文": 1}
    business_day(date(2026, 12, 1))
    assert emptied() == {"メールの本文": 1, "リンクの宛先": 2}
    assert emptied() == {}

    now = Mail.get_by_id(sent.id)
    assert (now.body, now.subject, now.recipient, now.message_id) == ("", sent.subject, sent.recipient, sent.message_id)
    assert Mail.get_by_id(waiting.id).body == waiting.body
    assert not WebhookEvent.record(company="card", event_id="1", body="again", received_at=clock.now())


def test_the_numbers_are_the_catalogs(mails, business_day):
    business_day(date(2025, 3, 1))

    assert emptied(RetentionNumbers(mails_months=3, messages_months=3)).keys() == {
        "メールの本文",
        "リンクの宛先",
        "決済の会社からの通知の本文",
    }


def test_a_mail_without_its_text_is_not_sent_again(mails, business_day):
    business_day(date(2026, 12, 1))
    emptied()

    assert outbox.why_not_again(Mail.get_by_id(mails[0].id)) == "保存期間を過ぎて本文を消去したため、このメールは再送できません。"
    assert not outbox.send_again(Mail.get_by_id(mails[0].id), "test")


@pytest.mark.parametrize(("index", "kind"), [("mail_with_text", texts.KINDS[0]), ("webhook_event_with_text", texts.KINDS[2])])
def test_old_texts_are_found_by_an_index(database, index, kind):
    sql, params = kind.table.select(kind.table.id).where(kind.over(clock.now())).limit(1).sql()
    plan = " ".join(row[3] for row in store.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall())

    assert index in plan
