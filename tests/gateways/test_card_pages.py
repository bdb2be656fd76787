import logging
import re
from datetime import date

import pytest

from portal.forms.reading import digits as digits_of
from portal.gateways.card import Card, Failed, Paid, Pending
from portal.runtime.logs import mask_card_numbers
from portal.sandbox.app import create_sandbox
from portal.sandbox.books import Books
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.published import TEST_CARDS
from tests.gateways.conftest import CUSTOMER
from tests.gateways.visitor import HEADERS, Visitor

RETURN_URL = "http://portal.example/orders/1/card/return"
REAL_LOOKING = "4111 1111 1111 1111"
WRONG_CHECK_DIGIT = "4242 4242 4242 4243"
GOOD = {"number": "4242 4242 4242 4242", "expiry": "12/98", "code": "987", "name": "TARO YAMADA"}


class Customer(Visitor):
    def __init__(self, visitor, company) -> None:
        super().__init__(visitor, company.begin_setup("reference", RETURN_URL, CUSTOMER).url)
        self.company = company
        self.typed: list[str] = []

    def send(self, **typed: str):
        values = GOOD | typed
        self.typed += [values["number"], values["name"], values["expiry"]]
        return self.press("送信する", values)

    def outcome(self):
        return self.company.finish_setup("reference", self.code)


@pytest.fixture
def customer(visitor, company, books, caplog):
    caplog.set_level(logging.DEBUG)
    customer = Customer(visitor, company)
    customer.open()
    yield customer
    stored = b"".join(path.read_bytes() for path in books.path.parent.iterdir())
    logged = "\n".join(record.getMessage() for phase in ("setup", "call") for record in caplog.get_records(phase))
    shown = stored.decode("utf-8", "replace") + logged
    for number in {typed for typed in customer.typed if len(digits_of(typed)) >= 12} | {card.number for card in TEST_CARDS}:
        assert number not in shown
        assert digits_of(number) not in shown
    assert "987" not in [row["code"] for row in books.reader().execute("SELECT code FROM card_setup")]
    assert mask_card_numbers(logged) == logged


def test_the_page_names_its_company_and_the_accepted_cards(customer):
    assert customer.status == 200
    assert [row.th.text for row in customer.page.select("tbody tr")] == [card.number for card in TEST_CARDS]
    assert customer.text("header strong") == "試験用の、架空の会社です。"
    assert [button.text for button in customer.page.find_all("button")] == ["送信する", "戻る"]


def test_the_fields_have_autocomplete_attributes(customer):
    fields = {field["name"]: field for field in customer.page.select("input[type=text]")}

    assert {name: field["autocomplete"] for name, field in fields.items()} == {
        "number": "cc-number",
        "expiry": "cc-exp",
        "code": "cc-csc",
        "name": "cc-name",
    }
    assert [name for name, field in fields.items() if field.get("inputmode") == "numeric"] == ["number", "expiry", "code"]


@pytest.mark.parametrize(
    "number", ["4242424242424242", "4242-4242-4242-4242", "４２４２　４２４２　４２４２　４２４２", "４２４２ー４２４２−４２４２ー４２４２"]
)
def test_a_valid_card_redirects_to_the_shop(customer, number):
    customer.send(number=number, expiry="１２／９８", code="９８７")

    assert (customer.status, customer.location) == (303, RETURN_URL)
    card = customer.outcome()
    assert (card.brand, card.last4, card.expires) == ("Visa", "4242", date(2098, 12, 31))


@pytest.mark.parametrize(
    "published", [card for card in TEST_CARDS if not card.outcome.asks_for_authentication], ids=lambda card: card.digits[-4:]
)
def test_cards_declined_at_the_charge_are_accepted_at_the_setup(customer, published):
    customer.send(number=published.number)

    assert customer.location == RETURN_URL
    assert customer.outcome().last4 == published.digits[-4:]


@pytest.mark.parametrize("last4", ["3220", "1280"])
def test_some_cards_need_authentication(customer, last4):
    published = next(card for card in TEST_CARDS if card.digits.endswith(last4))
    customer.send(number=published.number)

    assert customer.outcome() == Pending()
    customer.open(customer.location)
    assert customer.text("h1") == "本人認証（3Dセキュア）"
    assert f"下4桁 {last4}" in customer.text("dd")
    customer.press("認証する")
    assert customer.location == RETURN_URL
    if published.outcome is Outcome.ASKS_THEN_PAYS:
        assert isinstance(customer.company.charge(customer.outcome().token, 660, "key"), Paid)
    else:
        assert customer.outcome() == Failed("three_d_secure")


def test_a_refused_authentication_redirects_to_the_shop_without_a_card(customer):
    customer.send(number="4000 0000 0000 3220")
    customer.open(customer.location).press("認証しない")

    assert customer.location == RETURN_URL
    assert customer.outcome() == Failed("three_d_secure")


def test_going_back_redirects_to_the_shop_without_a_card(customer):
    customer.press("戻る")

    assert (customer.status, customer.location) == (303, RETURN_URL)
    assert customer.outcome() == Failed("cancelled")


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"number": ""}, "number", "カード番号を入力してください。"),
        ({"number": "abcd"}, "number", "数字だけを入力"),
        ({"number": "🎉"}, "number", "数字だけを入力"),
        ({"number": "²²²²"}, "number", "数字だけ"),
        ({"number": WRONG_CHECK_DIGIT}, "number", "カード番号に誤りがあります"),
        ({"number": "4242"}, "number", "カード番号に誤りがあります"),
        ({"number": REAL_LOOKING}, "number", "このカード番号は使えません"),
        ({"number": "４１１１　１１１１　１１１１　１１１１"}, "number", "このカード番号は使えません"),
        ({"number": "5555-5555-5555-4444"}, "number", "このカード番号は使えません"),
        ({"number": "4" * 1_000_000}, "number", "数字だけを入力"),
        ({"expiry": ""}, "expiry", "有効期限を入力してください。"),
        ({"expiry": "00/30"}, "expiry", "01から12"),
        ({"expiry": "13/30"}, "expiry", "01から12"),
        ({"expiry": "01/20"}, "expiry", "過ぎています"),
        ({"expiry": "abc"}, "expiry", "「12/28」のように"),
        ({"code": ""}, "code", "セキュリティコードを入力してください。"),
        ({"code": "12"}, "code", "3桁または4桁"),
        ({"name": ""}, "name", "カード名義を入力してください。"),
        ({"name": "TARO 🎉"}, "name", "数字や絵文字は使えません"),
        ({"name": REAL_LOOKING}, "name", "数字や絵文字は使えません"),
        ({"name": "x" * 1_000_000}, "name", "60文字まで"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_mistake_is_shown_at_its_field_and_in_the_summary(customer, typed, field, sentence):
    customer.send(**typed)

    assert customer.status == 422
    assert customer.page.title.text.startswith("エラー：")
    assert sentence in customer.text(f"#{field}-error")
    assert sentence in customer.text(f"[autofocus] [role=alert] a[href='#{field}']")
    assert "1件の誤り" in customer.text("[role=alert] h2")
    invalid = customer.page.select("[aria-invalid=true]")
    assert [element["id"] for element in invalid] == [field]
    assert invalid[0]["aria-describedby"].split()[0] == f"{field}-error"
    assert customer.outcome() == Pending()


def test_after_a_mistake_number_and_code_are_cleared_and_the_rest_is_kept(customer):
    customer.send(number=REAL_LOOKING, name="𠮷田 <太郎> & 'O".replace("<", "").replace(">", ""))

    values = {field["name"]: field["value"] for field in customer.page.select("input[type=text]")}
    assert values == {"number": "", "expiry": "12/98", "code": "", "name": "𠮷田 太郎 & 'O"}
    for token in customer.page.select("[name=form_token]"):
        token.decompose()  # random hexadecimal digits, among which any three may stand
    assert "1111" not in str(customer.page)
    assert "987" not in str(customer.page)


def test_an_empty_form_has_four_mistakes(customer):
    customer.send(number="", expiry="", code="", name="")

    assert "4件の誤り" in customer.text("h2")
    assert len(customer.page.select(".error")) == 4


def test_typed_text_is_escaped(customer):
    customer.send(expiry='"><svg/o')

    assert not customer.page.find("svg")
    assert customer.page.find(id="expiry")["value"] == '"><svg/o'


def test_a_mistake_can_be_corrected(customer):
    customer.send(number=REAL_LOOKING).send()

    assert customer.location == RETURN_URL
    assert isinstance(customer.outcome(), Card)


def test_a_second_press_has_the_result_of_the_first(customer):
    customer.send()
    card = customer.outcome()
    customer.post(*customer.last_post)

    assert (customer.status, customer.location) == (303, RETURN_URL)
    assert customer.outcome() == card


def test_another_card_sent_from_a_second_tab_changes_nothing(customer):
    customer.send()
    address, values = customer.last_post
    customer.post(address, values | {"number": "4000 0000 0000 0002"})
    customer.post(f"{address}/cancellation", values)

    assert customer.location == RETURN_URL
    assert customer.outcome().last4 == "4242"


def test_the_page_opened_again_shows_the_true_state(customer):
    customer.send(number="4000 0000 0000 3220")
    authentication = customer.location

    assert customer.open().location == authentication
    customer.open(authentication).press("認証する")
    for address in (customer.address, authentication):
        customer.open(address)
        assert customer.text("h1") == "このお手続きは終わっています"
        assert "カードの登録は済んでいます" in customer.text("main")
        assert customer.page.select_one("main a")["href"] == f"{RETURN_URL}?code={customer.code}"


def test_the_authentication_page_needs_a_card_first(customer):
    values = {"form_token": customer.page.find("input", attrs={"name": "form_token"})["value"], "do": "accept"}

    assert customer.open(f"{customer.address}/authentication").location == customer.address
    assert customer.post(f"{customer.address}/authentication", values).location == customer.address
    assert customer.outcome() == Pending()


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_an_authentication_without_an_answer_is_asked_again(customer, answer):
    customer.send(number="4000 0000 0000 3220")
    authentication = customer.location
    customer.post(authentication, {"form_token": customer.last_post[1]["form_token"], "do": answer})

    assert customer.location == authentication
    assert customer.outcome() == Pending()


@pytest.mark.parametrize("step", ["", "/authentication", "/cancellation"])
@pytest.mark.parametrize("form_token", [None, "", "forged", "é", "0" * 64])
def test_a_post_without_a_csrf_token_is_refused(customer, step, form_token):
    values = GOOD | {"do": "accept"} | ({} if form_token is None else {"form_token": form_token})
    customer.post(customer.address + step, values)

    assert customer.status == 403
    assert customer.outcome() == Pending()


def test_the_csrf_token_of_one_setup_does_not_work_for_another(customer):
    values = GOOD | {"form_token": customer.page.find("input", attrs={"name": "form_token"})["value"]}
    other = customer.company.begin_setup("another", RETURN_URL, CUSTOMER).url

    assert customer.post(other, values).status == 403


@pytest.mark.parametrize(
    "path", ["/sandbox/", "/sandbox/card/entry/guessed", "/sandbox/card/entry/guessed/authentication", "/sandbox/x.css"]
)
def test_an_unknown_setup_address_is_not_found(customer, path):
    assert customer.open(path).status == 404
    assert customer.text("h1") == "ページが見つかりません"


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_other_methods_are_refused(visitor, customer, method):
    response = getattr(visitor, method)(customer.address)

    assert response.status_code == 405
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert "GET" in response.headers["Allow"]


def test_an_oversized_post_is_refused(customer):
    customer.post(customer.address, GOOD | {"name": "x" * 2_100_000})

    assert customer.status == 413
    assert customer.text("h1") == "送られた内容が大きすぎます"


def test_the_form_may_redirect_only_to_the_shop(customer):
    policy = dict(part.strip().split(" ", 1) for part in customer.headers["Content-Security-Policy"].split(";"))

    assert policy["form-action"] == "'self' http://portal.example"
    assert re.fullmatch(r"'sha256-[\w+/]{43}='", policy["style-src"])
    assert (policy["base-uri"], policy["frame-ancestors"], policy["default-src"]) == ("'none'",) * 3


def test_opening_a_page_changes_nothing(customer, books):
    def rows():
        return [tuple(row) for row in books.reader().execute("SELECT * FROM card_setup")]

    before = rows()
    for path in ("", "/authentication", "/cancellation"):
        customer.open(customer.address + path)

    assert rows() == before


def test_an_unavailable_database_gives_an_error_page_in_japanese(customer, books, monkeypatch):
    monkeypatch.setattr("portal.sandbox.books.connection.BUSY_SECONDS", 0)
    books.close()
    customer.open()
    holder = Books(books.path)
    with holder.write():
        customer.send()

    assert customer.status == 503
    assert customer.text("h1") == "ただいま混み合っています"
    assert customer.outcome() == Pending()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example"])
def test_a_foreign_host_header_is_refused_where_hosts_are_configured(books, host):
    app = create_sandbox(books, secret_key="x", trusted_hosts=["127.0.0.1", "localhost"])

    assert app.test_client().get("/card/entry/x", base_url=f"http://{host}/").status_code == 400
    assert app.test_client().get("/card/entry/x", base_url="http://localhost:8000/").status_code == 404


def test_pages_are_compressed(customer, visitor):
    response = visitor.get(customer.address, headers={"Accept-Encoding": "gzip, br"})

    assert response.headers["Content-Encoding"] == "br"
