import pytest

from models import Mail
from portal.actions.mail.outbox import queue
from portal.enums import MailKind
from portal.gateways.smtp import KeptMailer, Refused
from portal.jobs import worker
from tests.actions.mail.samples import SAMPLES
from tests.factories import a_customer
from tests.passes import send_mails as send_due


def write(account, number: int = 1, kind: MailKind = MailKind.ORDER_ACCEPTED) -> Mail:
    queue(kind, f"order {number}", account, **SAMPLES[kind])
    return Mail.select().order_by(Mail.id.desc()).get()


def test_a_customer_reads_their_mails_with_their_delivery_state(browser, tmp_path):
    mail = write(a_customer(name="𠮷田 😀"))
    browser.sign_in("new").follow("送信済みメール", under="メニュー")
    assert browser.h1 == "送信済みメール"
    assert browser.says("送信待ち")
    send_due(KeptMailer(tmp_path))
    browser.reload().follow(mail.subject)

    assert browser.h1 == mail.subject
    assert browser.says("送信済み（")
    assert browser.says("番号 12345678")
    assert browser.says("𠮷田 😀 様")


def test_a_failed_mail_asks_the_customer_to_check_the_address(browser):
    class Refusing:
        def send(self, message):
            raise Refused("550 no such user at mx3.internal")

    mail = write(a_customer())
    send_due(Refusing())
    browser.sign_in("new").visit(f"/mails/{mail.id}")

    assert browser.says("new@example.jp に届けられませんでした")
    assert not browser.says("mx3.internal")


def test_another_customers_mail_is_not_found(browser):
    theirs = write(a_customer("other"))
    staff = queue(MailKind.PASSWORD_CHANGED, "staff 1", None, to="staff@example.jp", **SAMPLES[MailKind.PASSWORD_CHANGED])
    a_customer()
    browser.sign_in("new").visit(f"/mails/{theirs.id}")
    assert browser.status == 404
    assert staff
    assert browser.visit(f"/mails/{theirs.id + 1}").status == 404
    assert browser.visit("/mails").says("新しいブラウザーから")
    assert not browser.says(theirs.subject)


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999", "-1", "abc", "1 OR 1=1"])
def test_an_invalid_mail_number_is_not_found(browser, number):
    write(a_customer())

    assert browser.sign_in("new").visit(f"/mails/{number}").status == 404


@pytest.mark.parametrize("before", ["0", "-5", "abc", "99999999999999999999", ""])
def test_an_out_of_range_page_number_still_shows_a_page(browser, before):
    write(a_customer())

    assert browser.sign_in("new").visit(f"/mails?before={before}").status == 200


def test_the_list_of_mails_is_paged_newest_first(browser):
    account = a_customer()
    for number in range(45):
        write(account, number, MailKind.ORDER_EXPIRED)
    browser.sign_in("new").visit("/mails")
    seen = []
    for _ in range(3):
        seen += [int(link["href"].rpartition("/")[2]) for link in browser.page.soup.select("table a")]
        if browser.offers("これより前のメール"):
            browser.follow("これより前のメール")

    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 45 + 1, "with the one about this sign-in"
    assert not browser.offers("これより前のメール")


def test_html_in_a_mail_is_escaped(browser):
    mail = write(a_customer(name="<svg onload=alert(1)>{{ 7 * 7 }}"))
    browser.sign_in("new").visit(f"/mails/{mail.id}")

    assert not browser.page.soup.select("main svg, [onload]")
    assert browser.says("{{ 7 * 7 }}")


def test_mails_need_a_signed_in_customer(browser):
    assert browser.visit("/mails").url.startswith("/login")


def test_the_worker_sends_waiting_mails(browser, settings, companies):
    mail = write(a_customer())
    worker.run_once(settings, companies)

    assert Mail.get_by_id(mail.id).is_sent
