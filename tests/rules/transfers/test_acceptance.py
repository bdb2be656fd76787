from datetime import date

import pytest

from portal.enums import OrderState
from portal.rules.transfers import acceptance
from portal.rules.transfers.acceptance import MoneyAndOrder, refusal

DUE, LATE = date(2026, 12, 6), date(2026, 12, 7)
TOTAL = 13_200


def money(state: OrderState = OrderState.PLACED, on: date = DUE, rest: int = TOTAL, **more) -> MoneyAndOrder:
    return MoneyAndOrder(state, on, DUE, rest, TOTAL, more.pop("missing", TOTAL), **more)


EXPIRED = OrderState.EXPIRED
OTHER, AGAIN = acceptance.HAS_OTHER_ORDER, acceptance.REOPENED_BEFORE


@pytest.mark.parametrize(
    ("found", "yen", "why"),
    [
        (money(), TOTAL, None),
        (money(on=LATE), 12_760, None),
        (money(), 0, "この入金の残り"),
        (money(rest=100), 101, "この入金の残り"),
        (money(missing=440), 441, "不足額を超えて"),
        (money(OrderState.DRAFT), 1, "まだ確定していません"),
        (money(OrderState.PAID), 1, "入金確認済"),
        (money(OrderState.CANCELLED), None, "取り消されています"),
        (money(rest=0), None, "残りはありません"),
        (money(is_in_progress=True), None, "結果を確認中"),
        (money(is_done=True), None, "すでにこの申し込みに充当"),
        (money(fits=False), None, "契約期間は、すでに支払われているか"),
        (money(fits=False, is_new=True), None, "すでにサーバーを契約"),
        (money(is_automatic=True), TOTAL, None),
        (money(is_automatic=True), 100, "全額だけ"),
        (money(is_automatic=True, rest=100), None, "全額だけ"),
        (money(EXPIRED), TOTAL, None),
        (money(EXPIRED, has_other_order=True), TOTAL, None),
        (money(EXPIRED, fits=False), TOTAL, "契約期間は、すでに支払われているか"),
        (money(EXPIRED, rest=440), 440, None),
        (money(EXPIRED, LATE), TOTAL, "期限のあとの入金"),
        (money(EXPIRED, LATE), 1, "期限のあとの入金"),
        (money(EXPIRED, LATE, rest=440), 440, None),
        (money(EXPIRED, LATE, rest=440, missing=440), 440, None),
        (money(EXPIRED, LATE, rest=440, has_other_order=True), None, OTHER),
        (money(EXPIRED, rest=440, has_other_order=True), None, OTHER),
        (money(EXPIRED, LATE, rest=440, was_reopened=True), None, AGAIN),
        (money(EXPIRED, LATE, rest=440, fits=False), None, "契約期間は、すでに支払われているか"),
    ],
)
def test_why_a_deposit_cannot_be_allocated(found, yen, why):
    said = refusal(found, yen)

    assert (why is None) == (said is None)
    assert why is None or why in said


@pytest.mark.parametrize(
    ("found", "yen", "opens"),
    [
        (money(), 440, False),
        (money(EXPIRED), TOTAL, False),
        (money(EXPIRED), 12_760, True),
        (money(EXPIRED, LATE, rest=440), 440, True),
        (money(EXPIRED, LATE, rest=440, missing=440), 440, True),
        (money(EXPIRED, rest=440, missing=440), 440, False),
    ],
)
def test_a_part_of_an_order_that_is_over_opens_it_again(found, yen, opens):
    assert found.reopens(yen) is opens
