"""`portal verify`: every promise of the books is kept by what the program writes, and named when somebody breaks it by hand."""

import threading

import pytest

from models import Order
from portal.actions.operations import verify as verifying
from portal.actions.operations.promises import PROMISES, SUMS
from portal.actions.operations.verify import Verified, faults
from portal.cli import main
from portal.enums import Method
from portal.sandbox.books.outcomes import Outcome
from portal.store import database as store
from portal.store.database import database as rows
from tests.actions.payments.test_refunds import give_back, paid_by_transfer
from tests.keys import KEYS
from tests.purchase import Shop
from tests.routes.staff.test_commands import environment as environment

CARD = "(SELECT MIN(id) FROM \"order\" WHERE state = 'paid' AND method = 'card')"
SERVER = f"(SELECT subscription_id FROM term WHERE order_id = {CARD} ORDER BY id LIMIT 1)"
OTHER = "(SELECT MAX(id) FROM account)"
FAILED = "(SELECT MIN(id) FROM payment WHERE state = 'declined')"
WAITS = "(SELECT MIN(id) FROM \"order\" WHERE state = 'placed' AND method = 'bank')"
IN_A_DEMO = "INSERT INTO installation (id, installation_id, is_demo) VALUES (1, 'test', TRUE)"

# promise or sum: what somebody does to the tables
BROKEN = {
    "one succeeded payment": f"""DROP INDEX one_succeeded_payment;
        UPDATE payment SET state = 'succeeded', company_reference = 'x' WHERE id = {FAILED}""",
    "not more than the total": f"UPDATE allocation SET yen = yen + 1 WHERE order_id = {CARD}",
    "money only where it counts": f"UPDATE \"order\" SET state = 'expired', paid_on = NULL WHERE id = {CARD}",
    "payment and allocation": "UPDATE payment SET yen = yen - 1 WHERE state = 'succeeded'",
    "nothing from nowhere": "UPDATE payment SET company_reference = 'another' WHERE method = 'wallet'",
    "deposits add up": "UPDATE deposit SET yen = yen + 1",
    "where money is": f"UPDATE allocation SET order_id = {WAITS} WHERE source = 'wallet'; UPDATE \"order\" SET has_money = FALSE",
    "returned once": "UPDATE allocation SET yen = yen - 1 WHERE source = 'returned'",
    "not more back than came": "UPDATE allocation SET yen = -999999 WHERE source = 'returned'",
    "lines add up": f"UPDATE order_line SET yen = yen + 1 WHERE order_id = {CARD}",
    "terms follow one another": """DROP INDEX one_first_term; UPDATE term SET previous_term_id = NULL, previous_ends_on = NULL,
        starts_on = ends_on WHERE previous_term_id IS NOT NULL""",
    "one server": f"DROP INDEX one_of_a_product; UPDATE subscription SET account_id = {OTHER}",
    "paid means terms": f"INSERT INTO order_line (order_id, position, product, kind, variant, name, quantity, months, yen, starts_on,"
    f" ends_on, is_last_time, renews_by_default) SELECT order_id, 9, product, kind, variant, name, 1, 1, 0, starts_on, ends_on,"
    f" is_last_time, renews_by_default FROM order_line WHERE order_id = {CARD}",
    "paid means money": "DELETE FROM allocation WHERE source = 'wallet'",
    "imported once": f"UPDATE order_line SET order_id = NULL WHERE order_id = {CARD}",
    "runs for a reason": "DELETE FROM term WHERE previous_term_id IS NULL AND id NOT IN (SELECT previous_term_id FROM term"
    " WHERE previous_term_id IS NOT NULL)",
    "undone means unpaid": f"UPDATE order_line SET undone_subscription_id = {SERVER} WHERE order_id = {CARD} AND position = 1",
    "everybody's own": f"UPDATE subscription SET account_id = {OTHER} WHERE id = {SERVER}",
    "history ends here": "UPDATE event SET to_state = 'cancelled' WHERE to_state = 'paid'",
    "history without gaps": "DELETE FROM event WHERE entity LIKE 'payment %' AND from_state = 'created'",
    "numbers of papers": f"{IN_A_DEMO}; DELETE FROM invoice WHERE number = 1",
    "days of papers": "UPDATE invoice_day SET tax_yen = tax_yen + 1",
    "papers as issued": """INSERT INTO invoice (number, kind, account_id, order_id, customer, issued_on, traded_on, total_yen, tax_percent,
        tax_yen, content, sha256, created_at) SELECT (SELECT MAX(number) + 1 FROM invoice), 'invoice', account_id, order_id, customer,
        issued_on, traded_on, total_yen, tax_percent, tax_yen, content || ' ', sha256, created_at FROM invoice WHERE number = 1""",
    "one receipt": "INSERT INTO invoice_void SELECT id, issued_on, 'x', created_at FROM invoice WHERE number = 1",
    "returned on paper": "INSERT INTO invoice_void SELECT id, issued_on, 'x', created_at FROM invoice WHERE kind = 'return'",
    "told": "DELETE FROM mail WHERE kind = 'payment_confirmed'",
    "クレジットカード": "UPDATE payment SET yen = yen + 1 WHERE method = 'card' AND state = 'succeeded'",
    "おさいぽ!": "UPDATE payment SET yen = yen + 1 WHERE method = 'wallet'",
    "銀行振込": "UPDATE allocation SET yen = yen + 1 WHERE source = 'bank'",
    "返金": "UPDATE refund SET yen = yen - 1",
    "支払い済みの申し込み": f'UPDATE "order" SET total_yen = total_yen + 1 WHERE id = {CARD}',
    "領収書": "UPDATE allocation SET yen = yen + 1 WHERE source = 'wallet'",
}


@pytest.fixture
def world(database: str, shop: Shop) -> Shop:
    """Money of each kind: paid, renewed, refused first, given back, transferred in full and held."""
    shop.buy("card")
    shop.renew("card")
    shop.pay_again(shop.buy("again", Outcome.REFUSED))
    paid = shop.by(Method.WALLET).buy("osaipo")
    give_back(shop, paid, 10_000)
    paid_by_transfer(shop)
    shop.deposit(5_000)
    shop.place_for_transfer(shop.draft("bank"))
    return shop


@pytest.mark.store
def test_every_promise_holds_and_is_named_when_it_is_broken(world: Shop) -> None:
    assert faults() == []
    assert BROKEN.keys() == {promise.name for promise in PROMISES} | {found.label for found in SUMS}

    assert {name: found for name, statements in BROKEN.items() if name not in (found := _named(statements))} == {}


def _named(statements: str) -> set[str]:
    with rows.atomic() as transaction:
        for statement in statements.split(";"):
            rows.execute_sql(statement.replace("%", "%%") if store.is_postgresql() else statement)
        found = {fault.partition(":")[0] for fault in faults()}
        transaction.rollback()
    return found


@pytest.mark.store
def test_of_what_is_broken_a_million_times_the_first_are_kept_and_all_counted(world: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "SHOWN", 2)
    rows.execute_sql(BROKEN["history ends here"])

    [found] = (one for one in verifying.verify() if isinstance(one, Verified) and one.promise.name == "history ends here")

    paid = Order.select().where(Order.state == "paid")
    assert (len(found.rows), found.broken, found.is_kept) == (2, paid.count(), False)
    assert paid.count() > 2
    assert all("履歴では 取消" in row for row in found.rows), found.rows


@pytest.mark.store
def test_all_is_of_one_moment_and_nobody_waits(world: Shop) -> None:
    with store.snapshot():
        before = Order.select().count()
        other = threading.Thread(target=_in_a_thread, args=(lambda: world.buy("late"),))
        other.start()
        other.join(20)
        assert not other.is_alive()
        assert Order.select().count() == before
    assert Order.select().count() == before + 1


def _in_a_thread(what) -> None:
    store.ensure_connection()
    try:
        what()
    finally:
        store.close()


def test_the_command_says_what_is_broken_where_and_what_to_do(environment, world: Shop, capsys, monkeypatch) -> None:
    monkeypatch.setenv("SECRET_KEY", KEYS[0])
    assert main(["verify"]) == 0
    assert "すべて守られています。" in capsys.readouterr().out

    number = Order.get(Order.method == Method.WALLET).number
    rows.execute_sql("DELETE FROM allocation WHERE source = 'wallet'")

    assert main(["verify"]) == 1
    said = capsys.readouterr().out
    assert f"申し込み {number}：合計 13,200円、充当 0円" in said
    assert "→ 入金を確かめて充当するか" in said
    assert "違反　合計・おさいぽ!：成立したお支払い 13,200円、入金の記録 0円、差 13,200円" in said
