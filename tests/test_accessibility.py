"""docs/accessibility.md is what portal/rules/documents/accessibility.py says, and that claims nothing of a machine which it cannot tell."""

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from portal.rules.documents.accessibility import CRITERIA, READ_ON, Criterion, Proof, Result, Screens
from tests.browser import Browser

DOCUMENT = Path(__file__).parents[1] / "docs" / "accessibility.md"
WORDS = {Proof.AXE: "axe", Proof.OWN: "自前の検査", Proof.TESTS: "実ブラウザーの試験", Proof.BY_HAND: f"{READ_ON} に読んで"}
LEVELS = {"A": 32, "AA": 24}  # WCAG 2.2, and 4.1.1 of JIS X 8341-3:2016
IN_JIS = 38


def row(criterion: Criterion) -> str:
    standard = "JIS" if criterion.is_jis_alone else f"WCAG {criterion.new_in}" if criterion.new_in else "JIS・WCAG"
    results = [criterion.of(screens).label for screens in Screens]
    cells = (
        criterion.number,
        criterion.name,
        criterion.level,
        standard,
        *results,
        "、".join(map(WORDS.get, criterion.proofs)),
        criterion.how,
    )
    return f"| {' | '.join(cells)} |"


def table() -> str:
    head = ("番号", "達成基準", "レベル", "規格", *(screens.label for screens in Screens), "確かめ方", "内容")
    return "\n".join([f"| {' | '.join(head)} |", "| --- " * len(head) + "|", *map(row, CRITERIA)])


def test_the_table_of_the_document_is_the_one_of_the_program() -> None:
    assert table() in DOCUMENT.read_text("utf-8"), f"docs/accessibility.md must hold:\n{table()}"


def test_every_criterion_of_both_standards_is_there_once() -> None:
    assert len({criterion.number for criterion in CRITERIA}) == len(CRITERIA)
    assert {level: sum(criterion.level == level for criterion in CRITERIA) for level in LEVELS} == LEVELS
    assert sum(not criterion.new_in for criterion in CRITERIA) == IN_JIS


def test_axe_has_a_rule_for_each_criterion_of_which_it_is_said() -> None:
    known = set(re.findall(r'"wcag(\d{3,4})"', Axe().axe_script))

    assert [each.number for each in CRITERIA if Proof.AXE in each.proofs and each.number.replace(".", "") not in known] == []


def test_what_is_neither_met_nor_absent_says_why() -> None:
    unsure = [each for each in CRITERIA if {each.of(screens) for screens in Screens} & {Result.PARTLY, Result.UNKNOWN}]

    assert unsure
    assert all(each.how for each in unsure)


def test_the_statement_names_what_is_not_met_and_is_linked_from_the_sign_in(browser: Browser) -> None:
    browser.visit("/login").follow("アクセシビリティ")

    for criterion in CRITERIA:
        is_named = criterion.of(Screens.CUSTOMERS) in (Result.PARTLY, Result.UNKNOWN)
        assert browser.says(f"{criterion.number} {criterion.name}") == is_named, criterion.number
    assert "public" in browser.headers["Cache-Control"]


def test_every_criterion_is_listed_with_its_result(browser: Browser) -> None:
    browser.visit("/legal/accessibility").follow("達成基準の一覧")
    rows = [row.get_text(" ", strip=True) for row in browser.page.soup.select("main tbody tr")]

    assert rows == [f"{found.number} {found.name} {found.level} {found.of(Screens.CUSTOMERS).label}" for found in CRITERIA]
