"""Names and numbers as banks write them, and the history's words."""

import pytest

from portal.rules.staff.wording import actor_ja, entity_ja, state_ja
from portal.rules.transfers.name_key import name_in, numbers_in, plain, spellings


@pytest.mark.parametrize(
    ("payer", "numbers", "name"),
    [
        ("12345678 ﾔﾏﾀﾞ ﾀﾛｳ", ("12345678",), "ヤマダタロウ"),
        ("１２３４５６７８ヤマダ", ("12345678",), "ヤマダ"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ 1234-5678", ("12345678",), "ヤマダタロウ"),
        ("ｶ)ﾔﾏﾀﾞ 12345678", ("12345678",), "ヤマダ"),
        ("ﾔﾏﾀﾞ(ｶ 87654321 12345678", ("87654321", "12345678"), "ヤマダ"),
        ("123456789 ﾔﾏﾀﾞ", (), "ヤマダ"),
        ("1234567", (), ""),
        ("", (), ""),
        ("ﾍﾟｰﾊﾟｰｼﾖｳｼﾞ", (), "ペーパーシヨウジ"),
    ],
)
def test_order_number_and_name_are_read_from_the_payer_text(payer: str, numbers: tuple[str, ...], name: str) -> None:
    assert numbers_in(payer) == numbers
    assert name_in(payer) == name


@pytest.mark.parametrize("typed", ["やまだ　たろう", "ヤマダ タロウ", "ﾔﾏﾀﾞﾀﾛｳ"])
def test_a_name_matches_in_full_width_and_half_width_kana(typed: str) -> None:
    assert {"ヤマダタロウ", "ﾔﾏﾀﾞﾀﾛｳ"} <= set(spellings(typed))


def test_an_empty_name_has_no_spelling() -> None:
    assert spellings("　 ") == ()
    assert plain("１ ２　３") == "123"


@pytest.mark.parametrize(
    ("entity", "state", "words"),
    [
        ("order 12345678", "paid", "申し込み 12345678 支払い済み"),
        ("payment x-o1-a1", "unknown", "お支払い x-o1-a1 確認中"),
        ("deposit 1", "allocated", "入金 1 充当"),
        ("staff keiri", "signed in", "社員 keiri ログイン"),
        ("thing 1", "odd", "thing 1 odd"),
    ],
)
def test_history_entries_are_shown_in_japanese(entity: str, state: str, words: str) -> None:
    assert f"{entity_ja(entity)} {state_ja(state, entity)}" == words


def test_actors_are_shown_in_japanese() -> None:
    assert [actor_ja(actor) for actor in ("staff keiri", "account new", "card company", "worker", "x")] == [
        "社員 keiri",
        "お客さま new",
        "カード決済会社",
        "定期処理",
        "x",
    ]
