"""Printed formulas as functions: equal to the law everywhere, with finite derivatives, and nothing but arithmetic."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import special

from prusoff.core.errors import ModelError
from prusoff.equations import catalog
from prusoff.fitting.formula import formula_function

every = pytest.mark.parametrize("equation", [pytest.param(one, id=name) for name, one in catalog.items()])


def places(equation, case):
    """Points around a worked one, the ends of every axis included: (axis, point)."""
    each = []
    for value, axis in zip(case.x, equation.axes, strict=True):
        around = (
            value + np.array([-3.0, -1.0, 0.0, 0.5, 2.0]) if axis.log10 else value * np.array([0.1, 1.0, 3.0])
        )
        each.append(np.array([-np.inf, *around, np.inf]) if axis.log10 else np.array([0.0, *around]))
    found = np.array([one.ravel() for one in np.meshgrid(*each)])
    endless = (found == np.inf).sum(axis=0)  # of two endless compounds it is open which one wins
    return found[:, endless < 2]


@every
def test_the_formula_is_the_function_at_every_place(equation):
    law = formula_function(equation, np, special)
    for case in equation.cases:
        x, p = places(equation, case), np.array([case.parameters[name] for name in equation.names])
        expected = equation.function(x[0] if len(equation.axes) == 1 else x, p)
        found = np.broadcast_to(law(list(x), list(p)), expected.shape)
        size = np.abs(expected[np.isfinite(expected)]).max()
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * size)


@pytest.mark.slow
@every
def test_jax_differentiates_the_formula_like_the_law(equation):
    """The derivative by jax is the analytic one, and finite in the control wells."""
    jax = pytest.importorskip("jax", reason="jax comes with the extra 'bayes'")
    law = formula_function(equation, jax.numpy, jax.scipy.special)
    case = equation.cases[0]
    x, p = places(equation, case), np.array([case.parameters[name] for name in equation.names])
    with jax.enable_x64(True):
        slopes = jax.jacfwd(lambda q: jax.numpy.broadcast_to(law(list(x), list(q)), x.shape[1:]))(p)
    expected = equation.jacobian(x[0] if len(equation.axes) == 1 else x, p)
    expected = np.broadcast_to(expected, (len(p), x.shape[1]))
    finite = np.isfinite(expected)
    size = np.abs(np.where(finite, expected, 0.0)).max()
    np.testing.assert_allclose(np.asarray(slopes).T[finite], expected[finite], rtol=1e-7, atol=1e-7 * size)


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os').getcwd()",
        "top.__class__",
        "open('x')",
        "exp(top, bottom)",
        "exp(x=top)",
        "top if bottom else 1",
        "[top][0]",
        "lambda: top",
        "'text'",
        "True",
        "top // bottom",
        "unknown + top",
        "import os\ntop",
        "a = b = top\na",
        "a, b = top, bottom\na",
        "for k in top: k\ntop",
        "top = ",
        "a = top",
        "",
        "1\n2",
    ],
)
def test_nothing_but_arithmetic_of_known_names_is_computed(formula):
    equation = replace(catalog["four_parameter_logistic"], formula=formula)
    with pytest.raises(ModelError, match="E-FORMULA"):
        formula_function(equation, np, special)


def test_names_of_earlier_lines_may_be_used():
    equation = replace(catalog["straight_line"], formula="twice = 2 * slope\ntwice * x - -intercept")
    law = formula_function(equation, np, special)
    assert law([np.array([1.0, 2.0])], [3.0, 0.5]).tolist() == [6.5, 12.5]
