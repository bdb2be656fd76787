"""The test card numbers and wallets that the sandbox accepts. All are published; nothing else is accepted."""

from dataclasses import dataclass

from portal.sandbox.books.opening import PASSWORD
from portal.sandbox.books.outcomes import Outcome


@dataclass(frozen=True)
class TestCard:
    number: str
    outcome: Outcome
    label: str

    __test__ = False  # tells pytest that this is not a test class

    @property
    def digits(self) -> str:
        return self.number.replace(" ", "")


TEST_CARDS = (
    TestCard("4242 4242 4242 4242", Outcome.PAYS, "支払えます"),
    TestCard("4000 0000 0000 3220", Outcome.ASKS_THEN_PAYS, "本人認証のあと、支払えます"),
    TestCard("4000 0084 0000 1280", Outcome.FAILS_WHEN_ASKED, "本人認証に失敗します"),
    TestCard("4000 0000 0000 0002", Outcome.REFUSED, "支払いが断られます（あとでもう一度試せます）"),
    TestCard("4000 0000 0000 0069", Outcome.EXPIRED, "有効期限切れとして断られます"),
    TestCard("4000 0000 0000 5043", Outcome.ANSWER_LOST, "支払われますが、返事が届きません（あとで問い合わせると、支払い済み）"),
    TestCard("4000 0027 6000 3184", Outcome.ASKS_LATER, "1回目は支払え、次の自動更新で本人認証を求められます"),
    TestCard("4000 0000 0000 9995", Outcome.PAYS_ONCE, "1回目は支払え、次の自動更新から断られます"),
)
BRAND = "Visa"
BY_DIGITS = {card.digits: card for card in TEST_CARDS}


@dataclass(frozen=True)
class TestWallet:
    wallet_id: str
    label: str

    __test__ = False


TEST_WALLETS = (
    TestWallet("osaipo-demo", "はじめに50,000ポイント"),
    TestWallet("osaipo-empty", "はじめは0ポイント"),
    TestWallet("osaipo-slow", "はじめに50,000ポイント。支払われますが、返事が届きません（あとで問い合わせると、支払い済み）"),
)
WALLET_PASSWORD = PASSWORD
