"""How many accounts have something that the catalog no longer sells: for the check of a catalog before it goes live."""

from collections import Counter

from peewee import fn

from models import Account, Subscription
from portal.catalog import Catalog, Certificate
from portal.rules.renewals.quote import is_product_sold


def accounts_with_withdrawn(catalog: Catalog) -> dict[str, int]:
    """Name of the product, plan or kind -> accounts that have it and cannot renew it."""
    what = (Subscription.product, Subscription.variant, Subscription.name, Account.plan)
    query = Subscription.select(*what, fn.COUNT(fn.DISTINCT(Subscription.account)).alias("accounts")).join(Account)
    found: Counter[str] = Counter()
    for row in query.where(Subscription.ended_on.is_null()).group_by(*what).order_by(Subscription.product).dicts():
        if not is_product_sold(row["product"], row["variant"], catalog, row["plan"]):
            found[_name(catalog, row)] += row["accounts"]
    return dict(found)


def _name(catalog: Catalog, row: dict[str, str]) -> str:
    product = catalog.product(row["product"])
    return row["name"] if product is None or isinstance(product, Certificate) or row["product"] == catalog.server.id else product.name
