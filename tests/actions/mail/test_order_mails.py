import re
from dataclasses import fields

import pytest
from jinja2 import UndefinedError

from portal.actions.mail import rendering
from portal.enums import MailKind
from portal.rules.accounts.browser_names import browser_name
from tests.actions.mail.reading import between
from tests.actions.mail.samples import BETWEEN, CHROME, SAMPLES, SHORT

EVERY = [pytest.param(kind, values, id=f"{kind}-all") for kind, values in SAMPLES.items()]
EVERY += [pytest.param(kind, values, id=f"{kind}-short") for kind, values in SHORT.items()]
EVERY += [pytest.param(kind, values, id=name) for name, (kind, values) in BETWEEN.items()]
COMING = {"/renewal/method"}


@pytest.mark.parametrize(("kind", "values"), EVERY)
def test_every_mail_greets_signs_and_breaks_no_line(kind, values):
    letter = rendering.render(kind, "𠮷田 見本😀", **values)
    lines = letter.body.split("\n")

    assert lines[0] == "𠮷田 見本😀 様"
    assert "株式会社サンプルサーバー" in lines
    assert letter.subject.startswith("【かわせみサーバー】")
    assert len(letter.subject) < 60
    assert all(line == line.rstrip() for line in lines)
    assert "\n\n\n" not in letter.body
    assert not re.search(r"None|\{|\}|Method\.|<", letter.body)


@pytest.mark.parametrize(("kind", "values"), EVERY)
def test_every_address_in_a_mail_is_a_page_of_the_portal(app, kind, values):
    addresses = re.findall(r"https://portal\.example\.jp(/\S*)", mails_of_the_tests_company(kind, values))

    assert addresses
    assert all(app.url_map.bind("portal.example.jp").match(address, method="GET") for address in addresses if address not in COMING)


# A link that only its reader can use, a charge that a closed account does not have, staff.
NEVER_TO_A_CLOSED_ACCOUNT = (MailKind.ACCOUNT_OPENED, MailKind.CARD_EXPIRES, MailKind.RENEWAL_NOTICE, MailKind.RESERVATION_MADE)
NEVER_TO_A_CLOSED_ACCOUNT += (MailKind.PASSWORD_LINK, MailKind.ADDRESS_LINK, MailKind.SYSTEM_TROUBLE)


@pytest.mark.parametrize(("kind", "values"), EVERY)
def test_no_mail_sends_the_customer_of_a_closed_account_to_pages_behind_the_sign_in(kind, values):
    body = rendering.render(kind, "見本 太郎", is_closed=True, **values).body
    if kind in NEVER_TO_A_CLOSED_ACCOUNT or values.get("retry_on"):
        return

    assert "https://portal.example.jp" not in body
    assert not re.search("次の画面|次のページ|で確認できます|お申し込みください", body)
    assert "\n\n\n" not in body


def test_every_mail_kind_has_a_sample_and_a_reason():
    assert set(rendering.KINDS) == set(MailKind) == set(SAMPLES) == set(SHORT)
    assert all(snapshot.__doc__ and "Entity" in snapshot.__doc__ and fields(snapshot) for snapshot in rendering.KINDS.values())


def test_a_bank_order_mail_names_account_amount_due_date_and_order_number():
    body = rendering.render(MailKind.ORDER_ACCEPTED, "見本 太郎", **SAMPLES[MailKind.ORDER_ACCEPTED]).body
    wanted = ["23,100円", "2026年12月6日（日）", "番号 12345678", "銀行コード 0000", "支店コード 001", "普通 1234567"]
    wanted += ["カ）サンプルサーバー", "銀行振込の手数料は、お客様のご負担です。", "2〜3営業日", "12月29日（火）", "12か月"]

    assert not [words for words in wanted if words not in body]


def test_a_mail_that_names_a_charge_says_how_to_stop_it():
    body = rendering.render(MailKind.PAYMENT_CONFIRMED, "見本 太郎", **SAMPLES[MailKind.PAYMENT_CONFIRMED]).body

    assert "2027年11月5日（金）に23,100円" in body
    assert "変更・解除の期限：2027年11月4日（木） 23時59分まで" in body
    assert "自動更新を止める：\nhttps://portal.example.jp/renewal/reset" in body


def test_a_mail_without_a_needed_value_raises_an_error():
    with pytest.raises(TypeError):
        rendering.render(MailKind.ORDER_EXPIRED, "見本 太郎", number="1")
    with pytest.raises(TypeError):
        rendering.render(MailKind.PASSWORD_CHANGED, "見本 太郎", **SHORT[MailKind.PASSWORD_CHANGED], password="hidden")


def test_an_undefined_name_in_a_mail_template_raises_an_error():
    from portal.actions.mail.rendering.template import _environment

    with pytest.raises(UndefinedError):
        _environment().get_template("password_changed.txt").render({})


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\u2028", "\x0b", "\x85"])
def test_a_customers_name_cannot_add_a_line_to_a_mail(break_):
    letter = rendering.render(MailKind.PASSWORD_CHANGED, f"見本{break_}お振込先：別の銀行", **SHORT[MailKind.PASSWORD_CHANGED])

    assert not [line for line in letter.body.splitlines() if line.startswith("お振込先")]


def test_a_customers_name_cannot_change_text_direction_or_run_as_a_template():
    body = rendering.render(MailKind.PASSWORD_CHANGED, "見本\u202e{{ company }}\ud800", **SHORT[MailKind.PASSWORD_CHANGED]).body

    assert body.startswith("見本{{ company }}〓 様\n")


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (CHROME, "Google Chrome（Windows）"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari（iPhone）"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox（Linux）"),
        ("w3m/0.5.3", "w3m"),
        ("", "名前の分からないブラウザー"),
        ("ロックされました https://evil.example/ を開いてください", "名前の分からないブラウザー"),
    ],
)
def test_a_browser_is_named_from_a_fixed_list(user_agent, name):
    assert browser_name(user_agent) == name


def mails_of_the_tests_company(kind: MailKind, values: dict) -> str:
    """`app` has bound its own address; these links are looked up by their path."""
    found = rendering.letterhead()
    rendering.bind(rendering.Letterhead(found.company, "https://portal.example.jp", found.sender, found.installation_id))
    return rendering.render(kind, "見本 太郎", **values).body


def test_a_transfer_for_a_renewal_names_the_new_period_and_promises_no_start():
    text = between("transfer for a renewal")

    assert "いまのサービスは、契約期間の終わりまでそのままご利用いただけます" in text
    assert "2026年11月22日（日）から2027年11月30日（火）まで" in text
    assert "ご入金を確認した日から" not in text
    assert "サービスが停止しているときは、ご入金を確認すると再開します" in between("transfer for a late renewal and something new")
