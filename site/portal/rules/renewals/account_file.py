"""A CSV of customers, and of the contracts that they have already. One bad line refuses the file; line 1 is the header."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.catalog import Catalog, Plan
from portal.rules.accounts.mail_addresses import why_refused
from portal.rules.accounts.name_key import name_key
from portal.rules.accounts.people import why_no_login, why_no_name

REQUIRED = ("login", "name", "kana", "email", "plan")
OF_A_CONTRACT = ("server_ends_on", "months", "yen")
COLUMNS = (*REQUIRED, "second_email", *OF_A_CONTRACT)
LARGEST_FILE = 8 * 1024 * 1024
LONGEST_LINE = 2_000
MOST_YEN = 10_000_000
OF_A_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True)
class Contract:
    """A server that runs already: its last day, and months and yen of the next renewal."""

    ends_on: date
    months: int
    yen: int


@dataclass(frozen=True)
class Person:
    """One line. `name_key`: of the kana."""

    line: int
    login: str
    name: str
    name_key: str
    email: str
    plan: Plan
    second_email: str | None
    contract: Contract | None


@dataclass(frozen=True)
class Mistake:
    line: int
    sentence: str


class Mistaken(ValueError):
    """The file is refused. `mistakes`: every bad line with what to do, in their order."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(f"{mistake.line}行目：{mistake.sentence}" for mistake in mistakes))
        self.mistakes = mistakes


def read(content: bytes, catalog: Catalog, today: date) -> list[Person]:
    """UTF-8 or Shift_JIS, told apart by what can be read. Raises Mistaken."""
    rows = _rows(_text(content))
    line, header = next(rows, (1, []))
    columns = _columns(line, header)
    people, mistakes, seen = [], [], {}
    for line, cells in rows:
        try:
            person = _person(line, columns, cells, catalog, today)
            if person.login in seen:
                raise _refusal(line, f"login「{person.login}」は、{seen[person.login]}行目にもあります。")
            people.append(person)
            seen[person.login] = line
        except Mistaken as refused:
            mistakes += refused.mistakes
    if mistakes or not people:
        raise Mistaken(mistakes) if mistakes else _refusal(1, "見出しのあとに、お客様の行がありません。")
    return people


def _refusal(line: int, sentence: str) -> Mistaken:
    return Mistaken([Mistake(line, sentence)])


def _text(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        raise _refusal(1, f"ファイルが大きすぎます（{LARGEST_FILE // 1024**2} MBまで）。いくつかに分けてください。")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
    raise _refusal(line, "UTF-8 でも Shift_JIS でもない文字があります。どちらかで保存し直してください。")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the number of its first line."""
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LONGEST_LINE:
            raise _refusal(number, f"行が長すぎます（{LONGEST_LINE}文字まで）。")
        if "\0" in line:
            raise _refusal(number, "文字でないもの（NUL）があります。CSV として保存し直してください。")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, [cell.strip() for cell in cells]
            begins = reader.line_num + 1
    except csv.Error:
        raise _refusal(begins, 'CSV として読めません。引用符（"）が閉じているか確かめてください。') from None


def _columns(line: int, header: list[str]) -> list[str]:
    if missing := [name for name in REQUIRED if name not in header]:
        raise _refusal(
            line,
            f"見出しに {'、'.join(missing)} がありません。1行目は {','.join(REQUIRED)} で始めてください。",
        )
    if strange := [name or "（空）" for name in header if name not in COLUMNS]:
        raise _refusal(line, f"見出しの {'、'.join(strange)} は、知らない列です。使える列は {'、'.join(COLUMNS)} です。")
    if len(set(header)) < len(header):
        raise _refusal(line, "見出しに、同じ列が2つあります。")
    return header


def _person(line: int, columns: list[str], cells: list[str], catalog: Catalog, today: date) -> Person:
    if len(cells) != len(columns):
        raise _refusal(line, f"列が{len(cells)}個あります。見出しと同じ{len(columns)}個にしてください。")
    found = dict(zip(columns, cells, strict=True))
    plan = next((plan for plan in catalog.plans if plan.id == found["plan"]), None)
    login, second = found["login"].lower(), found.get("second_email", "")
    sentences = list(_of_person(found, second))
    if plan is None:
        sentences.append(f"plan「{found['plan']}」はありません。{'、'.join(plan.id for plan in catalog.plans)} のどれかにしてください。")
    contract, of_contract = _contract(found, plan, today)
    if mistakes := [Mistake(line, sentence) for sentence in (*sentences, *of_contract)]:
        raise Mistaken(mistakes)
    assert plan is not None
    return Person(line, login, found["name"], name_key(found["kana"]), found["email"], plan, second or None, contract)


def _of_person(found: dict[str, str], second: str) -> Iterator[str]:
    if why := why_no_login(found["login"]):
        yield f"login：{why}"
    for column in ("name", "kana"):
        why = why_no_name(found[column])
        if why or found[column].startswith(OF_A_FORMULA):
            yield f"{column}：{why or '= + - @ で始まるお名前は、表計算ソフトで式として動くため使えません。'}"
    if not any("ァ" <= letter <= "ヺ" for letter in name_key(found["kana"])):
        yield "kana：お名前の読みを、カタカナで指定してください。"
    for column, address in (("email", found["email"]), ("second_email", second)):
        if (address or column == "email") and (why := why_refused(address)):
            yield f"{column}：{why}"


def _contract(found: dict[str, str], plan: Plan | None, today: date) -> tuple[Contract | None, list[str]]:
    """The contract of a line, or what is wrong with it. `yen` left out: the catalog's price."""
    ends, months, yen = (found.get(column, "") for column in OF_A_CONTRACT)
    if not (ends or months or yen):
        return None, []
    sentences = []
    ends_on = _day(ends)
    if ends_on is None:
        sentences.append("server_ends_on：契約終了日を 2027-03-31 の形で指定してください。months と yen は、契約のある行にだけ書けます。")
    elif (ends_on + timedelta(days=1)).day != 1:
        sentences.append(f"server_ends_on：契約は月の末日に終わります。{ends_on} は末日ではありません。")
    elif ends_on < today:
        sentences.append(f"server_ends_on：{ends_on} は過ぎています。終わった契約は取り込めません。")
    sold = plan.months if plan else ()
    if plan and (not months.isdecimal() or int(months[:4]) not in sold):
        sentences.append(f"months：次回の契約期間を {'、'.join(map(str, sold))} のどれかにしてください。")
    if yen and not (yen.isascii() and yen.isdecimal() and 0 < int(yen[:12]) <= MOST_YEN):
        sentences.append(f"yen：次回の更新の金額（税込、円）を、1 から {MOST_YEN} の整数で指定してください。")
    if sentences or plan is None or ends_on is None:
        return None, sentences
    return Contract(ends_on, int(months), int(yen) if yen else plan.total_yen(int(months))), []


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
