"""Imports go one way: routes -> forms -> rules -> actions -> models. What this table does not allow is refused."""

import ast
import re
import sys
from collections.abc import Collection, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "site"

PURE = {"enums", "catalog", "rules"}
DATABASE = {f"store.{name}" for name in ("batches", "beginnings", "database", "encryption", "fields", "locks", "prepared", "row_locks")}
STORE = {"models", "enums", "clock", "security_log"} | DATABASE
FLASK = {"flask", "flask_wtf", "flask_compress", "markupsafe", "werkzeug", "jinja2", "brotli"}
ANYTHING = None

# layer: (our own modules that it may import beside its own, libraries that it may import)
TABLE: dict[str, tuple[set[str] | None, set[str] | None]] = {
    "enums": (set(), set()),
    "clock": (set(), set()),
    "security_log": (set(), set()),
    "runtime": (ANYTHING, ANYTHING),
    "models": (
        {"enums"} | {f"store.{name}" for name in ("changes", "database", "fields", "inserts", "prepared", "row_locks")},
        {"peewee"},
    ),
    "store": ({"runtime.folders", "store.encryption"}, {"playhouse", "peewee", "filelock"}),
    "store.encryption": (set(), {"cryptography"}),
    "store.key_rotation": ({"models", "store"}, set()),
    "store.installation": ({"models", "store"}, set()),
    "store.opening": ({"models", "store", "runtime.settings"}, {"peewee"}),
    "catalog": ({"enums"}, set()),
    "rules": ({"enums", "catalog"}, {"jpholiday", "idna"}),
    "forms": ({"rules", "catalog", "enums"}, {"wtforms", "flask_wtf", "flask.g", "markupsafe", "werkzeug"}),
    "formats": ({"clock", "enums"}, set()),
    "gateways": ({"enums", "runtime.settings", "runtime.setting_checks"}, {"urllib3"}),
    "gateways.companies": ({"enums", "runtime.settings", "runtime.card_companies", "gateways.card", "gateways.wallet"}, set()),
    "gateways.card.stripe": ({"gateways.answers", "gateways.card", "gateways.checks", "runtime.settings"}, {"stripe"}),
    "actions": (
        PURE
        | STORE
        | {"formats", "runtime.folders", "store.inserts"}
        | {f"gateways.{name}" for name in ("card", "wallet", "companies", "smtp", "hosting", "hosting_answers")},
        {"peewee", "argon2", "pyotp", "jinja2"},
    ),
    "web": (
        PURE
        | STORE
        | {"runtime.settings", "runtime.folders", "runtime.compression", "formats", "store"}
        | {f"gateways.{name}" for name in ("card", "wallet", "companies")},
        FLASK | {"peewee"},
    ),
    "screens": (PURE | STORE | {"web", "forms", "actions", "gateways.card", "gateways.wallet"}, FLASK),
    "routes": (
        PURE
        | STORE
        | {
            "web",
            "screens",
            "forms",
            "actions",
            "formats",
            "store",
            "runtime.settings",
            "gateways.card",
            "gateways.wallet",
            "gateways.hosting_answers",
        },
        FLASK | {"peewee.PeeweeException"},
    ),
    "sandbox": ({"runtime.compression", "forms.reading"}, FLASK | {"urllib3"}),
    "app": (ANYTHING, ANYTHING),
    "jobs": (
        STORE | {"actions", "catalog", "formats", "store", "runtime.settings", "gateways.companies", "gateways.smtp", "gateways.hosting"},
        {"tqdm", "peewee.PeeweeException"},
    ),
    "demo": (ANYTHING, ANYTHING),
    "cli": ({"runtime", "catalog", "store", "demo"}, set()),
}

# What may be imported by these alone, whatever the table allows. cli.py: only in its function COMMANDS_OF_A_DEMO.
ONLY_FOR = {
    "sandbox": ("demo", "gateways.card.sandbox", "gateways.wallet.sandbox", "sandbox"),
    "gateways.card.sandbox": ("demo", "gateways.card.sandbox"),
    "gateways.wallet.sandbox": ("demo", "gateways.wallet.sandbox"),
    "demo": ("cli", "demo"),
    "cli": (),
    "runtime.commands": ("cli", "demo.commands", "runtime.customers", "runtime.people"),
    "runtime.people": ("cli",),
    "jobs": ("runtime.commands", "runtime.company", "demo", "jobs"),
    "app": ("demo.wsgi",),
}
COMMANDS_OF_A_DEMO = "_commands_of_a_demo"


def modules() -> Iterator[tuple[str, str]]:
    """Every module's short name (`actions.pay`, `models`) and its text."""
    yield "models", (ROOT / "models.py").read_text(encoding="utf-8")
    for path in sorted((SOURCE / "portal").rglob("*.py")):
        parts = path.relative_to(SOURCE / "portal").with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__"), path.read_text(encoding="utf-8")


def offences(module: str, text: str) -> list[str]:
    """What `module` imports although the table does not let it."""
    if not module:
        return [] if not list(imports(text)) else ["portal/__init__.py imports something"]
    return [f"{module} imports {name}" for name in imports(text) if not may_import(module, name)]


def imports(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{name.name}" for name in node.names)


def may_import(module: str, name: str) -> bool:
    if name.startswith("."):
        return False  # one way to write an import
    ours, libraries = TABLE[layer_of(module)]
    if name.split(".")[0] in sys.stdlib_module_names and not name.startswith("portal"):
        return True
    if name.split(".")[0] not in ("portal", "models"):
        return libraries is ANYTHING or is_in(name, libraries)
    short = name.removeprefix("portal.")
    if any(is_in(short, {guarded}) and not is_in(module, set(importers)) for guarded, importers in ONLY_FOR.items()):
        return False
    own = layer_of(short) == layer_of(module)
    return own or ours is ANYTHING or is_in(short, ours) or is_in(short, books_of(module))


def books_of(module: str) -> set[str]:
    """The sandbox's gateways write in the sandbox's books directly, never over HTTP to ourselves."""
    return {"sandbox.books"} if module.startswith("gateways.") and ".sandbox" in module else set()


def layer_of(short: str) -> str:
    """The longest name in the table that the module stands under: `store.opening` has a line of its own."""
    parts = short.split(".")
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in names if name in TABLE), parts[0])


def is_in(name: str, roots: set[str]) -> bool:
    return any(name == root or name.startswith(f"{root}.") for root in roots)


def test_every_module_has_its_layer():
    unknown = {layer_of(module) for module, _ in modules() if module} - TABLE.keys()

    assert not unknown, "say in TABLE what these may import"


def test_imports_go_one_way():
    found = [offence for module, text in modules() for offence in offences(module, text)]

    assert not found


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("rules.terms", "import flask"),
        ("rules.terms", "from models import Order"),
        ("rules.terms", "from portal import clock"),
        ("rules.terms", "def late():\n    from portal.actions.pay import settle"),
        ("forms.contract", "from models import Order"),
        ("forms.contract", "from portal import clock"),
        ("forms.contract", "from portal.gateways.card import Paid"),
        ("actions.pay", "from flask import g"),
        ("actions.pay", "from portal.routes.orders import blueprint"),
        ("actions.pay", "from portal.gateways.card.sandbox import SandboxCardCompany"),
        ("routes.orders", "from peewee import fn"),
        ("routes.orders", "import portal.sandbox.books"),
        ("gateways.card", "import models"),
        ("gateways.card.stripe", "from portal.sandbox.books import Books"),
        ("sandbox.card", "from models import Order"),
        ("sandbox.card", "from portal.web.sessions import TableSessions"),
        ("models", "from portal.rules.terms import span"),
        ("models", "import portal"),
        ("models", "from playhouse.migrations import Runner"),
        ("models", "from portal.store.opening import open_database"),
        ("models", "from portal.store import migrations"),
        ("store.database", "from models import Order"),
        ("store.migrations", "import models"),
        ("store.database", "from portal.store.opening import open_database"),
        ("store.installation", "from portal.runtime.settings import Settings"),
        ("actions.pay", "from portal.store.opening import open_database"),
        ("rules.terms", "from portal.store.database import database"),
        ("forms.contract", "from portal.store.database import database"),
        ("enums", "import peewee"),
        ("jobs.worker", "from portal.demo import personas"),
        ("jobs.table", "from portal.web import sessions"),
        ("app", "from portal.demo.bar import bar"),
        ("app", "from portal.sandbox.app import create_sandbox"),
        ("app", "from portal.gateways.card.sandbox import SandboxCardCompany"),
        ("runtime.commands", "def late():\n    from portal.demo.turn_lock import TurnLock"),
        ("runtime.commands", "from portal.app import create_app"),
        ("demo.start", "from portal.app import create_app"),
        ("gateways.companies", "from portal.gateways.card.sandbox import SandboxCardCompany"),
        ("jobs.worker", "from portal.app import create_app"),
        ("web.current", "from portal.routes import orders"),
        ("catalog.load", "from .items import Plan"),
    ],
)
def test_an_import_in_the_wrong_direction_is_reported(module, line):
    assert offences(module, line)


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("rules.terms", "from datetime import date\nfrom portal.enums import ProductKind"),
        ("actions.pay", "from models import Order\nfrom portal.gateways.card import Paid\nfrom portal.rules.terms import span"),
        ("gateways.card.sandbox", "from portal.sandbox.books import charges"),
        ("routes.orders", "from portal.actions import orders\nfrom flask import Blueprint"),
        ("actions.pay", "from portal.store import database as store\nfrom portal.store.database import for_update"),
        ("models", "from peewee import Model\nfrom portal.enums import ProductKind\nfrom portal.store.database import database"),
        ("store.opening", "from models import Installation\nfrom portal.store import migrations"),
    ],
)
def test_an_import_in_the_right_direction_is_not_reported(module, line):
    assert offences(module, line) == []


def test_the_command_line_reaches_a_demo_by_one_function():
    text = (SOURCE / "portal" / "cli.py").read_text(encoding="utf-8")

    assert strays(text) == []


@pytest.mark.parametrize("text", ["from portal.demo import start", "def serve():\n    from portal.demo.start import run"])
def test_a_second_import_of_the_demo_by_the_command_line_is_reported(text):
    assert strays(text)


def strays(text: str) -> list[str]:
    """What is imported of a demo outside that function."""
    tree = ast.parse(text)
    rest = [node for node in tree.body if getattr(node, "name", "") != COMMANDS_OF_A_DEMO]
    return [name for name in imports(ast.unparse(ast.Module(rest, []))) if is_in(name, {"portal.demo"})]


def test_web_names_no_view():
    """Views carry marks (web/marks.py), and app.py says where each area begins."""
    found = [f"{module}: {name}" for module, text in modules() if layer_of(module) == "web" for name in views_named(text)]

    assert not found


def test_a_view_named_in_web_is_reported():
    assert views_named('redirect(url_for("auth.sign_in", next=next))') == ["auth.sign_in"]
    assert views_named('request.endpoint in ("auth.sign_out", "staff.auth.sign_out")') == ["auth.sign_out", "staff.auth.sign_out"]


def views_named(text: str) -> list[str]:
    """Every text that reads like the name of a view, and not like a file's: `contract.show`."""
    texts = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [found for found in texts if re.fullmatch(r"[a-z_]+(\.[a-z_]+)+(?<!\.js)(?<!\.svg)(?<!\.css)(?<!\.html)", found)]


# ---- circles ---------------------------------------------------------------------------------------------------------


def test_there_are_no_import_cycles():
    """Imports inside functions and for types count too: moving one there hides a cycle and does not remove it."""
    assert circle(dict(modules())) == []


@pytest.mark.parametrize(
    "texts",
    [
        {"rules.a": "from portal.rules import b", "rules.b": "from portal.rules.a import one"},
        {"rules.a": "def late():\n    from portal.rules.b import two", "rules.b": "import portal.rules.a"},
        {"rules.a": "if TYPE_CHECKING:\n    import portal.rules.b", "rules.b": "import portal.rules.c", "rules.c": "import portal.rules.a"},
        {"models": "from portal.enums import Method", "enums": "from models import Order"},
        {"web": "from portal.routes import panel", "web.current": "", "routes.panel": "from portal.web import current"},
    ],
    ids=["two", "in a function", "for types, of three", "models", "through a package"],
)  # fmt: skip
def test_an_import_cycle_is_reported(texts):
    assert circle(texts)


@pytest.mark.parametrize(
    "texts",
    [
        {"rules.a": "from portal.rules import b", "rules.b": "from datetime import date"},
        {"catalog": "from portal.catalog.load import load", "catalog.load": "from portal.catalog.items import Plan", "catalog.items": ""},
    ],
    ids=["two in a line", "a package and its parts"],
)
def test_imports_without_a_cycle_are_not_reported(texts):
    assert circle(texts) == []


def circle(texts: dict[str, str]) -> list[str]:
    """The modules of the first cycle found, by their short names."""
    graph = {module: sorted(needed(module, text, texts.keys())) for module, text in texts.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def needed(module: str, text: str, known: Collection[str]) -> set[str]:
    """Which of the known modules it imports. Whoever imports part of a package, imports the package; its own package is no matter."""
    found = set()
    for name in imports(text):
        parts = name.removeprefix("portal.").split(".")
        found |= {short for length in range(1, len(parts) + 1) if (short := ".".join(parts[:length])) in known}
    return {short for short in found if not is_in(module, {short})}
