import shutil
from pathlib import Path

import pytest

from portal.catalog import CatalogError, load_catalog

COMPANY = Path(__file__).parents[2] / "company"


class CompanyFolder:
    """A copy of the demo company that a test may spoil."""

    def __init__(self, path: Path) -> None:
        self.path = Path(shutil.copytree(COMPANY, path))
        self.file = self.path / "catalog.toml"

    def change(self, *pairs: tuple[str, str]) -> None:
        text = self.file.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        self.file.write_text(text, encoding="utf-8")

    def stopped_by(self, *pairs: tuple[str, str]) -> str:
        """What is said at the start after the changes."""
        self.change(*pairs)
        with pytest.raises(CatalogError) as stopped:
            load_catalog(self.path)
        return str(stopped.value)

    def line_of(self, start: str) -> int:
        lines = self.file.read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, start=1) if line.startswith(start))


@pytest.fixture
def folder(tmp_path):
    return CompanyFolder(tmp_path / "company")
