"""What customers, banks and staff may do in a long random run, as calls to the actions; a refused call changes nothing."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from models import Account, Allocation, Order, PaymentMethod, PaymentMethodSetup
from portal import clock
from portal.actions.orders.confirmations import ConfirmedScreen
from portal.actions.orders.drafts import OutOfStep
from portal.actions.orders.placement import AcceptedOrder
from portal.actions.orders.stored_lines import placed_quote
from portal.actions.payments import pay
from portal.actions.payments.setups import begin_setup, refresh_setup
from portal.actions.renewals import method_change, method_reset, reservation, schedule
from portal.actions.renewals.snapshot import snapshot_of
from portal.actions.transfers import allocation, bank_orders, deposits, undo
from portal.actions.transfers.deposits import Entered, NotPossible
from portal.catalog import Catalog
from portal.enums import Method, OrderKind, OrderState
from portal.gateways.wallet.sandbox import SandboxWalletCompany
from portal.rules.orders.quote import NotOffered, quote
from portal.rules.orders.selection import Owned, Selection
from portal.rules.renewals.offer import offer, replanned
from portal.rules.renewals.snapshot import Snapshot
from portal.sandbox.books.outcomes import Outcome
from portal.sandbox.books.setups import StoredCard
from tests import visits
from tests.actions.renewals.days import Calendar
from tests.actions.renewals.unreliable_companies import UnreliableShop
from tests.cards import cards_of
from tests.purchase import HOME, INSTALLATION, WALLETS

OK = ConfirmedScreen("確認画面", "0" * 64, "192.0.2.1", "test")


@dataclass
class Transfer:
    """Money that a customer has sent, and that the bank has; staff has not seen it yet."""

    order: Order
    yen: int
    on: date


@dataclass
class RandomCustomers:
    shop: UnreliableShop
    calendar: Calendar
    did: Counter[str] = field(default_factory=Counter)
    on_the_way: list[Transfer] = field(default_factory=list)
    reserved: dict[tuple[str, date], list[dict[int | str, int]]] = field(default_factory=dict)

    @contextmanager
    def trying(self, what: str) -> Iterator[None]:
        """Counts refusals; any other error is a fault of the portal."""
        try:
            yield
        except (OutOfStep, NotPossible, NotOffered):
            self.did[f"{what}: refused"] += 1
        else:
            self.did[what] += 1

    # -- buying ----------------------------------------------------------------------------------------------------

    def buy(self, login: str, method: Method, selection: Selection, outcome: Outcome = Outcome.PAYS, kind: OrderKind | None = None) -> None:
        """A first contract, or one more term of the existing one."""
        account = Account.by_login(login)
        kind = (kind or OrderKind.RENEW) if account and account.server else OrderKind.NEW
        with self.trying(f"{kind} by {method}"):
            shop = self.shop.by(method)
            order = shop.draft(login, kind)
            if method is Method.BANK:
                shop.place_for_transfer(order, selection)
            else:
                shop.press_ok(order, shop.setup(order, _of(method, outcome)), selection)

    def pay_again(self, login: str, method: Method, outcome: Outcome = Outcome.PAYS) -> None:
        """Pay the open order by any method, perhaps a declined automatic one."""
        order = Account.by_login(login).placed_order
        if order is None or order.lines.count() == 0:
            return
        with self.trying(f"again by {method}"):
            shop, accepted = self.shop.by(method), self._accepted_again(order, method)
            if method is Method.BANK:
                bank_orders.place(order, accepted, shop.catalog.bank_accounts, ())
            else:
                pay.pay_order(order, shop.setup(order, _of(method, outcome)), accepted, shop.company, INSTALLATION, self.shop.catalog)

    def _accepted_again(self, order: Order, method: Method) -> AcceptedOrder:
        found = replanned(placed_quote(order), clock.today())
        shown = offer(
            found, method, clock.today(), Snapshot(order.plan), self.shop.catalog, wallet_day=15 if method is Method.WALLET else None
        )
        return AcceptedOrder(
            **vars(OK), quote=shown.quote, method=shown.method, plan=order.plan, documents=(), revision=Order.get_by_id(order.id).revision
        )

    def give_up(self, login: str) -> None:
        order = Account.by_login(login).placed_order
        if order and order.is_by_transfer:
            self.did["gave up" if bank_orders.give_up(order) else "gave up: refused"] += 1

    # -- transfers -------------------------------------------------------------------------------------------------

    def transfer(self, login: str, share: float) -> None:
        """For the latest bank order, in any state."""
        mine = Account.by_login(login).orders.where(Order.method == Method.BANK, Order.due_on.is_null(False))
        order = mine.order_by(Order.id.desc()).first()
        if order:
            self.on_the_way.append(Transfer(order, max(1, int(order.total_yen * share)), clock.today()))
            self.did["transfer"] += 1

    def report(self, login: str) -> None:
        order = Account.by_login(login).placed_order
        if order:
            with self.trying("reported"):
                bank_orders.report(order, "ﾐﾎﾝ", clock.today())

    def confirm(self, which: int) -> None:
        """Staff record a deposit with the bank's date and allocate it."""
        sent = self.on_the_way.pop(which % len(self.on_the_way))
        deposit = deposits.enter(Entered(sent.on, clock.today(), sent.yen, "ﾐﾎﾝ"), self.shop.staff, secrets.token_hex(8))
        order = Order.get_by_id(sent.order.id)
        with self.trying("confirmed late" if order.state == OrderState.EXPIRED else "confirmed"):
            yen = min(deposit.rest_yen, order.missing_yen)
            allocation.allocate(deposit, order, yen, self.shop.staff, "番号が一致", catalog=self.shop.catalog)

    def take_back(self, which: int) -> None:
        allocations = list(
            Allocation.select().where(Allocation.deposit.is_null(False), Allocation.order.is_null(False)).order_by(Allocation.id)
        )
        if allocations:
            with self.trying("taken back"):
                undo.undo_allocation(allocations[which % len(allocations)], self.shop.staff, "取り違え", catalog=self.shop.catalog)

    # -- what renews -----------------------------------------------------------------------------------------------

    def reserve(self, login: str, selection: Selection, drops: frozenset[str]) -> None:
        """For the end of the server, as the page would offer it."""
        account = Account.by_login(login)
        snapshot, catalog = snapshot_of(account), self.shop.catalog
        if snapshot.server is None:
            return
        ends_on = snapshot.server.ends_on
        ending = [entitlement for entitlement in snapshot.ending(ends_on) if entitlement.renews]
        owned = [Owned(found.subscription, found.product, found.kind, found.variant, found.ends_on) for found in snapshot.entitlements]
        with self.trying("reserved"):
            found = quote(selection, catalog.plan(account.plan), catalog, ends_on + timedelta(days=1), owned)
            mine = {entitlement.subscription for entitlement in ending}
            lines = tuple(line for line in found.lines if line.subscription is None or line.subscription in mine)
            dropped = frozenset(
                entitlement.subscription for entitlement in ending if entitlement.product in drops and entitlement.product != "server"
            )
            lines = tuple(line for line in lines if line.subscription not in dropped)
            if not lines:  # the form wants at least one
                return
            documents = tuple(dict.fromkeys(catalog.document_of(line.product) for line in lines))
            reservation.make(account, {}, lines, dropped, documents, ends_on, OK, catalog)
            promised = {line.subscription or str(line.product): line.yen for line in lines}
            self.reserved.setdefault((login, ends_on), []).append(promised)

    def undo(self, login: str) -> None:
        with self.trying("reservation undone"):
            if not reservation.undo(Account.by_login(login), self.shop.catalog):
                self.did["nothing was reserved"] += 1

    def reset(self, login: str) -> None:
        found = method_reset.reset(Account.by_login(login), self.shop.companies, self.shop.catalog)
        self.did[f"reset: on {found.was_on}, paid {found.paid}, under way {found.is_under_way}"] += 1

    def change_card(self, login: str, outcome: Outcome) -> None:
        """「お支払い方法だけを変更する」."""
        account, true_company = Account.by_login(login), cards_of(self.shop.books).company()
        with self.trying("another card for later"):
            address = begin_setup(
                Method.CARD, true_company, lambda reference: f"/back/{reference}", account=account, shop="shop", address=HOME
            )
            code = visits.enter_card(self.shop.books, address, StoredCard(outcome, "Visa", "1111", date(2035, 12, 31)))
            method_change.set_method(account, refresh_setup(_newest(account), true_company, code), OK, self.shop.catalog)

    def change_wallet(self, login: str, day: int) -> None:
        account, true_company = Account.by_login(login), SandboxWalletCompany(self.shop.books, "")
        with self.trying("a wallet for later"):
            about = {"account": account, "shop": "shop", "address": HOME, "wallet_day": day}
            address = begin_setup(Method.WALLET, true_company, lambda reference: f"/back/{reference}", **about)
            code = "" if account.wallet else link_at(self.shop, address)
            method_change.set_method(account, refresh_setup(_newest(account), true_company, code), OK, self.shop.catalog)

    def change_day(self, login: str, day: int) -> None:
        with self.trying("another day for the wallet"):
            method_change.set_wallet_day(Account.by_login(login), day, OK, self.shop.catalog)

    def forget_wallet(self, login: str) -> None:
        account = Account.by_login(login)
        found = method_reset.remove_wallet(account, self.shop.companies, self.shop.catalog)
        self.did["wallet removed" if found else "no wallet to remove"] += 1

    # -- what happens to them --------------------------------------------------------------------------------------

    def cards_become(self, login: str, outcome: Outcome) -> None:
        """All of this customer's cards; `expires` is left to the calendar."""
        cards = Account.by_login(login).payment_methods.where(PaymentMethod.method == Method.CARD, PaymentMethod.token.is_null(False))
        for token in [card.token for card in cards]:
            cards_of(self.shop.books).become(token, outcome)
        self.did[f"cards: {outcome}"] += 1

    def empty_wallet(self) -> None:
        self.shop.put_in(-self.shop.points())
        self.did["wallet emptied"] += 1

    def edit_catalog(self, name: str, change: Callable[[Catalog], Catalog]) -> None:
        """The company edits it and restarts everything."""
        self.shop = replace(self.shop, catalog=change(self.shop.catalog))
        schedule.follow_catalog(secrets.token_hex(32), clock.today())
        self.did[f"catalog: {name}"] += 1


def link_at(shop: UnreliableShop, address: str) -> str:
    """Returns the code with which the customer returns."""
    return visits.link_wallet(shop.books, address, WALLETS[Outcome.PAYS])


def _of(method: Method, outcome: Outcome) -> Outcome:
    """No test wallet pays exactly once."""
    return Outcome.PAYS if method is Method.WALLET and outcome is Outcome.PAYS_ONCE else outcome


def _newest(account: Account) -> PaymentMethodSetup:
    return account.setups.order_by(PaymentMethodSetup.id.desc()).get()
