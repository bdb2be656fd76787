"""Sample mails of each kind: with every part, with as few parts as possible, and some between."""

from dataclasses import replace
from datetime import UTC, date, datetime

from portal.actions.mail.rendering import Held, Item, LeftOut, Payable, Transfer, Undone, Withdrawn
from portal.catalog import BankAccount
from portal.enums import HeldBecause, MailKind, Method, ProductKind
from portal.rules.payments.methods import row_of
from portal.rules.renewals.charge_days import Charge
from portal.rules.renewals.forecast import NEVER_BY_ITSELF, ByHand
from portal.rules.renewals.next_renewals import NextRenewals, Renewal
from portal.rules.renewals.quote import MONTHS_GONE
from portal.rules.renewals.snapshot import Entitlement

LINES = (
    Item("スタンダードプラン", 1, 12, 13_200, date(2026, 11, 22), date(2027, 11, 30)),
    Item("デバイスセキュリティ", 3, 12, 9_900, date(2026, 11, 22), date(2027, 11, 30)),
)
MONEY = {"number": "12345678", "lines": LINES, "total_yen": 23_100, "tax_yen": 2_100, "tax_percent": 10}
BANK = BankAccount("見本銀行", "0000", "本店", "001", "普通", "1234567", "カ）サンプルサーバー")
CLOSED = (date(2026, 12, 29), date(2026, 12, 30))
CHARGE = Charge(date(2027, 11, 5), date(2027, 11, 4), (date(2027, 11, 10), date(2027, 11, 15)))
PAID = date(2026, 11, 22)
BOUGHT = Entitlement(
    1, "backup", ProductKind.OPTION, "", "バックアップオプション", 1, 12, 330, 3_960, PAID, date(2027, 11, 30), PAID, renews=False
)
MINE = ByHand(BOUGHT, NEVER_BY_ITSELF, date(2027, 11, 30), date(2027, 12, 1), date(2027, 12, 15))
GONE = replace(MINE, entitlement=replace(BOUGHT, renews=True), reason=MONTHS_GONE)
RENEWALS = NextRenewals(
    (Renewal(date(2027, 11, 30), (LINES[0], replace(LINES[1], is_last_time=True)), CHARGE),),
    (replace(BOUGHT, ends_on=date(2028, 1, 31)),),
    (MINE, GONE, replace(MINE, is_with_server=True, stops_on=None)),
)
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
NIGHT = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)

END, NEXT = date(2027, 11, 30), (date(2027, 12, 1), date(2028, 11, 30))
NEXT_LINES = (Item("スタンダードプラン", 1, 12, 13_200, *NEXT), Item("デバイスセキュリティ", 3, 12, 9_900, *NEXT))
LAST_CHARGE = Charge(date(2027, 11, 28), date(2027, 11, 27), ())
WALLET_CHARGE = Charge(date(2027, 11, 15), date(2027, 11, 11), (date(2027, 11, 20), date(2027, 11, 25), date(2027, 11, 28)))
LEFT_OUT = LeftOut("独自SSL（クイック認証）", END, "お取り扱いを終了したため、自動更新されません。")
ENDING = {"ends_on": END, "lines": LINES}
CHARGED = {"ends_on": END, "lines": NEXT_LINES, "total_yen": 23_100}
BY_CARD = {"method": Method.CARD, "paid_with": "Visa 下4桁 4242"}
BY_WALLET = {"method": Method.WALLET, "paid_with": ""}
STOPPED = {"lines": LINES, "pay_until": date(2027, 12, 14), "deletion_on": date(2027, 12, 15)}
UNPAID = {"stopped_on": date(2027, 12, 1), "reason": "更新のお支払いを確認できなかったため"}
FAILED = CHARGED | {"number": "12345678", "pay_by": END}
MOVED = {"number": "12345678", "total_yen": 23_100, "missing_yen": 23_100, "reason": "お電話でのご依頼"}
MOVED |= {"due_on": date(2026, 12, 20)}
CARD = {"card": "Visa 下4桁 4242", "expires": date(2027, 10, 31)}
PART = {"number": "12345678", "missing_yen": 440, "expires_on": date(2026, 12, 10)}
PART |= {"transfer": Transfer((BANK,), "12345678", date(2026, 12, 6), received_yen=22_660)}
HELD = {"yen": 1_000, "received_on": date(2026, 11, 24), "number": "12345678"}
HELD_MOVED = {"yen": 1_000, "received_on": date(2026, 11, 24)}
HELD_LETTER = {"yen": 1_000, "received_on": date(2026, 11, 24), "text": "ご返金のために、お振込先の口座をお知らせください。"}

PLANS = {"before": "スタンダードプラン", "after": "ビジネスプラン", "reason": "お電話でのご依頼"}
LINK = {"login": "new", "url": "（リンクはメールにだけ載せています）", "minutes": 30}
CERTIFICATE = {"product": "独自SSL（クイック認証）", "common_name": "example.jp"}
MOVED_TO = {"at": NIGHT, "before": "alt@example.jp", "after": "neu@example.jp"}
RENAMED = {"at": NIGHT, "before": "見本 太郎", "after": "見本商事 株式会社"}
UNDONE = {"number": "12345678", "yen": 13_200, "reason": "別のお客様の入金だったため"}

SAMPLES = {
    MailKind.ORDER_ACCEPTED: MONEY | {"transfer": Transfer((BANK, BANK), "12345678", date(2026, 12, 6), CLOSED)},
    MailKind.PAYMENT_CONFIRMED: MONEY
    | {"method": Method.CARD, "paid_on": date(2026, 11, 22), "paid_with": "Visa 下4桁 4242", "upcoming": RENEWALS},
    MailKind.CARD_REFUSED: {"number": "12345678", "total_yen": 23_100, "code": "expired_card"},
    MailKind.ORDER_EXPIRED: {"number": "12345678", "total_yen": 23_100, "due_on": date(2026, 12, 6)},
    MailKind.MONEY_RETURNED: {
        "number": "12345678",
        "yen": 3_000,
        "method": Method.CARD,
        "returned_on": date(2026, 12, 6),
        "reason": "機器の不具合でご利用いただけなかったため",
        "note": row_of(Method.CARD).returned,
        "paid_with": "Visa 下4桁 4242",
        "is_kept": True,
    },
    MailKind.PART_RECEIVED: PART | {"part_yen": 22_660, "is_overdue": True, "is_reopened": True, "left": Method.CARD},
    MailKind.PART_OVERDUE: PART | {"transfer": Transfer((BANK, BANK), "12345678", date(2026, 12, 6), received_yen=22_660)},
    MailKind.MONEY_HELD: HELD | {"because": HeldBecause.OVER},
    MailKind.HELD_USED: HELD | {"left_yen": 440},
    MailKind.HELD_LETTER: HELD_LETTER,
    MailKind.HELD_MOVED: HELD_MOVED,
    MailKind.PAID_ORDER_CANCELLED: {
        "number": "12345678",
        "total_yen": 23_100,
        "reason": "誤ったお申し込みのため",
        "terms": (Withdrawn("スタンダードプラン", date(2026, 12, 6)),),
        "method": Method.CARD,
        "refund_yen": 23_100,
        "paid_with": "Visa 下4桁 4242",
    },
    MailKind.ORDER_CANCELLED: {"number": "12345678", "total_yen": 23_100, "reason": "お客様のご希望", "held_yen": 440},
    MailKind.DUE_DATE_MOVED: MOVED,
    MailKind.ACCOUNT_CLOSED: {"reason": "約款違反", "renewals": RENEWALS.charged, "lines": LINES}
    | {"number": "12345678", "missing_yen": 440, "due_on": date(2026, 12, 6)},
    MailKind.ACCOUNT_REOPENED: {"upcoming": RENEWALS},
    MailKind.ALLOCATION_UNDONE: UNDONE
    | {"undone": (Undone("スタンダードプラン", date(2026, 11, 22), date(2027, 11, 30), date(2026, 12, 10)),), "missing_yen": 13_200}
    | {"transfer": Transfer((BANK, BANK), "12345678", date(2026, 12, 6))},
    MailKind.NEW_BROWSER: {"at": NIGHT, "address": "192.0.2.1", "user_agent": CHROME},
    MailKind.PASSWORD_CHANGED: {"at": NIGHT, "reason": "お電話でのご依頼", "by_link": True},
    MailKind.PASSWORD_LINK: LINK | {"reason": "お電話でのご依頼"},
    MailKind.PLAN_CHANGED: PLANS | {"counts_from": date(2027, 12, 1), "upcoming": RENEWALS},
    MailKind.ACCOUNT_OPENED: LINK | {"plan": "スタンダードプラン", "ends_on": END, "months": 12, "yen": 13_200},
    MailKind.ADDRESS_LINK: LINK | {"address": "neu@example.jp", "is_for_notices": True},
    MailKind.ADDRESS_CHANGED: MOVED_TO | {"reason": "お電話でのご依頼"},
    MailKind.NOTICES_CHANGED: MOVED_TO,
    MailKind.CERTIFICATE_ISSUED: CERTIFICATE | {"common_name": "www.日本語.jp（www.xn--wgv71a119e.jp）"},
    MailKind.CERTIFICATE_FAILED: CERTIFICATE
    | {"reason": "企業の実在を確認できませんでした。", "was_on": True, "valid_until": date(2026, 11, 30), "choose_until": END},
    MailKind.NAME_CHANGED: RENAMED | {"reason": "お電話でのご依頼"},
    MailKind.SESSIONS_ENDED: {"at": NIGHT, "reason": "お電話でのご依頼"},
    MailKind.RENEWAL_NOTICE: CHARGED | BY_CARD | {"charge": CHARGE, "left_out": (LEFT_OUT,)},
    MailKind.RENEWAL_BY_HAND: ENDING | {"reason": "銀行振込でお支払いいただいたため、自動では更新されません。"},
    MailKind.CARD_EXPIRES: CARD | {"ends_on": END, "total_yen": 23_100, "charge": CHARGE},
    MailKind.RENEWAL_FAILED: FAILED | {"code": None, "method": Method.CARD, "retry_on": date(2027, 11, 10)},
    MailKind.CONTRACT_ENDED: ENDING | {"pay_until": date(2027, 12, 14)},
    MailKind.CONTRACT_STOPPED: STOPPED | UNPAID,
    MailKind.DELETION_AHEAD: STOPPED,
    MailKind.CONTRACT_DELETED: {"lines": LINES, "deleted_on": date(2027, 12, 15)},
    MailKind.METHOD_RESET: {"lines": LINES, "method": Method.CARD, "is_under_way": True},
    MailKind.METHOD_CHANGED: BY_CARD | {"upcoming": RENEWALS},
    MailKind.RENEWAL_SWITCHED: {"product": "バックアップオプション", "is_on": True, "upcoming": RENEWALS},
    MailKind.RESERVATION_MADE: CHARGED | {"charge": CHARGE, "dropped": ("バックアップオプション",)},
    MailKind.RESERVATION_UNDONE: CHARGED | {"charge": CHARGE},
    MailKind.PAPER_REISSUED: {"paper": "領収書", "old": 1_204, "new": 1_311, "reason": "宛名の誤り"},
    MailKind.SYSTEM_TROUBLE: {"sentence": "1時間以上送れていないメールがあります", "at": NIGHT, "since": NIGHT},
}
SHORT = {
    MailKind.ORDER_ACCEPTED: MONEY | {"transfer": Transfer((BANK,), "12345678", date(2026, 12, 6))},
    MailKind.PAYMENT_CONFIRMED: MONEY | {"method": Method.BANK, "paid_on": date(2026, 11, 22)},
    MailKind.ALLOCATION_UNDONE: UNDONE,
    MailKind.CARD_REFUSED: {"number": "12345678", "total_yen": 23_100, "code": None},
    MailKind.ORDER_EXPIRED: {"number": "12345678", "total_yen": 23_100, "due_on": date(2026, 12, 6)},
    MailKind.MONEY_RETURNED: {
        "number": "",
        "yen": 440,
        "method": Method.BANK,
        "returned_on": date(2026, 12, 6),
        "reason": "二重のお振り込み",
        "note": row_of(Method.BANK).returned,
    },
    MailKind.PART_RECEIVED: PART | {"part_yen": 22_660, "is_new": True},
    MailKind.PART_OVERDUE: PART,
    MailKind.MONEY_HELD: HELD | {"because": HeldBecause.LATE},
    MailKind.HELD_USED: HELD,
    MailKind.HELD_LETTER: HELD_LETTER,
    MailKind.HELD_MOVED: HELD_MOVED,
    MailKind.PAID_ORDER_CANCELLED: {
        "number": "12345678",
        "total_yen": 23_100,
        "reason": "誤ったお申し込みのため",
        "terms": (Withdrawn("スタンダードプラン", None),),
        "method": Method.BANK,
        "held_yen": 23_100,
    },
    MailKind.ORDER_CANCELLED: {"number": "12345678", "total_yen": 23_100, "reason": "重複"},
    MailKind.DUE_DATE_MOVED: MOVED | {"missing_yen": 440},
    MailKind.ACCOUNT_CLOSED: {"reason": "約款違反", "renewals": (), "lines": ()},
    MailKind.ACCOUNT_REOPENED: {"upcoming": NextRenewals()},
    MailKind.NEW_BROWSER: {"at": NIGHT, "address": "2001:db8::1", "user_agent": ""},
    MailKind.PASSWORD_CHANGED: {"at": NIGHT},
    MailKind.PASSWORD_LINK: LINK,
    MailKind.PLAN_CHANGED: PLANS | {"counts_from": None, "upcoming": NextRenewals()},
    MailKind.ACCOUNT_OPENED: LINK | {"plan": "スタンダードプラン"},
    MailKind.ADDRESS_LINK: LINK | {"address": "neu@example.jp"},
    MailKind.ADDRESS_CHANGED: MOVED_TO,
    MailKind.CERTIFICATE_ISSUED: CERTIFICATE,
    MailKind.CERTIFICATE_FAILED: CERTIFICATE | {"reason": "期限切れ"},
    MailKind.NOTICES_CHANGED: MOVED_TO | {"after": ""},
    MailKind.NAME_CHANGED: RENAMED,
    MailKind.SESSIONS_ENDED: {"at": NIGHT},
    MailKind.RENEWAL_NOTICE: CHARGED | BY_WALLET | {"charge": LAST_CHARGE},
    MailKind.RENEWAL_BY_HAND: ENDING | {"reason": ""},
    MailKind.CARD_EXPIRES: CARD | {"ends_on": END, "total_yen": 23_100, "charge": LAST_CHARGE},
    MailKind.RENEWAL_FAILED: FAILED | {"code": "expired_card", "method": Method.CARD, "retry_on": None},
    MailKind.CONTRACT_ENDED: ENDING | {"pay_until": None},
    MailKind.CONTRACT_STOPPED: STOPPED | UNPAID | {"lines": LINES[:1]},
    MailKind.DELETION_AHEAD: STOPPED | {"lines": LINES[:1]},
    MailKind.CONTRACT_DELETED: {"lines": LINES[:1], "deleted_on": date(2027, 12, 15)},
    MailKind.METHOD_RESET: {"lines": (), "method": Method.WALLET},
    MailKind.METHOD_CHANGED: BY_WALLET | {"upcoming": NextRenewals()},
    MailKind.RENEWAL_SWITCHED: {"product": "バックアップオプション", "is_on": False, "upcoming": NextRenewals()},
    MailKind.RESERVATION_MADE: CHARGED | {"charge": LAST_CHARGE},
    MailKind.RESERVATION_UNDONE: CHARGED | {"charge": None},
    MailKind.PAPER_REISSUED: {"paper": "請求書", "old": 1, "new": 2, "reason": "宛名の誤り"},
    MailKind.SYSTEM_TROUBLE: {"sentence": "定期処理が動いていません", "at": NIGHT},
}
OUTLASTING = (Item("バックアップオプション", 1, 12, 3_960, date(2027, 2, 1), date(2028, 1, 31)),)
WITH_SERVER = {"with_server": OUTLASTING, "deletion_on": date(2027, 12, 15)}
PAYABLE = {"payable": Payable("39198174", Method.BANK, date(2027, 12, 6))}
REPORTED = {"payable": replace(PAYABLE["payable"], is_reported=True)}
OVERDUE = {"payable": replace(PAYABLE["payable"], is_overdue=True)}
ALL_GONE = {"withdrawn": tuple(line.name for line in LINES)}
RENEWED = tuple(replace(line, subscription=number) for number, line in enumerate(LINES, 1))
OF_A_RENEWAL = SAMPLES[MailKind.ORDER_ACCEPTED] | {"lines": RENEWED, "renews": True, "begins": False}
BETWEEN = {
    "order over": (MailKind.ORDER_CANCELLED, SHORT[MailKind.ORDER_CANCELLED] | {"by_staff": False}),
    "withdrawn, by hand": (MailKind.RENEWAL_BY_HAND, ENDING | {"reason": ""} | ALL_GONE),
    "withdrawn, ended": (MailKind.CONTRACT_ENDED, ENDING | {"pay_until": date(2027, 12, 14)} | ALL_GONE),
    "withdrawn, stopped": (MailKind.CONTRACT_STOPPED, STOPPED | UNPAID | ALL_GONE),
    "withdrawn, soon deleted": (MailKind.DELETION_AHEAD, STOPPED | ALL_GONE),
    "never set up": (MailKind.RENEWAL_BY_HAND, ENDING | {"reason": "", "never_set_up": ("独自SSL（クイック認証）",) * 2}),
    "not issued, in a charge": (MailKind.CERTIFICATE_FAILED, CERTIFICATE | {"reason": "期限切れ", "was_on": True, "is_charged": True}),
    "not issued": (MailKind.RENEWAL_BY_HAND, ENDING | {"reason": "", "not_issued": ("独自SSL（クイック認証）",)}),
    "transfer for a renewal": (MailKind.ORDER_ACCEPTED, OF_A_RENEWAL),
    "asked for again after the due date": (
        MailKind.ORDER_ACCEPTED,
        OF_A_RENEWAL | {"transfer": replace(OF_A_RENEWAL["transfer"], is_again=True, is_too_late=True)},
    ),
    "transfer for a late renewal and something new": (MailKind.ORDER_ACCEPTED, OF_A_RENEWAL | {"begins": True, "is_late": True}),
    "reset with an open order": (MailKind.METHOD_RESET, {"lines": LINES, "method": Method.CARD} | PAYABLE | WITH_SERVER),
    "by hand with an option that is paid longer": (MailKind.RENEWAL_BY_HAND, ENDING | WITH_SERVER | {"reason": ""}),
    "ended with an option that is paid longer": (MailKind.CONTRACT_ENDED, ENDING | WITH_SERVER | {"pay_until": date(2027, 12, 14)}),
    "stopped with an option that is paid longer": (MailKind.CONTRACT_STOPPED, STOPPED | WITH_SERVER | UNPAID),
    "soon deleted with an option that is paid longer": (MailKind.DELETION_AHEAD, STOPPED | WITH_SERVER),
    "by hand with an open order": (MailKind.RENEWAL_BY_HAND, ENDING | PAYABLE | {"reason": ""}),
    "by hand soon with an unpaid card order": (
        MailKind.RENEWAL_BY_HAND,
        ENDING | {"reason": "", "is_second": True, "payable": Payable("39198174", Method.CARD)},
    ),
    "ended with a reported transfer": (MailKind.CONTRACT_ENDED, ENDING | REPORTED | {"pay_until": date(2027, 12, 14)}),
    "ended with an unknown payment": (
        MailKind.CONTRACT_ENDED,
        ENDING | {"pay_until": date(2027, 12, 14), "payable": Payable("39198174", Method.CARD, is_undecided=True)},
    ),
    "stopped with an open order": (MailKind.CONTRACT_STOPPED, STOPPED | PAYABLE | UNPAID),
    "soon deleted with an overdue transfer": (MailKind.DELETION_AHEAD, STOPPED | OVERDUE),
    "soon deleted with a part of a transfer": (
        MailKind.DELETION_AHEAD,
        STOPPED | {"payable": replace(PAYABLE["payable"], is_partly=True)},
    ),
    "automatic": (
        MailKind.PAYMENT_CONFIRMED,
        SAMPLES[MailKind.PAYMENT_CONFIRMED] | {"upcoming": replace(RENEWALS, by_hand=()), "is_automatic": True},
    ),
    "a certificate bought with the contract": (
        MailKind.PAYMENT_CONFIRMED,
        SHORT[MailKind.PAYMENT_CONFIRMED]
        | {"lines": (*LINES, Item("独自SSL（クイック認証）", 1, 12, 11_000, PAID, END, needs_common_name=True))},
    ),
    "paid with a difference": (MailKind.PAYMENT_CONFIRMED, SHORT[MailKind.PAYMENT_CONFIRMED] | {"waived_yen": 440}),
    "automatic order by transfer": (MailKind.PAYMENT_CONFIRMED, SHORT[MailKind.PAYMENT_CONFIRMED] | {"keeps_renewal": True}),
    "expired with a part": (MailKind.ORDER_EXPIRED, SHORT[MailKind.ORDER_EXPIRED] | {"held_yen": 22_660}),
    "second notice": (MailKind.RENEWAL_NOTICE, CHARGED | BY_WALLET | {"charge": WALLET_CHARGE, "is_second": True}),
    "notice beside an order for a part": (
        MailKind.RENEWAL_NOTICE,
        CHARGED | BY_CARD | {"charge": CHARGE, "left_out": (LEFT_OUT,), "held": Held("39198174", Method.BANK, NEXT_LINES[1:])},
    ),
    "notice beside an order for all": (
        MailKind.RENEWAL_NOTICE,
        CHARGED | BY_CARD | {"charge": CHARGE, "held": Held("39198174", Method.BANK)},
    ),
    "expiring card beside another order": (
        MailKind.CARD_EXPIRES,
        CARD | {"ends_on": END, "total_yen": 23_100, "charge": CHARGE, "held": Held("39198174", Method.BANK, is_another=True)},
    ),
    "moved": (MailKind.RENEWAL_NOTICE, CHARGED | BY_CARD | {"charge": LAST_CHARGE, "is_moved": True}),
    "second notice by hand": (
        MailKind.RENEWAL_BY_HAND,
        ENDING | {"reason": "お取り扱いを終了したため、自動更新されません。", "is_second": True},
    ),
    "wallet failed": (
        MailKind.RENEWAL_FAILED,
        FAILED
        | {"code": "insufficient", "method": Method.WALLET, "retry_on": date(2027, 11, 20)}
        | {"missing_points": 3_100, "points_page": "https://wallet.example.jp/points"},
    ),
    "wallet failed, balance unknown": (
        MailKind.RENEWAL_FAILED,
        FAILED | {"code": "insufficient", "method": Method.WALLET, "retry_on": None} | {"points_page": "https://wallet.example.jp/points"},
    ),
    "the bank asks for its holder": (
        MailKind.RENEWAL_FAILED,
        FAILED | {"code": "authentication_required", "method": Method.CARD, "retry_on": None, "may_authenticate": True},
    ),
    "wallet failed last": (MailKind.RENEWAL_FAILED, FAILED | {"code": "link_removed", "method": Method.WALLET, "retry_on": None}),
    "stopped while it was asked": (
        MailKind.RENEWAL_FAILED,
        FAILED | {"code": "closed", "method": Method.CARD, "retry_on": None, "is_over": True},
    ),
    "reset by staff": (MailKind.METHOD_RESET, {"lines": LINES, "method": Method.CARD, "reason": "お電話でのご依頼"}),
    "wallet reset": (MailKind.METHOD_RESET, {"lines": LINES, "method": Method.WALLET}),
    "reset under way of nothing": (MailKind.METHOD_RESET, {"lines": (), "method": Method.CARD, "is_under_way": True}),
    "changed, by hand": (MailKind.METHOD_CHANGED, BY_WALLET | {"upcoming": replace(RENEWALS, charged=())}),
}
