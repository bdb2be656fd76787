"""Commands about the company's folder: what an edit of the catalog changes, and the first folder of a new company."""

import os
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from portal.actions.renewals import catalog_preview
from portal.catalog import load_catalog
from portal.jobs.progress import progress
from portal.rules.renewals.catalog_changes import ChangeKind
from portal.runtime import new_company as folders
from portal.runtime.settings import settings_from
from portal.store.opening import Refused, open_database

EXAMPLES = 5


def catalog_diff(folder: Path) -> None:
    """The edited folder beside the one in use: what is written otherwise, and whom it concerns when."""
    settings = settings_from(os.environ)
    before, after = load_catalog(settings.company_folder), load_catalog(folder)
    open_database(settings)
    written = list(_written(settings.company_folder, folder))
    print("\n".join(written) or "catalog.toml の内容は同じです。")
    examples: dict[ChangeKind, list[str]] = defaultdict(list)
    counts, accounts = Counter[ChangeKind](), 0
    for login, found in catalog_preview.concerned(before, after, progress):
        accounts += 1
        counts.update(change.kind for change in found)
        for change in found:
            if len(examples[change.kind]) < EXAMPLES:
                examples[change.kind].append(f"{login}：{change.sentence}")
    print(f"\n関係する契約中のアカウント：{accounts}件")
    for kind in ChangeKind:
        if counts[kind]:
            print(f"{kind.label}：{counts[kind]}件")
            print("\n".join(f"　{line}" for line in examples[kind]))


def _written(before: Path, after: Path) -> Iterator[str]:
    """Each value that is another, by its place in the file."""
    was, now = (dict(_values(tomllib.loads((folder / "catalog.toml").read_text(encoding="utf-8-sig")))) for folder in (before, after))
    for place in dict.fromkeys((*was, *now)):
        if was.get(place) != now.get(place):
            yield f"{place}：{was.get(place, 'なし')} → {now.get(place, 'なし')}"


def _values(value: object, place: str = "") -> Iterator[tuple[str, object]]:
    """A row of a list is named by its id, so that a new row moves no others."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _values(inner, f"{place}.{key}" if place else key)
    elif isinstance(value, list) and any(isinstance(row, dict) for row in value):
        for number, row in enumerate(value, 1):
            yield from _values(row, f"{place}[{row.get('id', number)}]")
    else:
        yield place, value


def new_company(folder: Path, **answers: str | None) -> None:
    """Write a folder of one's own that passes the check. Asks what was not given, if somebody sits before it."""
    if folder.exists():
        raise Refused(f"{folder} はすでにあります。新しいフォルダーの名前を指定してください。")
    folders.write(folder, folders.asked(answers))
    catalog = load_catalog(folder)
    print(f"{folder} に {catalog.company.name} の台帳を作りました。検査に通っています。次のことを続けてください。")
    print(f"　1. {folder / 'catalog.toml'} の価格と商品を、自社のものに書きかえる（いまは見本の価格です）")
    print(f"　2. {folder / 'documents'} の約款を、自社のものに書きかえる（いまは見本の文です。専門家にお確かめください）")
    print(f"　3. ./run portal check-catalog {folder}")
    print(f"　4. COMPANY_FOLDER={folder.resolve()} ./run demo で見る。本番では COMPANY_FOLDER に同じフォルダーを設定する")
