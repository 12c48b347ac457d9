"""The 14 certified problems of NIST StRD from both starts: every parameter to 6.5 digits, none wrong in silence."""

import json

import numpy as np
import pytest

from prusoff.core.curves import Curve
from prusoff.core.equation import Axis, Equation, Parameter
from prusoff.fitting.solve import Options, fit_curve


def _columns(*rows):
    return np.stack(np.broadcast_arrays(*rows))


def _misra1a(x, b):
    e = np.exp(-b[1] * x)
    return b[0] * (1 - e), _columns(1 - e, b[0] * x * e)


def _chwirut2(x, b):
    below = b[1] + b[2] * x
    y = np.exp(-b[0] * x) / below
    return y, _columns(-x * y, -y / below, -x * y / below)


def _lanczos(x, b):
    e = [np.exp(-b[k] * x) for k in (1, 3, 5)]
    y = b[0] * e[0] + b[2] * e[1] + b[4] * e[2]
    return y, _columns(e[0], -b[0] * x * e[0], e[1], -b[2] * x * e[1], e[2], -b[4] * x * e[2])


def _gauss(x, b):
    e = np.exp(-b[1] * x)
    rows = [e, -b[0] * x * e]
    y = b[0] * e
    for height, centre, width in ((b[2], b[3], b[4]), (b[5], b[6], b[7])):
        z = (x - centre) / width
        g = np.exp(-(z**2))
        y = y + height * g
        rows += [g, height * g * 2 * z / width, height * g * 2 * z**2 / width]
    return y, _columns(*rows)


def _danwood(x, b):
    power = x ** b[1]
    return b[0] * power, _columns(power, b[0] * power * np.log(x))


def _kirby2(x, b):
    above, below = b[0] + b[1] * x + b[2] * x**2, 1 + b[3] * x + b[4] * x**2
    y = above / below
    return y, _columns(1 / below, x / below, x**2 / below, -x * y / below, -(x**2) * y / below)


def _nelson(x, b):
    e = np.exp(-b[2] * x[1])
    return b[0] - b[1] * x[0] * e, _columns(1.0, -x[0] * e, b[1] * x[0] * x[1] * e)


def _misra1c(x, b):
    root = (1 + 2 * b[1] * x) ** -0.5
    return b[0] * (1 - root), _columns(1 - root, b[0] * x * root**3)


def _enso(x, b):
    turn = 2 * np.pi * x
    rows = [1.0, np.cos(turn / 12), np.sin(turn / 12)]
    y = b[0] + b[1] * rows[1] + b[2] * rows[2]
    for period, cosine, sine in ((b[3], b[4], b[5]), (b[6], b[7], b[8])):
        c, s = np.cos(turn / period), np.sin(turn / period)
        y = y + cosine * c + sine * s
        rows += [turn / period**2 * (cosine * s - sine * c), c, s]
    return y, _columns(*rows)


def _mgh09(x, b):
    above, below = x**2 + b[1] * x, x**2 + b[2] * x + b[3]
    y = b[0] * above / below
    return y, _columns(above / below, b[0] * x / below, -x * y / below, -y / below)


def _rat42(x, b):
    e = np.exp(b[1] - b[2] * x)
    y = b[0] / (1 + e)
    return y, _columns(1 / (1 + e), -y * e / (1 + e), y * x * e / (1 + e))


LAWS = {  # the law, and the numbers of the parameters in which it is linear
    "Misra1a": (_misra1a, (1,)),
    "Chwirut2": (_chwirut2, ()),
    "Lanczos1": (_lanczos, (1, 3, 5)),
    "Lanczos3": (_lanczos, (1, 3, 5)),
    "Gauss1": (_gauss, (1, 3, 6)),
    "Gauss3": (_gauss, (1, 3, 6)),
    "DanWood": (_danwood, (1,)),
    "Kirby2": (_kirby2, (1, 2, 3)),
    "Nelson": (_nelson, (1, 2)),
    "Misra1c": (_misra1c, (1,)),
    "ENSO": (_enso, (1, 2, 3, 5, 6, 8, 9)),
    "MGH09": (_mgh09, (1,)),
    "BoxBOD": (_misra1a, (1,)),
    "Rat42": (_rat42, (1,)),
}


def law_of(name, size):
    law, linear = LAWS[name]
    return Equation(
        name,
        name,
        "",
        (Axis("x", ""),),
        Axis("y", ""),
        tuple(Parameter(f"b{k}", f"b{k}", "", "", linear=k in linear) for k in range(1, size + 1)),
        lambda x, b: law(x, b)[0],
        lambda x, b: law(x, b)[1],
        lambda x, y: np.ones(size),
        "NIST StRD nonlinear regression",
        (),
    )


def problem_of(shared, name):
    folder = shared / "data" / "nist_strd"
    problem = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["problems"][name]
    lines = (
        (folder / f"{name}.dat").read_text(encoding="utf-8").splitlines()[problem["data_line_start"] - 1 :]
    )
    lines = [line for line in lines if line.strip() and line.strip()[0] in "+-.0123456789"]
    table = np.array([line.split() for line in lines[: int(problem["n_observations"])]], dtype=float).T
    y, x = table[0], table[1:]
    return problem, Curve(x[0] if len(x) == 1 else x, np.log(y) if name == "Nelson" else y)


def digits(found, certified):
    return float(np.min(-np.log10(np.maximum(np.abs(found / certified - 1), 1e-11))))


@pytest.mark.parametrize("start", ["start1", "start2"])
@pytest.mark.parametrize("name", LAWS)
def test_certified(shared, name, start):
    problem, curve = problem_of(shared, name)
    certified = np.array([one["certified"] for one in problem["parameters"]])
    guess = {one["name"]: one[start] for one in problem["parameters"]}
    found = fit_curve(law_of(name, len(certified)), curve, options=Options(intervals="wald", start=guess))
    assert digits(found.values, certified) >= 6.5
    assert found.outcome.usable
    assert found.df == problem["degrees_of_freedom"]
    if name != "Lanczos1":  # exact data: its sum of squares and errors are rounding noise
        assert digits(found.se, np.array([one["certified_sd"] for one in problem["parameters"]])) >= 4
        assert found.sum_of_squares == pytest.approx(problem["residual_sum_of_squares"], rel=1e-8)
