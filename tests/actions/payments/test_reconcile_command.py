"""`portal reconcile`: the company's list beside our books and beside the bank, in words; it changes nothing."""

from collections.abc import Callable
from datetime import date

import pytest

from models import Allocation, Event, Remittance
from portal.actions.payments.comparing import Comparison
from portal.enums import Method
from portal.gateways.card import CompanyUnreachable
from portal.gateways.companies import Companies
from portal.runtime import comparing
from portal.runtime.comparing import print_comparisons
from portal.store.opening import Refused
from tests.companies import Wrapped
from tests.purchase import Shop

SENT = "charge_20261102  2026-11-13  12,725円（売上 13,200円、手数料 -475円）  送金済み"
MONDAY, FRIDAY = date(2026, 11, 2), date(2026, 11, 13)


@pytest.fixture
def weeks_later(shop: Shop, business_day: Callable) -> Companies:
    business_day(MONDAY)
    shop.buy()
    business_day(FRIDAY)
    return Companies(card=shop.company)


def said(capsys: pytest.CaptureFixture[str], companies: Companies, first: date, last: date) -> tuple[int, list[str]]:
    code = print_comparisons(companies, first, last)
    return code, capsys.readouterr().out.splitlines()


def test_what_agrees_is_told_with_what_reached_the_bank(weeks_later: Companies, capsys) -> None:
    assert said(capsys, weeks_later, MONDAY, FRIDAY) == (
        0,
        [
            "クレジットカード 2026-11-02〜2026-11-13  会社 13,200円  ポータル 13,200円  差 0円",
            "  1件ずつ一致しています。",
            f"クレジットカードの口座への送金 {SENT}、銀行のファイルになし",
        ],
    )
    assert not Remittance.select().exists()


def test_a_month_is_told_to_its_last_day(weeks_later: Companies, capsys) -> None:
    assert said(capsys, weeks_later, date(2026, 10, 1), date(2026, 10, 31))[1] == [
        "クレジットカード 2026-10-01〜2026-10-31  会社 0円  ポータル 0円  差 0円",
        "  1件ずつ一致しています。",
    ]


def test_a_difference_is_told_with_what_to_do_and_the_exit_code(weeks_later: Companies, capsys) -> None:
    Allocation.delete().execute()
    code, lines = said(capsys, weeks_later, MONDAY, MONDAY)

    assert code == 1
    assert "差 13,200円" in lines[0]
    assert lines[1].endswith("この控えがあった日のデータベースが、古いものに戻されていないか確かめてください。")
    assert not Event.select().where(Event.to_state == "difference").exists()


def test_without_a_company_or_with_days_the_wrong_way_round_it_is_refused(weeks_later: Companies) -> None:
    with pytest.raises(Refused):
        print_comparisons(Companies(), MONDAY, MONDAY)
    with pytest.raises(Refused):
        print_comparisons(weeks_later, FRIDAY, MONDAY)


def test_a_key_that_may_not_read_the_remittances_stops_no_comparison(weeks_later: Companies, capsys) -> None:
    class MayNot(Wrapped):
        def answer(self, name, *arguments):
            if name == "remittances":
                raise CompanyUnreachable("no permission")
            return super().answer(name, *arguments)

    code, lines = said(capsys, Companies(card=MayNot(weeks_later.card)), MONDAY, FRIDAY)

    assert (code, lines[1]) == (1, "  1件ずつ一致しています。")
    assert lines[2] == "クレジットカードの会社から口座への送金の記録を受け取れません：no permission"


@pytest.mark.parametrize(("theirs_yen", "is_said"), [(6_000, True), (13_200, False)])
def test_sums_that_differ_although_each_line_agrees_are_explained(
    weeks_later: Companies, theirs_yen: int, is_said: bool, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dispute that is open: the company has taken the money, our books count it when it is lost."""
    found = Comparison(Method.CARD, MONDAY, FRIDAY, theirs_yen, 13_200, ())
    monkeypatch.setattr(comparing, "compare", lambda *_about: found)

    lines = said(capsys, weeks_later, MONDAY, FRIDAY)[1]

    assert ("差は、数える日の違い" in lines[1]) == is_said
