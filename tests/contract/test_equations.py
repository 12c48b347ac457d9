"""Every law on the shelf keeps the promises of core.equation; a new one is tested without a change here.

The judge is the item's own formula, evaluated and differentiated by mpmath in 50 digits: it proves that the function is
the printed formula and that the jacobian is its derivative.
"""

import ast
import itertools
import keyword
import pickle
import re

import numpy as np
import pytest
from mpmath import mp, mpf

from prusoff.core.kinds import kinds_of
from prusoff.core.units import factor
from prusoff.equations import catalog

DIGITS = 50
FAR = 2000  # decades that stand for infinity where the formula is evaluated
NOTHING = -(10**9)  # e to less than this is nothing, and its exponent need not be a number of 2000 digits
FUNCTIONS = {
    "exp": lambda value: mp.exp(value) if value > NOTHING else mpf(0),
    "log": mp.log,
    "log10": mp.log10,
    "sqrt": mp.sqrt,
    "erfc": mp.erfc,
    "cos": mp.cos,
    "acos": lambda value: mp.acos(min(max(value, mpf(-1)), mpf(1))),
}
LEGAL = (
    ast.Module, ast.Assign, ast.Expr, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Constant, ast.Load, ast.Store,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub,
)  # fmt: skip

every = pytest.mark.parametrize("equation", [pytest.param(one, id=name) for name, one in catalog.items()])


class MpNumbers(ast.NodeTransformer):
    """Numbers of a formula as mpmath numbers, so that 1/3 has 50 digits."""

    def visit_Constant(self, node):
        call = ast.Call(ast.Name("mpf", ast.Load()), [ast.Constant(repr(node.value))], [])
        return ast.copy_location(ast.fix_missing_locations(call), node)


def parsed(equation):
    tree = ast.parse(equation.formula)
    illegal = [type(node).__name__ for node in ast.walk(tree) if not isinstance(node, LEGAL)]
    assert not illegal, f"the formula of {equation.name} uses {illegal}"
    return tree


def law(equation):
    """The formula as a function of one x per axis and all parameters, in mpmath numbers."""
    tree = MpNumbers().visit(parsed(equation))
    *lines, last = tree.body
    steps = [compile(ast.Module([line], []), "formula", "exec") for line in lines]
    response = compile(ast.Expression(last.value), "formula", "eval")
    names = [axis.name for axis in equation.axes] + list(equation.names)

    def evaluate(*values):
        space = dict(zip(names, values, strict=True)) | FUNCTIONS | {"mpf": mpf}
        for step in steps:
            exec(step, space)  # own formulas only, and of arithmetic only: see LEGAL
        return eval(response, space)

    return evaluate


def worked(equation):
    assert equation.cases, (
        f"'{equation.name}' has no worked case: give `cases` at least one Case whose number can be derived by hand "
        "or has a source"
    )
    return equation.cases


def is_inside(unit, equation):
    """Whether a unit is made of inside units (M, s, ...), of the unit of the response and of the axes."""
    plain = {"", "1", "signal", *(axis.name for axis in equation.axes)}
    parts = [part.partition("^")[0] for part in unit.replace(" per ", "/").split("/")]
    return all(part in plain or any(factor(part, kind) == 1.0 for kind in kinds_of(part)) for part in parts)


def parameters_of(equation, case):
    return np.array([case.parameters[name] for name in equation.names], dtype=float)


def steps_around(value, axis, extreme=False):
    if axis.log10:
        wide = [-FAR, -40.0, 20.0, FAR] if extreme else []
        return [-np.inf, *(value + np.array([-6, -2, -0.7, -0.1, 0.0, 0.3, 1.1, 2.5, 6])), *wide, np.inf]
    wide = [1e-30, 1e12 * value] if extreme else []
    return [0.0, *(value * np.array([1e-3, 0.02, 0.3, 0.7, 1.0, 1.7, 6.0, 40.0])), *wide]


def points_around(equation, case, extreme=False):
    """Points of all axes around a worked one, infinite and zero ones included: (point,) or (axis, point)."""
    each = [steps_around(value, axis, extreme) for value, axis in zip(case.x, equation.axes, strict=True)]
    points = np.array(list(itertools.product(*each)), dtype=float).T
    return frozen(points[0] if len(equation.axes) == 1 else points)


def some_of(points, most=48):
    """Points spread over all of them where there are very many: fifty digits take their time."""
    count = points.shape[-1]
    return points if count <= most else points[..., np.unique(np.linspace(0, count - 1, most).astype(int))]


def draws(equation, case, count, seed=20240611):
    """The parameters of a worked case and some drawn around them: (set, parameter)."""
    rng = np.random.default_rng(seed)
    sets = np.tile(parameters_of(equation, case), (count, 1))
    for column, parameter in zip(sets.T[:, 1:], equation.parameters, strict=True):
        if parameter.log10:
            column += rng.normal(0.0, 0.5, count - 1)
        else:
            column *= np.exp(rng.normal(0.0, 0.4, count - 1))
        np.clip(column, parameter.lower, parameter.upper, out=column)
    return frozen(sets)


def frozen(array):
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array


def mp_values(equation, points, parameters, by=None):
    """The formula, or its derivative by one parameter, at all points in 50 digits, rounded to doubles."""
    evaluate = law(equation)
    order = tuple(int(place == len(equation.axes) + by) if by is not None else 0
                  for place in range(len(equation.axes) + len(parameters)))  # fmt: skip
    values = []
    with mp.workdps(DIGITS):
        p = [mpf(float(value)) for value in parameters]
        for point in np.atleast_2d(points).T:
            x = [mpf(value if np.isfinite(value) else np.copysign(FAR, value)) for value in point]
            values.append(float(evaluate(*x, *p) if by is None else mp.diff(evaluate, (*x, *p), order)))
    return np.array(values)


@every
def test_worked_cases_hold(equation):
    for case in worked(equation):
        assert case.source
        assert set(case.parameters) == set(equation.names)
        x = np.array(case.x, dtype=float)[:, None]
        y = equation.function(x[0] if len(equation.axes) == 1 else x, parameters_of(equation, case))
        assert y.shape == (1,)
        np.testing.assert_allclose(y, case.y, rtol=case.rtol)


@every
def test_function_is_the_printed_formula(equation):
    for case in worked(equation):
        points = points_around(equation, case)
        for parameters in draws(equation, case, 4):
            exact = mp_values(equation, points, parameters)
            found = equation.function(points, parameters)
            np.testing.assert_allclose(found, exact, rtol=1e-12, atol=1e-14 * np.abs(exact).max())


@every
def test_jacobian_is_the_derivative_in_fifty_digits(equation):
    for case in worked(equation):
        points = some_of(points_around(equation, case))
        for parameters in draws(equation, case, 3):
            found = equation.jacobian(points, parameters)
            for place, name in enumerate(equation.names):
                exact = mp_values(equation, points, parameters, by=place)
                np.testing.assert_allclose(
                    found[place], exact, rtol=1e-10, atol=1e-15 * np.abs(exact).max(), err_msg=name
                )


@every
def test_many_curves_at_once_are_the_curves_one_by_one(equation):
    case = worked(equation)[0]
    points, sets = points_around(equation, case), draws(equation, case, 6)
    values = np.stack([equation.function(points, p) for p in sets])
    slopes = np.stack([equation.jacobian(points, p) for p in sets], axis=1)
    assert values.shape == (6, points.shape[-1])
    assert slopes.shape == (len(equation.parameters), 6, points.shape[-1])

    def same(found, one_by_one):
        assert found.shape == one_by_one.shape
        np.testing.assert_allclose(found, one_by_one, rtol=1e-13, atol=1e-15 * np.abs(one_by_one).max())

    together = frozen(sets.T[:, :, None])
    own_points = frozen(np.repeat(points[..., None, :], 6, axis=-2))
    for x in (points, own_points):
        same(equation.function(x, together), values)
        same(equation.jacobian(x, together), slopes)
    same(equation.function(own_points, sets[0]), np.repeat(values[:1], 6, axis=0))
    same(equation.jacobian(own_points, sets[0]), np.repeat(slopes[:, :1], 6, axis=1))

    grid = together.reshape(-1, 2, 3, 1)
    same(equation.function(points, grid), values.reshape(2, 3, -1))
    same(equation.jacobian(points, grid), slopes.reshape(len(slopes), 2, 3, -1))


@every
def test_extreme_but_legal_inputs_give_finite_numbers(equation):
    rng = np.random.default_rng(7)
    for case in worked(equation):
        points = points_around(equation, case, extreme=True)
        usual = parameters_of(equation, case)
        lower, upper = equation.bounds(points, equation.function(points, usual))
        wild = np.where([one.log10 for one in equation.parameters], usual - 15.0, -1e12)
        least = np.where(np.isfinite(lower), lower, wild)
        most = np.where(np.isfinite(upper), upper, np.where(wild == -1e12, 1e12, 0.0))
        for _ in range(60):
            p = np.choose(rng.integers(0, 3, usual.size), [least, usual, most])
            assert np.isfinite(equation.function(points, p)).all(), p
            assert np.isfinite(equation.jacobian(points, p)).all(), p


@every
def test_start_lies_inside_the_limits_whatever_the_data(equation):
    rng = np.random.default_rng(11)
    for case in worked(equation):
        x = points_around(equation, case)
        y = equation.function(x, parameters_of(equation, case))
        noise = rng.normal(size=y.size) * (np.ptp(y) + np.abs(y).max())
        shuffled = rng.permutation(y.size)
        for some_x, some_y in (
            (x, y), (x, y.max() - y), (x, -y), (x, np.zeros_like(y)), (x, np.full_like(y, y.mean())), (x, noise),
            (x[..., shuffled], y[shuffled]), (x[..., :1], y[:1]), (x[..., 4:6], y[4:6]), (x[..., [3, 3]], y[[3, 5]]),
        ):  # fmt: skip
            start = equation.start(some_x, some_y)
            lower, upper = equation.bounds(some_x, some_y)
            assert start.shape == lower.shape == upper.shape == (len(equation.parameters),)
            assert np.isfinite(start).all()
            assert (lower < upper).all()
            assert ((lower <= start) & (start <= upper)).all(), (lower, start, upper)


@every
def test_limits_hold_the_truth(equation):
    for case in worked(equation):
        x, truth = points_around(equation, case), parameters_of(equation, case)
        lower, upper = equation.bounds(x, equation.function(x, truth))
        assert ((lower <= truth) & (truth <= upper)).all()
        for parameter, least, most in zip(equation.parameters, lower, upper, strict=True):
            assert least >= parameter.lower
            assert most <= parameter.upper


@every
def test_row_order_does_not_move_the_start(equation):
    case = worked(equation)[0]
    x = points_around(equation, case)
    y = equation.function(x, parameters_of(equation, case))
    np.testing.assert_allclose(
        equation.start(x[..., ::-1], y[::-1]), equation.start(x, y), rtol=1e-12, atol=1e-300
    )


@every
def test_linear_parameters_are_linear_together(equation):
    linear = np.array([one.linear for one in equation.parameters])
    case = worked(equation)[0]
    x, p = points_around(equation, case), parameters_of(equation, case)
    other = np.where(linear, 3.0 * p + 1.0, p)
    slopes = equation.jacobian(x, p)[linear]
    np.testing.assert_allclose(equation.jacobian(x, other)[linear], slopes, rtol=1e-12)
    moved = equation.function(x, p) + (other - p)[linear] @ slopes
    np.testing.assert_allclose(equation.function(x, other), moved, rtol=1e-9, atol=1e-9 * np.abs(moved).max())


@every
def test_says_what_it_is(equation):
    assert equation.title
    assert re.search(r"\b(19|20)\d\d\b", equation.reference), "a reference has a year"
    assert equation.location in ("", *equation.names)
    names = [*equation.names, *(axis.name for axis in equation.axes)]
    assert len(set(names)) == len(names)
    for name in (equation.name, *names):
        assert name.isidentifier()
        assert name == name.lower()
        assert not keyword.iskeyword(name)
    for parameter in equation.parameters:
        assert parameter.symbol
        assert parameter.meaning
        assert parameter.lower < parameter.upper
        assert parameter.log10 == parameter.name.startswith("log_")
    for axis in equation.axes:
        assert axis.log10 == axis.name.startswith("log_")


@every
def test_axes_and_parameters_are_in_inside_units(equation):
    for one in (*equation.axes, equation.response, *equation.parameters):
        assert is_inside(one.unit, equation), (
            f"{one.name} is in '{one.unit}'; laws work in inside units (M, s, mol, g, cpm, ...; '' for a number)"
        )


@pytest.mark.parametrize("unit", ["min", "nM", "1/min", "signal/nM", "mol/mg", "minutes", "furlong"])
def test_bench_units_are_no_inside_units(unit):
    assert not is_inside(unit, catalog["four_parameter_logistic"])


@every
def test_start_and_limits_do_not_stumble_over_an_infinite_x(equation):
    """A log axis has ends; on another one the fit is refused, after start and limits were asked."""
    case = worked(equation)[0]
    x = points_around(equation, case)
    for ends in ((np.inf,), (-np.inf, np.inf)):
        some = np.array(x)
        for place, end in enumerate(ends):
            some[..., place] = end
        with np.errstate(all="ignore"):
            assert equation.start(some, np.arange(float(some.shape[-1]))).shape == (len(equation.parameters),)
            equation.bounds(some, np.arange(float(some.shape[-1])))
            nowhere = np.full_like(some[..., :2], np.inf)
            assert equation.start(nowhere, np.array([1.0, 2.0])).shape == (len(equation.parameters),)


@every
def test_formula_speaks_of_all_axes_and_parameters_and_nothing_else(equation):
    tree = parsed(equation)
    read = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    made = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    own = {*equation.names, *(axis.name for axis in equation.axes)}
    assert own <= read
    assert not made & own
    assert read - own - made <= set(FUNCTIONS)


@every
def test_survives_pickling(equation):
    assert pickle.loads(pickle.dumps(equation)) == equation


def test_names_on_the_shelf_are_those_of_the_items():
    assert catalog
    for name, equation in catalog.items():
        assert equation.name == name
