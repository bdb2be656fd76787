"""One mail of each kind, with everything in it that it can hold."""

from datetime import UTC, date, datetime

from portal.catalog import BankAccount
from portal.mails import Item, Transfer
from portal.rules.offer import Renewal
from portal.rules.renewal import Charge
from portal.words import MailKind, Method

LINES = (
    Item("スタンダードプラン", 1, 12, 13_200, date(2026, 11, 22), date(2027, 11, 30)),
    Item("デバイスセキュリティ", 3, 12, 9_900, date(2026, 11, 22), date(2027, 11, 30)),
)
MONEY = {"number": "12345678", "lines": LINES, "total_yen": 23_100, "tax_yen": 2_100, "tax_percent": 10}
BANK = BankAccount("見本銀行", "0000", "本店", "001", "普通", "1234567", "カ）サンプルサーバー")
CLOSED = (date(2026, 12, 29), date(2026, 12, 30))
CHARGE = Charge(date(2027, 11, 5), date(2027, 11, 4), (date(2027, 11, 10), date(2027, 11, 15)))
RENEWALS = (Renewal(date(2027, 11, 30), LINES, CHARGE), Renewal(date(2026, 12, 31), LINES[1:], None))
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
NIGHT = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)

SAMPLES = {
    MailKind.ORDER_ACCEPTED: MONEY | {"transfer": Transfer((BANK, BANK), "12345678", date(2026, 12, 6), CLOSED)},
    MailKind.PAYMENT_CONFIRMED: MONEY
    | {"method": Method.CARD, "paid_on": date(2026, 11, 22), "paid_with": "Visa 下4桁 4242", "renewals": RENEWALS, "by_hand": LINES[:1]},
    MailKind.CARD_REFUSED: {"number": "12345678", "total_yen": 23_100, "code": "expired_card", "retry_on": date(2026, 12, 10)},
    MailKind.ORDER_EXPIRED: {"number": "12345678", "total_yen": 23_100, "due_on": date(2026, 12, 6), "received_yen": 20_000},
    MailKind.NEW_BROWSER: {"at": NIGHT, "address": "192.0.2.1", "user_agent": CHROME},
    MailKind.PASSWORD_CHANGED: {"at": NIGHT, "address": "192.0.2.1"},
}
SHORT = {
    MailKind.ORDER_ACCEPTED: MONEY | {"transfer": Transfer((BANK,), "12345678", date(2026, 12, 6))},
    MailKind.PAYMENT_CONFIRMED: MONEY | {"method": Method.BANK, "paid_on": date(2026, 11, 22)},
    MailKind.CARD_REFUSED: {"number": "12345678", "total_yen": 23_100, "code": None},
    MailKind.ORDER_EXPIRED: {"number": "12345678", "total_yen": 23_100, "due_on": date(2026, 12, 6)},
    MailKind.NEW_BROWSER: {"at": NIGHT, "address": "2001:db8::1", "user_agent": ""},
    MailKind.PASSWORD_CHANGED: {"at": NIGHT},
}
