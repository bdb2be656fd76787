"""The terms that customers agree to. Every version ever used stays readable."""

import re
from hashlib import sha256
from pathlib import Path

from portal.catalog.items import Document
from portal.catalog.table import Table

VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]*")
WHOLE_PAGE = re.compile(rb"<(?:!doctype|html|head|body|h1|script|style)\b", re.IGNORECASE)
VERSION_RULE = '半角の英数字・ハイフン・ピリオドで書いてください。例: "2026-04-01"'


def read_documents(rows: list[Table], folder: Path) -> tuple[tuple[Document, ...], tuple[Document, ...]]:
    """The current version of each document, and all older versions."""
    now: list[Document] = []
    before: list[Document] = []
    for row in rows:
        current, old = _read_versions(row, folder)
        _refuse_second_id(row, current, now)
        now.append(current)
        before.extend(old)
    return tuple(now), tuple(before)


def _read_versions(row: Table, folder: Path) -> tuple[Document, list[Document]]:
    document_id, title = row.id(), row.text("title")
    versions = {"version": (row.matching("version", VERSION.fullmatch, VERSION_RULE),), "old_versions": row.texts("old_versions", False)}
    _refuse_bad_old_versions(row, *versions.values())
    row.finish()
    current, *old = (_document(row, key, folder, document_id, title, version) for key, listed in versions.items() for version in listed)
    return current, old


def _document(row: Table, key: str, folder: Path, document_id: str, title: str, version: str) -> Document:
    path = folder / "documents" / f"{document_id}-{version}.html"
    body = _body(row, key, path) if VERSION.fullmatch(version) and document_id else b""
    return Document(document_id, title, version, path, sha256(body).hexdigest(), body.decode("utf-8", "replace"))


def _body(row: Table, key: str, path: Path) -> bytes:
    try:
        body = path.read_bytes()
        body.decode("utf-8")
    except FileNotFoundError:
        row.wrong(key, f"本文のファイル {path} がありません。ファイルを置くか、id と版を確かめてください。")
    except OSError as problem:
        row.wrong(key, f"本文のファイル {path} を読めません（{problem.strerror}）。")
    except UnicodeDecodeError:
        row.wrong(key, f"本文のファイル {path} の文字コードがUTF-8ではありません。UTF-8で保存し直してください。")
    else:
        _refuse_bad_body(row, key, path, body)
        return body
    return b""


def _refuse_bad_body(row: Table, key: str, path: Path, body: bytes) -> None:
    """The HTML is inserted into a page that already has a head and an h1."""
    if not body.strip():
        row.wrong(key, f"本文のファイル {path} が空です。本文を書いてください。")
    if found := WHOLE_PAGE.search(body):
        row.wrong(
            key, f"本文のファイル {path} に {found[0].decode()} があります。ページの一部になるので、見出しは <h2> から書いてください。"
        )


def _refuse_bad_old_versions(row: Table, current: tuple[str, ...], old: tuple[str, ...]) -> None:
    for version in old:
        if not VERSION.fullmatch(version):
            row.wrong("old_versions", f"「{version}」は正しい形ではありません。{VERSION_RULE}")
    if len({*current, *old}) < len(current) + len(old):
        row.wrong("old_versions", "同じ版が2度書かれています。いまの版（version）は old_versions に入れません。")


def _refuse_second_id(row: Table, document: Document, others: list[Document]) -> None:
    if document.id and document.id in {other.id for other in others}:
        row.wrong("id", f"id「{document.id}」が2度使われています。ほかと違う id にしてください。")
