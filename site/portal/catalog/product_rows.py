"""Reads the [[products]] of the catalog. Each kind has its own keys."""

from collections.abc import Callable
from typing import TypeVar, assert_never

from portal.catalog.products import AnyProduct, Certificate, Option, PerDevice, Plan, Server, Variant
from portal.catalog.table import LONGEST_TERM, Table
from portal.enums import ProductKind

Item = TypeVar("Item", Plan, Variant)
KINDS = tuple(kind.value for kind in ProductKind)
MOST_DEVICES = 999
# Attribute names of the contract form. A product's fields are named after its id, so these ids are reserved.
TAKEN = {
    *(
        "catalog",
        "certificates",
        "choice",
        "choices",
        "consent",
        "count",
        "data",
        "do",
        "documents",
        "errors",
        "gone",
        "have",
        "owned_products",
        "meta",
    ),
    *("mistakes", "owned", "plan", "process", "products", "refusal", "selection", "shown", "strangers", "typed", "validate"),
}


def read_products(rows: list[Table], documents: list[str]) -> tuple[AnyProduct, ...]:
    """The server first, the others in file order. `documents`: the ids of known terms."""
    products = []
    for row in rows:
        product = _read(row)
        if product is not None:
            _refuse_taken_names(row, product, products)
            _refuse_wrong_document(row, product, products, documents)
            products.append(product)
    if rows and all(row.values.get("kind") in KINDS for row in rows) and not any(isinstance(product, Server) for product in products):
        rows[0].mistakes.add(("products",), 'サーバーがありません。kind = "server" の [[products]] を1つ書いてください。')
    return tuple(sorted(products, key=lambda product: not isinstance(product, Server)))


def _read(row: Table) -> AnyProduct | None:
    kind = row.one_of("kind", KINDS, "、".join(KINDS))
    if kind not in KINDS:
        return None
    product = _of_kind(ProductKind(kind), row)
    row.finish()
    return product


def _of_kind(kind: ProductKind, row: Table) -> AnyProduct:
    name = row.text("name")
    what = (row.id(), name, row.text("short_name", name), row.text("document"), row.flag("renews"), row.flag("withdrawn", False))
    match kind:
        case ProductKind.SERVER:
            months = _months(row)
            return Server(*what, _sold(row.tables("plans"), lambda plan: _plan(plan, months)))
        case ProductKind.OPTION:
            return Option(*what, row.text("description"), row.prices("monthly_yen", _months(row)))
        case ProductKind.PER_DEVICE:
            most = row.whole("max_devices", 1, MOST_DEVICES)
            return PerDevice(*what, row.text("description"), row.prices("monthly_yen", _months(row)), most)
        case ProductKind.CERTIFICATE:
            return Certificate(*what, _sold(row.tables("variants"), _variant))
        case _:
            assert_never(kind)


def _months(table: Table) -> tuple[int, ...]:
    return table.wholes("months", 1, LONGEST_TERM)


def _sold(rows: list[Table], read: Callable[[Table], Item]) -> tuple[Item, ...]:
    """Those that are not withdrawn. Withdrawn ones are checked too."""
    seen: set[str] = set()
    sold = []
    for row in rows:
        is_withdrawn = row.flag("withdrawn", False)
        item = read(row)
        row.finish()
        _refuse_second_id(row, item.id, seen)
        seen.add(item.id)
        if not is_withdrawn:
            sold.append(item)
    return tuple(sold)


def _plan(row: Table, months: tuple[int, ...]) -> Plan:
    return Plan(row.id(), row.text("name"), row.text("description"), row.texts("features"), row.prices("monthly_yen", months))


def _variant(row: Table) -> Variant:
    return Variant(row.id(), row.text("name"), row.text("description"), row.whole("months", 1, LONGEST_TERM), row.yen("yen"))


def _refuse_second_id(row: Table, item_id: str, seen: set[str]) -> None:
    if item_id and item_id in seen:
        row.wrong("id", f"id「{item_id}」が2度使われています。ほかと違う id にしてください。")


def _refuse_taken_names(row: Table, product: AnyProduct, others: list[AnyProduct]) -> None:
    _refuse_second_id(row, product.id, {other.id for other in others})
    if isinstance(product, Server) and any(isinstance(other, Server) for other in others):
        row.wrong("kind", "サーバーが2つあります。1つの商品にまとめて、プランを [[products.plans]] で並べてください。")
    names = {name: other for other in others if other.id != product.id for name in other.fields}
    for name in product.fields:
        if product.id and (name in TAKEN or name in names):
            row.wrong("id", f"「{product.id}」は、申し込みの画面のほかの項目と名前が重なります（{name}）。ほかの id にしてください。")
            return


def _refuse_wrong_document(row: Table, product: AnyProduct, others: list[AnyProduct], documents: list[str]) -> None:
    if product.document and product.document not in documents:
        advice = f'id = "{product.document}" の [[documents]] を書き足してください。'
        row.wrong("document", f"「{product.document}」という文書がありません。{advice}")
    if other := next((other for other in others if product.document and other.document == product.document), None):
        row.wrong("document", f"「{product.document}」は{other.name}の文書です。商品ごとに別の文書にしてください。")
