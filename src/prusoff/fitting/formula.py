"""The printed formula of a law as a function of arrays of any kind: for tools that take its derivative themselves."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.equation import Equation
from ..core.errors import ModelError, Problem

LARGEST = 690.0  # |exponent| (natural) of a power: beyond it numbers, or their derivatives, overflow
INFINITE = 60.0  # decades that stand for an infinite log concentration
TINY = 1e-300  # stands for zero as the base of a power, so that it has a logarithm
FUNCTIONS = ("exp", "log", "log10", "sqrt", "erfc", "cos", "acos")
LARGEST_COSINE = 1.0 - 2.0**-52  # of an arc cosine: at 1 its derivative has no end


def formula_function(
    equation: Equation, arrays: Any, special: Any
) -> Callable[[Sequence[Any], Sequence[Any]], Any]:
    """The law as `f(x, parameters)`: one array for every axis, one for every parameter, computed by `arrays`.

    `arrays` is a module like numpy or jax.numpy, `special` one that has erfc, like scipy.special. The result equals
    `equation.function` to rounding at finite x; an infinite x on a log axis is taken as 60 decades, and powers are cut
    at e^690, so that the result and its derivatives stay finite. Only what `core.equation` allows in a formula is
    computed: names of axes and parameters, numbers, + - * / **, and the functions of `FUNCTIONS`. Raises ModelError for
    anything else.
    """
    tree = _parsed(equation)
    *lines, last = tree.body
    known = _Functions(arrays, special)
    names = [axis.name for axis in equation.axes]
    logged = [axis.log10 for axis in equation.axes]

    def function(x: Sequence[Any], parameters: Sequence[Any]) -> Any:
        finite = [
            arrays.clip(one, -INFINITE, INFINITE) if is_log else one
            for one, is_log in zip(x, logged, strict=True)
        ]
        space = dict(zip([*names, *equation.names], [*finite, *parameters], strict=True))
        for line in lines:
            assert isinstance(line, ast.Assign)
            target = line.targets[0]
            assert isinstance(target, ast.Name)
            space[target.id] = _value(line.value, space, known)
        assert isinstance(last, ast.Expr)
        return _value(last.value, space, known)

    return function


@dataclass(frozen=True)
class _Functions:
    """Where the functions of a formula come from."""

    arrays: Any
    special: Any

    def exp(self, exponent: Any) -> Any:
        """Exponential function, cut where it or its derivative would leave the range of numbers."""
        return self.arrays.exp(self.arrays.clip(exponent, -LARGEST, LARGEST))

    def acos(self, cosine: Any) -> Any:
        """Arc cosine, clamped just inside -1 to 1 so that its derivative has an end."""
        return self.arrays.arccos(self.arrays.clip(cosine, -LARGEST_COSINE, LARGEST_COSINE))

    def named(self, name: str) -> Callable[[Any], Any]:
        """The function of this name."""
        found: Callable[[Any], Any] = getattr(self.special if name == "erfc" else self.arrays, name)
        return found


def _parsed(equation: Equation) -> ast.Module:
    """The formula as a tree whose every node is allowed and whose every name is known."""
    try:
        tree = ast.parse(equation.formula)
    except SyntaxError:
        raise _refused(equation, "cannot be read") from None
    if not tree.body or not isinstance(tree.body[-1], ast.Expr):
        raise _refused(equation, "does not end with the response")
    known = {*(axis.name for axis in equation.axes), *equation.names}
    for line in tree.body:
        if isinstance(line, ast.Assign):
            _check(equation, line.value, known)
            if len(line.targets) != 1 or not isinstance(line.targets[0], ast.Name):
                raise _refused(equation, "names more than one thing in a line")
            known.add(line.targets[0].id)
        elif isinstance(line, ast.Expr) and line is tree.body[-1]:
            _check(equation, line.value, known)
        else:
            raise _refused(equation, f"has a line that is no 'name = expression': {ast.unparse(line)}")
    return tree


def _check(equation: Equation, node: ast.expr, known: set[str]) -> None:
    """Raise ModelError unless this expression is arithmetic of known names."""
    allowed: bool
    inner: list[ast.expr] = []
    match node:
        case ast.Constant(value=value):
            allowed = isinstance(value, int | float) and not isinstance(value, bool)
        case ast.Name(id=name):
            allowed = name in known
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            allowed, inner = True, [operand]
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Pow(), right=right):
            allowed, inner = True, [left, right]
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
            allowed, inner = name in FUNCTIONS, [argument]
        case _:
            allowed = False
    if not allowed:
        raise _refused(equation, f"has '{ast.unparse(node)}', which is no arithmetic of its names")
    for one in inner:
        _check(equation, one, known)


def _refused(equation: Equation, what: str) -> ModelError:
    fix = f"Write it with the names of its axes and parameters, numbers, + - * / **, {', '.join(FUNCTIONS)}"
    return ModelError(Problem(f"the formula {what}", equation.name, fix, "E-FORMULA"))


def _value(node: ast.expr, space: Mapping[str, Any], known: _Functions) -> Any:
    """The value of an expression that was checked."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return space[name]
        case ast.UnaryOp(operand=operand):
            return -_value(operand, space, known)
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int(power))):
            return _value(left, space, known) ** power
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_value(left, space, known), _value(right, space, known), known)
        case ast.BinOp(left=left, op=operation, right=right):
            return _operated(operation, _value(left, space, known), _value(right, space, known))
        case ast.Call(func=ast.Name(id="exp"), args=[argument]):
            return known.exp(_value(argument, space, known))
        case ast.Call(func=ast.Name(id="acos"), args=[argument]):
            return known.acos(_value(argument, space, known))
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return known.named(name)(_value(argument, space, known))
    raise AssertionError(f"unchecked expression {ast.unparse(node)}")


def _power(base: Any, exponent: Any, known: _Functions) -> Any:
    """Positive base to any power, cut where it would leave the range of numbers."""
    return known.exp(exponent * known.named("log")(known.arrays.maximum(base, TINY)))


def _operated(operation: ast.operator, left: Any, right: Any) -> Any:
    if isinstance(operation, ast.Add):
        return left + right
    if isinstance(operation, ast.Sub):
        return left - right
    return left * right if isinstance(operation, ast.Mult) else left / right
