"""Stories of tests/races/killed.py: money that goes back by a file for the bank, and a customer's own number to transfer to."""

from models import Account, Order, Payout, PayoutFile, Refund, VirtualAccount
from portal import clock
from portal.actions.payments.refundable import refundable
from portal.actions.transfers import allocation, bank_orders, payout_files, payouts, returns
from portal.actions.transfers.payouts import Payee
from portal.catalog import BankAccount
from portal.enums import Method, PayoutState
from portal.store.database import database
from tests.purchase import CATALOG, INSTALLATION, Shop

PART = 3_000
PAYEE = Payee("0001", "012", "1", "1234567", "ﾔﾏﾀﾞ ﾀﾛｳ")
NUMBERS = BankAccount("テスト銀行", "9999", "振込専用支店", "777", "普通", "0000001", "カ）サンプルサーバー", until="0099999")


def two_planned(shop: Shop, order: Order) -> None:
    """Two customers have paid by transfer, and a part goes back to each."""
    for one in (order, shop.draft(f"{order.account.login}-b")):
        placed = shop.place_for_transfer(one)
        allocation.allocate(shop.deposit(placed.total_yen), placed, placed.total_yen, shop.staff, "番号が一致", catalog=CATALOG)
        payouts.plan_of_order(refundable(Order.get_by_id(one.id)), PART, PAYEE, shop.staff, "機器の不具合")


def two_in_a_file(shop: Shop, order: Order) -> None:
    two_planned(shop, order)
    make_a_file(shop)


def make_a_file(shop: Shop) -> None:
    if planned := payout_files.planned():
        payout_files.make(planned, clock.today(), payout_files.sender_of(CATALOG.payouts), shop.staff)


def pay_back(shop: Shop, _order: Order) -> None:
    """Staff make the file of what is planned, and say that the bank has paid."""
    make_a_file(shop)
    for file in PayoutFile.select().order_by(PayoutFile.id):
        payout_files.mark_paid(file, shop.staff, INSTALLATION)


def pay_back_without_care(shop: Shop, order: Order) -> None:
    """The negative control: the refund first, the state of the payout in a transaction of its own."""
    for payout in Payout.select().where(Payout.order == order, Payout.state == PayoutState.FILED):
        found = refundable(Order.get_by_id(order.id))
        with database.atomic():
            made = returns.record_of_order(found, order.account, returns.Sent(PART, clock.today(), "x"), shop.staff, INSTALLATION)
        Payout.update(state=PayoutState.PAID, refund=made).where(Payout.id == payout.id).execute()


def go_on_paying(shop: Shop, order: Order) -> None:
    """Staff press again: each customer is paid once, in one file."""
    pay_back(shop, order)
    _each_is_paid_once(order)


def go_on_without_care(shop: Shop, order: Order) -> None:
    pay_back_without_care(shop, order)
    pay_back(shop, order)
    _each_is_paid_once(order)


def _each_is_paid_once(order: Order) -> None:
    logins = (order.account.login, f"{order.account.login}-b")
    found = [(_refunds(account), [payout.state for payout in account.payouts]) for account in map(Account.by_login, logins)]
    assert found == [([PART], [PayoutState.PAID])] * 2, f"paid back {found}"


def _refunds(account: Account) -> list[int]:
    return [refund.yen for refund in Refund.select().where(Refund.account == account)]


def order_with_a_number(shop: Shop, order: Order) -> None:
    """The company gives each customer a number."""
    accepted = shop.by(Method.BANK).accepted(order)
    bank_orders.place(Order.get_by_id(order.id), accepted, (*CATALOG.bank_accounts, NUMBERS), ())


def order_again(shop: Shop, order: Order) -> None:
    """The customer has an order and a number, or neither; afterwards both, and the money comes."""
    numbers = VirtualAccount.select().where(VirtualAccount.account == order.account)
    assert numbers.count() == int(order.is_placed), "a number without its order, or an order without its number"
    if not order.is_placed:
        order_with_a_number(shop, order)
    assert numbers.count() == 1
    order = Order.get_by_id(order.id)
    allocation.allocate(shop.deposit(order.total_yen), order, order.total_yen, shop.staff, "専用口座", catalog=CATALOG)
