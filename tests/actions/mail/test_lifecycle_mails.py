"""The mails about the end of a contract, by what a customer reads in them."""

import pytest

from portal.enums import MailKind
from tests.actions.mail.reading import BY_HAND, between, read

LOST = "解約済のご契約のデータは削除され、元に戻せません。サーバーの解約とともに、オプションも解約となります。"


def test_an_ended_contract_mail_names_the_last_day_to_renew_without_a_gap():
    text = read(MailKind.CONTRACT_ENDED)

    assert "2027年11月30日（火）で契約期間が終わり、契約終了となりました" in text
    assert "2027年12月14日（火）までにお支払いいただくと、期間をあけずに更新できます" in text
    assert BY_HAND in text


def test_an_ended_contract_mail_without_that_day_promises_none():
    text = read(MailKind.CONTRACT_ENDED, pay_until=None)

    assert "期間をあけずに" not in text
    assert "https://portal.example.jp/contract" in text


def test_a_suspension_mail_names_the_last_day_to_pay_and_what_is_deleted_then():
    text = read(MailKind.CONTRACT_STOPPED)

    assert "2027年12月1日（水）に、次のご契約のサービスを停止しました。今は停止中です。" in text
    assert "2027年12月14日（火）までにお支払いいただくと、期間をあけずに更新でき、サービスを再開します。" + BY_HAND in text
    assert "2027年12月15日（水）に解約済となります。" + LOST in text


def test_the_last_warning_says_until_when_to_pay_and_what_is_deleted_otherwise():
    text = read(MailKind.DELETION_AHEAD)

    assert "2027年12月14日（火）までにお支払いがないと、2027年12月15日（水）に解約済となります" in text
    assert "解約済となります。" + LOST in text
    assert BY_HAND in text


def test_a_deletion_mail_says_that_nothing_more_is_charged_and_options_are_gone():
    text = read(MailKind.CONTRACT_DELETED)

    assert "次のご契約は2027年12月15日（水）に解約済となりました。・スタンダードプラン" in text
    assert "デバイスセキュリティ 3台" + LOST in text
    assert "今後のお支払いはありません" in text
    assert "契約更新の操作へ進む" not in text


@pytest.mark.parametrize("name", ["withdrawn, by hand", "withdrawn, ended", "withdrawn, stopped", "withdrawn, soon deleted"])
def test_a_mail_about_what_is_no_longer_sold_asks_for_no_renewal_and_says_whom_to_ask(name):
    text = between(name)

    assert "スタンダードプラン、デバイスセキュリティは、お取り扱いを終了したため、更新できません" in text
    assert "下のサポート窓口へご連絡ください" in text
    assert "契約更新の操作へ進む" not in text
    assert "続けてご利用になるには、更新のお手続きが必要です" not in text


@pytest.mark.parametrize("of", ["by hand", "ended", "stopped", "soon deleted"])
def test_a_mail_about_a_servers_end_names_the_options_that_end_with_it(of):
    text = between(f"{of} with an option that is paid longer")

    assert "サーバーの解約とともに終了します（2027年12月15日（水））" in text
    assert "バックアップオプション（契約期間は2028年1月31日（月）まで）" in text
