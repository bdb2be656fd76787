"""専用口座: a number for each customer, given once; what comes to it is that customer's, whatever the name."""

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from peewee import IntegrityError

from models import Account, Deposit, Event, Mail, Order, VirtualAccount
from portal import clock
from portal.actions.orders.drafts import cancel
from portal.actions.staff import details
from portal.actions.transfers import bank_files, bank_orders, matching_runs, virtual_accounts
from portal.actions.transfers.matching import matches
from portal.actions.transfers.proposing import line_of, waiting_deposits
from portal.catalog import BankAccount, CatalogError, load_catalog, payable_to
from portal.enums import Method
from portal.runtime.sample_company import sample_company
from portal.store.database import database
from tests.bank_files import Paid, as_bytes, zengin01
from tests.concurrency import at_once
from tests.factories import a_customer
from tests.purchase import CATALOG, Shop
from tests.races.careless import give_number

on_both = pytest.mark.store
NUMBERS = BankAccount("テスト銀行", "9999", "振込専用支店", "777", "普通", "0000001", "カ）サンプルサーバー", until="0000003")
ACCOUNTS = (*CATALOG.bank_accounts, NUMBERS)
YEN = 13_200


@pytest.fixture(autouse=True)
def balance(shop):
    yield
    shop.ledger.prove()


def an_order(shop: Shop, login: str) -> Order:
    """Placed while the company gives numbers."""
    draft = shop.draft(login)
    accepted = shop.by(Method.BANK).accepted(draft)
    bank_orders.place(draft, accepted, ACCOUNTS, ())
    return Order.get_by_id(draft.id)


def code_of(order: Order) -> str:
    return order.account.virtual_accounts.get().code


def transfer(shop: Shop, code: str, yen: int = YEN, payer: str = "ﾍﾞﾂﾉﾋﾄ", on: date | None = None) -> Deposit:
    """A line of the bank's file."""
    content = as_bytes(zengin01([Paid(yen, payer, on or clock.today(), code=code, number=Deposit.select().count())]))
    file = bank_files.keep(content, "今日.txt", shop.staff, CATALOG.bank_accounts)
    bank_files.import_file(file, shop.staff, CATALOG.bank_accounts, is_as_shown=lambda plan: True)
    return file.lines.get().deposit


def sure() -> list[tuple[int, int]]:
    return [(pair.deposit, pair.order) for pair in matching_runs.sure_pairs()]


@on_both
def test_each_customer_gets_one_number_for_ever_and_reads_it_instead_of_the_common_account(shop: Shop) -> None:
    one, two = an_order(shop, "one"), an_order(shop, "two")
    assert [code_of(order) for order in (one, two)] == ["7770000001", "7770000002"]
    assert "口座：普通 0000001" in "".join(Mail.get(Mail.account == one.account).body)

    cancel(one, "test", "x")
    again = an_order(shop, "one")
    assert code_of(again) == "7770000001"
    assert VirtualAccount.select().count() == 2
    assert payable_to(CATALOG.payable_accounts, one.account.virtual_number) == CATALOG.bank_accounts, "switched off"


def test_when_the_numbers_are_used_up_the_common_account_is_told(shop: Shop) -> None:
    for login in ("a", "b", "c", "d"):
        an_order(shop, login)

    last = Account.by_login("d")
    assert not last.virtual_accounts.exists()
    assert payable_to(ACCOUNTS, last.virtual_number) == CATALOG.bank_accounts
    assert Event.select().where(Event.reason == virtual_accounts.USED_UP, Event.account == last).count() == 1


@on_both
def test_no_number_is_given_twice_whoever_orders_at_once(shop: Shop) -> None:
    accounts = [a_customer(f"c{place}") for place in range(3)]

    def give(account: Account) -> None:
        with database.atomic():
            virtual_accounts.assign(Account.locked(account.id), ACCOUNTS)

    at_once(*[lambda account=account: give(account) for account in (*accounts, *accounts)])

    assert sorted(row.code for row in VirtualAccount.select()) == ["7770000001", "7770000002", "7770000003"]
    assert len({row.account_id for row in VirtualAccount.select()}) == 3


def test_negative_control_without_the_hold_two_customers_reach_for_one_number(shop: Shop) -> None:
    """Then only the unique number is left, and the second customer's order fails."""
    one, two = a_customer("one"), a_customer("two")

    with pytest.raises(IntegrityError), database.atomic():
        give_number(one, "7770000001", meanwhile=lambda: give_number(two, "7770000001"))


@on_both
def test_money_to_the_customers_own_number_is_sure_whatever_the_name(shop: Shop) -> None:
    order = an_order(shop, "one")
    an_order(shop, "two")
    deposit = transfer(shop, code_of(order))

    assert sure() == [(deposit.id, order.id)]
    assert details.deposit_by_number(deposit.number).code == line_of(waiting_deposits().get()).deposit.code == code_of(order)
    assert line_of(waiting_deposits().get()).numbers == (order.number,)
    first, *_ = matches(deposit, YEN)
    assert (first.row.order.id, first.by_number) == (order.id, True)


def test_what_is_not_sure_of_it_stays_for_a_person(shop: Shop, business_day) -> None:
    order, other = an_order(shop, "one"), an_order(shop, "two")
    code = code_of(order)
    transfer(shop, code, YEN - 440)
    transfer(shop, code, payer=f"{other.number} ﾐﾎﾝ")
    transfer(shop, "7770000009")
    transfer(shop, code, on=clock.today() - timedelta(days=9))

    assert sure() == []
    cancel(order, "test", "x")
    transfer(shop, code)
    assert sure() == []


def test_the_catalog_names_the_numbers_and_says_what_is_wrong(tmp_path: Path) -> None:
    company = tmp_path / "company"
    shutil.copytree(sample_company(), company)
    file = company / "catalog.toml"
    before, table, rest = re.split(r"# (?=\[virtual_accounts\])|\n\n(?=# 返金を)", file.read_text("utf-8"), maxsplit=2)
    file.write_text("\n\n".join((before, re.sub("^# ", "", table, flags=re.MULTILINE), rest)), "utf-8")
    found = load_catalog(company)
    assert (found.virtual_accounts.number, found.virtual_accounts.until) == ("0000001", "0099999")
    assert found.payable_accounts == (*found.bank_accounts, found.virtual_accounts)

    file.write_text(file.read_text("utf-8").replace('last = "0099999"', 'last = "0000000"'), "utf-8")
    with pytest.raises(CatalogError, match="first より大きい番号"):
        load_catalog(company)
