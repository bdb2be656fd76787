"""What the persona `ssl` does: domains and certificates in every state. See `stories`."""

import re
from collections.abc import Callable

from portal.catalog import Catalog, Certificate
from portal.demo import stories
from portal.demo.hosting_side import GONE, NO_RECORD
from portal.demo.visitor import Lost, Visitor

OWN, JAPANESE = "ssl.example.jp", "日本語.example.jp"
OF_JAPANESE = "xn--wgv71a119e.example.jp"
LONGEST = 36
_TO_SWITCH = re.compile(r'href="(/ssl/[0-9]+/renewal)"')


def a_month_with_one(visitor: Visitor, catalog: Catalog) -> None:
    """A month's contract with a certificate, which is not renewed: it ends with its server."""
    _contract(visitor, catalog, 1)
    stories.stop_the_renewal(visitor, catalog)


def with_the_contract(visitor: Visitor, catalog: Catalog) -> None:
    """The longest server, a certificate that is never set up, and domains."""
    _contract(visitor, catalog, LONGEST)
    for name in (OWN, JAPANESE, f"{GONE}example.jp", f"{NO_RECORD}example.jp"):
        visitor.visit("/domains")
        visitor.send(domain=name)
        visitor.send(f"{visitor.address}/check")


def add(name: str, variant: int = 0) -> Callable[[Visitor, Catalog], None]:
    """One more certificate for this common name; `variant`: the place of its kind in the catalog, or of the last one."""

    def act(visitor: Visitor, catalog: Catalog) -> None:
        for product in _kinds(catalog)[:1]:
            kind = product.variants[min(variant, len(product.variants) - 1)].id
            visitor.visit(f"/ssl/new/{product.id}")
            visitor.send(common_name=name, kind=kind, agree=catalog.document_of(product.id).version)
            stories.pay_by_card(visitor, stories.GOOD_CARD)

    return act


def switch_the_newest_on(visitor: Visitor, _catalog: Catalog) -> None:
    visitor.visit("/ssl")
    visitor.visit(max(re.findall(r'href="(/ssl/[0-9]+)"', visitor.page), key=lambda address: int(address.rpartition("/")[2])))
    visitor.visit(_found(_TO_SWITCH, visitor))
    visitor.send()


def _contract(visitor: Visitor, catalog: Catalog, months: int) -> None:
    stories.open_the_form(visitor)
    visitor.send(do="next", **stories.contract_choices(catalog, months, options=_kinds(catalog)[:1]))
    stories.pay_by_card(visitor, stories.GOOD_CARD)


def _kinds(catalog: Catalog) -> tuple[Certificate, ...]:
    return tuple(product for product in catalog.sold if isinstance(product, Certificate))


def _found(pattern: re.Pattern[str], visitor: Visitor) -> str:
    found = pattern.search(visitor.page)
    if found is None:
        raise Lost(f"no {pattern.pattern} at {visitor.address}")
    return found[1]
