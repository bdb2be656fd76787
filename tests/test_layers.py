"""Imports go one way: routes -> forms -> rules -> actions -> models. What this table does not allow is refused."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "site"

PURE = {"enums", "catalog", "rules"}
DATABASE = {"store.database", "store.fields", "store.locks"}
STORE = {"models", "enums", "clock"} | DATABASE
FLASK = {"flask", "flask_wtf", "flask_compress", "markupsafe", "werkzeug", "jinja2", "brotli"}
ANYTHING = None

# layer: (our own modules that it may import beside its own, libraries that it may import)
TABLE: dict[str, tuple[set[str] | None, set[str] | None]] = {
    "enums": (set(), set()),
    "clock": (set(), set()),
    "runtime": (ANYTHING, ANYTHING),
    "models": ({"enums", "store.database", "store.fields"}, {"peewee"}),
    "store": ({"runtime.folders"}, {"playhouse", "peewee", "filelock"}),
    "store.installation": ({"models", "store"}, set()),
    "store.opening": ({"models", "store", "runtime.settings"}, {"peewee"}),
    "catalog": ({"enums"}, set()),
    "rules": ({"enums", "catalog"}, {"jpholiday"}),
    "forms": ({"rules", "catalog", "enums"}, {"wtforms", "flask_wtf", "markupsafe", "werkzeug"}),
    "formats": ({"clock"}, set()),
    "gateways": ({"enums", "runtime.settings"}, set()),
    "actions": (
        PURE | STORE | {"formats", "runtime.folders"} | {f"gateways.{name}" for name in ("card", "wallet", "companies", "smtp", "hosting")},
        {"peewee", "argon2", "pyotp", "jinja2"},
    ),
    "web": (
        PURE | STORE | {"runtime.settings", "runtime.folders", "formats", "store", "gateways.card", "gateways.wallet"},
        FLASK | {"peewee"},
    ),
    "screens": (PURE | STORE | {"web", "forms", "actions", "gateways.card", "gateways.wallet"}, FLASK),
    "routes": (
        PURE | STORE | {"web", "screens", "forms", "actions", "store", "runtime.settings", "gateways.card", "gateways.wallet"},
        FLASK | {"peewee.PeeweeException"},
    ),
    "sandbox": ({"runtime.compression"}, FLASK),
    "app": (ANYTHING, ANYTHING),
    "jobs": (
        STORE | {"actions", "catalog", "formats", "runtime.settings", "web", "gateways.companies", "gateways.smtp", "gateways.hosting"},
        set(),
    ),
    "demo": (ANYTHING, ANYTHING),
    "cli": ({"runtime", "catalog", "store"}, set()),
}

# What may be imported by these alone, whatever the table allows.
ONLY_FOR = {
    "sandbox": ("app", "demo", "gateways.card.sandbox", "gateways.wallet.sandbox", "sandbox"),
    "gateways.card.sandbox": ("app", "demo", "gateways.card.sandbox"),
    "gateways.wallet.sandbox": ("app", "demo", "gateways.wallet.sandbox"),
    "demo": ("app", "runtime.commands", "demo"),
    "cli": (),
    "runtime.commands": ("cli",),
    "jobs": ("runtime.commands", "demo", "jobs"),
    "app": ("runtime.commands", "demo"),
}


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
        ("web.current", "from portal.routes import orders"),
        ("catalog.load", "from .items import Plan"),
    ],
)
def test_an_import_in_the_wrong_direction_is_reported(module, line):
    assert offences(module, line)


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("rules.terms", "from datetime import date\nfrom portal.enums import Product"),
        ("actions.pay", "from models import Order\nfrom portal.gateways.card import Paid\nfrom portal.rules.terms import span"),
        ("gateways.card.sandbox", "from portal.sandbox.books import charges"),
        ("routes.orders", "from portal.actions import orders\nfrom flask import Blueprint"),
        ("actions.pay", "from portal.store import database as store\nfrom portal.store.database import for_update"),
        ("models", "from peewee import Model\nfrom portal.enums import Product\nfrom portal.store.database import database"),
        ("store.opening", "from models import Installation\nfrom portal.store import migrations"),
    ],
)
def test_an_import_in_the_right_direction_is_not(module, line):
    assert offences(module, line) == []
