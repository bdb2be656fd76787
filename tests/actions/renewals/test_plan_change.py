"""Another plan: from the next term, told at once, never dearer than a notice said."""

from datetime import date

import pytest
import time_machine

from models import Account, Event, Mail, Term
from portal.actions.operations.verify import faults
from portal.actions.refusals import NotPossible
from portal.actions.renewals.plan_change import change_plan
from portal.actions.renewals.snapshot import snapshot_of
from portal.cli import main
from portal.rules.renewals.forecast import forecasts
from tests.keys import KEYS
from tests.purchase import CATALOG, Shop
from tests.routes.staff.test_commands import environment as environment
from tests.stored import everything_stored

TODAY = date(2026, 11, 22)
WHY = "お電話でのご依頼"


@pytest.fixture
def mori(database: str, shop: Shop):
    with time_machine.travel(TODAY):
        shop.buy("mori")
        yield Account.by_login("mori")


def next_charge(account: Account) -> tuple[str, str, int]:
    [found] = forecasts(snapshot_of(account), TODAY, CATALOG)
    [line] = found.group.quote.lines
    return line.variant, line.name, found.yen


@pytest.mark.store
def test_the_next_term_has_the_new_plan_and_its_price(mori: Account) -> None:
    running = Term.get()
    changed = change_plan(mori, "business", "staff keiri", WHY, CATALOG)

    assert (changed.before, changed.after.name, changed.counts_from) == ("スタンダードプラン", "ビジネスプラン", date(2027, 12, 1))
    assert next_charge(Account.by_login("mori")) == ("business", "ビジネスプラン", 26_400)
    assert Term.get() == running
    assert running.subscription.variant == "standard"
    mail = Mail.select().order_by(Mail.id.desc()).get()
    assert all(words in mail.body for words in ("2027年12月1日（水）に始まる", "26,400円", WHY, "2027年11月5日"))
    assert Event.select().where(Event.from_state == "standard", Event.to_state == "business", Event.actor == "staff keiri").count() == 1
    assert faults() == []


@pytest.mark.parametrize("what", ["placed", "paid ahead", "closed", "same", "unknown"])
def test_what_is_under_way_refuses_it_and_nothing_changes(mori: Account, shop: Shop, what: str) -> None:
    plan = {"same": "standard", "unknown": "gold"}.get(what, "business")
    if what == "placed":
        shop.place_for_transfer(shop.draft("mori", "renew"))
    if what == "paid ahead":
        shop.renew("mori")
    if what == "closed":
        Account.update(closed_at=mori.created_at).execute()
    before = everything_stored()

    with pytest.raises(NotPossible):
        change_plan(mori, plan, "staff keiri", WHY, CATALOG)
    assert everything_stored() == before


def test_a_second_look_says_it_and_changes_nothing(environment, mori: Account, capsys, monkeypatch) -> None:
    monkeypatch.setenv("SECRET_KEY", KEYS[0])
    before = everything_stored()
    command = ["account", "plan", "mori", "light", "--reason", WHY]

    assert main([*command, "--dry-run"]) == 0
    looked = capsys.readouterr().out
    assert everything_stored() == before
    assert main(command) == 0
    done = capsys.readouterr().out

    assert "次の自動更新：2027年11月5日（金）　ライトプラン　6,600円" in looked
    assert looked.replace("変えます（まだ何も変わっていません）", "変えました") == done
    assert main(command) == 2
    assert "すでに「ライトプラン」です" in capsys.readouterr().err
