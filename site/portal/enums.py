"""Closed lists of the program. The value is stored, the label is shown."""

from enum import StrEnum


class LabelEnum(StrEnum):
    """A stored value with its Japanese label."""

    label: str

    def __new__(cls, value: str, label: str) -> "LabelEnum":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class ProductKind(LabelEnum):
    """How a product is priced and chosen. The products themselves are in the catalog."""

    SERVER = "server", "サーバー"
    OPTION = "option", "月数で選ぶオプション"
    PER_DEVICE = "per_device", "台数と月数で選ぶオプション"
    CERTIFICATE = "certificate", "証明書"


class Method(LabelEnum):
    CARD = "card", "クレジットカード"
    WALLET = "wallet", "おさいぽ!"
    BANK = "bank", "銀行振込"


class AllocationSource(LabelEnum):
    """Where counted yen come from. WAIVED is no money: a difference that staff accepted. RETURNED is negative: money given back."""

    CARD = "card", "クレジットカード"
    WALLET = "wallet", "おさいぽ!"
    BANK = "bank", "銀行振込"
    WAIVED = "waived", "差額を了承"
    RETURNED = "returned", "返金"


class BookAccount(LabelEnum):
    """The accounts of the company's books (勘定科目) that the portal's money touches, by their usual names; the catalog may name others."""

    BANK = "bank", "普通預金"
    CARD = "card", "未収入金"
    WALLET = "wallet", "未収入金"
    ADVANCE = "advance", "前受金"
    HELD = "held", "預り金"
    SALES = "sales", "売上高"
    SALES_RETURN = "sales_return", "売上値引・戻り高"


class TaxCategory(LabelEnum):
    """消費税区分 of one side of an entry."""

    NONE = "none", "対象外"
    SALES = "sales", "課税売上"
    SALES_RETURN = "sales_return", "課税売上の返還"


class EntryKind(LabelEnum):
    """Why there is an entry in the books."""

    DEPOSITED = "deposited", "入金"
    DEPOSIT_GONE = "deposit_gone", "入金の取消（対象外）"
    ALLOCATED = "allocated", "充当"
    UNALLOCATED = "unallocated", "充当の取消"
    CHARGED = "charged", "決済"
    CHARGED_FOR_NOTHING = "charged_for_nothing", "申し込みのない決済"
    RETURNED = "returned", "返金"
    RETURNED_SALE = "returned_sale", "売上の返金"
    RETURN_MOVED = "return_moved", "返金の振替"
    CAME_AGAIN = "came_again", "返金の戻り"
    EARNED = "earned", "売上"
    SALE_UNDONE = "sale_undone", "売上の取消"
    RETURN_UNDONE = "return_undone", "売上の返金の取消"


class DayPart(LabelEnum):
    """What a day's page of staff counts. Each is a list of its own (actions/staff/day.py)."""

    DEPOSITS = "deposits", "銀行の入金"
    CARDS = "cards", "クレジットカードの決済"
    WALLETS = "wallets", "おさいぽ!の決済"
    RETURNED = "returned", "返金"
    PLACED = "placed", "受け付けた申し込み"
    PAID = "paid", "入金確認済になった申し込み"
    AWAITED = "awaited", "入金待ち"
    DUE = "due", "この日が期限の入金待ち"
    LATE = "late", "期限を過ぎた入金待ち"
    RESTS = "rests", "残りのある入金"
    TYPED = "typed", "銀行のファイルにない入金（手入力のまま）"
    IGNORED = "ignored", "対象外にした銀行の行"
    CORRECTIONS = "corrections", "取消・組戻しの行"
    DONE = "done", "担当者の操作"

    @property
    def is_of_deposits(self) -> bool:
        return self in (DayPart.DEPOSITS, DayPart.TYPED, DayPart.RESTS)

    @property
    def has_yen(self) -> bool:
        return self is not DayPart.DONE


class HeldBecause(LabelEnum):
    """Why money of a customer is for no order. The label says it to the customer."""

    OVER = "over", "お支払いが必要な金額より多く、お振り込みいただいています。"
    LATE = "late", "お支払い期限を過ぎてからのご入金で、お申し込みはすでに期限切れになっています。"
    CANCELLED = "cancelled", "お申し込みは、すでに取り消されています。"
    PAID = "paid", "お申し込みのお支払いは、すでに済んでいます。"
    NOT_PAYABLE = "not payable", "お申し込みには充てることができませんでした。"


class LineKind(LabelEnum):
    """What a line of a bank's file is. CORRECTION: the bank takes an earlier line back (取消, 訂正, 組戻し)."""

    TRANSFER = "transfer", "振込"
    OTHER = "other", "振込以外の入金"
    CORRECTION = "correction", "取消・組戻し"


class LineState(LabelEnum):
    """What has become of a line of a bank's file."""

    WAITING = "waiting", "未充当"
    MATCHED = "matched", "充当済み"
    IGNORED = "ignored", "対象外"
    RETURNED = "returned", "返金・取消"


class ProposalKind(LabelEnum):
    """What a deposit that waits may be for (rules/transfers/proposals.py). The label says it to staff."""

    EXACT = "exact", "金額が不足額と同じです。"
    REST = "rest", "一部入金の申し込みの、残りの金額です。"
    LATE = "late", "金額は不足額と同じですが、お支払い期限のあとの入金です。"
    OLD_NUMBER = "old number", "番号は終わった申し込みのものですが、同じお客様の今の申し込みと金額が合います。"
    COMBINED = "combined", "申し込みの不足額を合わせた金額です。"
    TOGETHER = "together", "ほかの入金と合わせると、不足額になります。"
    FEE = "fee", "振込手数料くらい足りません。"
    SHORT = "short", "金額が足りません。"
    OVER = "over", "金額が多く、余ります。"
    BEFORE = "before", "申し込みより前の日付の入金です。別の申し込みのお金でないか、確かめてください。"
    CHECKING = "checking", "カードまたはおさいぽ!のお支払いの結果を確認中です。結果が出てから充当してください。"
    PAID_OTHERWISE = "paid otherwise", "お客様は、この申し込みを銀行振込でない方法で支払い済みです。二重のお支払いかもしれません。"
    PAID = "paid", "この申し込みは入金確認済です。二重のお振り込みかもしれません。"
    EXPIRED = "expired", "この申し込みは期限切れです。期限までの日付の入金か、一部の入金なら充当できます。"
    CANCELLED = "cancelled", "この申し込みは取り消されています。"
    BY_COMPANY = "by company", "カードまたはおさいぽ!で支払う申し込みです。"
    BEGINNING = "beginning", "名義の途中までが合います。銀行が名義を切ったのか、別の人かを確かめてください。"
    NAMESAKES = "namesakes", "この名義のお客様が2人以上います。"
    SEVERAL = "several", "当てはまる申し込みが2件以上あり、1つに決まりません。"
    NOTHING_OPEN = "nothing open", "この名義のお客様に、振り込みを待っている申し込みはありません。"
    NOBODY = "nobody", "番号か名義の合う申し込みはありません。"


class DateForm(LabelEnum):
    """How a bank's CSV writes a day."""

    SEIREKI = "seireki", "2026/11/04（西暦）"
    SEIREKI2 = "seireki2", "261104（西暦）"
    WAREKI = "wareki", "081104（和暦）"


class BankFileState(LabelEnum):
    READ = "read", "確認待ち"
    IMPORTED = "imported", "取込済み"


class OrderKind(LabelEnum):
    NEW = "new", "新規契約"
    RENEW = "renew", "契約更新"
    CHANGE = "change", "契約内容の変更"
    AUTO = "auto", "自動更新"
    ADD = "add", "オプションの追加"


class OrderState(LabelEnum):
    DRAFT = "draft", "作成中"
    PLACED = "placed", "申し込み済み"
    PAID = "paid", "支払い済み"
    CANCELLED = "cancelled", "取消"
    EXPIRED = "expired", "期限切れ"


class PaymentState(LabelEnum):
    CREATED = "created", "受付"
    SUBMITTED = "submitted", "依頼済み"
    UNKNOWN = "unknown", "確認中"
    SUCCEEDED = "succeeded", "支払い済み"
    DECLINED = "declined", "不成立"
    ABANDONED = "abandoned", "中止"


class RefundState(LabelEnum):
    """Money that goes back. CREATED and UNKNOWN: the company was or will be asked, and has not answered."""

    CREATED = "created", "返金手続き中"
    UNKNOWN = "unknown", "返金手続き中"
    SUCCEEDED = "succeeded", "返金済み"
    DECLINED = "declined", "返金できませんでした"


class DisputeState(LabelEnum):
    """A holder disputes a charge at the card company. INQUIRY: a question only, no money moves. LOST: the money went back."""

    INQUIRY = "inquiry", "カード会社からの照会"
    OPEN = "open", "不審請求の申請中"
    WON = "won", "終わりました（お支払いは有効です）"
    LOST = "lost", "申請が認められ、お金が戻されました"


class PayoutState(LabelEnum):
    """Money that goes back by a file for the bank. FAILED: the bank could not pay it, and the money is here."""

    PLANNED = "planned", "返金予定"
    FILED = "filed", "ファイル作成済"
    PAID = "paid", "返金済"
    FAILED = "failed", "振込不能"
    WITHDRAWN = "withdrawn", "取りやめ"


class InvoiceKind(LabelEnum):
    """A paper that a customer gets. A 領収書 is the 適格請求書 of its order; RETURN: money that went back, from 10,000 yen."""

    RECEIPT = "receipt", "領収書"
    INVOICE = "invoice", "請求書"
    RETURN = "return", "適格返還請求書"


class PaymentMethodState(LabelEnum):
    """A stored card or wallet: known to its company; in use (linked, or used for renewal); removed here; deleted at its company too."""

    READY = "ready", "登録済み"
    ACTIVE = "active", "利用中"
    DETACHING = "detaching", "削除を依頼中"
    DETACHED = "detached", "削除済み"


class SetupState(LabelEnum):
    OPEN = "open", "入力待ち"
    READY = "ready", "入力済み"
    USED = "used", "使用済み"
    FAILED = "failed", "不成立"


class StaffRole(LabelEnum):
    """What staff may do: see everything, or also act (every post of the staff area)."""

    VIEWING = "viewing", "閲覧"
    ACTING = "acting", "担当"


class LinkPurpose(LabelEnum):
    """What the one-time link of a mail is for."""

    PASSWORD = "password", "パスワードの再設定"
    ADDRESS = "address", "メールアドレスの変更"
    NOTICES = "notices", "お知らせの宛先の追加"


class LinkState(LabelEnum):
    """REPLACED: a newer link was asked for, or the mail address or the password changed."""

    OPEN = "open", "有効"
    USED = "used", "使用済み"
    REPLACED = "replaced", "差し替え済み"


class MailState(LabelEnum):
    WAITING = "waiting", "送信待ち"
    SENDING = "sending", "送信中"
    SENT = "sent", "送信済み"
    FAILED = "failed", "送信できませんでした"
    WITHDRAWN = "withdrawn", "送信を取りやめ"


class MailKind(LabelEnum):
    """When each is sent: see portal.actions.mail.rendering.kinds."""

    ORDER_ACCEPTED = "order_accepted", "お申し込みの受付とお振込先"
    PAYMENT_CONFIRMED = "payment_confirmed", "入金の確認"
    CARD_REFUSED = "card_refused", "カードの不成立"
    ORDER_EXPIRED = "order_expired", "お申し込みの期限切れ"
    ORDER_CANCELLED = "order_cancelled", "お申し込みの取消"
    PAID_ORDER_CANCELLED = "paid_order_cancelled", "お支払い済みのお申し込みの取消と返金"
    DUE_DATE_MOVED = "due_date_moved", "お支払い期限の変更"
    ACCOUNT_CLOSED = "account_closed", "アカウントを閉じたお知らせ"
    ACCOUNT_REOPENED = "account_reopened", "アカウントを再び開いたお知らせ"
    MONEY_RETURNED = "money_returned", "返金のお知らせ"
    PART_RECEIVED = "part_received", "一部入金"
    PART_OVERDUE = "part_overdue", "一部入金のまま、お支払い期限を過ぎたこと"
    MONEY_HELD = "money_held", "お預かりしている金額"
    HELD_USED = "held_used", "お預かりの充当"
    HELD_LETTER = "held_letter", "お預かりについてのご連絡"
    HELD_MOVED = "held_moved", "お預かりでなくなった金額"
    ALLOCATION_UNDONE = "allocation_undone", "入金の確認のやり直し"
    NEW_BROWSER = "new_browser", "新しいブラウザーからのログイン"
    ACCOUNT_OPENED = "account_opened", "アカウントのご案内"
    PLAN_CHANGED = "plan_changed", "プランの変更"
    PASSWORD_CHANGED = "password_changed", "パスワードの変更"
    PASSWORD_LINK = "password_link", "パスワードの再設定のリンク"
    ADDRESS_LINK = "address_link", "メールアドレスの確認のリンク"
    ADDRESS_CHANGED = "address_changed", "メールアドレスの変更"
    NOTICES_CHANGED = "notices_changed", "お知らせの宛先の変更"
    NAME_CHANGED = "name_changed", "お名前の変更"
    SESSIONS_ENDED = "sessions_ended", "ほかの端末のログアウト"
    RENEWAL_NOTICE = "renewal_notice", "自動更新のお知らせ"
    RENEWAL_BY_HAND = "renewal_by_hand", "更新手続きのお願い"
    CARD_EXPIRES = "card_expires", "カードの有効期限のお知らせ"
    RENEWAL_FAILED = "renewal_failed", "自動更新の不成立"
    CONTRACT_ENDED = "contract_ended", "契約期間の終了"
    CONTRACT_STOPPED = "contract_stopped", "サービスの停止"
    DELETION_AHEAD = "deletion_ahead", "解約の予告"
    CONTRACT_DELETED = "contract_deleted", "解約の完了"
    METHOD_RESET = "method_reset", "お支払い方法のリセット"
    METHOD_CHANGED = "method_changed", "お支払い方法の変更"
    RENEWAL_SWITCHED = "renewal_switched", "自動更新のオン・オフ"
    RESERVATION_MADE = "reservation_made", "次回の更新内容の予約"
    RESERVATION_UNDONE = "reservation_undone", "次回の更新内容の予約の取消"
    CERTIFICATE_ISSUED = "certificate_issued", "独自SSLの発行"
    CERTIFICATE_FAILED = "certificate_failed", "独自SSLを発行できなかったこと"
    PAPER_REISSUED = "paper_reissued", "領収書などの再発行"
    SYSTEM_TROUBLE = "system_trouble", "システムの状態のお知らせ"


class RemittanceState(LabelEnum):
    """How far a company's remittance to our bank account has come."""

    ON_WAY = "on_way", "送金中"
    SENT = "sent", "送金済み"
    FAILED = "failed", "送金できなかった"


class SystemTrouble(LabelEnum):
    """What can be wrong with the system as a whole: shown in 要確認, mailed to the company once a day."""

    WORKER = "worker", "定期処理が動いていません"
    MAIL = "mail", "1時間以上送れていないメールがあります"
    PAYMENTS = "payments", "結果の問い合わせが遅れているお支払いがあります"
    HOSTING = "hosting", "1時間以上サーバー側に伝わっていない連絡があります"
    BOOKS = "books", "カード会社やおさいぽ!の記録とポータルの記録に違いがあります（申し込みの履歴か「会社からの入金」にあります）"
    DISPUTES = "disputes", "不審請求の申請（チャージバック）に、カード会社の期限までに答える必要があります"
    DISK = "disk", "ディスクの空きが500MBを切っています"
    DATABASE = "database", "データベースが応答しません"
    SCHEMA = "schema", "データベースの版がプログラムと違うため、定期処理を休んでいます"
    CATALOG = "catalog", "古い価格表（catalog.toml）のままの定期処理があるため、それを休ませています。入れかえて、再起動してください"
    CLOCK = "clock", "コンピューターの時計が急に動いたため、定期処理を休んでいます"


class NoticeKind(StrEnum):
    """Renewal notices, each sent once per term end. RESET: automatic renewal was switched off, for any term end."""

    NOTICE = "notice"
    MOVED = "moved"
    CARD_EXPIRES = "card"
    BY_HAND = "hand"
    END = "end"
    DELETION_AHEAD = "deletion"
    RESET = "reset"


class DomainState(LabelEnum):
    """A name that a customer added. It belongs to the account once the hosting side has found the TXT record."""

    ADDED = "added", "確認前"
    ASKED = "asked", "確認中"
    CONFIRMED = "confirmed", "確認済み"
    NOT_FOUND = "not found", "確認できませんでした"
    REMOVED = "removed", "削除済み"


class CertificateState(LabelEnum):
    """What is stored of a certificate that has a common name. What customers read: rules/certificates/certificate_status.py."""

    REQUESTED = "requested", "発行手続き中"
    ISSUED = "issued", "発行済み"
    FAILED = "failed", "発行できませんでした"
    ENDED = "ended", "終了"


class HostingEventKind(LabelEnum):
    """What the hosting side must do for a contract."""

    START = "start", "利用開始"
    EXTENSION = "extension", "延長"
    RESUME = "resume", "再開"
    CORRECT = "correct", "訂正"
    STOP = "stop", "停止"
    END = "end", "終了"
    DOMAIN_CHECK = "domain.check", "独自ドメインの確認"
    CERTIFICATE = "certificate.requested", "独自SSLの発行"


class HostingEventState(LabelEnum):
    WAITING = "waiting", "連絡待ち"
    SENDING = "sending", "連絡中"
    SENT = "sent", "連絡済み"
    FAILED = "failed", "連絡できていません"


class ChargeSkip(LabelEnum):
    """Why a planned automatic charge was not made. Stored in the history, once per change."""

    OPEN_ORDER = "open order", "ほかの申し込みの結果待ち"
    PAYMENT_UNKNOWN = "payment unknown", "お支払いの結果の確認待ち"
    NOT_YET = "not yet", "お支払い日の前"
    NO_DAY_LEFT = "no day left", "お支払い日が残っていない"
    REFUSED = "refused", "カード・おさいぽ!が使えない"
    NOTHING_TO_CHARGE = "nothing", "更新できる契約がない"
    METHOD_REMOVED = "method removed", "お支払い方法が削除済み"
    NO_COMPANY = "no company", "お支払い方法の会社が未設定"
    ACCOUNT_CLOSED = "account closed", "アカウントを閉じている"
    DISPUTED = "disputed", "不審請求の申請が認められた"


class MoneyStatus(LabelEnum):
    """入金状況: derived from order, payments and allocations, never stored."""

    PAYING = "paying", "お支払い手続き中"
    UNPAID = "unpaid", "お支払い未完了"
    CHECKING = "checking", "お支払い確認中"
    AWAITED = "awaited", "お振込待ち"
    REPORTED = "reported", "お振込確認中"
    PARTIAL = "partial", "一部入金"
    CONFIRMED = "confirmed", "入金確認済"
    TAKEN_BACK = "taken_back", "カード会社が取消"  # a lost dispute: it was paid, and is not any more
    EXPIRED = "expired", "期限切れ"
    CANCELLED = "cancelled", "取消"

    @property
    def was_paid(self) -> bool:
        """Also if the card company has taken the money back since."""
        return self in (MoneyStatus.CONFIRMED, MoneyStatus.TAKEN_BACK)
