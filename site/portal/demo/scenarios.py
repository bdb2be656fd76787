"""A day at the bank: transfers as they come in life, in one file, for the desk of staff. Each says where it ends; a test walks it there.

The customers are made anew each time, and order by the portal's own pages.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Flask

from models import Account, BankFile, Order, Staff
from portal import clock
from portal.actions.transfers import bank_files
from portal.catalog import Catalog
from portal.demo import stories, turning
from portal.demo.bank_file import statement_file
from portal.demo.filling import Visitors
from portal.demo.personas import STAFF_LOGIN, Persona, Step, add_the_staff
from portal.enums import BankFileState, ProposalKind
from portal.sandbox.books import Books, bank

FEE = 440
OTHER_PRESS_ENDS_WITHIN = 20.0
SURE = "確か。「まとめて充当する」の一押しで入金確認済になります。"
BY_NAME = "名前と金額が合います。「1件ずつ充当する」の一押しで入金確認済になり、この名前を覚えます。"
AGAIN = ("", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キユウ", "ジユウ")  # the same press again: other people


@dataclass(frozen=True)
class Transfer:
    """Yen below 0 went back (組戻し). `on`: None for today. `code`: of the customer's own number (専用口座)."""

    yen: int
    payer: str
    on: date | None = None
    code: str = ""


@dataclass(frozen=True)
class Scenario:
    """`names`: whose orders wait for it. `kind`: what the desk proposes for its last transfer, once the sure ones are allocated."""

    id: str
    label: str
    names: tuple[str, ...]
    transfers: Callable[[Sequence[Order]], list[Transfer]]
    kind: ProposalKind
    ends: str
    is_sure: bool = False


def _paid(payer: str, *, times: int = 1, less: int = 0, on: Callable[[], date | None] = lambda: None) -> Callable:
    """The whole sum of the orders. {numbers} and {again} are filled in."""

    def of(orders: Sequence[Order]) -> list[Transfer]:
        numbers, again = " ".join(order.number for order in orders), orders[0].account.name.partition("　")[2] if orders else ""
        yen = sum(order.total_yen for order in orders) - less
        return [Transfer(yen, payer.format(numbers=numbers, again=again), on())] * times

    return of


def _last_years_end() -> date:
    return date(clock.today().year - 1, 12, 31)


def _called_back(orders: Sequence[Order]) -> list[Transfer]:
    return [Transfer(6_600, "ｺﾞﾌﾘｺﾐ ﾐﾉﾙ"), Transfer(-6_600, "ｺﾞﾌﾘｺﾐ ﾐﾉﾙ")]


def _to_the_own_number(orders: Sequence[Order]) -> list[Transfer]:
    """Without one where the numbers are used up."""
    own = [(order, order.account.virtual_accounts.first()) for order in orders]
    return [Transfer(order.total_yen, "ﾊﾊｵﾔ ﾊﾗｳ", code=number.code if number else "") for order, number in own]


SCENARIOS = (
    Scenario("exact", "ちょうど（番号と名前）", ("チヨウド マモル",), _paid("{numbers} ﾁﾖｳﾄﾞ ﾏﾓﾙ"), ProposalKind.EXACT, SURE, is_sure=True),
    Scenario(
        "fee", "手数料を引いた", ("テスウ ヒク",), _paid("{numbers} ﾃｽｳ ﾋｸ", less=FEE), ProposalKind.FEE,
        "充当すると一部入金。申し込みのページで「不足のままで入金確認済にする」か、残りを待ちます。",
    ),
    Scenario(
        "two", "2件を1つで", ("マトメ イチロウ", "マトメ ジロウ"), _paid("{numbers} ﾏﾄﾒ"), ProposalKind.COMBINED,
        "一押しで2件に分けて充当します。",
    ),
    Scenario("forgotten", "番号を忘れた", ("ワスレ バンゴ",), _paid("ﾜｽﾚ ﾊﾞﾝｺﾞ{again}"), ProposalKind.EXACT, BY_NAME),
    Scenario(
        "other", "別の名前", ("ベツノ ナマエ",), _paid("ｵﾔﾉ ｶﾀｶﾞﾜﾘ"), ProposalKind.NOBODY,
        "だれのものか決められません。お客様に尋ね、番号を入れて充当します。",
    ),
    Scenario("kanji", "髙を高と書いた", ("髙橋 花子",), _paid("高橋 花子{again}"), ProposalKind.EXACT, BY_NAME),
    Scenario(
        "twice", "2回", ("ニカイ ハラウ",), _paid("{numbers} ﾆｶｲ ﾊﾗｳ", times=2), ProposalKind.PAID,
        "1回めは確か。2回めはお預かりにして、返します。",
    ),
    Scenario(
        "returned", "組戻し", (), _called_back, ProposalKind.NOBODY,
        "「銀行のファイル」の「取消・組戻し」で、元の入金を返金済みにします。",
    ),
    Scenario(
        "year", "年末の日付（和暦）", ("トシコシ ソバ",), _paid("{numbers} ﾄｼｺｼ ｿﾊﾞ", on=_last_years_end), ProposalKind.BEFORE,
        "去年の12月31日と読みます。申し込みより前の入金なので、確かめてから充当します。",
    ),
)  # fmt: skip
OWN_NUMBER = Scenario(
    "own", "専用口座へ、番号なしで別の名前", ("センヨウ コウザ",), _to_the_own_number, ProposalKind.EXACT,
    f"{SURE}CSV には専用口座の番号がないので、全銀のファイルでだけ分かります。",
    is_sure=True,
)  # fmt: skip


def scenarios_of(catalog: Catalog) -> tuple[Scenario, ...]:
    """Those that this company's bank can give."""
    return (*SCENARIOS, OWN_NUMBER) if catalog.virtual_accounts else SCENARIOS


def load(app: Flask, kind: str, seen: int, found: list[BankFile]) -> None:
    """New customers order, the bank receives each scenario, and its file of this kind is imported; it is put into `found`.

    `seen`: `next_turn()` of the page. If somebody has pressed since (the second of two clicks), it is the file of that press.
    Raises turn_lock.Busy and visitor.Lost.
    """
    books: Books = app.extensions["books"]
    with turning.lock_of(app).turning(OTHER_PRESS_ENDS_WITHIN):
        newest = BankFile.select().where(BankFile.state == BankFileState.IMPORTED).order_by(BankFile.id.desc()).first()
        if newest and seen != next_turn():
            found.append(newest)
            return
        add_the_staff()
        turn, visitors = next_turn(), Visitors(app)
        for scenario in scenarios_of(app.extensions["catalog"]):
            orders = [_order(visitors, scenario, place, turn) for place in range(len(scenario.names))]
            for transfer in scenario.transfers(orders):
                bank.pay_in(books, transfer.yen, transfer.payer, on=transfer.on, code=transfer.code)
        found.append(_bring(app, kind))


def login_of(scenario: Scenario, place: int, turn: int) -> str:
    return f"bank-{scenario.id}{place + 1 if place else ''}{f'-{turn + 1}' if turn else ''}"


def next_turn() -> int:
    """How often this was pressed in this demo."""
    turn = 0
    while Account.by_login(login_of(SCENARIOS[0], 0, turn)):
        turn += 1
    return turn


def _order(visitors: Visitors, scenario: Scenario, place: int, turn: int) -> Order:
    login = login_of(scenario, place, turn)
    again = f"　{AGAIN[turn % len(AGAIN)]}" if turn else ""
    visitors.play(Persona(login, scenario.names[place] + again, scenario.label), Step(stories.order_by_transfer))
    return Account.by_login(login).placed_order


def _bring(app: Flask, kind: str) -> BankFile:
    books, accounts, staff = app.extensions["books"], app.extensions["catalog"].bank_accounts, Staff.by_login(STAFF_LOGIN)
    content = statement_file(kind, list(reversed(bank.lines(books))), accounts[0], clock.today())
    file = bank_files.keep(content, f"デモの銀行 {clock.today()}", staff, accounts, accounts[0] if kind == "csv" else None)
    if not file.is_imported:
        bank_files.import_file(file, staff, accounts, is_as_shown=lambda plan: True)
    return file
