"""A payment company's remittance beside the bank: recognized, never a customer's money, and told of if it does not agree."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from models import Account, BankLine, Deposit, Event, Remittance
from portal import clock
from portal.actions.payments.money import add_unallocated
from portal.actions.transfers import bank_files, deposits, line_decisions, remittances, remitted_lines
from portal.actions.transfers.allocation import allocate
from portal.catalog import Catalog
from portal.enums import Method, RemittanceState
from portal.gateways.card import CompanyUnreachable, Parts
from portal.gateways.card import Remittance as Told
from portal.rules.accounts.name_key import name_key
from tests.actions.transfers.test_bank_files import ACCOUNTS
from tests.bank_files import Paid, as_bytes, zengin01
from tests.factories import a_customer
from tests.purchase import Shop
from tests.staff_desk import a_bank_order

ARRIVES = date(2026, 11, 20)
PAYER = "ｻﾝﾄﾞｶ-ﾄﾞｹﾂｻｲ(ｶ"
SENT = Told("po_1", 12_725, ARRIVES, RemittanceState.SENT, Parts(charged=13_200, fees=-475))


class Sends:
    """A company that only tells of remittances."""

    name = "sandbox"

    def __init__(self, *told: Told) -> None:
        self.told, self.asked = told, []

    def remittances(self, first: date, last: date) -> list[Told]:
        self.asked.append((first, last))
        return [one for one in self.told if first <= one.arrives_on <= last]


@pytest.fixture(autouse=True)
def today(shop: Shop, business_day: Callable) -> None:
    business_day(date(2026, 11, 24))


def look(*told: Told) -> list[str]:
    return [found.proposal for found in remittances.look({Method.CARD: Sends(*told)})]


def bring(shop: Shop, *lines: Paid) -> bank_files.ImportPlan:
    file = bank_files.keep(as_bytes(zengin01(lines)), f"{len(lines)}.txt", shop.staff, ACCOUNTS)
    return bank_files.import_file(file, shop.staff, ACCOUNTS, is_as_shown=lambda plan: True)


def arrived(yen: int = SENT.yen, payer: str = PAYER, on: date = ARRIVES, **about: object) -> Paid:
    return Paid(yen, payer, on, **about)


def test_a_line_of_the_company_is_recognized_at_the_import(shop: Shop) -> None:
    assert look(SENT) == []
    plan = bring(shop, arrived(), arrived(660, "ﾐﾎﾝ ﾀﾛｳ"))

    assert [line.yen for line in plan.of_companies] == [SENT.yen]
    assert [line.yen for line in plan.deposits] == [660] == [deposit.yen for deposit in Deposit.select()]
    assert (Remittance.get().bank_line.yen, Remittance.get().bank_line.ignored_reason) == (
        SENT.yen,
        "カード会社やおさいぽ!からの入金（po_1）",
    )
    assert look(SENT) == []


def test_told_of_after_the_import_the_deposit_that_waits_is_left_out_once(shop: Shop) -> None:
    bring(shop, arrived())
    assert Deposit.get().yen == SENT.yen
    for _ in range(2):
        assert look(SENT) == []

    assert not Deposit.select().exists()
    assert Event.select().where(Event.to_state == "ignored", Event.actor == "worker").count() == 1


def test_what_staff_take_back_is_not_taken_again(shop: Shop) -> None:
    look(SENT)
    bring(shop, arrived())
    line_decisions.restore(BankLine.get(), shop.staff, "お客様の入金だった")
    look(SENT)

    assert (Deposit.get().yen, Remittance.get().bank_line) == (SENT.yen, None)
    line_decisions.ignore(BankLine.get(), shop.staff, "やはり会社からの入金")
    look(SENT)
    assert Remittance.get().bank_line == BankLine.get()


def test_a_line_that_was_found_for_a_remittance_is_not_left_out_once_an_import_found_another(shop: Shop) -> None:
    """Else two lines would be one remittance's, and the money of one of them nobody's."""
    bring(shop, arrived())
    remittances.keep(Method.CARD, Sends(SENT), ARRIVES, ARRIVES)
    found, line = Remittance.get(), BankLine.get()
    bring(shop, arrived(on=ARRIVES + timedelta(days=1)))

    remitted_lines.settle(found, line)

    assert Deposit.get().yen == SENT.yen
    assert Remittance.get().bank_line != line
    assert BankLine.get_by_id(line.id).ignored_reason is None


def test_a_deposit_that_was_used_meanwhile_stays_and_the_remittance_is_still_awaited(shop: Shop, catalog: Catalog) -> None:
    bring(shop, arrived())
    remittances.keep(Method.CARD, Sends(SENT), ARRIVES, ARRIVES)
    found, line = Remittance.get(), BankLine.get()
    order = a_bank_order(catalog)
    allocate(Deposit.get(), order, 100, shop.staff, "電話で確かめた", catalog=catalog)

    remitted_lines.settle(found, line)

    assert (Remittance.get().bank_line, BankLine.get().ignored_reason) == (None, None)
    assert Deposit.get().yen == SENT.yen


@pytest.mark.parametrize("is_told_first", [True, False])
@pytest.mark.parametrize("whose", ["number", "name", "awaited", "twin", "typed"])
def test_what_may_be_a_customers_is_left_for_staff(shop: Shop, catalog: Catalog, whose: str, is_told_first: bool) -> None:
    """The other way round: with nothing that speaks for a customer the same lines are recognized (the tests above)."""
    told, lines = SENT, [arrived()]
    if whose == "number":
        lines = [arrived(payer="12345678 ｻﾝﾄﾞ")]
    if whose == "name":
        a_customer("same", name="サンドカードケツサイ（カ")
        Account.update(name_key=name_key(PAYER)).where(Account.login == "same").execute()
    if whose == "awaited":
        told = replace(SENT, yen=a_bank_order(catalog).total_yen, parts=None)
        lines = [arrived(told.yen)]
    if whose == "twin":
        lines = [arrived(), arrived()]
    if whose == "typed":
        add_unallocated(deposits.create(ARRIVES, ARRIVES, SENT.yen, PAYER, shop.staff, "typed"), SENT.yen)
    if is_told_first:
        look(told)
    bring(shop, *lines)
    look(told)

    assert Remittance.get().bank_line is None
    assert Deposit.select().count() == len(lines)


@pytest.mark.parametrize(
    ("told", "word"),
    [
        (replace(SENT, parts=Parts(charged=13_200)), "13,200円"),
        (replace(SENT, state=RemittanceState.FAILED), "送金ができませんでした"),
        (replace(SENT, arrives_on=date(2026, 11, 10)), "この金額の入金がありません"),
    ],
)
def test_what_does_not_agree_is_told_once(shop: Shop, told: Told, word: str) -> None:
    bring(shop, arrived(660, "ﾐﾎﾝ ﾀﾛｳ"))
    found = look(told)

    assert len(found) == 1
    assert word in found[0]
    assert look(told) == []
    assert (
        Event.select().where(Event.to_state == "difference", Event.reason.startswith("要確認: クレジットカードの会社からの入金")).count()
        == 1
    )


def test_what_the_company_tells_later_counts(shop: Shop) -> None:
    look(replace(SENT, state=RemittanceState.ON_WAY))
    look(SENT)

    assert [(row.state, row.parts_yen) for row in Remittance.select()] == [("sent", 12_725)]


def test_it_is_looked_for_over_a_month_and_a_silent_company_stops_nothing(shop: Shop) -> None:
    class Silent(Sends):
        def remittances(self, first: date, last: date) -> list[Told]:
            raise CompanyUnreachable("no line")

    sends = Sends(SENT)
    assert list(remittances.look({Method.CARD: Silent(), Method.WALLET: sends})) == []
    assert sends.asked == [(clock.today() - timedelta(days=35), clock.today() + timedelta(days=10))]
    assert Remittance.get().method == "wallet"
