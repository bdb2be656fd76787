"""A company's first folder: the sample's products and terms under names and numbers of one's own."""

import html
import json
import re
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

from portal.catalog import CatalogError, load_catalog
from portal.runtime.company_questions import BANK, COMPANY, QUESTIONS, option_of
from portal.runtime.sample_company import sample_company, traces_of_the_sample
from portal.store.opening import Refused


def asked(answers: Mapping[str, str | None]) -> dict[str, str]:
    """Every answer; what is missing is asked at the terminal. Raises Refused where nobody can be asked."""
    missing = [key for key in QUESTIONS if not answers.get(key)]
    if missing and not sys.stdin.isatty():
        raise Refused(f"端末から実行するか、次の指定を加えてください：{'、'.join(option_of(key) for key in missing)}")
    return {key: (answers.get(key) or _ask(question)).strip() for key, question in QUESTIONS.items()}


def write(folder: Path, answers: Mapping[str, str]) -> None:
    """Raises Refused or CatalogError with what is wrong; then no folder is left."""
    try:
        place = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f"{folder.name}."))
    except OSError as error:
        raise Refused(f"{folder} を作れません：{error.strerror}") from error
    unfinished = place / folder.name
    try:
        shutil.copytree(sample_company(), unfinished)
        _fill(unfinished, answers)
        load_catalog(unfinished)
        if traces := traces_of_the_sample(unfinished):
            raise Refused("\n".join(traces).replace(f"COMPANY_FOLDER の {unfinished}/", ""))
        unfinished.rename(folder)
    except CatalogError as error:
        raise CatalogError(str(error).replace(f"{unfinished}/", "")) from error
    except OSError as error:
        raise Refused(f"{folder} を作れません：{error.strerror}") from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _ask(question: str) -> str:
    try:
        while not (answer := input(f"{question}：").strip()):
            pass
    except EOFError as error:
        raise Refused("途中で入力が終わりました。何も作っていません。") from error
    return answer


def _commented(table: re.Match[str]) -> str:
    return "".join(f"# {line}\n" for line in table[0].splitlines())


def _fill(folder: Path, answers: Mapping[str, str]) -> None:
    file = folder / "catalog.toml"
    file.chmod(0o644)
    text = file.read_text(encoding="utf-8")
    sample = tomllib.loads(text)
    text = re.sub(r"^(# [^\n]*\n)brand_mark = .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^\[payouts\]\n(.+\n)+", _commented, text, flags=re.MULTILINE)  # the bank gives its code later
    for table, keys in (("[company]", COMPANY), ("[[bank_accounts]]", BANK)):
        before, head, after = text.partition(f"\n{table}\n")
        for key in keys:
            value = json.dumps(answers[key], ensure_ascii=False)  # a string of JSON is one of TOML
            after = re.sub(rf'^{key} = "[^"\n]*"', lambda _, key=key, value=value: f"{key} = {value}", after, count=1, flags=re.MULTILINE)
        text = before + head + after
    file.write_text(text, encoding="utf-8")
    for document in (folder / "documents").iterdir():
        terms = document.read_text(encoding="utf-8")
        for key in ("name", "service_name"):
            terms = terms.replace(html.escape(sample["company"][key]), html.escape(answers[key]))
        document.write_text(terms, encoding="utf-8")
