"""What the portal relies on for any payment company: the part that card and wallet companies share."""

import json
from datetime import UTC, date
from functools import partial

import pytest

from portal.gateways.answers import (
    BadEvent,
    CompanyUnreachable,
    Declined,
    Failed,
    KeyReused,
    NotFound,
    Page,
    Paid,
    Pending,
    Refunded,
    Unknown,
)
from portal.gateways.card.sandbox import SandboxCardCompany
from portal.gateways.wallet.sandbox import SandboxWalletCompany
from portal.sandbox.books import Books, setups, wallet_visits
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.books.setups import StoredCard
from portal.sandbox.webhooks import deliver, signed_headers
from tests.gateways.conftest import CUSTOMER, SECRET
from tests.gateways.stripe_bench import StripeBench
from tests.gateways.test_books import a_card, at_once
from tests.gateways.third_company import ThirdBench
from tests.gateways.visitor import Visitor, another
from tests.gateways.wallets import a_link
from tests.visits import enter_card, link_wallet

RETURN_URL = "/orders/1/return"


class CardBench:
    """How a test acts as the customer, and the company's names for the shared calls."""

    name = "card"
    removed = "card_removed"

    def __init__(self, books, company=None) -> None:
        self.books = books
        self.company = company or SandboxCardCompany(books, SECRET)
        self.begin, self.finish, self.end = self.company.begin_setup, self.company.finish_setup, self.company.end_setup
        self.customer_finishes = lambda page, browser: enter_card(books, page.url, CARD, browser)
        self.take, self.remove = self.company.charge, self.company.detach
        self.payer = partial(a_card, books)
        self.silent_payer = partial(a_card, books, Outcome.ANSWER_LOST)
        self.refused_payer = partial(a_card, books, Outcome.REFUSED)
        self.announce = self.company.prepare

    def fails(self, page) -> str:
        """The visit ends without a card. Returns the reason."""
        setups.give_up(self.books, page.url.rpartition("/")[2], "cancelled")
        return "cancelled"

    def type_all(self, owner: Visitor) -> None:
        owner.open().press("送信する", {"number": "4242 4242 4242 4242", "expiry": "12/98", "code": "987", "name": "TARO YAMADA"})


class WalletBench:
    name = "wallet"
    removed = "link_removed"

    def __init__(self, books, company=None) -> None:
        self.books = books
        self.company = company or SandboxWalletCompany(books, SECRET)
        self.begin, self.finish, self.end = self.company.begin_link, self.company.finish_link, self.company.end_link
        self.customer_finishes = lambda page, browser: link_wallet(books, page.url, "osaipo-demo", browser)
        self.take, self.remove = self.company.debit, self.company.unlink
        self.payer = partial(a_link, books)
        self.silent_payer = partial(a_link, books, "osaipo-slow")
        self.refused_payer = partial(a_link, books, "osaipo-empty")
        self.announce = self.company.prepare

    def fails(self, page) -> str:
        wallet_visits.give_up(self.books, page.url.rpartition("/")[2])
        return "cancelled"

    def type_all(self, owner: Visitor) -> None:
        owner.open().press("おさいぽ!IDを認証する", {"wallet_id": "osaipo-demo"}).follow()
        owner.press("ログイン", {"password": "osaipo-pass"}).follow().press("OK")


CARD = StoredCard(Outcome.PAYS, "Visa", "4242", date(2098, 12, 31))
PRETENDED = {bench.name: bench for bench in (CardBench, WalletBench)}
BENCHES = (*PRETENDED, StripeBench.name, ThirdBench.name)


@pytest.fixture(params=BENCHES)
def bench(request):
    if request.param in PRETENDED:
        return PRETENDED[request.param](request.getfixturevalue("books"))
    return ThirdBench() if request.param == ThirdBench.name else StripeBench(request.getfixturevalue("fake"))


@pytest.fixture(params=PRETENDED)
def pretended(request, books):
    """The sandbox's companies, whose books and pages are ours."""
    return PRETENDED[request.param](books)


def test_a_payment_returns_its_amount_and_its_key_takes_nothing_more(bench):
    payer = bench.payer()
    paid = bench.take(payer, 13_200, "key")

    assert (paid.yen, paid.at.tzinfo) == (13_200, UTC)
    assert paid.reference
    assert bench.take(payer, 13_200, "key") == paid
    assert bench.company.lookup("key") == paid


def test_a_key_cannot_be_reused_with_another_amount_or_payer(bench):
    payer, other = bench.payer(), bench.refused_payer()
    paid = bench.take(payer, 660, "key")

    with pytest.raises(KeyReused):
        bench.take(payer, 661, "key")
    with pytest.raises(KeyReused):
        bench.take(other, 660, "key")
    assert bench.company.lookup("key") == paid


@pytest.mark.parametrize("yen", [0, -1, True, 1.5, "660", 10**10])
def test_an_invalid_amount_raises_an_error(bench, yen):
    with pytest.raises(ValueError, match="yen"):
        bench.take(bench.payer(), yen, "key")

    assert bench.company.lookup("key") == NotFound()


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_an_invalid_key_raises_an_error(bench, key):
    for ask in (partial(bench.take, bench.payer(), 660), bench.company.close, partial(bench.company.refund, "reference", 660)):
        with pytest.raises(ValueError, match="key"):
            ask(key)


def test_a_decline_is_repeated_under_its_key(bench):
    payer = bench.refused_payer()
    declined = bench.take(payer, 660, "key")

    assert isinstance(declined, Declined)
    assert declined.retryable
    assert bench.company.lookup("key") == bench.take(payer, 660, "key") == bench.company.close("key") == declined


def test_a_lost_answer_is_unknown_until_queried(bench):
    payer = bench.silent_payer()
    answers = [bench.take(payer, 660, "key") for _ in range(2)]

    assert answers == [Unknown(), Unknown()]
    paid = bench.company.lookup("key")
    assert isinstance(paid, Paid)
    assert bench.company.close("key") == paid


def test_a_closed_key_is_refused_permanently(bench):
    payer = bench.payer()
    bench.announce(payer, 660, "key")
    closed = bench.company.close("key")

    assert closed == Declined("closed", retryable=True)
    assert bench.take(payer, 660, "key") == closed
    assert bench.company.close("key") == bench.company.lookup("key") == closed


def test_closing_a_used_key_returns_its_result(bench):
    paid = bench.take(bench.payer(), 660, "paid")

    assert bench.company.close("paid") == paid


def test_an_unused_key_is_not_found(bench):
    assert bench.company.lookup("never-used") == NotFound()


@pytest.mark.parametrize("yen", [0, -1, True, 1.5, "660"])
def test_a_refund_of_an_invalid_amount_raises_an_error(bench, yen):
    paid = bench.take(bench.payer(), 660, "key")

    with pytest.raises(ValueError, match="yen"):
        bench.company.refund(paid.reference, yen, "refund")


def test_a_refund_returns_the_whole_payment_once(bench):
    paid = bench.take(bench.payer(), 660, "key")
    refunded = bench.company.refund(paid.reference, 660, "refund")

    assert isinstance(refunded, Refunded)
    assert bench.company.refund(paid.reference, 660, "refund") == refunded
    assert isinstance(bench.company.refund(paid.reference, 660, "another"), Declined)
    assert bench.company.lookup("key") == Declined("refunded", retryable=False)


def test_a_refund_may_use_the_key_of_its_payment(bench):
    paid = bench.take(bench.payer(), 660, "key")

    assert isinstance(bench.company.refund(paid.reference, 660, "key"), Refunded)


def test_a_payment_is_refunded_in_parts_and_never_more_than_its_rest(bench):
    paid = bench.take(bench.payer(), 660, "key")

    assert isinstance(bench.company.refund(paid.reference, 200, "first"), Refunded)
    assert bench.company.lookup("key") == paid
    assert bench.company.refund(paid.reference, 461, "more") == Declined("not_refundable", retryable=False)
    assert isinstance(bench.company.refund(paid.reference, 460, "rest"), Refunded)
    assert bench.company.refund(paid.reference, 1, "too much") == Declined("not_refundable", retryable=False)
    assert bench.company.lookup("key") == Declined("refunded", retryable=False)


def test_a_refund_whose_answer_was_lost_is_made_once_and_known_when_asked_again(bench):
    bench.take(bench.silent_payer(), 660, "key")
    paid = bench.company.lookup("key")

    assert bench.company.refund(paid.reference, 660, "refund") == Unknown()
    assert isinstance(bench.company.refund(paid.reference, 660, "refund"), Refunded)
    assert isinstance(bench.company.refund(paid.reference, 660, "another"), Declined)


def test_a_payment_is_refunded_after_its_payer_was_removed(bench):
    payer = bench.payer()
    paid = bench.take(payer, 660, "key")
    bench.remove(payer)

    assert isinstance(bench.company.refund(paid.reference, 660, "refund"), Refunded)


def test_a_refund_of_too_much_or_of_an_unknown_payment_is_refused(bench):
    paid = bench.take(bench.payer(), 660, "key")

    assert isinstance(bench.company.refund(paid.reference, 661, "more"), Declined)
    assert isinstance(bench.company.refund("unknown", 660, "unknown"), Declined)
    assert bench.company.lookup("key") == paid


def test_the_key_of_a_refund_cannot_be_reused(bench):
    payer = bench.payer()
    first, second = bench.take(payer, 660, "first"), bench.take(payer, 660, "second")
    bench.company.refund(first.reference, 660, "refund")

    with pytest.raises(KeyReused):
        bench.company.refund(second.reference, 660, "refund")
    assert bench.company.lookup("second") == second


def test_twenty_refunds_at_once_refund_once(bench):
    paid = bench.take(bench.payer(), 660, "key")
    answers = at_once(*[lambda number=number: bench.company.refund(paid.reference, 660, f"refund-{number}") for number in range(20)])

    assert sum(isinstance(answer, Refunded) for answer in answers) == 1


def test_twenty_parts_at_once_refund_no_more_than_the_payment(bench):
    paid = bench.take(bench.payer(), 660, "key")
    answers = at_once(*[lambda number=number: bench.company.refund(paid.reference, 100, f"refund-{number}") for number in range(20)])

    assert sum(answer.yen for answer in answers if isinstance(answer, Refunded)) == 600


def test_a_detached_payer_cannot_be_charged(bench):
    payer = bench.payer()
    bench.remove(payer)
    bench.remove(payer)

    assert bench.take(payer, 660, "key") == Declined(bench.removed, retryable=False)
    assert bench.take("never-stored", 660, "other") == Declined(bench.removed, retryable=False)


def test_an_unknown_setup_is_not_found(bench):
    assert bench.finish("never-begun", "code") == Failed("not_found")


def test_an_open_setup_is_continued_and_a_failed_one_starts_again(bench):
    first = bench.begin("order", RETURN_URL, CUSTOMER)

    assert isinstance(first, Page)
    assert bench.begin("order", RETURN_URL, CUSTOMER) == first
    reason = bench.fails(first)
    assert bench.finish("order", "") == Failed(reason)
    assert bench.begin("order", RETURN_URL, CUSTOMER) != first
    assert bench.finish("order", "") == Pending()


def test_a_finished_visit_is_pending_for_everybody_but_the_browser_that_finished_it(bench):
    """Whoever began the visit may let somebody else finish it: the answer is the same as if nobody had."""
    page = bench.begin("order", RETURN_URL, CUSTOMER)
    other = bench.customer_finishes(bench.begin("another", RETURN_URL, CUSTOMER), "A")
    code = bench.customer_finishes(page, "B")

    assert {bench.finish("order", wrong) for wrong in ("", "guessed", other, code[:-1], f"{code} ", "é", "\udcff")} == {Pending()}
    found = bench.finish("order", code)
    assert bench.take(found.token, 660, "key").yen == 660
    assert bench.finish("order", code) == found, "asked again, for a portal that crashed before it wrote the answer down"


def test_a_visit_belongs_to_the_browser_in_which_something_was_typed(pretended):
    page = pretended.begin("order", RETURN_URL, CUSTOMER)
    code = pretended.customer_finishes(page, "B")
    late = pretended.customer_finishes(page, "A")

    assert pretended.finish("order", late) == Pending()
    assert pretended.finish("order", code) != Pending()


def test_an_ended_visit_brings_nothing_and_what_it_stored_is_dropped(bench):
    code = bench.customer_finishes(bench.begin("order", RETURN_URL, CUSTOMER), "B")
    open_page = bench.begin("open", RETURN_URL, CUSTOMER)
    payer = bench.finish("order", code).token
    for reference in ("order", "order", "open", "never-begun"):
        bench.end(reference)

    assert bench.finish("order", code) == Failed("expired")
    assert bench.take(payer, 660, "key") == Declined(bench.removed, retryable=False)
    assert bench.finish("open", bench.customer_finishes(open_page, "B")) == Failed("expired")


def test_the_company_keeps_only_a_hash_of_the_code(pretended, books):
    code = pretended.customer_finishes(pretended.begin("order", RETURN_URL, CUSTOMER), "B")
    books.reader().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    assert code.encode() not in books.path.read_bytes()


@pytest.mark.parametrize("press", range(3))
def test_only_the_finishing_browser_returns_with_the_code_at_every_press(pretended, visitor, books, press):
    """`press`: sent once, twice, or the page of the company opened again."""
    owner, beginner = Visitor(visitor, pretended.begin("order", RETURN_URL, CUSTOMER).url), Visitor(another(visitor), "")
    beginner.open(owner.address)
    pretended.type_all(owner)
    first = owner.code
    if press == 1:
        owner.code = ""
        owner.post(*owner.last_post)
    if press == 2:
        owner.code = owner.open(owner.address).page.find("a", string="お店に戻る")["href"].partition("?code=")[2]
    looked, pressed = beginner.open(owner.address).status, beginner.post(*owner.last_post).status

    assert (owner.code, len(first)) == (first, 64)
    assert (looked, pressed, beginner.code) == (409, 409, "")
    assert CUSTOMER.shop not in beginner.html


def test_the_pages_name_the_shop_and_for_whom_the_visit_was_begun(pretended, visitor):
    page = Visitor(visitor, pretended.begin("order", RETURN_URL, CUSTOMER).url).open()

    assert page.text("dl.begun") == "お店 見本レンタルサーバー お店のお客様 見本 新 様（ログインID：new）"


@pytest.mark.parametrize(
    "return_url", ["", "orders/1", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb", "ftp://a.example"]
)
def test_a_malformed_return_address_is_refused(bench, return_url):
    with pytest.raises(ValueError, match="return_url"):
        bench.begin("order", return_url, CUSTOMER)


def test_twenty_payments_of_one_key_take_the_money_once(pretended, books):
    payer = pretended.payer()
    answers = at_once(*[lambda: pretended.take(payer, 660, "key")] * 20)

    assert len(set(answers)) == 1
    assert isinstance(answers[0], Paid)
    assert books.reader().execute("SELECT count(*) FROM webhook").fetchone()[0] == 2


@pytest.mark.parametrize("number", range(10))
def test_a_close_and_a_payment_at_once_agree_on_the_result(bench, number):
    payer, key = bench.payer(), f"key-{number}"
    bench.announce(payer, 660, key)
    closed, taken = at_once(lambda: bench.company.close(key), lambda: bench.take(payer, 660, key))

    assert closed == taken == bench.company.lookup(key)


def test_an_unavailable_database_counts_as_an_unreachable_company(pretended, books, monkeypatch):
    payer = pretended.payer()
    monkeypatch.setattr("portal.sandbox.books.connection.BUSY_SECONDS", 0)
    impatient = PRETENDED[pretended.name](Books(books.path))
    with books.write():
        asked = [lambda: impatient.take(payer, 660, "key"), lambda: impatient.company.close("key")]
        answers = at_once(*asked, lambda: impatient.company.refund("reference", 660, "key"))
        for ask in (
            partial(impatient.begin, "reference", "/", CUSTOMER),
            partial(impatient.remove, payer),
            partial(impatient.end, "reference"),
        ):
            with pytest.raises(CompanyUnreachable):
                ask()

    assert answers == [Unknown()] * 3
    assert pretended.company.lookup("key") == NotFound()


@pytest.mark.parametrize("kind", ["payer", "refused_payer"])
def test_every_payment_sends_its_webhook_twice_to_the_companys_own_address(pretended, books, kind):
    result, letters = pretended.take(getattr(pretended, kind)(), 660, "key"), []
    deliver(books, SECRET, lambda *letter: letters.append(letter) or 200)
    notices = [pretended.company.parse_event(headers, body) for _, headers, body in letters]

    assert [path for path, _, _ in letters] == [f"/notices/{pretended.name}"] * 2
    assert notices[0] == notices[1]
    assert (notices[0].key, notices[0].result) == ("key", result)


def test_silent_closed_and_refunded_payments_send_no_webhook(pretended, books):
    pretended.take(pretended.silent_payer(), 660, "silent")
    pretended.company.close("closed")
    paid = pretended.take(pretended.payer(), 660, "paid")
    pretended.company.refund(paid.reference, 660, "refund")

    keys = [json.loads(row["body"])["key"] for row in books.reader().execute("SELECT body FROM webhook")]
    assert keys == ["paid", "paid"]


def test_a_webhook_of_one_company_is_refused_as_one_of_another(pretended, books):
    """Neither as it was sent, nor with the other's field values under its own signature."""
    pretended.take(pretended.payer(), 660, "key")
    letters = []
    deliver(books, SECRET, lambda *letter: letters.append(letter) or 200)
    _, headers, body = letters[0]
    other = next(each for name, each in PRETENDED.items() if name != pretended.name)(books)
    reworded = body.replace(b'"charge.', b'"debit.') if pretended.name == "card" else body.replace(b'"debit.', b'"charge.')

    for sent in ((headers, body), (signed_headers(SECRET, reworded, pretended.name), reworded)):
        with pytest.raises(BadEvent, match="wrong signature"):
            other.company.parse_event(*sent)
    with pytest.raises(BadEvent, match="unknown type"):
        other.company.parse_event(signed_headers(SECRET, body, other.name), body)
