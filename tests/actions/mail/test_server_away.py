"""An unreliable mail server: no mail is lost, and no acknowledged mail is sent twice."""

from datetime import timedelta

import pytest
import time_machine

from models import Mail
from portal import clock
from portal.actions.mail.outbox import queue
from portal.enums import MailKind, MailState
from tests.actions.mail.samples import SAMPLES
from tests.passes import send_mails as send_due

pytestmark = pytest.mark.store


def write(account, number: int) -> None:
    queue(MailKind.ORDER_ACCEPTED, f"order {number}", account, **SAMPLES[MailKind.ORDER_ACCEPTED])


def passes(time, mailer, minutes: int) -> None:
    """One pass a minute, with enough batches for every due mail."""
    for _ in range(minutes):
        time.shift(timedelta(minutes=1))
        for _ in range(4):
            send_due(mailer)


def test_after_an_hours_outage_every_mail_arrives_once_within_15_minutes(account, server, mailer):
    with time_machine.travel(clock.now(), tick=False) as time:
        write(account, 1)
        send_due(mailer)
        server.stop()
        write(account, 2)
        write(account, 3)
        passes(time, mailer, 30)
        write(account, 4)
        passes(time, mailer, 30)
        assert Mail.select().where(Mail.state == MailState.WAITING).count() == 3
        server.start()
        passes(time, mailer, 15)

    assert {mail.state for mail in Mail.select()} == {MailState.SENT}
    assert sorted(server.copies.values()) == [1, 1, 1, 1]


TROUBLES = ({"to_sender": "451 4.3.0 not now"}, {"to_recipient": "hang up"}, {"to_content": "452 4.3.1 disk full"})


@pytest.mark.parametrize("trouble", TROUBLES, ids=str)
def test_an_unstable_mail_server_gets_every_mail_once_in_the_end(account, server, mailer, trouble):
    with time_machine.travel(clock.now(), tick=False) as time:
        write(account, 1)
        vars(server).update(trouble)
        passes(time, mailer, 60)
        assert not server.taken
        vars(server).update(dict.fromkeys(trouble, ""))
        passes(time, mailer, 15)

    assert Mail.get().state == MailState.SENT
    assert list(server.copies.values()) == [1]


def test_a_mail_with_an_unknown_result_is_repeated_with_the_same_message_id(account, server, mailer):
    with time_machine.travel(clock.now(), tick=False) as time:
        write(account, 1)
        server.to_content = "hang up"
        send_due(mailer)
        assert "届いたかどうか分かりません" in Mail.get().last_error
        server.to_content = ""
        passes(time, mailer, 15)

    assert Mail.get().state == MailState.SENT
    assert server.copies == {Mail.get().message_id: 2}


def test_a_refused_recipient_blocks_no_other_mail(account, server, mailer):
    write(account, 1)
    queue(MailKind.ORDER_ACCEPTED, "order 2", account, to="gone@example.jp", **SAMPLES[MailKind.ORDER_ACCEPTED])
    server.answers["gone@example.jp"] = "550 5.1.1 no such user"
    send_due(mailer)

    assert {mail.recipient: mail.state for mail in Mail.select()} == {"new@example.jp": "sent", "gone@example.jp": "failed"}
    assert "550 5.1.1 no such user" in Mail.get(Mail.recipient == "gone@example.jp").last_error
    assert sum(server.copies.values()) == 1


def test_the_delivered_text_is_the_text_on_the_page(account, server, mailer):
    write(account, 1)
    send_due(mailer)
    [taken] = server.taken

    assert taken.message["Subject"] == Mail.get().subject
    assert taken.message.get_body(("plain",)).get_content().replace("\r\n", "\n") == Mail.get().body
