"""Files of the bank, imported: nothing twice, nothing lost, all or nothing, on both databases."""

from datetime import date, timedelta

import pytest

from models import Allocation, BankFile, BankLine, Deposit, Event
from portal import clock
from portal.actions.transfers import allocation, bank_files, deposits, line_decisions
from portal.actions.transfers.bank_files import ImportPlan, NotAsShown
from portal.actions.transfers.bank_lines import store_lines
from portal.actions.transfers.deposits import Entered, NotPossible
from portal.enums import LineKind, OrderState
from tests.bank_files import Paid, as_bytes, zengin01, zengin03
from tests.concurrency import at_once
from tests.purchase import CATALOG, later

on_both = pytest.mark.store
ACCOUNTS = CATALOG.bank_accounts
DAY, NEXT = date(2026, 11, 4), date(2026, 11, 5)
YAMADA, SUZUKI = Paid(13_200, "ﾔﾏﾀﾞ ﾀﾛｳ", DAY), Paid(660, "ｽｽﾞｷ ﾊﾅｺ", NEXT)
TWINS = [Paid(5_500, "ｶ)ﾃｽﾄｼﾖｳｼﾞ", DAY), Paid(5_500, "ｶ)ﾃｽﾄｼﾖｳｼﾞ", DAY)]


@pytest.fixture(autouse=True)
def balance(shop, business_day):
    business_day(date(2026, 11, 22))
    yield
    shop.ledger.prove()


def bring(shop, content: bytes, forced: tuple[int, ...] = ()) -> ImportPlan:
    file = bank_files.keep(content, "今日.txt", shop.staff, ACCOUNTS)
    return bank_files.import_file(file, shop.staff, ACCOUNTS, forced, is_as_shown=lambda plan: True)


def money() -> list[tuple[int, str]]:
    return [(deposit.yen, deposit.payer) for deposit in Deposit.select().order_by(Deposit.id)]


def of(*lines: Paid) -> list[tuple[int, str]]:
    return [(line.yen, line.payer) for line in lines]


def typed(shop, line: Paid, token: str = "typed", **dates: date) -> Deposit:
    on = {"booked_on": line.on, "valued_on": line.on} | dates
    return deposits.enter(Entered(**on, yen=line.yen, payer=line.payer), shop.staff, token)


@on_both
def test_each_transfer_becomes_a_deposit_and_truly_equal_ones_stay_two(shop):
    bring(shop, as_bytes(zengin01([YAMADA, *TWINS])))

    assert money() == of(YAMADA, *TWINS)
    assert [line.ordinal for line in BankLine.select().order_by(BankLine.record)] == [0, 0, 1]
    assert all(deposit.rest_yen == deposit.yen for deposit in Deposit.select())
    assert Event.select().where(Event.to_state == "entered").count() == 3


def test_the_same_file_again_is_known_and_refused(shop):
    content = as_bytes(zengin01([YAMADA, *TWINS]))
    bring(shop, content)

    with pytest.raises(NotPossible, match="取込済み"):
        bring(shop, content)
    assert (BankFile.select().count(), Deposit.select().count()) == (1, 3)


@on_both
def test_a_file_that_nobody_imports_is_gone_after_a_week(shop):
    bring(shop, as_bytes(zengin01([YAMADA])))
    looked_at = bank_files.keep(as_bytes(zengin01([SUZUKI])), "見ただけ.txt", shop.staff, ACCOUNTS)
    until = bank_files.gone_at(looked_at) - clock.now()

    with later(days=6, hours=23):
        assert (until > timedelta(days=6, hours=23), bank_files.forget_unimported(), BankFile.select().count()) == (True, 0, 2)
    with later(days=7, hours=1):
        assert (until < timedelta(days=7, hours=1), bank_files.forget_unimported()) == (True, 1)
        assert [file.name for file in BankFile.select()] == ["今日.txt"]


def test_a_file_that_is_read_again_stays_for_another_week(shop):
    content = as_bytes(zengin01([SUZUKI]))
    bank_files.keep(content, "見ただけ.txt", shop.staff, ACCOUNTS)

    with later(days=7, hours=1):  # the worker has not come by yet
        again = bank_files.keep(content, "もう一度.txt", shop.staff, ACCOUNTS)
        assert bank_files.forget_unimported() == 0
        assert bank_files.gone_at(BankFile.get_by_id(again.id)) > clock.now() + timedelta(days=6)


@on_both
def test_a_part_and_an_overlapping_file_bring_only_what_is_new(shop):
    bring(shop, as_bytes(zengin03([YAMADA, *TWINS])))

    part = bring(shop, as_bytes(zengin03([YAMADA])))
    overlapping = bring(shop, as_bytes(zengin03([YAMADA, *TWINS, Paid(5_500, TWINS[0].payer, DAY), SUZUKI])))

    assert (len(part.new), len(part.known)) == (0, 1)
    assert (len(overlapping.new), len(overlapping.known)) == (2, 3)
    assert all(known.is_certain for known in overlapping.known)
    assert money() == of(YAMADA, *TWINS, TWINS[0], SUZUKI)


def test_the_bank_s_numbers_tell_two_equal_transfers_of_two_files_apart(shop):
    bring(shop, as_bytes(zengin01([Paid(5_500, "ﾔﾏﾀﾞ ﾀﾛｳ", DAY, number=7)])))

    second = bring(shop, as_bytes(zengin01([Paid(5_500, "ﾔﾏﾀﾞ ﾀﾛｳ", DAY, number=8)])))

    assert (len(second.new), Deposit.select().count()) == (1, 2)


def test_the_same_transfer_in_another_format_is_known_unless_staff_say_otherwise(shop):
    csv = "取引日,入出金(円),残高(円),入出金先内容\n20261104,13200,113200,ﾔﾏﾀﾞ ﾀﾛｳ\n20261104,13200,126400,ﾔﾏﾀﾞ ﾀﾛｳ".encode()
    bring(shop, as_bytes(zengin01([Paid(13_200, "ﾔﾏﾀﾞ ﾀﾛｳ", DAY, number=4711)])))
    file = bank_files.keep(csv, "楽天.csv", shop.staff, ACCOUNTS)

    plan = bank_files.plan_of(file, ACCOUNTS)
    assert ([line.record for line in plan.new], [known.line.record for known in plan.doubtful]) == ([3], [2])

    bring(shop, csv, forced=(2,))
    assert Deposit.select().count() == 3


@on_both
def test_typed_deposits_are_joined_one_to_one(shop):
    """Two equal ones were typed, three came: one of them is new. One of the bank's days is enough."""
    twins = [typed(shop, TWINS[0], "one"), typed(shop, TWINS[1], "two", booked_on=NEXT)]

    plan = bring(shop, as_bytes(zengin01([*TWINS, TWINS[0], YAMADA])))

    assert (len(plan.typed), len(plan.deposits), Deposit.select().count()) == (2, 2, 4)
    joined = BankLine.select().where(BankLine.was_typed).order_by(BankLine.record)
    assert [line.deposit_id for line in joined] == [deposit.id for deposit in twins]
    assert deposits.same_as(Entered(DAY, DAY, 13_200, "ヤマダ　タロウ")) == [Deposit.get(Deposit.yen == 13_200)]


def test_a_typed_deposit_of_another_name_day_or_yen_is_not_joined(shop):
    for place, line in enumerate((Paid(13_200, "ﾔﾏﾀﾞ", DAY), Paid(13_201, "ﾔﾏﾀﾞ ﾀﾛｳ", DAY), Paid(13_200, "ﾔﾏﾀﾞ ﾀﾛｳ", NEXT))):
        typed(shop, line, f"typed{place}")

    assert not bring(shop, as_bytes(zengin01([YAMADA]))).typed
    assert Deposit.select().count() == 4


def test_what_came_since_the_look_shows_the_file_again_and_imports_nothing(shop):
    file = bank_files.keep(as_bytes(zengin01([YAMADA])), "今日.txt", shop.staff, ACCOUNTS)
    shown = bank_files.plan_of(file, ACCOUNTS).fingerprint
    typed(shop, YAMADA)

    with pytest.raises(NotAsShown):
        bank_files.import_file(file, shop.staff, ACCOUNTS, is_as_shown=lambda plan: plan.fingerprint == shown)
    assert not BankLine.select().exists()
    assert not BankFile.get().is_imported


@on_both
def test_an_import_that_breaks_off_leaves_nothing(shop, monkeypatch):
    monkeypatch.setattr(bank_files.history, "record", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        bring(shop, as_bytes(zengin01([YAMADA, *TWINS])))
    assert [table.select().count() for table in (Deposit, BankLine, Allocation)] == [0, 0, 0]
    monkeypatch.undo()
    bring(shop, as_bytes(zengin01([YAMADA, *TWINS])))
    assert Deposit.select().count() == 3


@on_both
def test_two_people_import_one_file_and_an_overlapping_one_at_once(shop):
    """A deposit for each transfer, whoever is first."""
    files = [as_bytes(zengin01([YAMADA, *TWINS])), as_bytes(zengin01([YAMADA, *TWINS, SUZUKI]))]
    kept = [bank_files.keep(content, "今日.txt", shop.staff, ACCOUNTS) for content in files]

    def press(file: BankFile) -> bool:
        try:
            bank_files.import_file(file, shop.staff, ACCOUNTS, is_as_shown=lambda plan: True)
        except NotPossible:
            return False
        return True

    done = at_once(*[lambda file=file: press(file) for file in (*kept, *kept)])

    assert sorted(done) == [False, False, True, True]
    assert sorted(money()) == sorted(of(YAMADA, *TWINS, SUZUKI))


def test_control_a_plan_from_before_another_import_would_bring_lines_twice(shop):
    """Without the lock, and without asking again inside it, two people at once would do this."""
    files = [
        bank_files.keep(as_bytes(zengin01(lines)), "今日.txt", shop.staff, ACCOUNTS)
        for lines in ([YAMADA, *TWINS], [YAMADA, *TWINS, SUZUKI])
    ]
    plans = [bank_files.plan_of(file, ACCOUNTS) for file in files]

    for file, plan in zip(files, plans, strict=True):
        store_lines(file, plan.new, plan.typed, shop.staff)

    assert Deposit.select().count() == 7


@on_both
def test_two_thousand_lines_are_written_together(shop):
    many = [Paid(100 + place, f"{place:08} ﾃｽﾄ", DAY) for place in range(2000)]

    plan = bring(shop, as_bytes(zengin01(many)))

    assert (len(plan.deposits), Deposit.select().count(), Allocation.select().count()) == (2000, 2000, 2000)


# -- what staff decide about a line ------------------------------------------------------------------------------------


def test_a_line_that_is_no_customer_s_money_is_ignored_and_counts_again(shop):
    bring(shop, as_bytes(zengin03([YAMADA, Paid(12, "ﾘｿｸ", DAY, kind="18")])))
    line, interest = BankLine.select().order_by(BankLine.record)
    assert interest.ignored_reason == "お客様の振込ではない入金：その他"

    line_decisions.ignore(line, shop.staff, "自社の別口座から")
    assert not Deposit.select().exists()
    with pytest.raises(NotPossible):
        line_decisions.ignore(line, shop.staff, "自社の別口座から")
    again = line_decisions.restore(line, shop.staff, "お客様の入金だった")
    line_decisions.restore(interest, shop.staff, "お客様の入金だった")

    assert money() == [*of(YAMADA), (12, "ﾘｿｸ")]
    assert BankLine.get_by_id(line.id).deposit == again
    bring(shop, as_bytes(zengin03([YAMADA, SUZUKI])))
    assert Deposit.select().count() == 3


def test_a_line_whose_money_was_used_cannot_be_ignored(shop):
    order = shop.place_for_transfer(shop.draft())
    bring(shop, as_bytes(zengin01([Paid(order.total_yen, f"{order.number} ﾐﾎﾝ", DAY + timedelta(days=18))])))
    allocation.allocate(Deposit.get(), order, order.total_yen, shop.staff, "番号が一致", catalog=CATALOG)

    with pytest.raises(NotPossible, match="充当"):
        line_decisions.ignore(BankLine.get(), shop.staff, "間違い")


@on_both
@pytest.mark.parametrize("is_allocated", [False, True])
def test_what_the_bank_takes_back_goes_back_with_its_allocation(shop, is_allocated):
    order, day = shop.place_for_transfer(shop.draft()), date(2026, 11, 22)
    payer = f"{order.number} ﾐﾎﾝ"
    bring(shop, as_bytes(zengin01([Paid(order.total_yen, payer, day)])))
    deposit = Deposit.get()
    if is_allocated:
        allocation.allocate(deposit, order, order.total_yen, shop.staff, "番号が一致", catalog=CATALOG)
    bring(shop, as_bytes(zengin01([Paid(order.total_yen, payer, day, is_cancelled=True)])))
    line = BankLine.get(BankLine.kind == LineKind.CORRECTION)

    line_decisions.take_back(line, deposit, shop.staff, "組戻し", "test", catalog=CATALOG)

    assert (deposit.rest_yen, type(order).get_by_id(order.id).state) == (0, OrderState.PLACED)
    assert BankLine.get_by_id(line.id).deposit == deposit
    with pytest.raises(NotPossible):
        line_decisions.take_back(line, deposit, shop.staff, "組戻し", "test", catalog=CATALOG)
