"""The documents name what is there: files, commands, headings, settings."""

import re
from pathlib import Path

import pytest

from portal.cli import main
from portal.runtime.card_companies import CARD_COMPANIES

ROOT = Path(__file__).parents[1]
DOCUMENTS = (
    "README.md",
    "CHANGELOG.md",
    "bench/README.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")),
)
PACKAGE = ROOT / "site" / "portal"
ROOTS = (ROOT, PACKAGE, ROOT / "company")
A_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|\w+\.(?:py|toml|md))`")
NOT_YET = {"tests/store/released/VERSION.sql"}
TO_BE_WRITTEN = re.compile(r"[A-Z]{4,}|waf|^gateways/$")


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def anchor(heading: str) -> str:
    """As GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document):
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(document)):
        file, _, heading = target.partition("#")
        found = (ROOT / document).parent / file if file else ROOT / document
        assert found.is_file(), target
        headings = re.findall(r"^#+ (.+)$", found.read_text(encoding="utf-8"), re.MULTILINE) if heading else ()
        assert not heading or heading in map(anchor, headings), target


@pytest.mark.parametrize("document", ["README.md", "docs/decisions.md", "docs/provisioning.md", "bench/README.md"])
def test_every_file_that_is_named_exists(document):
    named = {path for path in A_PATH.findall(text_of(document)) if not TO_BE_WRITTEN.search(path)} - NOT_YET
    assert not [path for path in sorted(named) if not any((root / path).exists() for root in (*ROOTS, (ROOT / document).parent))]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_table_is_one_piece(document):
    """Rows after an empty line are shown as text with strokes."""
    parts = re.findall(r"(?:^\|.*\n)+", text_of(document), re.MULTILINE)
    assert [part for part in parts if not re.match(r".*\n\|[ :|-]+\|\n", part)] == []


A_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
A_REQUIREMENT = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([123]) \| .+ \| (.+) \| (.+) \|$", re.MULTILINE)
WITHOUT_A_TEST = re.compile(r"\]\(|^Rule: ")  # a document or the configuration of another program


@pytest.mark.parametrize(("document", "least"), [("docs/security.md", 100), ("docs/guide.md", 20)])
def test_every_test_that_is_named_exists(document, least):
    named = set(A_TEST.findall(text_of(document)))
    assert len(named) > least
    assert [f"{file}::{name}" for file, name in sorted(named) if f"def {name}(" not in text_of(file)] == []


def test_every_sentence_of_the_companys_guide_has_a_test():
    rows = re.findall(r"^\| (?!the guide|---)(.+) \| (.+) \|$", text_of("docs/guide.md"), re.MULTILINE)
    assert len(rows) > 50
    assert [sentence for sentence, by in rows if not A_TEST.search(by)] == []


def test_every_word_of_the_screen_in_a_sentence_is_in_a_test_that_walks_it():
    """[…] and 「…」: what the sentence tells to press, to choose or to read."""
    for sentence, by in re.findall(r"^\| (?!the guide|---)(.+) \| (.+) \|$", text_of("docs/guide.md"), re.MULTILINE):
        walked = "".join(body_of(file, name) for file, name in A_TEST.findall(by))
        on_screen = re.findall(r"[\[「]([^\]」]+)[\]」]", sentence)
        assert [words for words in on_screen if words not in walked] == [], sentence


def body_of(file: str, name: str) -> str:
    return text_of(file).partition(f"def {name}(")[2].partition("\n\n\n")[0]


def test_the_security_page_judges_every_requirement_of_levels_1_and_2():
    """253 of them: 70 of level 1, 183 of level 2."""
    text = text_of("docs/security.md")
    rows = A_REQUIREMENT.findall(text)
    applicable = [number for number, level, _, _ in rows if level in "12"]
    elsewhere = re.findall(r"\d+\.\d+\.\d+", text.partition("These do not apply:")[2].partition("## ")[0])
    assert len({*applicable, *elsewhere}) == len(applicable) + len(elsewhere) == 253
    assert {verdict for _, _, verdict, _ in rows} <= {"holds", "in part", "no"}
    assert [number for number, _, verdict, by in rows if verdict == "holds" and not (A_TEST.search(by) or WITHOUT_A_TEST.search(by))] == []


def test_what_takes_a_file_is_judged_as_one_that_does():
    """The requirements for uploads: their rules, their size, their content."""
    views = "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "routes").rglob("*.py"))
    judged = {number for number, _, _, _ in A_REQUIREMENT.findall(text_of("docs/security.md"))}
    assert ("\n@takes_file\n" in views) == ({"5.1.1", "5.2.1", "5.2.2"} <= judged)


def test_every_decision_has_its_date_and_stands_in_the_index():
    text = text_of("docs/decisions.md")
    decisions = re.findall(r"^### (.+)$", text, re.MULTILINE)
    assert decisions
    assert [title for title in decisions if not re.search(r" \(\d{4}-\d\d-\d\d\)$", title)] == []
    assert re.findall(r"\]\(#([^)]+)\)", text.partition("\n## ")[0]) == [anchor(title) for title in decisions]


def test_the_readme_names_every_setting():
    read = re.findall(
        r"""(?:environ(?:\.get\(|, )|_number\(environ, )"([A-Z_]+)""", (PACKAGE / "runtime" / "settings.py").read_text(encoding="utf-8")
    )
    read += [name for row in CARD_COMPANIES.values() for name in row.variables]
    named = set(re.findall(r"`([A-Z_]{4,})`", text_of("README.md")))
    assert len(read) > 10
    assert set(read) - named == set()


@pytest.mark.parametrize("document", ["README.md", "docs/operations.md", "docs/ja/運用.md"])
def test_every_command_that_is_named_exists(document):
    commands = re.findall(r"\./run portal (.+?)(?:`|  |\n|,)", text_of(document))
    assert commands
    for words in (re.findall(r"^[a-z-]+(?: [a-z]+(?= [A-Z]))?", command)[0].split() for command in commands):
        with pytest.raises(SystemExit) as ended:
            main([*words, "--help"])
        assert ended.value.code == 0, words


def test_every_script_of_abuse_stands_in_the_security_page():
    table = text_of("docs/security.md").partition("| script |")[2].partition("\n\n")[0]
    scripts = {path.stem for path in (ROOT / "tests" / "abuse").glob("*.py") if "\ndef main" in path.read_text(encoding="utf-8")}
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == scripts
