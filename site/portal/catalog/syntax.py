"""Explains TOML syntax errors to people who do not know TOML."""

import re
from pathlib import Path

PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
ADVICE = (
    ("Cannot overwrite a value", "同じ項目が2度書かれています。どちらかを消してください。"),
    ("twice", "同じ見出しが2度書かれています。どちらかを消してください。"),
    (
        "Expected newline or end of document",
        '値の後に余分なものがあります。金額は「,」や「円」をつけない数字（1_100）、文字は " で囲んで書いてください。',
    ),
    ("Expected '=' after a key", "「項目 = 値」の形で書いてください。"),
    ("Unterminated string", '文字が " で閉じられていません。'),
    ("Illegal character", '文字が " で閉じられていないか、使えない文字があります。'),
    ("Unclosed array", "[ が ] で閉じられていません。"),
    ("Invalid value", '値の書き方が違います。文字は " で囲み、数字は半角で書いてください。'),
    ("Invalid statement", "項目の名前は半角の英数字で書き、注釈は # で始めてください。"),
    ("Invalid initial character", "項目の名前は半角の英数字で書いてください。"),
)


def syntax_mistake(file: Path, text: str, problem: str) -> str:
    advice = next((ours for theirs, ours in ADVICE if theirs in problem), "書き方（TOML）に誤りがあります。")
    if not (place := PLACE.search(problem)):
        return f"会社の台帳を読めません。\n  {file} の終わり\n    {advice}（{problem}）"
    line, column = int(place[1]), int(place[2])
    written = text.splitlines()[line - 1].strip()[:80]
    return f"会社の台帳を読めません。\n  {file} {line}行目 {column}文字目: {written}\n    {advice}（{problem}）"
