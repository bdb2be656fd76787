"""The outbox: one mail per event, in the transaction of its cause, sent once and always visible to staff."""

from dataclasses import fields
from datetime import timedelta
from email.message import EmailMessage
from inspect import signature

import pytest
import time_machine
from peewee import OperationalError

from models import Event, Mail
from portal import clock
from portal.actions import outgoing
from portal.actions.mail import outbox
from portal.actions.mail.outbox import queue, send_again
from portal.actions.mail.rendering import KINDS, render
from portal.actions.outgoing import Trouble
from portal.enums import MailKind, MailState
from portal.gateways.smtp import KeptMailer, Refused, SmtpMailer, Unavailable
from portal.store import database as store
from portal.store.row_locks import RowIsLocked
from tests.actions.mail.samples import SAMPLES
from tests.actions.mail.smtp_server import MailServer
from tests.concurrency import at_once
from tests.passes import send_mails as send_due

pytestmark = pytest.mark.store
VIEW = ["kind", "entity", "recipient", "message_id", "state", "tries"]


class Scripted:
    """A mailer that fails with the given errors in turn, then accepts everything."""

    def __init__(self, *troubles: Exception) -> None:
        self.troubles = list(troubles)
        self.sent: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> None:
        assert store.database.transaction_depth() == 0
        if self.troubles:
            raise self.troubles.pop(0)
        self.sent.append(message)


def write(account, number: int = 1, recipient: str | None = None) -> bool:
    values = SAMPLES[MailKind.ORDER_EXPIRED]
    return queue(MailKind.ORDER_EXPIRED, f"order {number}", account, to=recipient, **values) is not None


def only() -> Mail:
    [mail] = Mail.select()
    return mail


def greylisted() -> Unavailable:
    return Unavailable("451 later", is_server=False)


def test_a_mail_is_written_once(account):
    assert write(account)
    assert not write(account)
    assert write(account, recipient="old@example.jp")
    assert write(account, number=2)
    assert Mail.select().count() == 3
    assert len({mail.message_id for mail in Mail.select()}) == 3


def test_eight_concurrent_writers_write_a_mail_once(account):
    assert sorted(at_once(*[lambda: write(account)] * 8)) == [False] * 7 + [True]
    assert Mail.select().count() == 1


def test_a_mail_that_went_after_a_new_address_is_not_written_to_the_old_one_again(account):
    """Its Message-ID is still the one of the old address: the second constraint, which eight writers at once may meet first as well."""
    old, account.email = account.email, "moved@example.jp"
    write(account, recipient=old)
    outbox.readdress(account, old)

    assert write(account, recipient=old) is False
    assert only().recipient == account.email


def test_a_rolled_back_change_leaves_no_mail(account):
    with store.database.atomic() as transaction:
        write(account)
        transaction.rollback()

    assert not Mail.select().exists()


def test_writing_a_mail_twice_does_not_break_its_transaction(account):
    write(account)
    with store.database.atomic():
        write(account)
        write(account, number=2)

    assert Mail.select().count() == 2


def test_auditors_see_every_mail_in_the_view(account, tmp_path):
    write(account)
    send_due(KeptMailer(tmp_path))
    found = store.database.execute_sql("SELECT * FROM audit_mails")

    assert [column[0] for column in found.description] == VIEW
    kind, entity, recipient, message_id, state, tries = found.fetchone()
    assert (kind, entity, recipient, state, tries) == ("order_expired", "order 1", "new@example.jp", "sent", 1)
    assert message_id.startswith("<order_expired.")
    assert message_id.endswith("@kawasemi.example.jp>")


def test_a_mail_to_staff_has_no_account(database):
    queue(MailKind.PASSWORD_CHANGED, "staff 1", None, to="staff@example.jp", **SAMPLES[MailKind.PASSWORD_CHANGED])

    assert only().account is None
    assert only().body.startswith("ご担当者 様")


def test_a_sent_mail_is_written_to_the_history(account):
    mailer = Scripted()
    write(account)

    assert send_due(mailer) == 1
    assert send_due(mailer) == 0
    assert only().is_sent
    assert only().sent_at is not None
    assert [message["Message-ID"] for message in mailer.sent] == [only().message_id]
    states = [event.to_state for event in Event.select().where(Event.entity == f"mail {only().id}").order_by(Event.id)]
    assert states == ["waiting", "sent"]


def test_without_a_mail_server_mails_stay_waiting(account):
    write(account)

    assert send_due(None) == 0
    assert (only().state, only().tries) == (MailState.WAITING, 0)


def test_a_permanently_refused_mail_fails_at_once_with_its_reason(account):
    mailer = Scripted(Refused("550 no such user"))
    write(account)
    write(account, number=2)

    assert send_due(mailer) == 1
    failed = Mail.get(Mail.state == MailState.FAILED)
    assert failed.last_error == "550 no such user"
    assert send_due(mailer) == 0


@pytest.mark.parametrize("recipient", ["a@example.jp\r\nBcc: x@evil.example", "太郎@example.jp"])
def test_a_mail_to_an_invalid_address_fails_and_blocks_no_other(account, recipient):
    mailer = Scripted()
    write(account, recipient=recipient)
    write(account, number=2)

    assert send_due(mailer) == 1
    assert "メールアドレス" in Mail.get(Mail.state == MailState.FAILED).last_error
    assert [message["To"] for message in mailer.sent] == ["new@example.jp"]


def test_retry_pauses_grow_and_a_mail_fails_after_a_week(account):
    write(account)
    begin, waited = clock.now(), []
    with time_machine.travel(begin, tick=False) as time:
        while only().state == MailState.WAITING:
            assert send_due(Scripted(greylisted())) == 0
            waited.append(only().next_try_at - clock.now())
            time.move_to(max(only().next_try_at, clock.now()))

    minutes = [round(pause.total_seconds() / 60) for pause in waited[:-1]]
    assert minutes == [1, 5, 15, 60, 360, *[1440] * 7]
    assert only().is_failed
    assert "451 later" in only().last_error
    assert only().tries == 13


def test_an_unreachable_mail_server_is_retried_at_least_every_15_minutes(account):
    write(account)
    with time_machine.travel(clock.now(), tick=False) as time:
        for _ in range(10):
            send_due(Scripted(Unavailable("away")))
            assert only().next_try_at - clock.now() <= timedelta(minutes=15)
            time.move_to(only().next_try_at)
        assert send_due(Scripted()) == 1


def test_an_unreachable_mail_server_is_tried_once_per_pass(account):
    for number in range(5):
        write(account, number)
    mailer = Scripted(*[Unavailable("away")] * 5)
    send_due(mailer)

    assert len(mailer.troubles) == 4
    assert sum(mail.tries for mail in Mail.select()) == 1


def test_a_bug_in_the_client_loses_no_mail(account, caplog):
    write(account)

    assert send_due(Scripted(KeyError("a mistake"))) == 0
    assert only().state == MailState.WAITING
    assert only().next_try_at > clock.now()
    assert "cannot be sent" in caplog.text


def test_two_workers_send_each_mail_once(account):
    for number in range(12):
        write(account, number)
    server = MailServer(seconds_per_mail=0.02)
    server.start()
    try:
        sent = at_once(*[lambda: send_due(SmtpMailer(server.url))] * 4)
    finally:
        server.stop()

    assert sum(sent) == 12
    assert sorted(server.copies.values()) == [1] * 12
    assert {mail.tries for mail in Mail.select()} == {1}


def test_a_mail_of_a_killed_worker_is_sent_after_its_lease_expires(account):
    write(account)
    mail = only()
    assert mail.claim(clock.now(), clock.real_now() + outgoing.LEASE)
    assert send_due(Scripted()) == 0
    with time_machine.travel(clock.real_now() + outgoing.LEASE + timedelta(seconds=1), tick=False):
        assert send_due(Scripted()) == 1
    assert only().tries == 2


def test_the_demo_clock_does_not_move_a_lease(account):
    write(account)
    only().claim(clock.now(), clock.real_now() + outgoing.LEASE)
    clock.turn_by(lambda: 400)
    try:
        assert send_due(Scripted()) == 0
    finally:
        clock.turn_by(lambda: 0)


def test_a_worker_whose_lease_expired_may_only_record_that_the_mail_was_sent(account, tmp_path):
    write(account)
    late, quick = only(), only()
    late.claim(clock.now(), clock.real_now() - timedelta(seconds=1))
    quick = only()
    quick.claim(clock.now(), clock.real_now() + outgoing.LEASE)
    to_server = outbox.ToMailServer(KeptMailer(tmp_path))
    outgoing.write_failed(late, to_server, MailState.WAITING, Trouble("too late", is_refusal=True))
    assert only().state == MailState.SENDING
    outgoing.write_sent(late, to_server, MailState.WAITING)
    outgoing.write_failed(quick, to_server, MailState.WAITING, Trouble("away", is_away=True))
    assert only().is_sent


def claim(mail):
    """False also where another worker is about to claim it."""
    try:
        return mail.claim(clock.now(), clock.real_now() + outgoing.LEASE)
    except RowIsLocked:
        return False


def test_one_of_many_workers_claims_a_mail(account):
    write(account)
    seen = [only() for _ in range(8)]
    claimed = at_once(*[lambda mail=mail: claim(mail) for mail in seen])

    assert claimed.count(True) == 1


def test_a_database_outage_during_sending_is_waited_out(account, monkeypatch):
    write(account)
    troubles = [OperationalError("database is locked")] * 2
    real = Mail.mark_sent

    def sometimes(self, at):
        if troubles:
            raise troubles.pop()
        return real(self, at)

    monkeypatch.setattr(Mail, "mark_sent", sometimes)
    monkeypatch.setattr(outgoing, "SECONDS_TO_WRITE_IT_DOWN", (0.01, 0.01, 0.01))

    assert send_due(Scripted()) == 1
    assert only().is_sent


def test_staff_can_resend_a_failed_mail(account):
    write(account)
    send_due(Scripted(Refused("552 mailbox full")))
    first = only()

    assert send_again(first, "staff hanako")
    assert send_again(first, "staff jiro"), "it is waiting, and nothing more is written"
    assert Event.select().where(Event.reason == "再送").count() == 1
    mailer = Scripted()
    assert send_due(mailer) == 1
    assert [message["Message-ID"] for message in mailer.sent] == [first.message_id]
    assert only().tries == 2
    assert Event.select().where(Event.actor == "staff hanako", Event.to_state == "waiting").count() == 1


def test_staff_cannot_resend_a_mail_that_is_in_flight(account):
    write(account)
    only().claim(clock.now(), clock.real_now() + outgoing.LEASE)

    assert not send_again(only(), "staff hanako")


def test_no_mail_is_sent_inside_a_transaction(account):
    write(account)
    with pytest.raises(RuntimeError), store.database.atomic():
        send_due(Scripted())
    assert only().tries == 0


@pytest.mark.parametrize("kind", MailKind)
def test_no_value_of_a_mail_is_taken_for_something_else_on_its_way_to_the_text(kind):
    taken = {*signature(queue).parameters, *signature(render).parameters, "company", "portal"}

    assert taken & {field.name for field in fields(KINDS[kind])} == set()
