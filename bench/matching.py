"""A month of transfers with known truth: how many are called sure and are right, what is found at once, and the time per line.

`matching.py [lines] [accounts] [--hard] [--postgresql]`: lines of the bank's file (5,000) for accounts with open orders (20,000).
Names are as banks print them, and who pays for somebody else is nobody's namesake. `--hard`: half of the people are known to the company
in kanji alone, and payers may be namesakes of other customers, which no rule can tell. Prints and judges nothing.
"""

import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from peewee import chunked

from bench.stores import empty_store
from models import Account, Deposit, Order, Staff
from portal import clock
from portal.actions.transfers import bank_files, matching_runs
from portal.actions.transfers.matching import equally_likely, matches
from portal.actions.transfers.proposing import line_of, proposals, waiting_deposits
from portal.catalog import load_catalog
from portal.rules.accounts.name_key import name_key
from portal.rules.transfers.proposals import SHOWN
from portal.runtime.settings import sample_company
from portal.store import database as store
from portal.store.database import database
from tests import keys
from tests.bank_files import Paid, as_bytes, zengin01

PRICES = (1_100, 3_300, 6_600, 13_200, 13_200, 25_080, 35_640)
FEES = (110, 220, 330, 440, 550, 660)
BEGINNINGS = "ﾀｶ ﾅｶ ﾔﾏ ｶﾜ ﾆｼ ﾋｶﾞｼ ｷﾀ ﾐﾅﾐ ｵｵ ｺ ｲｼ ﾏﾂ ｽｷﾞ ﾌｼﾞ ｻｸﾗ ﾓﾘ ﾊﾗ ﾅｶﾞ ﾋﾛ ﾜｶ"
ENDS = "ﾀﾞ ﾑﾗ ﾔﾏ ｶﾜ ｼﾏ ﾓﾄ ﾉ ｻﾞｷ ｲ ﾊﾞﾔｼ ｵｶ ﾊﾗ ｻﾜ ﾊｼ ﾐﾔ ﾈ ｷ ｳﾁ ﾂｶ ﾍﾞ"
GIVEN = "ﾀﾛｳ ﾊﾅｺ ｹﾝｼﾞ ﾕｳｺ ﾋﾛｼ ｱｷﾗ ﾖｳｺ ﾏｺﾄ ｶｽﾞｵ ｻﾁｺ ｼﾖｳﾀ ﾐｻｷ ﾀﾞｲｷ ｱｲ ｼﾞﾕﾝ ﾅｵｷ ﾐﾎ ﾘﾖｳ ｶｵﾘ ﾄﾓｺ ﾀｸﾔ ﾕｶ ｺｳｼﾞ ﾉﾘｺ ｾｲｲﾁ ﾌﾐｺ ｼﾝﾔ ﾁｴ ﾕｷｵ ﾏﾘ"
FORMS = ("{}(ｶ", "ｶ){}", "{}(ﾕ", "ﾄﾞ){}")
WORDS = ("ｱｵﾊﾞ", "ﾋｶﾘ", "ﾐﾄﾞﾘ", "ｻｸﾗ", "ﾌｼﾞ", "ｷﾎﾞｳ", "ﾆｼｷ", "ﾊﾔﾌﾞｻ", "ﾂﾊﾞｻ", "ﾎｸﾄ")
TRADES = ("ｼﾖｳｼﾞ", "ｺｳｷﾞﾖｳ", "ﾃﾞｻﾞｲﾝ", "ｼｽﾃﾑ", "ｼﾖｸﾋﾝ", "ｹﾝｾﾂ", "ﾌﾄﾞｳｻﾝ", "ｲﾝｻﾂ")
HARD = "--hard" in sys.argv
TODAY = date(2026, 11, 28)
AT = datetime(2026, 11, 1, 3, tzinfo=UTC)


@dataclass(frozen=True)
class Payer:
    """`kana`: as banks print it. `name`: as the customer wrote it at the company."""

    kana: str
    name: str


@dataclass(frozen=True)
class Truth:
    """What a line is. `orders`: what it was meant for; empty: nobody's. `has_clue`: it has a number, or the name and yen of one alone."""

    kind: str
    line: Paid
    orders: tuple[int, ...]
    has_clue: bool


def main() -> None:
    numbers = [int(text.replace(",", "")) for text in sys.argv[1:] if not text.startswith("-")]
    lines, accounts = (*numbers, 5_000, 20_000)[:2] if len(numbers) != 1 else (numbers[0], 20_000)
    with empty_store(is_postgresql="--postgresql" in sys.argv) as found:
        store.bind(found.url)
        store.ensure_connection()
        keys.bind()
        clock.today = lambda: TODAY
        print(f"{lines:,} lines, {accounts:,} accounts, {'PostgreSQL' if '--postgresql' in sys.argv else 'SQLite'}")
        run(random.Random(20261128), lines, accounts)
        store.close()


def run(dice: random.Random, lines: int, accounts: int) -> None:
    catalog = load_catalog(sample_company())
    staff = Staff.create(login="bench", password_hash="-", name="bench", totp_secret="x" * 32, created_at=AT)
    payers = [a_payer(dice, 0.5 if HARD else 0) for _ in range(accounts)]
    orders = fill(payers, dice)
    truth = a_month(payers, orders, dice, lines)
    content = as_bytes(zengin01([one.line for one in truth]))
    started = time.process_time()
    file = bank_files.keep(content, "month.txt", staff, catalog.bank_accounts)
    bank_files.import_file(file, staff, catalog.bank_accounts, is_as_shown=lambda plan: True)
    say("import", started, lines)
    by_line = {line.deposit_id: truth[line.record - 2] for line in file.lines}
    started = time.process_time()
    matching_runs.AT_MOST = lines
    pairs = matching_runs.sure_pairs()
    say("sure matches", started, lines)
    judge(by_line, {pair.deposit: pair.order for pair in pairs})


def judge(truth: dict[int, Truth], sure: dict[int, int]) -> None:
    wrong = [deposit for deposit, order in sure.items() if order not in truth[deposit].orders]
    print(f"sure: {len(sure):,} of {len(truth):,}; wrong: {len(wrong)}")
    for deposit in wrong[:10]:
        print("  wrong:", truth[deposit])
    started, places, none, undecided = time.process_time(), {}, set(), set()
    rest = [deposit for deposit in truth if deposit not in sure]
    for deposit in [Deposit.get_by_id(deposit) for deposit in rest]:
        proposed = matches(deposit, deposit.yen)
        none |= set() if any(match.by_number or match.by_name for match in proposed) else {deposit.id}
        undecided |= {deposit.id} if equally_likely(proposed, deposit, deposit.yen) > SHOWN else set()
        found = [match.row.order.id for match in proposed]
        places[deposit.id] = next((place for place, order in enumerate(found, 1) if order in truth[deposit.id].orders), 0)
    say("proposals for the others", started, len(rest))
    waiting_list(truth, rest)
    clues = [deposit for deposit, one in truth.items() if one.has_clue]
    first = [deposit for deposit in clues if deposit in sure or places.get(deposit) == 1]
    print(f"with number, or unique name and yen: {len(clues):,}; sure or first proposal: {len(first):,} ({len(first) / len(clues):.2%})")
    owned = [deposit for deposit in rest if truth[deposit].orders]
    among = [deposit for deposit in owned if 1 <= places[deposit] <= 3]
    print(f"others with an order: {len(owned):,}; it is among the first three: {len(among):,} ({len(among) / max(1, len(owned)):.2%})")
    others = set(owned) - set(among)
    print(f"  not among them: {len(others):,}; the page says that none has its number or name: {len(others & none):,},")
    print(f"  that more than {SHOWN} fit equally: {len(others & undecided):,}; misled: {len(others - none - undecided)}")
    kinds = Counter(one.kind for one in truth.values())
    for kind, count in kinds.most_common():
        mine = [deposit for deposit, one in truth.items() if one.kind == kind]
        top = sum(1 <= places.get(deposit, 0) <= 3 for deposit in mine)
        print(f"  {kind}: {count:,}; sure {sum(deposit in sure for deposit in mine):,}, among three {top:,}")


def waiting_list(truth: dict[int, Truth], rest: list[int]) -> None:
    """The pages of 「1件ずつ充当する」: what stands beside each line, and how many buttons would not do what was meant."""
    started, wrong, kinds, said = time.process_time(), [], Counter(), Counter()
    for some in chunked(rest, 20):
        lines = [line_of(deposit) for deposit in waiting_deposits().where(Deposit.id.in_(some))]
        for found in proposals(lines):
            deposit = found.line.deposit.id
            meant, shown = set(truth[deposit].orders), {row.order.id for row in found.likeliest}
            if found.proposal.parts:
                kinds[found.proposal.kind.name] += 1
                wrong += [] if {part.order for part in found.proposal.parts} <= meant else [deposit]
            elif meant:
                is_undecided, is_shown = found.undecided > 0, bool(shown & meant)
                said["its order is shown" if is_shown else "too many fit" if is_undecided else "none fits" if not shown else "misled"] += 1
    say("pages of the waiting list", started, len(rest))
    print(f"  with a button: {kinds.total():,} of {len(rest):,}; not what was meant: {len(wrong)}; {dict(kinds)}")
    print(f"  without a button, and with an order: {said.total():,}; {dict(said)}")


def say(what: str, started: float, lines: int) -> None:
    """Seconds of this process's processor: those of the clock are also other programs'."""
    seconds = time.process_time() - started
    print(f"{what}: {seconds:.2f} s, {seconds / max(1, lines) * 1000:.2f} ms a line", flush=True)


def a_payer(dice: random.Random, kanji: float = 0) -> Payer:
    """`kanji`: the share of people who wrote their name so that no bank prints it."""
    if dice.random() < 0.25:
        kana = dice.choice(WORDS) + dice.choice(WORDS) + dice.choice(TRADES)
        return Payer(dice.choice(FORMS).format(kana), f"株式会社{kana}")
    beginning, end, given = (dice.choice(found.split()) for found in (BEGINNINGS, ENDS, GIVEN))
    kana = f"{beginning}{end} {given}"
    return Payer(kana, f"漢字{dice.randrange(10**9)}" if dice.random() < kanji else kana)


def fill(payers: list[Payer], dice: random.Random) -> list[Order]:
    """An account for each payer, with an order that waits for its transfer."""
    people = [
        {"login": f"p{place}", "password_hash": "-", "name": payer.name, "name_key": name_key(payer.name), "email": f"p{place}@example.jp"}
        for place, payer in enumerate(payers)
    ]
    placed = {"kind": "new", "state": "placed", "method": "bank", "plan": "standard", "tax_yen": 100, "tax_percent": 10, "created_at": AT}
    placed |= {"placed_at": AT, "due_on": date(2026, 11, 30)}
    with database.atomic():
        for some in chunked(people, 500):
            Account.insert_many([person | {"plan": "standard", "created_at": AT} for person in some]).execute()
        numbers = dice.sample(range(10_000_000, 99_999_999), len(payers))
        rows = [
            placed | {"number": str(number), "account": account, "total_yen": dice.choice(PRICES)}
            for number, (account,) in zip(numbers, Account.select(Account.id).order_by(Account.id).tuples(), strict=True)
        ]
        for some in chunked(rows, 500):
            Order.insert_many(some).execute()
    return list(Order.select().order_by(Order.id))


def a_month(payers: list[Payer], orders: list[Order], dice: random.Random, lines: int) -> list[Truth]:
    """Who pays, and how they write it."""
    same = Counter((name_key(payer.kana), order.total_yen) for payer, order in zip(payers, orders, strict=True))
    known = Counter(name_key(payer.name) for payer in payers)
    left = dice.sample(range(len(orders)), len(orders))
    truth: list[Truth] = []
    while len(truth) < lines:
        place = left.pop()
        payer, order = payers[place], orders[place]
        is_unique = same[name_key(payer.kana), order.total_yen] == 1 and known[name_key(payer.kana)] == 1
        is_unique = is_unique and name_key(payer.name) == name_key(payer.kana)
        truth += a_way(payer, order, somebody_else(dice, known), dice, is_unique=is_unique)
    return truth[:lines]


def somebody_else(dice: random.Random, known: Counter[str]) -> str:
    while True:
        other = a_payer(dice).kana
        if HARD or not known[name_key(other)]:
            return other


def a_way(payer: Payer, order: Order, other: str, dice: random.Random, *, is_unique: bool) -> list[Truth]:
    """The lines of one payer."""
    day = TODAY - timedelta(days=dice.randrange(20))
    numbered = dice.choice((f"{order.number} {payer.kana}", f"{payer.kana} {order.number}", f"{order.number}{payer.kana}"))
    mine, yen = (order.id,), order.total_yen
    ways = (
        (52, "number and name", lambda: [Paid(yen, numbered, day)], mine, True),
        (6, "number in the code", lambda: [Paid(yen, payer.kana, day, code=order.number)], mine, True),
        (16, "name alone", lambda: [Paid(yen, payer.kana, day)], mine, is_unique),
        (7, "number, short by the fee", lambda: [Paid(yen - dice.choice(FEES), numbered, day)], mine, True),
        (4, "name, short by the fee", lambda: [Paid(yen - dice.choice(FEES), payer.kana, day)], mine, False),
        (4, "number, another's name", lambda: [Paid(yen, f"{order.number} {other}", day)], mine, True),
        (3, "another's name alone", lambda: [Paid(yen, other, day)], mine, False),
        (3, "twice", lambda: [Paid(yen, numbered, day), Paid(yen, numbered, day)], mine, True),
        (2, "a name cut off", lambda: [Paid(yen, payer.kana[:6].strip(), day)], mine, False),
        (2, "a yen more", lambda: [Paid(yen + 1, numbered, day)], mine, True),
        (1, "nobody's", lambda: [Paid(dice.randrange(1, 99_999), other, day)], (), False),
    )
    _, kind, lines, meant, has_clue = dice.choices(ways, [way[0] for way in ways])[0]
    return [Truth(kind, line, meant, has_clue) for line in lines()]


if __name__ == "__main__":
    main()
