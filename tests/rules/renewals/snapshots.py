"""A contract as the rules see it: the company's own example, a server that ends on 2025-11-30, and what a test says is different."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from portal.catalog import load_catalog
from portal.enums import Method, OrderKind, ProductKind
from portal.rules.renewals.open_orders import OpenOrder
from portal.rules.renewals.snapshot import Entitlement, RenewalMethod, Snapshot

CATALOG = load_catalog(Path(__file__).parents[3] / "company")
END = date(2025, 11, 30)
LONG_AGO = date(2024, 11, 22)
BOUGHT = ("server", ProductKind.SERVER, "standard", "スタンダードプラン", 1, 12, 1_100, 13_200)
SERVER = Entitlement(1, *BOUGHT, LONG_AGO, END, LONG_AGO, True)
OPTION = replace(SERVER, kind=ProductKind.OPTION, variant="")
PER_DEVICE = replace(OPTION, kind=ProductKind.PER_DEVICE)
CERTIFICATE = replace(OPTION, kind=ProductKind.CERTIFICATE)
BACKUP = replace(OPTION, subscription=2, product="backup", name="バックアップ", monthly_yen=330, yen=3_960)
DEVICE = replace(PER_DEVICE, subscription=3, product="device", name="デバイス", quantity=2, monthly_yen=275, yen=6_600)
SSL = replace(CERTIFICATE, subscription=4, product="ssl", variant="quick", name="独自SSL", monthly_yen=None, yen=11_000)
CARD = RenewalMethod(Method.CARD, LONG_AGO, paid_with="Visa 下4桁 4242")


def day(text: str) -> date:
    """「11-30」 is in 2025, the year of the example."""
    return date.fromisoformat(text if len(text) > 5 else f"2025-{text}")


def days(text: str) -> tuple[date, ...]:
    return tuple(day(one) for one in text.split())


def by_card(*entitlements: Entitlement, **about: Any) -> Snapshot:
    return Snapshot("standard", entitlements or (SERVER,), **{"renewal_method": CARD} | about)


def by_wallet(wallet_day: int, *entitlements: Entitlement, **about: Any) -> Snapshot:
    return by_card(*entitlements, renewal_method=RenewalMethod(Method.WALLET, LONG_AGO, wallet_day), **about)


def by_bank(*entitlements: Entitlement, **about: Any) -> Snapshot:
    """Nothing renews by itself."""
    alone = tuple(replace(entitlement, renews=False) for entitlement in entitlements or (SERVER,))
    return Snapshot("standard", alone, **about)


def an_order(method: Method, placed: str = "11-01", *, of: tuple[int, ...] = (1,), due: str = "", **about: Any) -> OpenOrder:
    return OpenOrder("12345678", OrderKind.RENEW, method, day(placed), frozenset(of), day(due) if due else None, **about)
