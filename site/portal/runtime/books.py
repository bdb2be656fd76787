"""Commands about the books as a whole: whether they keep their promises, and a copy of them."""

import os
import time
from pathlib import Path

from portal.actions.operations import verify as promises
from portal.actions.operations.verify import Compared, Verified
from portal.formats import yen
from portal.runtime.settings import settings_from
from portal.store import backup as copies
from portal.store.opening import Refused, open_database

ROWS_SHOWN = 20


def verify() -> int:
    """Check the live database, a line for each promise as it is checked. Returns the exit code: 1 if anything is broken."""
    open_database(settings_from(os.environ))
    began, broken, checked = time.monotonic(), 0, 0
    for found in promises.verify():
        lines = _of_sum(found) if isinstance(found, Compared) else _of_promise(found)
        print("\n".join(lines), flush=True)
        broken, checked = broken + (not found.is_kept), checked + 1
    result = f"守られていない約束が {broken} 件あります。" if broken else "すべて守られています。"
    print(f"{checked} 件を確かめました（{time.monotonic() - began:.1f} 秒）。{result}")
    return int(broken > 0)


def _of_promise(found: Verified) -> list[str]:
    if found.is_kept:
        return [f"正常　{found.promise.sentence}"]
    more = found.broken - ROWS_SHOWN
    shown = [*found.rows[:ROWS_SHOWN], *([f"ほか {more} 件"] if more > 0 else [])]
    return [f"違反　{found.promise.sentence}", *(f"　　　{row}" for row in shown), f"　　　→ {found.promise.advice}"]


def _of_sum(found: Compared) -> list[str]:
    about = found.sum
    sides = f"{about.left_label} {yen(found.left)}、{about.right_label} {yen(found.right)}"
    return [f"{'正常' if found.is_kept else '違反'}　合計・{about.label}：{sides}、差 {yen(found.difference)}"]


def backup(file: Path) -> None:
    """Copy the live database into a new file, readable for this user alone. Raises Refused; then no file is left."""
    settings = settings_from(os.environ)
    open_database(settings)
    try:
        copies.write(settings.database_url, file)
    except FileExistsError as error:
        raise Refused(f"{file} はすでにあります。別の名前を指定してください。") from error
    except (OSError, copies.NotCopied) as error:
        raise Refused(f"バックアップを作れませんでした：{error}") from error
    print(
        f"バックアップを作りました：{file}（{file.stat().st_size:,} バイト）。会社のフォルダーと設定（DATA_KEYS）は、別に保管してください。"
    )
