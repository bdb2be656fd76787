"""Buying points in a demo: while linking a wallet, or on the wallet company's own sign-in."""

from urllib.parse import unquote

import pytest
import time_machine

from portal.forms.reading import login_id, yen_amount
from portal.sandbox.books.opening import PASSWORD
from portal.sandbox.wallet_form import read_points
from tests.gateways.test_wallet_pages import RETURN_URL, Customer
from tests.gateways.visitor import Visitor
from tests.gateways.wallets import debits, points

START = "/sandbox/wallet"


@pytest.fixture
def owner(visitor):
    """Signed in on the company's own page to the empty wallet."""
    owner = Visitor(visitor, START).open().press("おさいぽ!IDを認証する", {"wallet_id": "osaipo-empty"}).follow()
    return owner.press("ログイン", {"password": PASSWORD}).follow()


def buy(owner, **typed: str):
    return owner.press("ポイントを購入する", typed)


def test_the_owner_sees_the_balance_and_gets_points(owner, books):
    assert owner.text("h1") == "ポイントの購入"
    assert owner.text(".amount") == "0ポイント"
    buy(owner, choice="5000")
    assert owner.status == 303
    owner.follow()

    assert owner.text(".amount") == "5,000ポイント"
    assert "ポイントを購入しました" in owner.text("[role=status]")
    assert owner.text("tbody tr td:nth-of-type(2)") == "ポイント購入"
    assert owner.text("tbody tr td:nth-of-type(3)") == "+5,000"
    assert points(books, "osaipo-empty") == 5_000


@pytest.mark.parametrize(
    ("amount", "bought"),
    [("1", 1), ("１，２３４", 1_234), ("1,234", 1_234), (" 660円 ", 660), ("100000", 100_000), ("１００，０００", 100_000)],
)
def test_an_amount_is_accepted_in_any_usual_notation(owner, books, amount, bought):
    buy(owner, choice="other", amount=amount)

    assert owner.status == 303
    assert points(books, "osaipo-empty") == bought


def test_a_typed_amount_needs_no_selected_choice(owner, books):
    buy(owner, amount="660")

    assert points(books, "osaipo-empty") == 660


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({}, "amount", "入力してください"),
        ({"choice": ""}, "choice", "選んでください"),
        ({"choice": "123"}, "choice", "選んでください"),
        ({"choice": "５０００"}, "choice", "選んでください"),
        ({"choice": "other"}, "amount", "1から100,000までの数字で入力"),
        ({"choice": "other", "amount": "0"}, "amount", "一度に購入できるのは"),
        ({"choice": "other", "amount": "100001"}, "amount", "一度に購入できるのは"),
        ({"choice": "other", "amount": "1000000000000"}, "amount", "一度に購入できるのは"),
        ({"choice": "other", "amount": "-1"}, "amount", "小数や「-」は使えません"),
        ({"choice": "other", "amount": "−１"}, "amount", "小数や「-」は使えません"),
        ({"choice": "other", "amount": "12.5"}, "amount", "小数や「-」は使えません"),
        ({"choice": "other", "amount": "10¹²"}, "amount", "数字だけ"),
        ({"choice": "other", "amount": "1e3"}, "amount", "数字だけ"),
        ({"choice": "other", "amount": "12,34"}, "amount", "数字だけ"),
        ({"choice": "other", "amount": "٣٤"}, "amount", "数字だけ"),
        ({"choice": "other", "amount": "千"}, "amount", "数字だけ"),
        ({"choice": "other", "amount": "9" * 1_000_000}, "amount", "数字だけ"),
        ({"choice": "1000", "amount": "660"}, "amount", "空にしてください"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_invalid_amount_is_refused_and_nothing_is_bought(owner, books, typed, field, sentence):
    buy(owner, **typed)

    assert owner.status == 422
    assert owner.page.title.text.startswith("エラー：")
    assert sentence in owner.text(f"#{field}-error")
    assert sentence in owner.text(f"[role=alert] a[href='#{field}']")
    assert points(books, "osaipo-empty") == 0


def test_typed_values_are_kept_after_a_mistake(owner):
    buy(owner, choice="other", amount='12.5"><b>')

    assert owner.page.find(id="amount")["value"] == '12.5"><b>'
    assert owner.page.select_one("input[checked]")["value"] == "other"


def test_a_second_press_buys_nothing_more_and_the_next_page_does(owner, books):
    buy(owner, choice="1000")
    owner.post(*owner.last_post)
    assert owner.status == 303
    assert points(books, "osaipo-empty") == 1_000
    buy(owner.follow(), choice="1000")

    assert points(books, "osaipo-empty") == 2_000


@pytest.mark.parametrize("number", ["", "-1", "1", "99999999999999999999", "x"])
def test_a_forged_number_of_the_purchase_buys_nothing(owner, books, number):
    buy(owner, choice="1000", number=number)

    assert owner.status == 303
    assert points(books, "osaipo-empty") == 0


def test_the_points_page_is_closed_after_signing_out(owner, books):
    page = owner.page.find("form")["action"]
    owner.press("ログアウト")
    assert owner.location == START
    owner.post(page, owner.last_post[1] | {"choice": "1000", "number": "0"})

    assert owner.location == START
    assert "ログアウトしています" in owner.open(page).text("main")
    assert points(books, "osaipo-empty") == 0


def test_a_visit_to_the_points_page_links_no_wallet(owner, books):
    values = {field["name"]: field["value"] for field in owner.page.select("input[type=hidden]")}
    page = owner.page.find("form")["action"]
    owner.post(page.replace("/points", "/confirmation"), values)

    assert owner.location == page
    assert owner.open(page.replace("/points", "/confirmation")).location == page
    assert books.reader().execute("SELECT count(*) FROM wallet_link").fetchone()[0] == 0


def test_points_can_be_bought_in_the_middle_of_linking(visitor, wallet_company):
    customer = Customer(visitor, wallet_company).sign_in("osaipo-empty")
    customer.open(customer.page.find("a", string="ポイントを購入する")["href"])
    buy(customer, choice="10000").follow()
    customer.open(customer.page.find("a", string="おさいぽ!の登録の確認に戻る")["href"])
    assert customer.text(".amount") == "10,000ポイント"
    customer.press("OK")

    assert customer.location == RETURN_URL
    assert wallet_company.balance(customer.outcome().token) == 10_000


@pytest.mark.parametrize("wallet_id", ["osaipo-demo", "nobody"])
def test_a_wrong_sign_in_has_the_same_answer_on_the_points_page(visitor, wallet_id):
    owner = Visitor(visitor, START).open().press("おさいぽ!IDを認証する", {"wallet_id": wallet_id}).follow()
    owner.press("ログイン", {"password": "wrong"})

    assert owner.status == 422
    assert "おさいぽ!IDまたはパスワードが違います" in owner.text(".error")


def test_going_back_before_the_password_leads_to_the_first_page(visitor):
    owner = Visitor(visitor, START).open().press("おさいぽ!IDを認証する", {"wallet_id": "osaipo-demo"}).follow()
    owner.press("戻る")

    assert owner.location == START


def test_an_invalid_id_is_refused_and_the_return_address_kept(visitor, wallet_company):
    owner = Visitor(visitor, wallet_company.points_page(RETURN_URL).url).open().press("おさいぽ!IDを認証する", {"wallet_id": ""})

    assert owner.status == 422
    assert "入力してください" in owner.text("#wallet_id-error")
    assert owner.page.find("a", string="お店に戻る")["href"] == "/orders/1/wallet/return"


def test_a_purchase_of_points_returns_to_the_shop(visitor, wallet_company, books):
    owner = Visitor(visitor, wallet_company.points_page(RETURN_URL).url).open()
    owner.press("おさいぽ!IDを認証する", {"wallet_id": "osaipo-empty"}).follow().press("ログイン", {"password": PASSWORD}).follow()
    buy(owner, choice="1000").follow()

    assert owner.page.find("a", string="お店に戻る")["href"] == "/orders/1/wallet/return"
    owner.press("ログアウト")
    assert owner.location == "/orders/1/wallet/return"


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "javascript:alert(1)", "/\\evil.example", "/a%0ab", "x", "/" + "x" * 300, ""]
)
def test_the_return_address_cannot_be_another_site(visitor, back):
    owner = Visitor(visitor, f"{START}?back={back}").open()
    assert not owner.page.find("a", string="お店に戻る")
    values = {field["name"]: field["value"] for field in owner.page.select("input[type=hidden]")}
    owner.post(START, values | {"back": unquote(back), "wallet_id": "osaipo-demo"})

    assert not owner.follow().page.find("a", string="お店に戻る")
    assert owner.press("戻る").location == START


def test_expired_owner_sessions_are_deleted(visitor, books):
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as clock:
        for _ in range(3):
            Visitor(visitor, START).open().press("おさいぽ!IDを認証する", {"wallet_id": "osaipo-demo"})
            clock.shift(90_000)

    assert books.reader().execute("SELECT count(*) FROM wallet_visit").fetchone()[0] == 1


def test_payments_and_refunds_are_in_the_list(owner, books, wallet_company):
    customer = Customer(owner._browser, wallet_company).sign_in("osaipo-empty").press("OK")
    buy(owner, choice="1000")
    paid = wallet_company.debit(customer.outcome().token, 660, "key")
    wallet_company.refund(paid.reference, 660, "refund")
    owner.follow()

    rows = [tuple(cell.text for cell in row.find_all("td")[1:]) for row in owner.page.select("tbody tr")]
    assert rows == [("返金", "+660"), ("お支払い", "−660"), ("ポイント購入", "+1,000")]
    assert debits(books) == {"key": -660}


@pytest.mark.parametrize("text", ["", "1 2", "+5", "5,", ",500", "0x10", "1,2345", "½", "Ⅳ", "①千", "1" * 101])
def test_an_invalid_whole_number_is_refused(text):
    assert yen_amount(text) is None


def test_ids_are_compared_by_their_letters_alone():
    assert login_id("Osaipo–Demo") == "osaipo-demo"
    assert login_id("x" * 201) == ""


def test_the_form_accepts_the_published_choices():
    assert [read_points({"choice": choice}).points for choice in ("1000", "5000", "10000", "50000")] == [1_000, 5_000, 10_000, 50_000]
