"""One word per thing: what customers and staff read, in templates, mails, the catalog and the program's own strings."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import models
from portal.runtime.folders import asset_folder

HOME = Path(models.__file__).parent

# The wrong word (a pattern) -> the right one, or how to say it.
RIGHT = {
    "お客さま": "お客様",
    "(?<!お客)さま(?!ざま|たげ)": "様：見本 花 様",
    "社員": "担当者",
    "決済会社": "カード会社、おさいぽ!。どちらでもあるときは、会社を主語にしない",
    "お?振込期限|お?支払期限|入金期限|支払い期日": "お支払い期限",
    "再試行|再決済|もう一度(手続き|の手続き|決済)": "再手続き",
    "(支払い|決済|更新|手続き)(に|が)失敗": "お支払いは完了していません、できませんでした",
    "停止するまで|停止のお手続き|自動更新[のをが]停止|変更・停止|取り消し・停止": "停止はサーバーだけ。自動更新は止める、解除する",
    "自動更新を(やめ|中止|キャンセル)": "自動更新を止める",
    "(?<!カード)自動更新表示|自動的に更新表示": "自動表示",
    "お申込|申込|お申しこみ": "お申し込み",
    "取消し|取りけし": "取り消し。入金状況の名前だけは取消",
    "10時から17時|土日・祝日・年末": "平日 10:00〜17:00（土日祝・年末年始を除く）",
    "クレカ|クレジットカード会社": "クレジットカード、カード会社",
}
# Where the wrong word is right: the file, the words around it, and why.
EXCEPTIONS = {
    "company/documents/device-terms-2026-04-01.html": ("社員の方", "the customer's own employees"),
    "company/documents/server-terms-2026-04-01.html": ("停止のお手続き", "customers have agreed to this very text"),
}


def said() -> Iterator[tuple[str, str]]:
    """Each file with the words that somebody may read in it."""
    for folder in ("templates", "company"):
        root = Path(asset_folder(folder))
        for path in sorted(found for found in root.rglob("*") if found.suffix in (".html", ".txt", ".toml")):
            yield f"{folder}/{path.relative_to(root)}", re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    for path in [Path(models.__file__), *sorted((HOME / "site/portal").rglob("*.py"))]:
        yield str(path.relative_to(HOME)), "\n".join(strings(ast.parse(path.read_text("utf-8"))))


def strings(tree: ast.AST) -> Iterator[str]:
    """The texts of a program, without docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented) and node.body and is_text(node.body[0])}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def wrong_words(name: str, text: str) -> list[str]:
    around, _ = EXCEPTIONS.get(name, ("", ""))
    lines = [(line.replace(around, "") if around else line) for line in text.split("\n")]
    return [
        f"{name}: 「{found[0]}」 → {right}：{line.strip()[:80]}"
        for wrong, right in RIGHT.items()
        for line in lines
        for found in [re.search(wrong, line)]
        if found
    ]


def test_each_thing_has_one_word():
    assert not [fault for name, text in said() for fault in wrong_words(name, text)]


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_an_exception_is_still_needed(name):
    assert EXCEPTIONS[name][0] in dict(said())[name]


@pytest.mark.parametrize(
    "wrong", ["お客さまのお名前", "見本 花 さま", "お振込期限", "更新に失敗しました", "自動更新の停止", "もう一度手続きします"]
)
def test_negative_control_a_wrong_word_is_found(wrong):
    assert wrong_words("x.html", wrong)


@pytest.mark.parametrize("right", ["お客様", "さまざまな", "さまたげる", "サーバーの停止", "自動更新を止める", "もう一度お試しください"])
def test_negative_control_a_right_word_is_left_alone(right):
    assert not wrong_words("x.html", right)


def test_negative_control_a_program_s_strings_are_read_and_its_docstrings_are_not():
    found = list(strings(ast.parse('def greet():\n    """お客さま"""\n    return f"社員の{1}"\n')))

    assert found == ["社員の"]
