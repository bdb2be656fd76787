"""A company with an edited catalog: settings point to a copy of the demo company, and a test says what differs."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from portal.catalog import Catalog, load_catalog
from portal.gateways.companies import Companies
from portal.runtime.settings import Settings, sample_company
from tests.clock_days import Worker

WAF = """
[[products]]
id = "waf"
kind = "option"
name = "WAF"
description = "サイトへの攻撃を止めます。"
document = "waf-terms"
renews = true
months = [1, 3, 12]
[products.monthly_yen]
1 = 550
3 = 528
12 = 495

[[documents]]
id = "waf-terms"
title = "WAF特約"
version = "2026-04-01"
"""
TERMS = "<h2>第1条（内容）</h2>\n<p>サイトへの攻撃を止めます。</p>\n"


class Folder:
    """The company's folder, edited as a person does it."""

    def __init__(self, path: Path) -> None:
        self.path = Path(shutil.copytree(sample_company(), path))
        self.file = self.path / "catalog.toml"

    def add(self, rows: str, **documents: str) -> Catalog:
        """`add(WAF, waf_terms=TERMS)`: rows at the end of the file, and the texts of the documents."""
        self.file.write_text(self.file.read_text(encoding="utf-8") + rows, encoding="utf-8")
        for name, text in documents.items():
            (self.path / "documents" / f"{name.replace('_', '-')}-2026-04-01.html").write_text(text, encoding="utf-8")
        return load_catalog(self.path)

    def withdraw(self, item_id: str) -> Catalog:
        """A product, a plan or a variant."""
        old, text = f'id = "{item_id}"\n', self.file.read_text(encoding="utf-8")
        assert old in text
        self.file.write_text(text.replace(old, f"{old}withdrawn = true\n", 1), encoding="utf-8")
        return load_catalog(self.path)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "company")


@pytest.fixture
def settings(settings: Settings, folder: Folder) -> Settings:
    return replace(settings, company_folder=folder.path)


@pytest.fixture
def waf(folder: Folder) -> Catalog:
    """The company sells WAF; request this fixture before the app."""
    return folder.add(WAF, waf_terms=TERMS)


@pytest.fixture
def worker(settings: Settings, companies: Companies) -> Worker:
    return Worker(settings, companies)
