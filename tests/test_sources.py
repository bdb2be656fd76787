"""What the program must not contain: modules, calls and words of scripts that would open a way in."""

import ast
import re
from pathlib import Path

import pytest

from tests.test_layers import imports, modules

ROOT = Path(__file__).parents[1]
FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "xml", "random", "ctypes", "subprocess"}
EXCEPT = {
    ("runtime.serving.parent", "subprocess"),  # starts the web processes; its command is written in the code
    ("store.backup", "subprocess"),  # pg_dump; its command is written in the code, the password goes by the environment
    ("catalog.brand", "xml"),  # the company's own mark, of 2,000 bytes, read at the start
}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "system", "popen", "md5", "sha1"}
SCRIPTS = ("portal.js", "password.js", "desk.js")
# Storage of the browser, code made of text, messages of other windows, HTML made of anything but a literal.
IN_SCRIPTS = re.compile(r"localStorage|sessionStorage|indexedDB|\beval\(|new Function|postMessage|document\.write|innerHTML\s*=\s*[^'\"\s]")
# A part of a page that was rendered before, and escaped there; terms from the company's own folder.
RENDERED = re.compile(r"(look|live|confirmation)\.content\|safe|document\.html\|safe")
IN_TEMPLATES = re.compile(r"\|\s*safe\b|autoescape false|<script(?![^>]* src=)|\son\w+=|javascript:")


def of_real_use() -> dict[str, str]:
    return {module: text for module, text in modules() if not module.startswith(("demo", "sandbox"))}


def dangers(module: str, text: str) -> list[str]:
    found = [name.split(".")[0] for name in imports(text)]
    found = [name for name in found if name in FORBIDDEN_MODULES and (module, name) not in EXCEPT]
    for node in ast.walk(ast.parse(text)):
        name = getattr(getattr(node, "func", None), "id", "") or getattr(getattr(node, "func", None), "attr", "")
        is_method = isinstance(getattr(node, "func", None), ast.Attribute) and name in ("compile", "exec")
        found += [name] if name in FORBIDDEN_CALLS and not is_method else []
    return found


def test_no_module_runs_text_starts_programs_or_draws_guessable_numbers():
    found = {module: dangers(module, text) for module, text in of_real_use().items()}

    assert {module: names for module, names in found.items() if names} == {}


@pytest.mark.parametrize("text", ["import pickle", "from random import choice", "eval(typed)", "os.system(typed)", "hashlib.md5(b'')"])
def test_negative_control_each_danger_is_found(text):
    assert dangers("actions.x", text)


def test_every_password_field_is_masked_and_open_to_managers():
    """`onpaste` and its like are refused below, so nothing hinders pasting."""
    fields = [line for path in sorted((ROOT / "templates").rglob("*.html")) for line in path.read_text("utf-8").splitlines()]
    fields = [line for line in fields if re.search(r"form\.(password|current|new)\b|-password\"", line) and "text(" in line + "field("]

    assert len(fields) >= 4
    assert [line for line in fields if 'type="password"' not in line or not re.search(r'"(current|new)-password"', line)] == []


def test_our_scripts_store_nothing_and_make_no_code_of_text():
    assert [name for name in SCRIPTS if IN_SCRIPTS.search((ROOT / "static" / name).read_text("utf-8"))] == []


def test_no_template_prints_unescaped_text_or_carries_a_script():
    texts = {str(path): path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html")}

    assert [name for name, text in texts.items() if IN_TEMPLATES.search(RENDERED.sub("", text))] == []


@pytest.mark.parametrize(
    "text", ["{{ name|safe }}", "{{ name | safe }}", "<script>x()</script>", '<a onclick="x()">', '<a href="javascript:x">']
)
def test_negative_control_a_dangerous_template_is_found(text):
    assert IN_TEMPLATES.search(RENDERED.sub("", text))


MONEY = re.compile(
    r"\b(?:Allocation|Deposit|MovedMoney)\.(?:update|delete)\(|\b(?:allocation|part|deposit|receipt)\.(?:delete_instance|save)\("
)
CHANGES_MONEY = {"actions.payments.money", "actions.privacy.erasing"}  # keeps what it takes off; takes only names away


def test_one_module_alone_changes_or_deletes_money():
    """Anything else would change an accountant's day that is over (MovedMoney)."""
    assert [module for module, text in of_real_use().items() if MONEY.search(text) and module not in CHANGES_MONEY] == []
