"""What the history stores, in the words that staff read."""

import ast
from collections.abc import Iterator

import pytest

from portal.enums import ChargeSkip, HostingEventState, MailState, OrderState, PaymentState, RefundState
from portal.rules.staff.wording import ACTORS, ENTITIES, OTHER_STATES, actor_ja, entity_ja, reason_ja, state_ja
from tests.test_layers import modules

ENUMS = (OrderState, PaymentState, RefundState, MailState, HostingEventState, ChargeSkip)


@pytest.mark.parametrize(
    ("entity", "state", "words"),
    [
        ("order 12345678", "paid", "申し込み 12345678 支払い済み"),
        ("payment x-o12345678-a2", "unknown", "申し込み 12345678 の2回目のお支払い 確認中"),
        ("deposit 1", "allocated", "入金 1 充当"),
        ("staff keiri", "signed in", "担当者 keiri ログイン"),
        ("account new", "closed", "アカウント new 閉じている"),
        ("subscription 5", "stopped", "契約 停止中"),
        ("auto new 2026-12-31", "open order", "2026-12-31に終わる契約の自動更新 ほかの申し込みの結果待ち"),
        ("thing 1", "odd", "thing 1 odd"),
    ],
)
def test_history_entries_are_shown_in_japanese(entity: str, state: str, words: str) -> None:
    assert f"{entity_ja(entity)} {state_ja(state, entity)}" == words


def test_actors_are_shown_in_japanese() -> None:
    assert [actor_ja(actor) for actor in ("staff keiri", "account new", "card company", "worker", "x")] == [
        "担当者 keiri",
        "お客様 new",
        "カード会社",
        "定期処理",
        "x",
    ]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("入金の確認（order 12345678）", "入金の確認（申し込み 12345678）"),
        ("お申し込みの受付とお振込先（order 12345678 again 1）", "お申し込みの受付とお振込先（申し込み 12345678）"),
        ("自動更新の不成立（payment demo-o12345678-a1）", "自動更新の不成立（申し込み 12345678 の1回目のお支払い）"),
        ("自動更新のお知らせ（renewal card notice 2026-12-31 first）", "自動更新のお知らせ"),
        ("利用開始（start term 5）", "利用開始"),
        ("1回目で連絡（extension term 12）", "1回目で連絡"),
        ("不成立: expired_card", "不成立: カードの有効期限切れ"),
        ("不成立: do_not_honor", "不成立: 受け付けられなかった"),
        ("13200円の入金を確認", "13,200円の入金を確認"),
        ("要確認: 金額が違う（500円）", "要確認: 金額が違う（500円）"),
        ("申し込み 12345678 に 500円：電話で確認（佐藤）", "申し込み 12345678 に 500円：電話で確認（佐藤）"),
    ],
)
def test_reasons_are_shown_without_keys_and_codes(stored: str, shown: str) -> None:
    assert reason_ja(stored) == shown


def test_everything_that_the_program_records_has_words() -> None:
    """Entities, states and actors that are written as text in the actions."""
    states = OTHER_STATES.keys() | {state.value for states in ENUMS for state in states}
    known = ENTITIES.keys() | ACTORS.keys() | states
    found = {text for module, source in modules() if module.startswith("actions.") for text in _recorded(source)}

    assert len(found) > 20
    assert not found - known


def _recorded(source: str) -> Iterator[str]:
    """Texts in ASCII among the first five arguments of `history.record`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "history.record":
            texts = [part.value for argument in node.args[:5] for part in ast.walk(argument) if isinstance(part, ast.Constant)]
            yield from (text for text in texts if isinstance(text, str) and text.isascii() and text.strip())
