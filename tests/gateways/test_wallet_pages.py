import logging
import re
from datetime import timedelta

import pytest
import time_machine

from portal.gateways.wallet import Failed, Link, Pending
from portal.sandbox.books import Books, wallet_mails, wallet_tries
from portal.sandbox.books.opening import PASSWORD
from portal.sandbox.published import TEST_WALLETS
from tests.gateways.conftest import CUSTOMER
from tests.gateways.test_books import at_once
from tests.gateways.visitor import HEADERS, Visitor
from tests.gateways.wallets import points

RETURN_URL = "http://portal.example/orders/1/wallet/return"
WRONG = "おさいぽ!IDまたはパスワードが違います"
SECRET_TYPED = "my-real-password-9"


class Customer(Visitor):
    def __init__(self, visitor, company, reference: str = "reference", remote: str = "127.0.0.1") -> None:
        super().__init__(visitor, company.begin_link(reference, RETURN_URL, CUSTOMER).url, remote)
        self.company = company
        self.reference = reference

    def give_id(self, wallet_id: str = "osaipo-demo"):
        return self.press("おさいぽ!IDを認証する", {"wallet_id": wallet_id})

    def give_password(self, password: str = PASSWORD):
        return self.press("ログイン", {"password": password})

    def sign_in(self, wallet_id: str = "osaipo-demo"):
        return self.open().give_id(wallet_id).follow().give_password().follow()

    def guess(self, times: int, wallet_id: str = "osaipo-demo"):
        self.open().give_id(wallet_id).follow()
        for _ in range(times):
            self.give_password(SECRET_TYPED)
        return self

    def outcome(self):
        return self.company.finish_link(self.reference, self.code)


@pytest.fixture
def customer(visitor, wallet_company, books, caplog):
    caplog.set_level(logging.DEBUG)
    customer = Customer(visitor, wallet_company)
    customer.open()
    yield customer
    stored = b"".join(path.read_bytes() for path in books.path.parent.iterdir()).decode("utf-8", "replace")
    logged = "\n".join(record.getMessage() for phase in ("setup", "call") for record in caplog.get_records(phase))
    for password in (PASSWORD, SECRET_TYPED):
        assert password not in stored + logged


@pytest.fixture
def stranger(visitor, wallet_company):
    return Customer(visitor, wallet_company, "another", remote="198.51.100.7")


def test_a_wallet_is_linked_as_the_guide_describes(customer):
    assert customer.text("h1") == "おさいぽ!IDの認証"
    customer.give_id()
    assert (customer.status, customer.location) == (303, f"{customer.address}/password")
    customer.follow().give_password()
    assert (customer.status, customer.location) == (303, f"{customer.address}/confirmation")
    customer.follow()
    assert customer.text("h1") == "おさいぽ!の登録の確認"
    assert (customer.text("dl:not(.begun) dd:first-of-type"), customer.text(".amount")) == ("osaipo-demo", "50,000ポイント")
    assert customer.outcome() == Pending()
    customer.press("OK")

    assert (customer.status, customer.location) == (303, RETURN_URL)
    assert customer.outcome().label == "os****mo"
    assert customer.company.balance(customer.outcome().token) == 50_000


def test_the_page_names_its_company_and_the_accepted_ids(customer):
    assert [row.th.text for row in customer.page.select("tbody tr")] == [wallet.wallet_id for wallet in TEST_WALLETS]
    assert "osaipo-pass" in customer.text("caption")
    assert customer.text("header strong") == "試験用の、架空の会社です。"
    assert [button.text for button in customer.page.find_all("button")] == ["おさいぽ!IDを認証する", "戻る"]


def test_the_wallet_page_has_a_style_of_its_own(customer, company):
    card = Visitor(customer._browser, company.begin_setup("card", RETURN_URL, CUSTOMER).url).open()

    assert card.text("header .brand") != customer.text("header .brand")
    assert card.page.style.text != customer.page.style.text


def test_the_fields_have_autocomplete_attributes(customer):
    assert customer.page.find(id="wallet_id")["autocomplete"] == "username"
    customer.give_id().follow()

    field = customer.page.find(id="password")
    assert (field["type"], field["autocomplete"], field["value"]) == ("password", "current-password", "")


@pytest.mark.parametrize("typed", ["osaipo-demo", " osaipo-demo ", "OSAIPO-DEMO", "ｏｓａｉｐｏ－ｄｅｍｏ", "osaipo−demo", "osaipoーdemo"])
def test_an_id_is_accepted_in_any_usual_notation(customer, typed):
    customer.give_id(typed).follow()

    assert customer.text("dl:not(.begun) dd") == "osaipo-demo"


@pytest.mark.parametrize("wallet_id", ["osaipo-demo", "nobody", "osaipo-demo2"])
def test_an_unknown_id_and_a_wrong_password_have_the_same_answer(customer, wallet_id):
    customer.give_id(wallet_id)
    assert customer.location == f"{customer.address}/password"
    customer.follow().give_password(SECRET_TYPED)

    assert customer.status == 422
    assert WRONG in customer.text("#password-error")
    assert customer.html.replace(wallet_id, "ID").count("ID") == customer.html.replace(wallet_id, "X").count("ID") + 2
    assert customer.outcome() == Pending()


def test_the_two_answers_differ_in_the_id_alone(visitor, wallet_company):
    def page(wallet_id: str) -> str:
        customer = Customer(visitor, wallet_company, wallet_id).guess(1, wallet_id)
        tokens = re.compile(r'value="[0-9a-f]{64}"|/link/[\w-]+')
        return tokens.sub("", customer.html.replace(wallet_id, "ID"))

    assert page("osaipo-demo") == page("nobody-here")


def test_the_right_password_of_an_unknown_id_opens_nothing(customer):
    customer.give_id("nobody").follow().give_password()

    assert customer.status == 422
    assert WRONG in customer.text(".error")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "おさいぽ!IDを入力してください。"),
        ("　", "おさいぽ!IDを入力してください。"),
        ("🎉", "英数字と「-」"),
        ("<script>", "英数字と「-」"),
        ("osaipo demo", "英数字と「-」"),
        ("x" * 65, "64文字まで"),
        ("x" * 1_000_000, "64文字まで"),
        ("a\\b", "英数字と「-」"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_an_invalid_id_is_shown_at_its_field_and_in_the_summary(customer, typed, sentence):
    customer.give_id(typed)

    assert customer.status == 422
    assert customer.page.title.text.startswith("エラー：")
    assert sentence in customer.text("#wallet_id-error")
    assert sentence in customer.text("[autofocus] [role=alert] a[href='#wallet_id']")
    assert customer.page.find(id="wallet_id")["aria-invalid"] == "true"
    assert not customer.page.find("script")
    assert customer.outcome() == Pending()


@pytest.mark.parametrize(
    ("typed", "sentence"), [("", "パスワードを入力してください"), ("x" * 201, "200文字まで"), ("x" * 1_000_000, "200文字まで")]
)
def test_an_empty_or_overlong_password_does_not_count_as_a_guess(customer, books, typed, sentence):
    customer.give_id().follow().give_password(typed)

    assert customer.status == 422
    assert sentence in customer.text("#password-error")
    assert books.reader().execute("SELECT count(*) FROM wallet_try").fetchone()[0] == 0


@pytest.mark.parametrize("password", ["🎉", "\x00", "osaipo-pass ", "OSAIPO-PASS", "パスワード", "' OR 1=1 --"])
def test_a_wrong_password_is_not_shown_again(customer, password):
    customer.give_id().follow().give_password(password)

    assert customer.status == 422
    assert customer.page.find(id="password")["value"] == ""
    assert WRONG in customer.text(".error")


def test_the_right_password_works_after_a_wrong_one(customer):
    customer.guess(3).give_password()

    assert customer.location == f"{customer.address}/confirmation"


def test_a_mistyped_id_can_be_corrected_after_going_back(customer):
    customer.give_id("osaipo-dmeo").follow()
    link = customer.page.find("a", string="おさいぽ!IDを入力し直す")
    customer.open(link["href"])

    assert customer.page.find(id="wallet_id")["value"] == "osaipo-dmeo"
    customer.give_id().follow()
    assert customer.text("dl:not(.begun) dd") == "osaipo-demo"


def test_a_password_typed_beside_an_older_id_is_not_tried_for_the_newer_one(customer, books):
    customer.give_id("osaipo-empty").follow()
    older = customer.page.find("form")["action"], {field["name"]: field["value"] for field in customer.page.find("form").find_all("input")}
    customer.open().give_id("osaipo-demo")
    customer.post(older[0], older[1] | {"password": PASSWORD})

    assert customer.location == f"{customer.address}/password"
    assert customer.follow().text("dl:not(.begun) dd") == "osaipo-demo"


# -- limits on guessing --------------------------------------------------------------------------------------------------


def test_the_eleventh_guess_is_refused_even_if_it_is_right(customer):
    customer.guess(10)
    assert customer.status == 422
    customer.give_password()

    assert customer.status == 429
    assert "15分たってから" in customer.text("#password-error")
    assert "ポイントはそのままです" in customer.text("[role=alert]")
    assert customer.outcome() == Pending()


def test_the_lockout_ends_on_time_despite_attempts_during_it(visitor, wallet_company):
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as clock:
        customer = Customer(visitor, wallet_company).guess(10)
        clock.shift(timedelta(minutes=14))
        customer.give_password()
        assert "1分たってから" in customer.text("#password-error")
        clock.shift(timedelta(minutes=1, seconds=1))
        customer.give_password()

        assert customer.location == f"{customer.address}/confirmation"


def test_a_strangers_guesses_do_not_lock_the_owner_out(customer, stranger):
    stranger.guess(11)
    assert stranger.status == 429

    customer.sign_in()
    assert customer.text("h1") == "おさいぽ!の登録の確認"


def test_guesses_from_everywhere_are_limited_and_a_known_address_is_not(visitor, wallet_company, books):
    Customer(visitor, wallet_company, "first", remote="192.0.2.1").sign_in()
    for number in range(100):
        wallet_tries.sign_in(books, "osaipo-demo", SECRET_TYPED, f"198.51.100.{number}")

    unknown = Customer(visitor, wallet_company, "unknown", remote="203.0.113.9").guess(1)
    assert unknown.status == 429
    owner = Customer(visitor, wallet_company, "owner", remote="192.0.2.1").sign_in()
    assert owner.text("h1") == "おさいぽ!の登録の確認"
    another = Customer(visitor, wallet_company, "another", remote="203.0.113.9").sign_in("osaipo-empty")
    assert another.text("h1") == "おさいぽ!の登録の確認"


def test_one_address_cannot_guess_at_wallet_after_wallet(visitor, wallet_company, books):
    for number in range(50):
        wallet_tries.sign_in(books, f"nobody-{number}", SECRET_TYPED, "198.51.100.7")

    assert Customer(visitor, wallet_company, "last", remote="198.51.100.7").guess(1, "nobody-9").status == 429
    assert Customer(visitor, wallet_company, "other", remote="198.51.100.8").guess(1, "nobody-9").status == 422


def test_unknown_ids_are_limited_like_known_ones(customer):
    assert customer.guess(11, "nobody").status == 429


def test_forty_guesses_at_once_stay_within_the_limit(visitor, wallet_company, books):
    customers = [Customer(visitor, wallet_company, f"guess-{number}") for number in range(4)]
    for each in customers:
        each.open().give_id().follow()
        each.form = each.page.find("form")["action"], {field["name"]: field["value"] for field in each.page.find("form").find_all("input")}

    def guess(each) -> int:
        return visitor.post(each.form[0], data=each.form[1] | {"password": SECRET_TYPED}).status_code

    statuses = at_once(*[lambda each=customers[number % 4]: guess(each) for number in range(40)])
    assert (statuses.count(422), statuses.count(429)) == (10, 30)


def test_stored_login_attempts_contain_neither_ids_nor_passwords(customer, books):
    customer.guess(1, "typed-a-secret-here")

    assert not [row for row in books.reader().execute("SELECT * FROM wallet_try") if "typed" in str(tuple(row))]


# -- going back, reload, second press --------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["id", "password", "confirmation"])
def test_going_back_redirects_to_the_shop_without_a_wallet(customer, step):
    if step == "password":
        customer.give_id().follow()
    elif step == "confirmation":
        customer.sign_in()
    customer.press("戻る")

    assert (customer.status, customer.location) == (303, RETURN_URL)
    assert customer.outcome() == Failed("cancelled")
    customer.open()
    assert customer.text("h1") == "このお手続きは終わっています"
    assert customer.page.select_one("main a")["href"] == RETURN_URL


def test_a_second_press_has_the_result_of_the_first(customer):
    customer.sign_in().press("OK")
    link = customer.outcome()
    address, values = customer.last_post
    customer.post(address, values)
    assert (customer.status, customer.location) == (303, RETURN_URL)
    customer.post(f"{customer.address}/cancellation", values)

    assert isinstance(link, Link)
    assert customer.outcome() == link


def test_the_owner_of_the_wallet_is_told_once_who_may_debit_it(customer, books):
    """Whoever lured the owner to the page stands in the mail; it comes with the link and not before."""
    customer.sign_in()
    assert wallet_mails.newest_mails(books, "osaipo-demo", 9) == []
    customer.press("OK").post(*customer.last_post)

    (mail,) = wallet_mails.newest_mails(books, "osaipo-demo", 9)
    assert mail.address == "osaipo-demo@osaipo.example"
    assert mail.text.startswith(
        "見本レンタルサーバー（お客様：見本 新 様（ログインID：new））が、このおさいぽ!からお支払いできるようになりました。"
    )


def test_pages_opened_again_show_the_true_state(customer):
    customer.sign_in()
    for path in ("", "/password"):
        assert customer.open(customer.address + path).location == f"{customer.address}/confirmation"
    customer.open(f"{customer.address}/confirmation").press("OK")
    for path in ("", "/password", "/confirmation", "/points"):
        customer.open(customer.address + path)
        assert customer.text("h1") == "このお手続きは終わっています"
        assert "おさいぽ!の登録は済んでいます" in customer.text("main")


def test_no_step_opens_before_the_previous_one_is_done(customer):
    values = {"form_token": customer.page.find("input", attrs={"name": "form_token"})["value"], "password": PASSWORD, "choice": "1000"}
    for path in ("/password", "/confirmation", "/points"):
        assert customer.open(customer.address + path).location == customer.address
        assert customer.post(customer.address + path, values).location == customer.address

    assert customer.outcome() == Pending()
    assert points(customer.company._books) == 50_000


def test_an_expired_setup_says_so(visitor, wallet_company):
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as clock:
        customer = Customer(visitor, wallet_company).sign_in()
        clock.shift(3601)
        customer.press("OK")
        assert customer.location == RETURN_URL

        assert "時間がたったため" in customer.open().text("main")
        assert customer.outcome() == Failed("expired")


@pytest.mark.parametrize("step", ["", "/password", "/confirmation", "/cancellation", "/points"])
@pytest.mark.parametrize("form_token", [None, "", "forged", "é", "0" * 64])
def test_a_post_without_a_csrf_token_is_refused(customer, step, form_token):
    customer.sign_in()
    values = {"wallet_id": "osaipo-demo", "password": PASSWORD, "choice": "1000", "number": "0"}
    customer.post(customer.address + step, values | ({} if form_token is None else {"form_token": form_token}))

    assert customer.status == 403
    assert customer.outcome() == Pending()
    assert points(customer.company._books) == 50_000


def test_the_csrf_token_of_one_setup_or_company_does_not_work_for_another(customer, company):
    values = {"wallet_id": "osaipo-demo", "form_token": customer.page.find("input", attrs={"name": "form_token"})["value"]}

    assert customer.post(customer.company.begin_link("another", RETURN_URL, CUSTOMER).url, values).status == 403
    assert customer.post(company.begin_setup("card", RETURN_URL, CUSTOMER).url, values).status == 403
    assert customer.post("/sandbox/wallet", values).status == 403


@pytest.mark.parametrize("path", ["/sandbox/wallet/x", "/sandbox/wallet/link/guessed", "/sandbox/wallet/link/guessed/points"])
def test_an_unknown_setup_address_is_not_found(customer, path):
    assert customer.open(path).status == 404
    assert customer.text("h1") == "ページが見つかりません"
    assert "おさいぽ!" in customer.text("header")


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_other_methods_are_refused(visitor, customer, method):
    response = getattr(visitor, method)(customer.address)

    assert response.status_code == 405
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


def test_the_form_may_redirect_only_to_the_shop(customer):
    policy = dict(part.strip().split(" ", 1) for part in customer.headers["Content-Security-Policy"].split(";"))

    assert policy["form-action"] == "'self' http://portal.example"
    assert re.fullmatch(r"'sha256-[\w+/]{43}='", policy["style-src"])


def test_opening_pages_changes_nothing(customer, books):
    def rows():
        return ["\n".join(books.reader().iterdump())]

    customer.sign_in()
    before = rows()
    for path in ("", "/password", "/confirmation", "/cancellation", "/points"):
        customer.open(customer.address + path)
    customer.open("/sandbox/wallet")

    assert rows() == before


def test_an_unavailable_database_gives_an_error_page_in_japanese(customer, books, monkeypatch):
    customer.sign_in()
    monkeypatch.setattr("portal.sandbox.books.connection.BUSY_SECONDS", 0)
    books.close()
    customer.open(f"{customer.address}/confirmation")
    with Books(books.path).write():
        customer.press("OK")

    assert customer.status == 503
    assert customer.text("h1") == "ただいま混み合っています"
    assert customer.outcome() == Pending()
