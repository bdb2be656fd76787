"""`portal run-due` does everything due in one pass and reports in Japanese; `--dry-run` predicts the same without changes."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from peewee import fn

import models
from models import Account, Announcement, Order, Payment, Schedule, Term
from portal.actions.renewals import billing_run
from portal.actions.transfers import allocation
from portal.enums import Method, OrderKind
from portal.gateways.companies import Companies
from portal.jobs import run_due
from portal.jobs.context import catalog_version
from portal.sandbox.books.outcomes import Outcome
from portal.store.installation import claim_installation
from tests.choices import a_selection
from tests.companies import LosesAnswers, Wrapped
from tests.concurrency import at_once
from tests.passes import run_job

pytestmark = pytest.mark.store

A_MONTH = a_selection(months=1)
CHARGE_DAY = date(2026, 12, 5)


@pytest.fixture
def portal(settings, shop, calendar, capsys):
    return Portal(settings, shop, calendar, capsys)


class Portal:
    """The command as cron runs it."""

    def __init__(self, settings, shop, calendar, capsys):
        self.settings, self.shop, self.calendar, self._capsys = settings, shop, calendar, capsys
        self.code = None

    def run_due(self, companies: Companies | None = None) -> list[str]:
        return self._told(run_due.run, companies)

    def dry_run(self, companies: Companies | None = None) -> list[str]:
        return self._told(run_due.forecast, companies)

    def _told(self, command, companies) -> list[str]:
        self._capsys.readouterr()
        self.code = command(self.settings, companies or self.shop.companies)
        return self._capsys.readouterr().out.splitlines()

    def on(self, day: date) -> "Portal":
        self.calendar.jump(day)
        return self

    def rows(self) -> dict[str, list]:
        """Everything that is stored, here and at the companies."""
        found = {model.__name__: sorted(map(str, model.select().tuples())) for model in models.TABLES}
        return found | {"books": list(self.shop.books.reader().iterdump())}


def many(shop, *logins):
    for login in logins:
        shop.buy(login, selection=A_MONTH)


def test_run_due_charges_every_due_account_and_reports_it(portal, shop):
    many(shop, "aki", "haru")
    shop.buy("fuyu", outcome=Outcome.PAYS_ONCE, selection=A_MONTH)

    printed = portal.on(CHARGE_DAY).run_due()

    aki = Order.get(Order.account == Account.by_login("aki"), Order.kind == OrderKind.AUTO)
    price = f"{aki.total_yen:,}円"
    assert f"aki　自動更新のお支払い　申し込み {aki.number}　{price}　クレジットカード（Visa 下4桁 4242）　支払い済み" in printed
    assert any(line.startswith("fuyu　自動更新のお支払い　申し込み") and "不成立：" in line for line in printed)
    assert f"  自動更新のお支払い（支払い済み）：2件　{2 * aki.total_yen:,}円" in printed
    assert any(line.startswith("  自動更新のお支払い（不成立：") and line.endswith(f"：1件　{price}") for line in printed)
    assert portal.code == 0
    shop.ledger.prove()


def test_a_second_pass_finds_nothing_to_do(portal, shop):
    many(shop, "aki")
    portal.on(CHARGE_DAY).run_due()

    assert portal.run_due() == ["2026年12月5日（土）の合計", "  行うことはありませんでした。"]


def test_a_pass_processes_more_rows_than_one_batch(portal, shop, monkeypatch):
    monkeypatch.setattr(billing_run, "AT_A_TIME", 2)
    many(shop, *(f"login{number}" for number in range(5)))

    portal.on(CHARGE_DAY).run_due()

    assert Order.select().where(Order.kind == OrderKind.AUTO, Order.state == "paid").count() == 5


def test_a_dry_run_says_what_would_be_charged_and_changes_nothing(portal, shop):
    many(shop, "aki")
    shop.by(Method.WALLET).buy("haru", selection=A_MONTH)
    order = shop.place_for_transfer(shop.draft("natsu"), A_MONTH)
    shop.asking(LosesAnswers(shop.company)).buy("fuyu")
    portal.on(date(2026, 12, 25))
    asked = Companies(card=Wrapped(shop.company), wallet=Wrapped(shop.by(Method.WALLET).company))
    before = portal.rows()

    printed = portal.dry_run(asked)

    assert portal.rows() == before
    assert (asked.card.asked, asked.wallet.asked) == ([], [])
    price = f"{order.total_yen:,}円"
    assert f"aki　自動更新のお支払い　{price}　クレジットカード（Visa 下4桁 4242）　予定" in printed
    assert any(line.startswith(f"haru　自動更新のお支払い　{price}　おさいぽ!") for line in printed)
    assert f"natsu　振込の期限切れ　申し込み {order.number}　{price}　銀行振込" in printed
    assert any(line.startswith("fuyu　支払い結果の問い合わせ　申し込み") for line in printed)
    assert f"  自動更新のお支払い（予定）：2件　{2 * order.total_yen:,}円" in printed
    assert portal.code == 0


def test_a_dry_run_predicts_what_the_run_does(portal, shop, calendar):
    """Every day with something due, for contracts that renew, are declined, end and are paid manually."""
    many(shop, "aki")
    shop.buy("fuyu", outcome=Outcome.PAYS_ONCE, selection=a_selection(months=1, backup_months=1))
    order = shop.place_for_transfer(shop.draft("natsu"), A_MONTH)
    allocation.allocate(shop.deposit(order.total_yen), order, order.total_yen, shop.staff, "番号が一致", catalog=shop.catalog)
    wrong, days = [], 0
    while (day := _next_day(calendar.today)) < date(2027, 1, 17):
        portal.on(day)
        foreseen, done = _happenings(portal.dry_run()), _happenings(portal.run_due())
        days += bool(done)
        wrong += [] if foreseen == done else [(day, foreseen, done)]

    assert wrong == []
    assert days > 12
    shop.ledger.prove()


def _next_day(today: date) -> date:
    return max(Schedule.select(fn.MIN(Schedule.due_on)).scalar(), today + timedelta(days=1))


def _happenings(printed: list[str]) -> list[tuple[str, ...]]:
    """Who and what, and the yen of a charge."""
    parts = [line.split("　") for line in printed if not line.startswith(("  ", "20", "これは"))]
    return [(login, what, *(part for part in rest if part.endswith("円"))) for login, what, *rest in parts]


def test_missed_days_are_one_charge_in_a_dry_run_too(portal, shop):
    shop.buy(outcome=Outcome.PAYS_ONCE, selection=A_MONTH)
    portal.on(date(2026, 12, 22))

    foreseen, done = _happenings(portal.dry_run()), _happenings(portal.run_due())

    assert [what for _, what, *_ in foreseen] == ["自動更新のお支払い"]
    assert foreseen == done


def test_a_dry_run_checks_every_account_after_a_catalog_change(portal, shop, tmp_path):
    catalog_version.cache_clear()  # another test may have read it on a later day
    many(shop, "aki")
    claim_installation("test", is_demo=True)
    portal.on(date(2026, 11, 25)).run_due()
    company = tmp_path / "company"
    shutil.copytree(portal.settings.company_folder, company)
    catalog = company / "catalog.toml"
    catalog.write_text(catalog.read_text(encoding="utf-8").replace("closed_days = [", "closed_days = [2030-01-02, "), encoding="utf-8")
    portal.settings = replace(portal.settings, company_folder=company)
    Schedule.update(due_on=date(2027, 6, 1)).execute()
    portal.on(CHARGE_DAY)

    assert portal.dry_run()[1].startswith("aki　自動更新のお支払い")
    assert portal.run_due()[0].startswith("aki　自動更新のお支払い")


def test_without_a_payment_company_a_dry_run_predicts_no_charge(portal, shop):
    many(shop, "aki")
    portal.on(CHARGE_DAY)

    assert not any("自動更新のお支払い" in line for line in portal.dry_run(Companies()))
    assert not any("自動更新のお支払い" in line for line in portal.run_due(Companies()))
    assert Payment.select().where(Payment.setup.is_null()).count() == 0


def test_two_passes_and_a_worker_at_once_charge_each_once(portal, shop, settings):
    many(shop, *(f"login{number}" for number in range(6)))
    portal.on(CHARGE_DAY)
    one_pass = lambda: run_due.run(settings, shop.companies)  # noqa: E731
    worker_too = lambda: run_job("billing", settings, shop.companies)  # noqa: E731

    at_once(one_pass, one_pass, worker_too)

    assert Order.select().where(Order.kind == OrderKind.AUTO, Order.state == "paid").count() == 6
    assert len(shop.taken) == 12
    shop.ledger.prove()


def test_one_failing_account_does_not_stop_the_others(portal, shop):
    many(shop, "aki", "haru")
    end = Term.get().ends_on
    values = {"charge_on": CHARGE_DAY, "yen": 1, "content": "damaged", "announced_on": CHARGE_DAY}
    Announcement.create(account=Account.by_login("aki"), ends_on=end, **values)

    printed = portal.on(CHARGE_DAY).run_due()

    assert portal.code == 1
    assert any(line.startswith("haru　自動更新のお支払い") for line in printed)
    assert "  失敗：1件（記録に理由があります。次回もう一度行います）" in printed


@pytest.fixture(autouse=True)
def quiet_log(caplog) -> Iterator[None]:
    caplog.set_level("CRITICAL")
    return
