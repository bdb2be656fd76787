"""The mails about an automatic charge, by what a customer reads in them."""

from dataclasses import replace

import pytest

from portal.enums import MailKind, Method
from tests.actions.mail.reading import BY_HAND, STOP, between, read, subject
from tests.actions.mail.samples import BETWEEN, LAST_CHARGE, LEFT_OUT, RENEWALS, SAMPLES, SHORT

AMOUNT = "次回のお支払い：2027年11月5日（金）に23,100円（税込）"
DEADLINE = "変更・解除の期限：2027年11月4日（木） 23時59分まで"
RETRIES = "この日にお支払いできなかったときは、同じ月の10日、15日に再手続きします"
NO_RETRY = "この日にお支払いできなかったときは、自動では再手続きしません"
NAMES_A_CHARGE = [
    MailKind.PAYMENT_CONFIRMED,
    MailKind.RENEWAL_NOTICE,
    MailKind.CARD_EXPIRES,
    MailKind.METHOD_CHANGED,
    MailKind.RESERVATION_MADE,
    MailKind.RESERVATION_UNDONE,
]


@pytest.mark.parametrize("kind", NAMES_A_CHARGE)
def test_a_mail_about_a_charge_names_amount_day_deadline_and_how_to_stop_it(kind):
    text = read(kind)

    assert not [words for words in (AMOUNT, DEADLINE, RETRIES, STOP) if words not in text]


@pytest.mark.parametrize("kind", [MailKind.RENEWAL_NOTICE, MailKind.CARD_EXPIRES, MailKind.RESERVATION_MADE])
def test_a_mail_about_a_charge_on_the_last_day_promises_no_retry(kind):
    text = read(kind, charge=LAST_CHARGE)

    assert NO_RETRY in text
    assert "に再手続きします" not in text


def test_subjects_are_short_and_distinct():
    kinds = [*SAMPLES.items(), *BETWEEN.values(), *SHORT.items()]
    subjects = {(kind, subject(kind, values)) for kind, values in kinds}

    assert len({words for _, words in subjects}) == len(subjects)
    assert all(len(words) <= 30 for _, words in subjects)


def test_the_renewal_notice_names_products_terms_and_payment_method():
    text = read(MailKind.RENEWAL_NOTICE)

    assert "2027年11月30日（火）に契約期間が終わるご契約を、次のとおり自動で更新します" in text
    assert "変更がなければ、お手続きは不要です" in text
    assert "お支払い方法：クレジットカード（Visa 下4桁 4242）" in text
    assert "・スタンダードプラン（12か月）　13,200円2027年12月1日（水）から2028年11月30日（木）まで" in text
    assert "お支払い方法を変える：「お支払い方法だけを変更する（今は支払わない）」https://portal.example.jp/renewal/method" in text
    assert "ポイントをご用意ください" not in text


def test_the_renewal_notice_names_products_left_out_and_why():
    assert "・独自SSL（クイック認証）：2027年11月30日（火）までお取り扱いを終了したため、自動更新されません。" in read(
        MailKind.RENEWAL_NOTICE
    )
    assert "含まれないもの" in read(MailKind.RENEWAL_NOTICE, left_out=(replace(LEFT_OUT, reason=""),))
    assert "含まれないもの" not in read(MailKind.RENEWAL_NOTICE, left_out=())


def test_the_renewal_notice_asks_wallet_payers_to_have_enough_points():
    text = between("second notice")

    assert "お支払い方法：おさいぽ!次回のお支払い：2027年11月15日（月）" in text
    assert "変更・解除の期限：2027年11月11日（木） 23時59分まで" in text
    assert "お支払い日までに、おさいぽ!のポイントをご用意ください" in text


def test_a_second_renewal_notice_says_that_it_replaces_the_first():
    assert "もう一度お知らせします" in between("second notice")
    assert "もう一度お知らせします" not in read(MailKind.RENEWAL_NOTICE)
    assert subject(*BETWEEN["second notice"]) == "まもなく自動更新のお支払い日です"


@pytest.mark.parametrize("is_second", [True, False])
def test_a_postponed_charge_mail_names_its_new_day_and_how_to_stop_it(is_second):
    text = read(*BETWEEN["moved"], is_second=is_second)

    assert "ほかのお申し込みのお手続き中だったため、自動更新のお支払い日を2027年11月28日（日）に変更しました" in text
    assert "期限を過ぎている場合も、お支払いの手続きが始まる前であれば、自動更新を止められます" in text
    assert STOP in text
    assert "近づきました" not in text


def test_without_automatic_renewal_the_mail_asks_to_renew_before_the_end():
    text = read(MailKind.RENEWAL_BY_HAND)

    assert "続けてご利用になるには、更新のお手続きが必要です。銀行振込でお支払いいただいたため、自動では更新されません。" in text
    assert "2027年11月30日（火）までに、" + BY_HAND in text
    assert "2027年11月30日（火）の翌日に契約終了となり、その後サービスを停止します" in text
    assert "自動では更新されません。・スタンダードプラン・デバイスセキュリティ 3台" in read(MailKind.RENEWAL_BY_HAND, reason="")
    assert subject(*BETWEEN["second notice by hand"]) == "まもなく契約期間が終わります（更新手続きのお願い）"


def test_an_expiring_card_mail_says_how_to_replace_it_without_paying():
    text = read(MailKind.CARD_EXPIRES)

    assert "カード：Visa 下4桁 4242（有効期限 2027年10月）" in text
    assert "2027年11月4日（木） 23時59分までに、「お支払い方法だけを変更する（今は支払わない）」から、別のカードをご登録ください" in text
    assert "https://portal.example.jp/renewal/method" in text


def test_a_declined_charge_mail_names_reason_retry_day_and_how_to_pay_or_stop():
    text = read(MailKind.RENEWAL_FAILED)

    assert "クレジットカードでの自動更新のお支払い（お申し込み番号 12345678、23,100円）ができませんでした" in text
    assert "カード会社の承認が得られませんでした" in text
    assert "お金は引き落とされていません" in text
    assert "2027年11月10日（水）に、もう一度お支払いの手続きをします" in text
    assert "https://portal.example.jp/renewal/method" in text
    assert "https://portal.example.jp/orders/12345678/paymentお支払いの期限：2027年11月30日（火）まで" in text
    assert STOP in text


@pytest.mark.parametrize("values", [SHORT[MailKind.RENEWAL_FAILED], BETWEEN["wallet failed last"][1]])
def test_a_declined_charge_mail_without_a_retry_asks_to_pay_before_the_end(values):
    text = read(MailKind.RENEWAL_FAILED, values)

    assert "自動で再手続きすることはありません。2027年11月30日（火）までに、次のページから" in text
    assert "https://portal.example.jp/orders/12345678/payment" in text
    assert "もう一度お支払いの手続きをします" not in text
    assert "お金は引き落とされていません" in text
    assert STOP in text


def test_a_declined_wallet_charge_mail_names_the_wallet():
    text = between("wallet failed")

    assert "おさいぽ!での自動更新のお支払い" in text
    assert "ポイントが足りませんでした" in text
    assert "カード会社" not in text


def test_an_automatic_charge_mail_speaks_of_a_renewal_and_not_of_a_deposit():
    kind, values = BETWEEN["automatic"]

    assert subject(kind, values) == "自動更新が完了しました"
    assert "自動更新が完了しました。ありがとうございます。" in read(kind, values)
    assert "ご入金を確認しました" not in read(kind, values)
    assert subject(kind, SAMPLES[kind]) == "ご入金を確認しました"


@pytest.mark.parametrize("method", [Method.CARD, Method.WALLET])
def test_a_completed_renewal_mail_names_no_next_charge_when_nothing_auto_renews(method):
    text = read(MailKind.PAYMENT_CONFIRMED, method=method, upcoming=replace(RENEWALS, charged=()), is_automatic=True)

    assert "今回は自動で更新されません" in text
    assert STOP not in text


def test_a_declined_wallet_mail_names_the_missing_points_and_where_to_buy_them():
    text = between("wallet failed")

    assert "足りないポイント：3,100ポイント（お支払いに必要なポイント：23,100ポイント）https://wallet.example.jp/points" in text
    assert "2027年11月20日（土）の前の日までに購入されると" in text
    assert "お支払いに必要なポイント：23,100ポイントhttps://wallet.example.jp/points" in between("wallet failed, balance unknown")


def test_a_notice_beside_an_open_order_leads_to_no_button_that_is_not_there():
    text = between("notice beside an order for a part")

    assert "「内容を変えて申し込み直す」から、いっしょに更新できます" in text
    assert "契約更新の操作へ進む" not in text
    assert "デバイスセキュリティの9,900円になります" in text
    assert "この自動更新のお支払いは行われません" in between("notice beside an order for all")
    assert "その前にメールでお知らせします" in between("expiring card beside another order")
