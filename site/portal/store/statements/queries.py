"""SELECT and several joined to one (UNION), UPDATE, INSERT of one row, DELETE."""

from collections.abc import Mapping
from typing import Any

from peewee import CompoundSelectQuery, Field, Model, ModelDelete, ModelInsert, ModelUpdate, Node, OnConflict, Query, Select

from portal.store.statements.shape import Convert, Shape, Unknown, writes

SELECTED = ("_distinct", "_simple_distinct", "_returning", "_from_list", "_where", "_group_by", "_having")
LOCKED = ("_for_update", "_alias")
ORDERED = ("_order_by", "_limit", "_offset")
NOT_KNOWN = ("_cte_list", "_windows", "_lateral", "_from", "_columns")


@writes(Query)
def _unknown(_shape: Shape, _query: Query, _convert: Convert) -> None:
    raise Unknown


@writes(Select)
def _select(shape: Shape, query: Select, _convert: Convert) -> None:
    _refuse_unknown(query)
    shape.parts += (type(query), getattr(query, "_is_default", False))
    if shape.is_new(query):
        outside, shape.is_compared = shape.is_compared, False
        shape.add_attributes(query, SELECTED + ORDERED + LOCKED)
        shape.is_compared = outside


@writes(CompoundSelectQuery)
def _compound(shape: Shape, query: CompoundSelectQuery, _convert: Convert) -> None:
    _refuse_unknown(query)
    shape.parts += (type(query), query.op)
    if shape.is_new(query):
        shape.add(query.lhs)
        shape.add(query.rhs)
        shape.add_attributes(query, (*ORDERED, "_alias"))


@writes(ModelUpdate)
def _update(shape: Shape, query: ModelUpdate, _convert: Convert) -> None:
    _refuse_unknown(query)
    shape.parts += (ModelUpdate, query.model)
    _add_row(shape, query._update)
    shape.add_attributes(query, ("_where", *ORDERED, "_returning"))


@writes(ModelInsert)
def _insert(shape: Shape, query: ModelInsert, _convert: Convert) -> None:
    _refuse_unknown(query)
    shape.parts += (ModelInsert, query.model)
    _add_row(shape, query._insert)
    _add_conflict(shape, query._on_conflict)
    shape.add_attributes(query, ("_returning",))


@writes(ModelDelete)
def _delete(shape: Shape, query: ModelDelete, _convert: Convert) -> None:
    _refuse_unknown(query)
    shape.parts += (ModelDelete, query.model)
    shape.add_attributes(query, ("_where", *ORDERED, "_returning"))


def _refuse_unknown(query: Query) -> None:
    if any(getattr(query, name, None) for name in NOT_KNOWN):
        raise Unknown


def _add_conflict(shape: Shape, rule: OnConflict | None) -> None:
    """What becomes of a row that is there already."""
    if rule is None:
        shape.parts.append(None)
        return
    if rule._update or rule._conflict_where is not None or rule._conflict_constraint:
        raise Unknown
    columns = [tuple(map(_column_name, of)) for of in (rule._conflict_target or (), rule._preserve or ())]
    shape.parts += (OnConflict, rule._action, *columns)
    shape.add_attributes(rule, ("_where",))


def _column_name(column: Any) -> str:
    if not isinstance(column, Field):
        raise Unknown
    return column.name


def _add_row(shape: Shape, row: Any) -> None:
    """In the order in which peewee writes the columns."""
    if not isinstance(row, Mapping) or not all(isinstance(column, Field) for column in row):
        raise Unknown
    shape.parts.append(len(row))
    for column in sorted(row, key=lambda column: column._sort_key):
        value = row[column]
        shape.parts.append(column.name)
        if isinstance(value, Node) and not isinstance(value, Model):
            shape.add(value)
        else:
            shape.add_value(value, column.db_value)
