"""The mails about what the customer chose for later charges: method, reset, reservation."""

import pytest

from portal.enums import MailKind
from portal.rules.renewals.next_renewals import NextRenewals
from tests.actions.mail.reading import BY_HAND, STOP, between, read
from tests.actions.mail.samples import SAMPLES, SHORT

NOTHING_PAID_NOW = "お支払いは行われていません"


def test_a_reset_mail_names_the_removed_methods_and_each_deadline():
    text = between("wallet reset")

    assert "自動更新を止め、おさいぽ!の連携を解除しました" in text
    assert "新しく自動でお支払いの手続きをすることはありません" in text
    assert "・スタンダードプラン：2027年11月30日（火）まで・デバイスセキュリティ 3台：2027年11月30日（火）まで" in text
    assert "それぞれの日までに、" + BY_HAND in text
    assert "お心当たりがない場合は" in text
    assert "確認しているお支払い" not in text
    assert "ご登録のカードを削除しました" in read(MailKind.METHOD_RESET)


@pytest.mark.parametrize("lines", [(), SAMPLES[MailKind.METHOD_RESET]["lines"]])
def test_a_reset_mail_during_a_charge_says_that_the_result_is_pending(lines):
    text = read(MailKind.METHOD_RESET, lines=lines)

    assert "お支払いの手続きを始めていました" in text
    assert "完了していた場合は、そのご契約が更新されます" in text
    assert "それまでは、あらためてお支払いになることはできません" in text


@pytest.mark.parametrize("kind", [MailKind.METHOD_CHANGED, MailKind.RESERVATION_MADE])
def test_mails_about_later_charges_say_that_nothing_was_paid_now(kind):
    assert NOTHING_PAID_NOW in read(kind)
    assert NOTHING_PAID_NOW in read(kind, SHORT[kind])


def test_a_changed_method_mail_offers_no_stop_where_no_charge_is_planned():
    assert "お支払い方法：クレジットカード（Visa 下4桁 4242）" in read(MailKind.METHOD_CHANGED)
    assert "今回は自動で更新されません。2027年11月30日（火）に終了します" in between("changed, by hand")
    assert STOP not in between("changed, by hand")
    assert "次回の更新" not in read(MailKind.METHOD_CHANGED, upcoming=NextRenewals())


def test_a_reservation_mail_names_the_last_day_to_undo_and_the_dropped_options():
    text = read(MailKind.RESERVATION_MADE)

    assert "2027年11月4日（木） 23時59分まで、「サーバー契約・更新」から取り消せます" in text
    assert "次回は更新しないオプション・バックアップオプション" in text
    assert "更新しないオプション" not in read(MailKind.RESERVATION_MADE, dropped=())


def test_a_cancelled_reservation_mail_says_what_is_charged_instead():
    assert "契約期間やオプションの変更の予約を取り消しました" in read(MailKind.RESERVATION_UNDONE)
    text = read(MailKind.RESERVATION_UNDONE, charge=None)

    assert "次回の自動でのお支払いはありません。・スタンダードプラン" in text
    assert "お支払いがまだの場合は、2027年11月30日（火）までに更新のお手続きをしてください" in text
    assert "円" not in text
    assert STOP not in text
