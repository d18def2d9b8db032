"""The faults that are planted: one small change of an expression each, in the way people get rules wrong."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
NAMES = {
    "any": "all", "all": "any", "min": "max", "max": "min", "and_": "or_", "or_": "and_",
    "is_": "is_not", "is_not": "is_", "in_": "not_in", "not_in": "in_",
}  # fmt: skip


def faults_of(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """What could be wrong with this expression: in words, and the expression with it."""
    wrong = copy.deepcopy(node)
    match wrong:
        case ast.Compare(ops=[op]) if type(op) in COMPARISONS:
            wrong.ops = [COMPARISONS[type(op)]()]
            yield f"{type(op).__name__} → {type(wrong.ops[0]).__name__}", wrong
        case ast.BoolOp(op=op):
            wrong.op = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield "and ↔ or", wrong
            yield from ((f"without operand {at + 1}", _without(node, at)) for at in range(len(wrong.values)))
        case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
            yield "not dropped", operand
        case ast.BinOp(op=op) if type(op) in OPERATORS and not _is_text(wrong):
            wrong.op = OPERATORS[type(op)]()
            yield f"{type(op).__name__} → {type(wrong.op).__name__}", wrong
        case ast.Call(func=ast.Name(id=name) as called) if name in NAMES:
            called.id = NAMES[name]
            yield f"{name} → {called.id}", wrong
        case ast.Call(func=ast.Attribute(attr=name) as called) if name in NAMES:
            called.attr = NAMES[name]
            yield f"{name} → {called.attr}", wrong
        case ast.Constant(value=bool(value)):
            yield f"{value} → {not value}", ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield f"{value} → {value + 1}", ast.Constant(value + 1)


def _without(node: ast.expr, at: int) -> ast.expr:
    whole = copy.deepcopy(node)
    assert isinstance(whole, ast.BoolOp)
    del whole.values[at]
    return whole.values[0] if len(whole.values) == 1 else whole


def _is_text(node: ast.BinOp) -> bool:
    sides = (node.left, node.right)
    return any(isinstance(side, ast.JoinedStr | ast.Constant) and not _is_number(side) for side in sides)


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def of_test(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """A condition that is a plain name or call, turned round; others have faults of their own."""
    if isinstance(node, ast.Name | ast.Call | ast.Attribute):
        yield "condition turned round", ast.UnaryOp(ast.Not(), copy.deepcopy(node))


def of_answer(node: ast.expr, annotation: ast.expr | None) -> Iterator[tuple[str, ast.expr]]:
    """A refusal that is never given, by what the function says it gives back."""
    said = ast.unparse(annotation) if annotation else ""
    if said.endswith("| None") and not (isinstance(node, ast.Constant) and node.value is None):
        yield "gives None", ast.Constant(None)
    elif said == "bool" and not isinstance(node, ast.Constant | ast.Compare | ast.BoolOp | ast.UnaryOp):
        yield "gives the opposite", ast.UnaryOp(ast.Not(), copy.deepcopy(node))


def of_statement(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """A call that is made for what it does, left out."""
    if isinstance(node, ast.Call):
        yield "call left out", ast.Constant(None)
