"""The table of limits: whose tries count together, and what is said."""

from datetime import UTC, datetime, timedelta

import pytest

from models import OneTimeLink
from portal.rules.accounts.limit_words import BY_TRANSFER, guessed_ja, refusal_ja, wait_ja
from portal.rules.accounts.limits import DAY, HOUR, LIMITS, QUARTER, By, Limit, Limited, TooMany, limits_of, longest

NOW = datetime(2026, 11, 29, 3, tzinfo=UTC)


def test_every_kind_has_its_row_and_no_limit_of_all_customers_stands_alone():
    assert LIMITS.keys() == set(Limited)
    assert all({limit.by for limit in rows} != {By.ALL} for rows in LIMITS.values())


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        (Limited.PAYMENT, {(By.WHO, 5, HOUR), (By.WHO, 15, DAY), (By.NETWORK, 60, HOUR), (By.ALL, 300, HOUR)}),
        (Limited.VISIT, {(By.WHO, 20, HOUR), (By.NETWORK, 200, HOUR), (By.ALL, 1_000, HOUR)}),
        (Limited.REFUSAL_MAIL, {(By.WHO, 1, HOUR)}),
        (Limited.PAYMENT_DETAILS, {(By.WHO, 3, HOUR)}),
        (Limited.CODE, {(By.BROWSER, 10, QUARTER), (By.WHO, 10, QUARTER)}),
    ],
)
def test_the_numbers_that_are_promised(kind, rows):
    assert {(limit.by, limit.most, limit.span) for limit in LIMITS[kind]} == rows


@pytest.mark.parametrize("kind", [kind for kind in Limited if any(limit.by is By.BROWSER for limit in LIMITS[kind])])
def test_a_browser_that_passed_before_is_counted_alone(kind):
    assert {limit.by for limit in limits_of(kind, is_known_browser=True)} == {By.BROWSER}
    assert By.BROWSER not in {limit.by for limit in limits_of(kind, is_known_browser=False)}


def test_whoever_is_refused_another_link_has_one_that_is_good():
    """Else a stranger who asks three times would take the way back from the owner for as long as no link works."""
    assert {limit.span for limit in LIMITS[Limited.RESET] if limit.by is By.WHO} == {OneTimeLink.LASTS}


def test_a_guess_shuts_nobody_out_for_longer_than_a_quarter_of_an_hour():
    guessed = (Limited.SIGN_IN, Limited.OWN_PASSWORD, Limited.CODE, Limited.RECOVERY)

    assert {longest(kind) for kind in guessed} == {QUARTER}


def test_a_known_browser_changes_nothing_where_none_is_counted_alone():
    assert limits_of(Limited.PAYMENT, is_known_browser=True) == LIMITS[Limited.PAYMENT]
    assert Limit(By.WHO, 5, HOUR) in limits_of(Limited.PAYMENT, is_known_browser=True)


@pytest.mark.parametrize(("minutes", "words"), [(1, "1分"), (59, "59分"), (60, "1時間"), (61, "1時間1分"), (1_440, "24時間"), (0, "0分")])
def test_the_wait_in_words(minutes, words):
    assert wait_ja(minutes) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "1分"), (1, "1分"), (60, "1分"), (61, "2分"), (719.5, "12分"), (3_600, "1時間"), (86_399, "24時間")]
)
def test_the_page_names_the_wait_and_what_else_is_possible(seconds, words):
    refusal = TooMany(Limited.PAYMENT, NOW + timedelta(seconds=seconds), NOW)

    said = f"続けて承認されなかったため、{words}お待ちください。銀行振込ではいまお申し込みいただけます。お支払いは行われていません。"
    assert refusal_ja(refusal, BY_TRANSFER) == said
    assert refusal.seconds >= seconds


@pytest.mark.parametrize("kind", Limited)
def test_every_refusal_says_how_long(kind):
    refusal = TooMany(kind, NOW + QUARTER, NOW)

    assert "15分" in refusal_ja(refusal)
    assert "15分ほどたってから" in guessed_ja(refusal)
