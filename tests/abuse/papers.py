"""1,000 payments confirmed by 8 processes at once, on SQLite and PostgreSQL: each has its one receipt, no number is missing or double.

Ends with 1 if that is not so. `python -m tests.abuse.papers [orders]`.
"""

import os
import secrets
import sys
import tempfile
import time
from pathlib import Path

from models import Order
from portal.actions.mail import rendering
from portal.actions.transfers.allocation import allocate
from portal.gateways.card.sandbox import SandboxCardCompany
from portal.store import database as store
from tests import fast_setup, keys
from tests.databases import migrated, postgresql
from tests.purchase import CATALOG, Shop
from tests.reconciliation import rows

PROCESSES, ORDERS = 8, 1_000


def main() -> int:
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS
    keys.bind()
    rendering.bind(rendering.Letterhead(CATALOG.company, "http://127.0.0.1:8000", "info@kawasemi.example.jp", "test"))
    with tempfile.TemporaryDirectory() as folder, postgresql("papers") as url:
        return max([play(each, orders, Path(folder)) for each in (f"sqlite:///{folder}/portal.db", url)])


def play(url: str, orders: int, folder: Path) -> int:
    migrated(url)
    store.ensure_connection()
    shop_in(folder).staff  # noqa: B018 (everybody's, made once)
    store.close()
    started = time.perf_counter()
    children = [in_process(lambda name=name: confirm(shop_in(folder), name, orders // PROCESSES)) for name in range(PROCESSES)]
    failed = [child for child in children if os.waitpid(child, 0)[1]]
    seconds = time.perf_counter() - started
    store.ensure_connection()
    faults = shop_in(folder).ledger.faults()
    papers = rows("SELECT COUNT(*) AS all_of_them, MIN(number) AS lowest, MAX(number) AS highest FROM audit_invoices")[0]
    paid = Order.select().where(Order.state == "paid").count()
    store.close()
    print(
        f"{url.partition(':')[0]}: {papers}, {paid} orders paid, {len(failed)} processes failed, {seconds:.0f} s, {faults[:3]}", flush=True
    )
    whole = orders // PROCESSES * PROCESSES
    return int(bool(failed or faults) or (papers["all_of_them"], papers["highest"], paid) != (whole, whole, whole))


def confirm(shop: Shop, name: int, orders: int) -> None:
    """Customers order by transfer, and staff confirm."""
    for each in range(orders):
        order = shop.place_for_transfer(shop.draft(f"customer{name}of{each}"))
        allocate(shop.deposit(order.total_yen), order, order.total_yen, shop.staff, "番号が一致", catalog=CATALOG)


def shop_in(folder: Path) -> Shop:
    books = fast_setup.unsynced_books(folder / "sandbox.db")
    return Shop(CATALOG, books, SandboxCardCompany(books, secrets.token_hex()))


def in_process(do) -> int:
    child = os.fork()
    if child:
        return child
    try:
        store.ensure_connection()
        do()
        os._exit(0)
    except BaseException as problem:
        print(repr(problem), file=sys.stderr, flush=True)
        os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
