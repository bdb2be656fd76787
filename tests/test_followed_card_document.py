"""docs/ja/カード決済.md is followed word by word against the stand-in of Stripe: keys, events, settings, numbers, commands."""

import re
import shlex
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from portal.demo.companies import demo_companies
from portal.gateways.card.stripe.events import READERS
from portal.gateways.companies import Companies, companies_for
from portal.runtime.comparing import print_comparisons
from portal.runtime.settings import UnsafeSettings, settings_from
from tests.fake_stripe import FakeStripe, disputes, fake_stripe
from tests.fake_stripe.balance import pay_out
from tests.fake_stripe.cards import CARDS
from tests.gateways.conftest import CUSTOMER
from tests.gateways.stripe_bench import INSTALLATION, StripeBench
from tests.test_settings import DEMO, REAL, SECRET

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "ja" / "カード決済.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.+?)^```", TEXT, re.MULTILINE | re.DOTALL)
AT_STRIPE = {"本番環境利用の申請", "設定", "公開情報", "顧客のメール", "開発者", "API キー", "Webhook"}  # what its dashboard calls them
RESOURCES = {
    "customers": "Customers",
    "checkout": "Checkout Sessions",
    "payment_intents": "PaymentIntents",
    "refunds": "Refunds",
    "balance": "Balance",
    "balance_transactions": "Balance Transactions",
    "payouts": "Payouts",
}  # of an address -> the name in the document
EXPANDED = ("SetupIntents", "PaymentMethods", "Charges", "Disputes")  # read as parts of others


def filled(line: str) -> dict[str, str]:
    """`NAME=value` pairs; what the document leaves open is filled in."""
    return dict(word.replace("…", SECRET).split("=", 1) for word in shlex.split(line) if "=" in word)


def test_the_key_may_do_all_that_the_portal_asks_for_and_the_document_names_no_more() -> None:
    with fake_stripe() as fake:
        bench = StripeBench(fake)
        payer = bench.payer()
        paid = bench.take(payer, 660, f"{INSTALLATION}-o1-a1")
        bench.refund(paid.reference, 60, "refund")
        bench.close(f"{INSTALLATION}-o1-a1")
        bench.lookup("never-prepared")
        disputes.begin(fake.world, paid.reference)
        pay_out(fake.world, date(2026, 11, 20))
        bench.stripe.remittances(date(2026, 11, 20), date(2026, 11, 20))
        bench.stripe.movements(clock_of(fake) - timedelta(days=1), clock_of(fake) + timedelta(days=1))
        bench.end("never-begun")
        bench.begin("order", "/orders/1/return", CUSTOMER)
        bench.remove(payer)
        asked = {line.partition("/v1/")[2].split("/")[0] for line in fake.world.asked}
    [line] = [line for line in TEXT.splitlines() if "書き込みが要るのは" in line]
    writes, _, reads = line.partition("読み取りが要るのは")

    assert asked == RESOURCES.keys()
    named = set(re.findall(r"[A-Z][A-Za-z]+(?: [A-Z][a-z]+)?", writes.partition("要るのは")[2] + reads.partition("です")[0]))
    assert named == {*RESOURCES.values(), *EXPANDED}


def clock_of(fake: FakeStripe) -> datetime:
    return datetime.fromtimestamp(fake.world.now(), UTC)


def test_the_events_to_choose_are_those_that_are_read() -> None:
    [line] = [line for line in TEXT.splitlines() if "イベント `" in line]
    events = re.findall(r"`([a-z_.]+\.[a-z_]+)`", line)

    assert len(events) == len(set(events)) > 8
    assert {next(start for start in READERS if event.startswith(start)) for event in events} == READERS.keys()
    assert "/notices/card" in line


def test_the_settings_of_real_use_are_accepted_and_a_key_for_tests_is_not() -> None:
    environ = REAL | dict(pair for line in BLOCKS[0].splitlines() for pair in filled(line).items())

    assert companies_for(settings_from(environ)).card.name == "stripe"
    for key in (f"sk_test_{SECRET}", f"rk_test_{SECRET}"):
        with pytest.raises(UnsafeSettings):
            settings_from(environ | {"STRIPE_SECRET_KEY": key})


@pytest.mark.parametrize("without", [(), ("NOTICE_SECRET",)])
def test_the_demo_runs_with_a_test_key_with_and_without_the_forwarded_events(tmp_path: Path, without: tuple[str, ...]) -> None:
    listen, run = BLOCKS[1].splitlines()
    given = {name: value for name, value in filled(run).items() if name not in without}
    companies, books = demo_companies(settings_from(DEMO | given | {"DATA_FOLDER": str(tmp_path)}))
    books.close()

    assert run.endswith("./run demo")
    assert listen.partition("#")[0].split() == ["stripe", "listen", "--forward-to", "http://127.0.0.1:8000/notices/card"]
    assert (companies.card.name, companies.wallet.name) == ("stripe", "sandbox")
    with pytest.raises(UnsafeSettings):
        settings_from(DEMO | given | {"STRIPE_SECRET_KEY": f"sk_live_{SECRET}", "DATA_FOLDER": str(tmp_path)})


def test_the_numbers_behave_as_the_document_says() -> None:
    numbers = [number.replace(" ", "") for number in re.findall(r"`(\d{4} \d{4} \d{4} \d{4})`", TEXT)]

    assert [number in CARDS for number in numbers] == [True] * 3
    with fake_stripe() as fake:
        bench = StripeBench(fake)
        taken = [bench.take(bench.payer(number), 660, f"{INSTALLATION}-o{number[-4:]}-a1") for number in (numbers[0], numbers[2])]
    assert (taken[0].yen, taken[1].code) == (660, "authentication_required")


def test_the_month_is_compared_by_the_command_as_written(companies: Companies, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    [command] = set(re.findall(r"`\./run portal reconcile (.+?)`", TEXT))
    first, last = (date.fromisoformat(word) for word in command.split()[1::2])

    assert print_comparisons(companies, first, last) == 0
    assert "1件ずつ一致しています" in capsys.readouterr().out


def test_the_words_of_staff_s_pages_stand_there() -> None:
    """What is in brackets and is not Stripe's stands in a template or in the program."""
    words = set(re.findall(r"「(.+?)」", TEXT)) - AT_STRIPE
    sources = [*(ROOT / "templates").rglob("*.*"), *(ROOT / "site").rglob("*.py")]
    texts = "\n".join(path.read_text(encoding="utf-8") for path in sources)

    assert {word for word in words if word not in texts} == set()
