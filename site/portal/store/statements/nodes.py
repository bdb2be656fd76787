"""The parts of a query: columns, comparisons, values, functions."""

from collections.abc import Sequence
from typing import Any

from peewee import (
    OP,
    SQL,
    Alias,
    Case,
    Entity,
    Expression,
    Field,
    FieldAlias,
    ForeignKeyField,
    ForUpdate,
    Function,
    Join,
    Model,
    ModelAlias,
    ModelBase,
    Negated,
    Node,
    NodeList,
    Ordering,
    Value,
    WrappedNode,
)

from portal.store.statements.shape import MANY, Convert, Shape, Unknown, writes


@writes(Node)
def _unknown(_shape: Shape, _node: Node, _convert: Convert) -> None:
    raise Unknown


@writes(object)
def _value(shape: Shape, value: Any, convert: Convert) -> None:
    shape.add_value(value, convert)


@writes(*MANY)
def _values(shape: Shape, values: Sequence[Any], convert: Convert) -> None:
    shape.parts.append(list)
    shape.add_all(values, convert)


@writes(Value)
def _wrapped_value(shape: Shape, value: Value, convert: Convert) -> None:
    own = value.converter
    if value.multi:
        _values(shape, value.values, convert)
    else:
        shape.add_value(value.value, own if own or own is False else convert)


@writes(Field)
def _column(shape: Shape, column: Field, _convert: Convert) -> None:
    shape.parts += (column.model, column.name)


@writes(FieldAlias)
def _column_of_alias(shape: Shape, column: FieldAlias, _convert: Convert) -> None:
    shape.parts += (FieldAlias, column.name)
    shape.add(column.source)


@writes(ModelBase)
def _table(shape: Shape, model: type[Model], _convert: Convert) -> None:
    shape.parts.append(model)


@writes(ModelAlias)
def _table_alias(shape: Shape, alias: ModelAlias, _convert: Convert) -> None:
    shape.parts += (ModelAlias, alias.model, alias.alias)
    shape.is_new(alias)


@writes(Model)
def _row(shape: Shape, row: Model, convert: Convert) -> None:
    """Stands for its key."""
    if convert and isinstance(getattr(convert, "__self__", None), ForeignKeyField):
        shape.add_value(row, convert)
    else:
        key = row._meta.primary_key
        shape.add_value(getattr(row, key.name), key.db_value)


@writes(Expression)
def _comparison(shape: Shape, expression: Expression, _convert: Convert) -> None:
    left, op = expression.lhs, expression.op
    column = left.unwrap() if isinstance(left, WrappedNode) else left
    convert = column.db_value if isinstance(column, Field) and left._coerce else None
    shape.parts += (type(expression), op, expression.flat)
    outside, shape.is_compared = shape.is_compared, True
    shape.add(left, convert)
    if expression.rhs is None and op in (OP.IS, OP.IS_NOT):
        shape.parts.append(None)
    else:
        shape.add(expression.rhs, convert)
    shape.is_compared = outside


@writes(SQL)
def _literal(shape: Shape, sql: SQL, _convert: Convert) -> None:
    shape.parts += (SQL, sql.sql)
    shape.values += sql.params or ()


@writes(Function)
def _function(shape: Shape, function: Function, convert: Convert) -> None:
    shape.parts += (Function, function.name, len(function.arguments))
    for argument in function.arguments:
        shape.add(argument if isinstance(argument, Node) else Value(argument, converter=False), convert)
    shape.add_attributes(function, ("_order_by", "_filter"), convert)


@writes(NodeList)
def _nodes(shape: Shape, nodes: NodeList, convert: Convert) -> None:
    shape.parts += (NodeList, nodes.glue, nodes.parens)
    shape.add_all(nodes.nodes, convert)


@writes(Case)
def _case(shape: Shape, case: Case, convert: Convert) -> None:
    shape.parts += (Case, len(case.expression_tuples), case.predicate is None, case.default is None)
    parts = (case.predicate, *(part for pair in case.expression_tuples for part in pair), case.default)
    for part in parts:
        if part is not None:
            shape.add(part, convert)


@writes(Alias)
def _alias(shape: Shape, alias: Alias, convert: Convert) -> None:
    shape.parts += (Alias, alias._alias)
    shape.add(alias.node, convert)


@writes(Negated)
def _negated(shape: Shape, negated: Negated, convert: Convert) -> None:
    shape.parts.append(Negated)
    shape.add(negated.node, convert)


@writes(Ordering)
def _ordering(shape: Shape, ordering: Ordering, convert: Convert) -> None:
    shape.parts += (Ordering, ordering.direction, ordering.collation, ordering.nulls)
    shape.add(ordering.node, convert)


@writes(Entity)
def _entity(shape: Shape, entity: Entity, _convert: Convert) -> None:
    shape.parts += (Entity, *entity._path, None)


@writes(ForUpdate)
def _lock(shape: Shape, lock: ForUpdate, _convert: Convert) -> None:
    shape.parts += (ForUpdate, lock._expr, lock._nowait, lock._skip_locked)
    shape.add_attributes(lock, ("_of",))


@writes(Join)
def _join(shape: Shape, join: Join, _convert: Convert) -> None:
    shape.parts += (Join, join.join_type)
    shape.add_attributes(join, ("lhs", "rhs", "_on"))
