"""The history in words."""

import pytest

from portal.rules.staff.wording import actor_ja, entity_ja, state_ja


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
