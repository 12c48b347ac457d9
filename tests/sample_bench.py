"""The bench of the sample result, simulated by formula: five compounds, three days, one plate a day.

Names of compounds are chosen to be awkward: a spreadsheet formula, markup, a number with leading zeros, a date.
"""

import datetime as dt
import math

import numpy as np

from prusoff.core.equation import Axis, Equation, Parameter
from prusoff.core.experiment import Conditions, Constant, Counting, Experiment, Radioligand
from prusoff.core.plate import Role, Treatment, Well, well_name

DAYS = ("day 1", "day 2", "day 3")
LOG_CONCENTRATIONS = np.arange(-10.5, -6.75, 0.5)
TOP, BOTTOM = 4000.0, 400.0
LIGAND, KD = 1.0e-9, 6.0e-9
SHIFT = 1.0 + LIGAND / KD
# log10 IC50 of each compound on the three days; inf where it does nothing, a large number where it is very weak
TRUTH = {
    "desipramine": (-8.30, -8.22, -8.36),
    "=cmd()": (-7.92, -8.05, -7.98),
    "<b>x</b>": (-6.1, -6.0, -6.05),
    "00123": (math.inf, math.inf, math.inf),
    "Mar-1": (-9.1, -9.0, -9.05),
}


def logistic(x, p):
    bottom, top, location, slope = p
    return bottom + (top - bottom) / (1 + 10.0 ** ((x - location) * slope))


EQUATION = Equation(
    "four_parameter_logistic",
    "Four-parameter logistic",
    "Y = bottom + (top − bottom)/(1 + 10^((X − log IC50)·nH))",
    (Axis("log concentration", "M", log10=True),),
    Axis("bound", "cpm"),
    (
        Parameter("bottom", "bottom", "signal", "response where the site is fully blocked"),
        Parameter("top", "top", "signal", "response without compound"),
        Parameter("log_ic50", "IC50", "M", "concentration half way", log10=True),
        Parameter("hill_slope", "nH", "", "slope"),
    ),
    logistic,
    lambda x, p: np.stack([np.zeros_like(x)] * 4),
    lambda x, y: np.array([y.min(), y.max(), x.mean(), 1.0]),
    "De Lean 1978",
    (),
    location="log_ic50",
)


def scatter(index):
    """A small deterministic disturbance, so that no random generator can change the golden files."""
    return 0.03 * math.sin(12.9898 * index + 0.5) + 0.02 * math.cos(78.233 * index)


def _wells(day_index, day):
    wells = []
    for column in range(12):
        for row in range(8):
            if column >= 10:
                role = Role.TOTAL if column == 10 else Role.NSB
                treatment = Treatment(role, radioligand_molar=LIGAND)
                expected = TOP if role is Role.TOTAL else BOTTOM
            else:
                compound = tuple(TRUTH)[column // 2]
                x = float(LOG_CONCENTRATIONS[row])
                treatment = Treatment(Role.COMPOUND, compound, 10.0**x, LIGAND)
                expected = _expected(compound, day_index, x)
            index = 100 * day_index + 8 * column + row
            signal = round(expected * (1 + scatter(index)), 1)
            why = {(0, 1, 3): "filter disc torn", (1, 10, 7): "the counter printed OVRFLW"}.get(
                (day_index, column, row), ""
            )
            place = well_name(row, column)
            wells.append(
                Well(
                    day,
                    f"P{day_index + 1}",
                    place,
                    treatment,
                    signal,
                    count_time_s=60.0,
                    set_aside=why,
                    source=f"{day}.csv",
                )
            )
    return tuple(wells)


def _expected(compound, day_index, x):
    location = TRUTH[compound][day_index]
    return TOP if math.isinf(location) else float(logistic(x, (BOTTOM, TOP, location, 1.0)))


def simulated_day(index, day):
    return Experiment(
        day,
        _wells(index, day),
        Radioligand("[3H]nisoxetine", "3H", 1.776e17, kd=Constant(KD, 1.2e-9, "M", "saturation, simulated")),
        conditions=Conditions(
            "NET",
            "human",
            "HEK-hNET membranes",
            25.0,
            7200.0,
            2e-4,
            2e-5,
            nsb_definer="10 µM imipramine",
            buffer="50 mM Tris, 300 mM NaCl",
        ),
        counting=Counting(0.42, 0.01, time_s=60.0, background_cpm=18.0),
        date=dt.date(2026, 3, 2 + index),
    )
