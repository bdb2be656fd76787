"""Refuses real use with anything that is unmistakably the sample company's, also in an edited copy. Each trace alone is enough."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from portal.catalog.lines import lines_of
from portal.catalog.mistakes import KeyPath, name_of
from portal.runtime.folders import asset_folder

MOST_SAID = 5
FICTITIOUS = "架空の見本の会社のもの"
RESERVED_DOMAIN = re.compile(r"\bexample\.(?:jp|com|net|org)\b|\.(?:example|invalid|test)\b")  # RFC 2606 and JPRS: they belong to nobody
# Values of the sample that no other company has. An account number or a branch code might be somebody's.
OF_THE_COMPANY = ("name", "service_name", "address", "phone", "email", "url", "invoice_number", "representative", "manager")
OF_THE_BANK = ("bank", "bank_code", "holder")
IN_ANY_TEXT = ("name", "service_name", "invoice_number")


def sample_company() -> Path:
    """The fictitious company that comes with the program."""
    return Path(asset_folder("company"))


def traces_of_the_sample(folder: Path) -> list[str]:
    """One sentence for each place, with file and line. Empty for a folder of one's own, or one that cannot be read: the catalog says so."""
    if folder.resolve() == sample_company().resolve():
        return ["COMPANY_FOLDER に自社のフォルダーを設定してください（架空の見本の会社では契約を受け付けられません）。"]
    found = [
        f"COMPANY_FOLDER の {file} {line}行目{key} は{FICTITIOUS}です（{text}）。自社のものに書きかえてください。"
        for file, line, key, text in (*_in_catalog(folder / "catalog.toml"), *_in_documents(folder))
    ]
    return found if len(found) <= MOST_SAID else [*found[:MOST_SAID], f"見本の会社のものが、ほかに{len(found) - MOST_SAID}か所あります。"]


def _in_catalog(file: Path) -> Iterator[tuple[Path, int, str, str]]:
    text, theirs = _read(file)
    lines, sample = lines_of(text), _read(sample_company() / "catalog.toml")[1]
    for path, value in _texts(theirs, ()):
        if found := _trace(path, value, sample):
            line = next((lines[path[:size]] for size in range(len(path), 0, -1) if path[:size] in lines), 0)
            yield file, line, f"「{name_of(path)}」", found


def _in_documents(folder: Path) -> Iterator[tuple[Path, int, str, str]]:
    names = [value for key, value in _read(sample_company() / "catalog.toml")[1]["company"].items() if key in IN_ANY_TEXT]
    for file in sorted((folder / "documents").glob("*.html")):
        for line, text in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            for found in (name for name in names if _plain(name) in _plain(text)):
                yield file, line, "", found


def _trace(path: KeyPath, value: str, sample: dict) -> str | None:
    company, key = sample["company"], path[-1]
    found = next((company[name] for name in IN_ANY_TEXT if _plain(company[name]) in _plain(value)), None)
    if found:
        return found
    if path[0] == "company" and key in OF_THE_COMPANY and _plain(value) == _plain(company.get(key, "")):
        return value
    if path[0] == "company" and key in ("email", "url") and (domain := RESERVED_DOMAIN.search(value.lower())):
        return domain.group()
    of_banks = {_plain(row[key]) for row in sample["bank_accounts"]} if path[0] == "bank_accounts" and key in OF_THE_BANK else set()
    return value if _plain(value) in of_banks else None


def _texts(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, str):
        yield path, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from _texts(child, (*path, key))


def _read(file: Path) -> tuple[str, dict]:
    """Nothing of a file that is no TOML."""
    try:
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        return text, tomllib.loads(text)
    except (OSError, ValueError):
        return "", {}


def _plain(text: str) -> str:
    """Half and full width, capitals and spaces make no difference."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
