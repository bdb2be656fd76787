"""bench/three_years.py acts by what pages say, and is run by hand alone: a word that left the pages is noticed here."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOOKED_FOR = {"press": 9, "offers": 9, "follow": 9, "choose": 9, "startswith": 9, "fill": 1}  # how many words of each; others are typed


def words_it_looks_for() -> set[str]:
    texts = [(ROOT / "bench/years" / name).read_text("utf-8") for name in ("people.py", "staff.py")]
    calls = [node for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    words = [each for call in calls for each in call.args[: LOOKED_FOR.get(getattr(call.func, "attr", ""), 0)]]
    return {word.value for word in words if isinstance(word, ast.Constant)}


def test_every_word_that_the_three_years_look_for_is_in_the_program():
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "site").rglob("*.py")]
    said = "\n".join(path.read_text("utf-8") for path in files)
    words = words_it_looks_for()

    assert len(words) >= 30
    assert sorted(word for word in words if word not in said) == []
