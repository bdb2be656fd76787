"""No text says 保存 of what is not saved. Each sentence that does stands here, with the reason why it is true."""

import ast
import re
from pathlib import Path

import pytest

from portal.runtime.folders import asset_folder

WORD = re.compile(r"[^。>「」\n]*(?:保存|セーブ)[^。<「」\n]*")
TAG = re.compile(r"\{%.*?%\}")
TRUE = {
    "入力したパスワードは保存せず、お店にも渡しません": "the pretend wallet company compares it and keeps the visit alone",
    "入力したカード番号とセキュリティコードは保存しません": "the pretend card company keeps brand and last four digits",
    "お申し込みの内容は保存されています": "the amount page is only there for a draft in the table, from which it is priced",
    "UTF-8で保存し直してください": "of the operator's own file",
    "本文は、保存期間を過ぎたため消去しました": "how long records are kept, by the catalog's numbers",
    '{{ "見つかったもの" if form.kept else "すべて" }}をCSVで保存する': "of the browser's download",
    "保存されている情報": "the rows of the database that the page shows",
    "お客様について保存しているものを、種類ごとに新しい{{ on_the_page }}件まで表示します": "the rows of the database that the page shows",
    "保存の理由と期間は": "how long records are kept, by the catalog's numbers",
    "パスワードは、元に戻せない形だけを保存しているため、入っていません": "the hash that is stored",
    "保存されている情報を見る": "the rows of the database that the page shows",
    "1年分をCSVで保存する": "of the browser's download",
    "保存されている情報は、その": "the rows of the database that the page shows",
    "保存されている情報の開示、訂正、利用の停止、消去のご請求は、{{ company.email }}、": "the rows of the database that the page shows",
    "保存する": "of the browser's download",
    "保存したファイルの名前は": "of the browser's download",
    "保存期間を過ぎた": "how long records are kept, by the catalog's numbers",
    "保存期間を過ぎた個人情報の消去": "how long records are kept, by the catalog's numbers",
    "保存期間を過ぎて本文を消去したため、このメールは再送できません": "how long records are kept, by the catalog's numbers",
    "Papers by the keys of 電子帳簿保存法 (取引年月日, 取引金額, 取引先; ranges), at the same speed however many there are. Yen.": "the name of a law",  # noqa: E501
    "銀行の画面で、コード区分を JIS にして保存し直してください": "of the bank's own file",
    "JIS（0）で保存し直してください": "of the bank's own file",
    "銀行の画面で、期間を短くして保存し直してください": "of the bank's own file",
    "で開いて、印刷・保存できます": "of the customer's own browser",
    "ファイルを保存する": "of the browser's download",
    "ファイルを保存": "of the browser's download",
    "保存して、銀行に渡してください": "of the browser's download",
    "保存したことは履歴に残ります": "the row of the history that the download writes",
    "どちらかで保存し直してください": "of the operator's own file",
    "CSV として保存し直してください": "of the operator's own file",
    "日本語をすべて保存できる UTF8 のデータベースを作り、DATABASE_URL に指定してください（createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0）": "of the operator's own database",  # noqa: E501
    "税法が求める保存期間が、まだ終わっていません": "how long records are kept, by the catalog's numbers",
    "契約もお預かりしている金額もなく、保存期間が終わると、定期処理が自動で消去します": "how long records are kept, by the catalog's numbers",  # noqa: E501
    "保存期間を過ぎた、もとのお客様の個人データを消去する（戻せない）": "how long records are kept, by the catalog's numbers",
    "保存されている情報: what is stored about the customer, as a page and as a file.": "the rows of the database that the page shows",
}


def sentences() -> dict[str, list[str]]:
    """Every sentence with the word, and where it stands: templates, scripts, and the texts of the program."""
    site = Path(__file__).parents[1] / "site"
    shown = [*Path(asset_folder("templates")).rglob("*.*"), *Path(asset_folder("static")).glob("*.js")]
    found: dict[str, list[str]] = {}
    for path in shown:
        note(found, path, path.read_text(encoding="utf-8"))
    for path in site.rglob("*.py"):
        for text in texts(ast.parse(path.read_text(encoding="utf-8"))):
            note(found, path, text)
    return found


def texts(tree: ast.AST) -> list[str]:
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def note(found: dict[str, list[str]], path: Path, text: str) -> None:
    for sentence in WORD.findall(TAG.sub("", text)):
        found.setdefault(sentence.strip(), []).append(path.name)


def test_nothing_is_called_saved_that_is_not() -> None:
    found = sentences()

    assert {sentence: where for sentence, where in found.items() if sentence not in TRUE} == {}, "save it, or do not say so"
    assert TRUE.keys() <= found.keys(), "of a sentence that is gone"


@pytest.mark.parametrize("text", ["<p>入力した内容は保存されました。</p>", 'say("保存しました")'])
def test_negative_control_a_sentence_without_a_reason_is_found(text: str) -> None:
    found: dict[str, list[str]] = {}

    note(found, Path("x.html"), text)

    assert found.keys() - TRUE.keys()
