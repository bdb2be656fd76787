"""LIMITS: everything that is counted, how many are accepted in what time, and of whom. A new limit is a kind here and a row in the table.

Nobody can lock out another: a browser that passed before is counted alone (`By.BROWSER`), and what all customers do together (`By.ALL`)
is only told to staff.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.enums import LabelEnum

MINUTE, QUARTER, HALF, HOUR, DAY = (timedelta(minutes=minutes) for minutes in (1, 15, 30, 60, 24 * 60))
CLOCKS_DIFFER = timedelta(minutes=5)  # what was counted later than that from now was counted by a wrong clock


class Limited(LabelEnum):
    """What is counted. The label tells staff what was reached, under 要確認."""

    PAYMENT = "payment", "カード・おさいぽ!のお支払いが続けて承認されませんでした"
    VISIT = "visit", "カード・おさいぽ!の画面が続けて開かれました"
    REFUSAL_MAIL = "refusal mail", "承認されなかったことのメールを1通にまとめています"
    PAYMENT_DETAILS = "details mail", "お支払い情報のメールの再送が続きました"
    BROWSER_MAIL = "browser mail", "新しいブラウザーからのログインが続きました"
    SESSIONS_MAIL = "sessions mail", "ほかの端末のログアウトのメールを1時間に3通までにしています"
    ADDRESS_LINK = "address link", "メールアドレスの確認のリンクの送信が続きました"
    NAME = "name", "お名前の変更が続きました"
    RESET = "reset", "パスワードの再設定の申し込みが続きました"
    SIGN_IN = "sign-in", "パスワードの間違いが続きました"
    OWN_PASSWORD = "own password", "ログイン中の画面で、パスワードの間違いが続きました"
    CODE = "code", "パスワードが正しいのに、確認コードの間違いが続きました"
    RECOVERY = "recovery", "回復コードの間違いが続きました"
    SESSION = "session", "ログインしていない画面が多数開かれました"
    SEARCH = "search", "担当者の検索が続きました"
    KEPT_INPUT = "kept input", "ログインが切れたあとの送信が続きました"


class By(StrEnum):
    """Whose tries are counted together. BROWSER: one that passed before, whatever its network; the others leave it out."""

    WHO = "who"
    NETWORK = "network"
    WHO_AND_NETWORK = "who and network"
    BROWSER = "browser"
    ALL = "all"


@dataclass(frozen=True)
class Limit:
    """At most so many in that time. By.ALL never refuses: it tells staff."""

    by: By
    most: int
    span: timedelta


GUESSES = (
    Limit(By.BROWSER, 10, QUARTER),
    Limit(By.WHO_AND_NETWORK, 10, QUARTER),
    Limit(By.NETWORK, 50, QUARTER),
    Limit(By.WHO, 100, QUARTER),
)

LIMITS: dict[Limited, tuple[Limit, ...]] = {
    Limited.PAYMENT: (Limit(By.WHO, 5, HOUR), Limit(By.WHO, 15, DAY), Limit(By.NETWORK, 60, HOUR), Limit(By.ALL, 300, HOUR)),
    Limited.VISIT: (Limit(By.WHO, 20, HOUR), Limit(By.NETWORK, 200, HOUR), Limit(By.ALL, 1_000, HOUR)),
    Limited.REFUSAL_MAIL: (Limit(By.WHO, 1, HOUR),),
    Limited.PAYMENT_DETAILS: (Limit(By.WHO, 3, HOUR),),
    Limited.BROWSER_MAIL: (Limit(By.WHO, 3, HOUR), Limit(By.WHO, 10, DAY)),
    Limited.SESSIONS_MAIL: (Limit(By.WHO, 3, HOUR),),
    Limited.ADDRESS_LINK: (Limit(By.WHO, 3, HOUR), Limit(By.WHO, 10, DAY), Limit(By.NETWORK, 20, HOUR), Limit(By.ALL, 300, HOUR)),
    Limited.NAME: (Limit(By.WHO, 3, HOUR),),
    Limited.RESET: (Limit(By.WHO, 3, HALF), Limit(By.NETWORK, 10, QUARTER), Limit(By.ALL, 300, HOUR)),  # HALF: as long as a link is good
    Limited.SIGN_IN: GUESSES,
    Limited.OWN_PASSWORD: GUESSES,
    Limited.CODE: (Limit(By.BROWSER, 10, QUARTER), Limit(By.WHO, 10, QUARTER)),
    Limited.RECOVERY: (Limit(By.BROWSER, 10, QUARTER), Limit(By.WHO_AND_NETWORK, 10, QUARTER)),
    Limited.SESSION: (Limit(By.BROWSER, 20, QUARTER), Limit(By.NETWORK, 300, QUARTER), Limit(By.ALL, 3_000, QUARTER)),
    Limited.SEARCH: (Limit(By.WHO, 200, QUARTER),),
    Limited.KEPT_INPUT: (Limit(By.NETWORK, 3, MINUTE),),
}
UNTOLD = {Limited.REFUSAL_MAIL, Limited.SESSIONS_MAIL, Limited.PAYMENT_DETAILS, Limited.KEPT_INPUT}  # nothing for staff to do
UNSEEN = {Limited.REFUSAL_MAIL, Limited.SESSIONS_MAIL, Limited.BROWSER_MAIL}  # a mail that is not written: nobody's press is refused


class TooMany(Exception):
    """A limit is reached. The next try is accepted at `free_at`, which is `minutes` from now."""

    __match_args__ = ("minutes",)

    def __init__(self, kind: Limited, free_at: datetime, now: datetime) -> None:
        super().__init__(kind)
        self.kind, self.free_at = kind, free_at
        self.seconds = max(1, -(-(free_at - now) // timedelta(seconds=1)))
        self.minutes = -(-self.seconds // 60)


def limits_of(kind: Limited, *, is_known_browser: bool) -> tuple[Limit, ...]:
    """The limits that count: of a browser that passed before its own alone, if the kind has one."""
    alone = tuple(limit for limit in LIMITS[kind] if limit.by is By.BROWSER)
    return alone if alone and is_known_browser else tuple(limit for limit in LIMITS[kind] if limit.by is not By.BROWSER)


def longest(kind: Limited) -> timedelta:
    """How long what was counted is needed."""
    return max(limit.span for limit in LIMITS[kind])
