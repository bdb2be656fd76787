"""The rooms of rules and actions import one another in one direction. What this table does not allow is refused."""

import pytest

from tests.test_layers import imports, is_in, modules

LAYERS = ("rules", "actions")
LOW = {"accounts", "documents", "hosting", "mail"}  # each knows no other room

# room: the rooms that it may know beside its own
ROOMS: dict[str, set[str]] = {room: set() for room in LOW} | {
    "orders": LOW,
    "payments": LOW | {"orders"},
    "transfers": LOW | {"orders", "payments"},
    "renewals": LOW | {"orders", "payments", "transfers"},
}
ROOMS["operations"] = LOW
ROOMS["certificates"] = LOW | {"orders", "payments", "transfers", "renewals"}
ROOMS["privacy"] = LOW | {"orders", "payments"}  # asks no room but whose rows they are
ROOMS["staff"] = ROOMS.keys() - {"staff"}  # reads all

# What a module may know beyond that. Accounts write mails; mails print what the rules have found.
ALSO = {
    "actions.accounts": {"actions.mail"},
    "actions.mail": {"rules.accounts.browser_names", "rules.accounts.mail_addresses", "rules.orders", "rules.payments", "rules.renewals"},
    "actions.documents.payment_history": {"actions.transfers.order_rows"},  # an order's state, as every list says it
    "rules.documents.papers": {"rules.orders.tax"},  # one rounding per paper
    "actions.transfers.reopening": {"rules.renewals.lifecycle"},  # an ended term is due within the days of 停止中
    "actions.payments.settle": {"actions.renewals.after_payment"},  # where money ends
    "actions.payments.disputes": {"actions.renewals.held_charges"},  # a lost one holds the automatic charges
    "actions.transfers.undo": {"actions.renewals.after_undo"},  # where a payment is undone
}


def offences(module: str, text: str) -> list[str]:
    layer, _, rest = module.partition(".")
    if layer not in LAYERS or "." not in rest:
        return []
    return [f"{module} knows {name}" for name in imports(text) if not may_know(module, name.removeprefix("portal."))]


def may_know(module: str, name: str) -> bool:
    layer, room = (*name.split("."), "")[:2]
    mine = module.split(".")[1]
    if layer not in LAYERS or room not in ROOMS or room == mine:
        return True
    also = {allowed for beginning, names in ALSO.items() if is_in(module, {beginning}) for allowed in names}
    return room in ROOMS[mine] or is_in(name, also)


def test_every_room_has_a_place_in_the_order():
    parts = [name.split(".") for name, _ in modules()]
    rooms = {found[1] for found in parts if found[0] in LAYERS and len(found) > 2}

    assert rooms <= ROOMS.keys(), "say in ROOMS what these may know"


def test_rooms_import_one_another_in_one_direction():
    found = [offence for module, text in modules() for offence in offences(module, text)]

    assert not found


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("actions.orders.placement", "from portal.actions.payments.pay import pay_order"),
        ("actions.orders.placement", "from portal.rules.renewals.offer import Offer"),
        ("actions.orders.placement", "from portal.rules.transfers.due_dates import due_day"),
        ("actions.payments.pay", "from portal.actions.renewals import method_change"),
        ("actions.payments.pay", "from portal.actions.renewals import after_payment"),
        ("actions.payments.settle", "from portal.actions.renewals import snapshot"),
        ("actions.payments.settle", "from portal.actions.transfers.deposits import enter"),
        ("actions.transfers.deposits", "from portal.actions.renewals.snapshot import snapshot_of"),
        ("actions.transfers.matching", "from portal.actions.staff.lists import OrderRow"),
        ("actions.renewals.schedule", "from portal.actions.certificates import domains"),
        ("actions.hosting.events", "from portal.actions.orders.drafts import lock_account"),
        ("actions.accounts.staff_members", "from portal.actions.transfers.deposits import by_staff"),
        ("actions.mail.order_mails", "from portal.actions.renewals.snapshot import snapshot_of"),
        ("rules.payments.methods", "from portal.rules.renewals.snapshot import Snapshot"),
        ("rules.orders.quote", "def late():\n    from portal.rules.renewals import offer"),
    ],
)
def test_a_forbidden_room_import_is_reported(module, line):
    assert offences(module, line)


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("actions.payments.settle", "from portal.actions.renewals import after_payment"),
        ("actions.payments.pay", "from portal.actions.orders.placement import AcceptedOrder"),
        ("actions.renewals.method_reset", "from portal.actions.payments import detach, methods, pay"),
        ("actions.transfers.deposits", "from portal.actions.payments.settle import settle"),
        ("actions.staff.lists", "from portal.actions.transfers.order_rows import OrderRow"),
        ("actions.mail.renewal_mails", "from portal.rules.renewals.snapshot import Snapshot"),
        ("actions.accounts.accounts", "from portal.actions import history"),
        ("routes.orders.order", "from portal.actions.renewals import method_reset"),
    ],
)
def test_an_allowed_room_import_is_not_reported(module, line):
    assert offences(module, line) == []
