"""How fast it is, beside the bare limits and beside an earlier commit, in turns: renewals, workers on PostgreSQL, pages, web processes.

`fast.py [COMMIT] [--short]`: COMMIT is the one to compare with, made ready in a temporary folder. Prints what the other benches print, and
judges nothing. About ten minutes on two quiet cores.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
TURNS = 2


def main() -> None:
    commits = [text for text in sys.argv[1:] if not text.startswith("-")]
    contracts, due = ("1500", "300") if "--short" in sys.argv else ("20000", "2000")
    with _checkouts(commits) as folders:
        for database in ([], ["--postgresql"]):
            for _ in range(TURNS):
                for folder in folders:
                    _run("renewals.py", [contracts, due, *database], folder)
        _run("workers.py", ["1500", "300"] if "--short" in sys.argv else [], HERE)
        for _ in range(TURNS):
            for folder in folders:
                _run("pages.py", [], folder)
    _run("processes.py", [], HERE)


def _run(script: str, arguments: list[str], folder: Path) -> None:
    """The script of this checkout, over the program of that folder."""
    print(
        f"\n{script} {' '.join(arguments)}, {'this checkout' if folder == HERE else folder.name}, load {os.getloadavg()[0]:.0f}", flush=True
    )
    environ = os.environ | {"PYTHONPATH": f"{folder}:{folder / 'site'}"}
    subprocess.run([sys.executable, HERE / "bench" / script, *arguments], cwd=folder, env=environ, stderr=subprocess.DEVNULL)


@contextmanager
def _checkouts(commits: list[str]) -> Iterator[list[Path]]:
    with tempfile.TemporaryDirectory() as temporary:
        others = [Path(temporary) / commit for commit in commits]
        for folder in others:
            subprocess.run(["git", "-C", HERE, "worktree", "add", "--detach", folder, folder.name], check=True, stdout=subprocess.DEVNULL)
        try:
            yield [*others, HERE]
        finally:
            for folder in others:
                subprocess.run(["git", "-C", HERE, "worktree", "remove", "--force", folder], check=False)


if __name__ == "__main__":
    main()
