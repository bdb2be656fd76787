"""The second look before money is moved by hand: one text that is shown, and compared when OK is pressed."""

import hashlib

from flask import flash, request

from portal.actions.transfers.deposits import NotPossible

CHANGED = "表示したあとで状態が変わりました。まだ何も変更されていません。今の内容を確認してください。"


def sha256(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def is_as_shown(content: str) -> bool:
    return request.form.get("shown") == sha256(content)


def say_why_not(problem: NotPossible) -> None:
    flash(f"{problem} 何も変更されていません。")
