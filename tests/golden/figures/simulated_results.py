"""Results as the assays hand them over, simulated by formula, for the figures."""

import math

import numpy as np

from prusoff.core.curves import Curve
from prusoff.core.equation import Axis, Equation, Parameter
from prusoff.core.estimate import Estimate, Relation
from prusoff.core.experiment import Experiment, Radioligand
from prusoff.core.fit import Fit, FittedCurve, Interval, Outcome
from prusoff.core.plate import Role, Treatment, Well, well_name
from prusoff.core.result import AssayResult, CurveBand, Points, Profile, Series
from prusoff.core.trace import Read, Trace

DAYS = ("2026-03-02", "2026-03-04", "2026-03-09")
TOTALS = (2450.0, 2210.0, 2680.0)
LOGS = np.arange(-10.5, -4.75, 0.5)
# log10 IC50 on the three days; inf does nothing
COMPOUNDS = {
    "imipramine": (-7.55, -7.48, -7.66),
    "desipramine": (-8.42, -8.31, -8.35),
    "fluoxetine": (-4.92, -5.01, -4.96),
    "saline": (math.inf, math.inf, math.inf),
}


def scatter(index):
    """A disturbance of a few percent without a random generator, so that no version of one changes the figures."""
    return 0.035 * math.sin(12.9898 * index + 0.5) + 0.025 * math.cos(78.233 * index)


def inhibition(x, p):
    bottom, top, location = p
    return bottom + (top - bottom) / (1 + 10.0 ** (x - location))


def one_site(x, p):
    bmax, kd, slope = p
    return bmax * x / (kd + x) + slope * x


INHIBITION = Equation(
    "inhibition",
    "Inhibition",
    "bottom + (top - bottom)/(1 + 10^(x - log_ic50))",
    (Axis("log concentration", "M", log10=True),),
    Axis("bound", "cpm"),
    (
        Parameter("bottom", "bottom", "signal", "response where all is blocked"),
        Parameter("top", "top", "signal", "response without compound"),
        Parameter("log_ic50", "IC50", "M", "concentration half way", log10=True),
    ),
    inhibition,
    lambda x, p: np.zeros((3, x.size)),
    lambda x, y: np.array([0.0, 1.0, -8.0]),
    "simulated",
    (),
    location="log_ic50",
)
ONE_SITE = Equation(
    "one_site",
    "One site",
    "bmax*x/(kd + x) + slope*x",
    (Axis("free radioligand", "M"),),
    Axis("bound", "mol/g"),
    (
        Parameter("bmax", "Bmax", "mol/g", "density of sites"),
        Parameter("kd", "Kd", "M", "half occupation"),
        Parameter("slope", "NS", "L/g", "nonspecific binding per free concentration"),
    ),
    one_site,
    lambda x, p: np.zeros((3, x.size)),
    lambda x, y: np.array([1.0, 1.0, 0.0]),
    "simulated",
    (),
    location="kd",
)


def _fit(equation, x, y, parameters, weights):
    fitted = equation.function(x, parameters)
    return Fit(
        equation,
        Outcome.OK,
        "",
        equation.names,
        parameters,
        0.05 * np.abs(parameters),
        np.diag((0.05 * parameters) ** 2),
        {
            name: Interval(value - 0.1, value + 0.1, 0.95, "Wald")
            for name, value in zip(equation.names, parameters, strict=True)
        },
        (FittedCurve(Curve(x, y), weights, fitted, parameters),),
        float((weights * (y - fitted) ** 2).sum()),
        x.size - parameters.size,
        "relative",
    )


def _plate(day):
    """Eleven doses of four compounds in duplicate rows; totals and nonspecific wells in the last column."""
    total, nsb = TOTALS[day], 0.09 * TOTALS[day]
    wells = []
    for row in range(8):
        compound = tuple(COMPOUNDS)[row // 2]
        for column in range(12):
            if column == 11:
                role = Role.TOTAL if row < 5 else Role.NSB
                treatment, expected = Treatment(role), total if role is Role.TOTAL else nsb
            else:
                x, location = float(LOGS[column]), COMPOUNDS[compound][day]
                treatment = Treatment(Role.COMPOUND, compound, 10.0**x)
                expected = total if math.isinf(location) else inhibition(x, (nsb, total, location))
            index = 1000 * day + 12 * row + column
            aside = "the filter was torn" if index in (17, 1032) else ""
            signal = expected * (1 + scatter(index)) * (0.45 if aside else 1.0)
            wells.append(
                Well(
                    DAYS[day],
                    f"plate {day + 1}",
                    well_name(row, column),
                    treatment,
                    round(signal, 1),
                    set_aside=aside,
                )
            )
    return tuple(wells)


def _points(wells, compound):
    ends = {Role.TOTAL: -math.inf, Role.NSB: math.inf}
    mine = [well for well in wells if well.treatment.role in ends or well.treatment.compound == compound]
    return Points(
        np.array([ends.get(w.treatment.role) or math.log10(w.treatment.concentration_molar) for w in mine]),
        np.array([well.signal for well in mine]),
        tuple(f"{well.plate} {well.position}" for well in mine),
        tuple(well.used for well in mine),
    )


def _competition_series(experiment, day, compound):
    points, location = _points(experiment.wells, compound), COMPOUNDS[compound][day]
    labels = {"x_label": "log10 concentration, M", "y_label": "bound [3H]nisoxetine (cpm)"}
    if math.isinf(location):
        reason = "The highest dose blocks 1 % of specific binding."
        return Series(compound, experiment.name, Outcome.NO_RESPONSE, reason, (points,), **labels)
    use = np.array(points.used)
    total, nsb = TOTALS[day], 0.09 * TOTALS[day]
    parameters = np.array([nsb, total, location])
    x, y = points.x[use], points.y[use]
    fit = _fit(INHIBITION, x, y, parameters, 1 / INHIBITION.function(x, parameters) ** 2)
    grid = np.linspace(LOGS[0], LOGS[10], 121)
    curve = INHIBITION.function(grid, parameters)
    half = 0.018 * total + 0.03 * (total - nsb) * np.exp(-((grid - location) ** 2))
    band = CurveBand(grid, curve, curve - half, curve + half)
    if location > LOGS[10]:
        bound = Estimate("IC50", 10.0 ** LOGS[10], "M", relation=Relation.ABOVE, method="highest dose tested")
        reason = "The highest dose blocks 22 % of specific binding, less than half."
        return Series(
            compound,
            experiment.name,
            Outcome.CENSORED,
            reason,
            (points,),
            (bound,),
            fit,
            bands=(band,),
            **labels,
        )
    width = 0.05 + 0.015 * day
    values = np.linspace(location - 2.5 * width, location + 2.5 * width, 41)
    sums = fit.sum_of_squares * (1 + 0.08 * ((values - location) / width) ** 2)
    if compound == "desipramine" and day == 2:  # a valley that does not close on its upper side
        sums = np.where(
            values > location, fit.sum_of_squares * (1 + 0.06 * (values - location) / width / 2.5), sums
        )
    ic50 = Estimate(
        "IC50", 10.0**location, "M", 10.0 ** (location - width), 10.0 ** (location + width), method="profile"
    )
    profile = Profile("log_ic50", "IC50", values, sums, 1.08 * fit.sum_of_squares, location)
    return Series(
        compound,
        experiment.name,
        Outcome.OK,
        "",
        (points,),
        (ic50,),
        fit,
        (profile,),
        bands=(band,),
        **labels,
    )


def competition():
    """Four compounds on three days: two curves that are fitted, one only bounded, one flat."""
    experiments = tuple(
        Experiment(name, _plate(day), Radioligand("[3H]nisoxetine", "3H")) for day, name in enumerate(DAYS)
    )
    series = tuple(
        _competition_series(experiment, day, compound)
        for day, experiment in enumerate(experiments)
        for compound in COMPOUNDS
    )
    return _result("radioligand_competition", "Competition, simulated", experiments, series)


def _saturation_series(day):
    parameters = np.array([2.1e-9, 0.9e-9, 0.11]) * (1 + 0.06 * day)
    free = np.repeat(np.array([0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0]) * 1e-9, 2)
    nonspecific = parameters[2] * free
    noise = np.array([scatter(100 * day + index) for index in range(2 * free.size)])
    total = one_site(free, parameters) * (1 + noise[: free.size])
    blocked = nonspecific * (1 + noise[free.size :])
    grid = np.linspace(free.min(), free.max(), 121)
    drawn = {
        "total": one_site(grid, parameters),
        "nonspecific": parameters[2] * grid,
        "specific": one_site(grid, parameters) - parameters[2] * grid,
    }
    half = {"total": 0.04, "nonspecific": 0.06, "specific": 0.05}
    measured = {"total": total, "nonspecific": blocked, "specific": total - nonspecific}
    places = tuple(f"plate 1 {well_name(index % 8, index // 8)}" for index in range(free.size))
    used = tuple(index != 5 for index in range(free.size))
    estimates = (
        Estimate("Kd", parameters[1], "M", 0.88 * parameters[1], 1.14 * parameters[1], method="profile"),
        Estimate(
            "Bmax", parameters[0], "mol/g", 0.95 * parameters[0], 1.06 * parameters[0], method="profile"
        ),
    )
    return Series(
        "[3H]nisoxetine",
        DAYS[day],
        Outcome.OK,
        "",
        tuple(
            Points(free, y, places, used if label != "nonspecific" else (True,) * free.size, label)
            for label, y in measured.items()
        ),
        estimates,
        _fit(ONE_SITE, free[np.array(used)], total[np.array(used)], parameters, np.ones(free.size - 1)),
        bands=tuple(
            CurveBand(grid, y, y * (1 - half[label]), y * (1 + half[label]), label)
            for label, y in drawn.items()
        ),
        x_label="free [3H]nisoxetine (M)",
        y_label="bound (mol/g)",
    )


def saturation():
    """The isotherm of one radioligand on two days."""
    series = tuple(_saturation_series(day) for day in range(2))
    experiments = tuple(Experiment(one.experiment, (), Radioligand("[3H]nisoxetine", "3H")) for one in series)
    return _result("radioligand_saturation", "Saturation, simulated", experiments, series)


def _kinetic_points(label, times, y, used):
    places = tuple(f"plate 1 {well_name(index % 8, index // 8)}" for index in range(times.size))
    return Points(times, y, places, used, label)


def _binding_over_time(day):
    """Association at two concentrations with nonspecific wells, then dissociation; one well is set aside."""
    points, bands = [], []
    phases = {
        "association: 0.5 nM": lambda t: 900 * (1 - np.exp(-t / 2000)) + 90,
        "association: 0.5 nM nonspecific": lambda t: 90 + t / 400,
        "association: 4 nM": lambda t: 2100 * (1 - np.exp(-t / 700)) + 700,
        "association: 4 nM nonspecific": lambda t: 700 + t / 50,
        "dissociation: by 10 µM cold": lambda t: 2100 * np.exp(-t / 3750) + 800,
    }
    for number, (label, law) in enumerate(phases.items()):
        times = np.repeat(np.array([2, 5, 10, 20, 40, 60, 90, 120]) * 60.0, 2)
        noise = np.array([scatter(1000 * day + 40 * number + index) for index in range(times.size)])
        used = tuple((number, index) != (2, 7) for index in range(times.size))
        points.append(_kinetic_points(label, times, law(times) * (1 + noise), used))
        grid = np.linspace(0.0, times.max(), 121)
        curve = law(grid)
        bands.append(CurveBand(grid, curve, 0.97 * curve, 1.03 * curve, label))
    labels = {"x_label": "time (s)", "y_label": "[3H]nisoxetine bound (dpm)"}
    return Series(
        "[3H]nisoxetine", DAYS[day], Outcome.OK, "", tuple(points), (), bands=tuple(bands), **labels
    )


def kinetics():
    """Association and dissociation of one radioligand on two days."""
    series = tuple(_binding_over_time(day) for day in range(2))
    experiments = tuple(Experiment(one.experiment, (), Radioligand("[3H]nisoxetine", "3H")) for one in series)
    return _result("binding_kinetics", "Binding kinetics, simulated", experiments, series)


def _sweep_shape(times, size):
    """A current that rises and falls within some milliseconds of its step at 10 ms."""
    since = np.maximum(times - 0.010, 0.0)
    return -size * (1 - np.exp(-since / 3e-4)) * np.exp(-since / 2e-3) / 0.62


def _trace(sweep, applied, size):
    times = np.arange(8e-3, 26e-3, 5e-5)
    currents = _sweep_shape(times, size) + 2e-12 * np.cos(1e5 * times)
    inside = (times >= 10.3e-3) & (times < 24e-3)
    at = int(np.flatnonzero(inside)[currents[inside].argmin()])
    reads = (
        Read("peak", 10.3e-3, 24e-3, float(times[at]), float(currents[at])),
        Read("plateau", 22.6e-3, 24e-3, math.nan, float(currents[(times >= 22.6e-3) & inside].mean())),
    )
    return Trace(sweep, applied, times, currents, reads)


def _recorded_cell(number):
    """Controls, two concentrations and a wash of a current that runs down; one sweep is set aside."""
    wells, traces = [], []
    applied = [("control", 0.0, 1.0), ("drug", 1e-6, 0.7), ("drug", 1e-5, 0.25), ("wash", 0.0, 0.98)]
    for sweep in range(20):
        name, molar, left = applied[sweep // 5]
        control = (1.2e-9 + 3e-10 * number) * (1 - 0.008 * sweep)
        signal = -control * left * (1 + 0.2 * scatter(40 * number + sweep))
        role = {"control": Role.TOTAL, "wash": Role.WASH}.get(name, Role.COMPOUND)
        what = Treatment(
            role, "drug" if molar else "", molar or math.nan, time_s=10.0 * sweep, end_point="peak"
        )
        aside = "leak −340 pA (limit 200 pA)" if sweep == 7 else ""
        extra = {"control": f"{-control:.9g}"}
        wells.append(
            Well(f"cell {number}", "", f"sweep {sweep}", what, signal, "A", set_aside=aside, extra=extra)
        )
        if sweep % 5 == 4:
            label = f"drug {1e6 * molar:.0f} µM" if molar else name
            traces.append(_trace(sweep, label, -signal))
    return Experiment(f"cell {number}", tuple(wells), Radioligand("", ""), traces=tuple(traces))


def recorded():
    """Two recorded cells with a blocker, sweeps and all."""
    return _result(
        "channel_block", "Block of a current, simulated", (_recorded_cell(1), _recorded_cell(2)), ()
    )


def empty():
    """A result in which nothing could be analysed."""
    return _result("radioligand_competition", "Nothing to show, simulated", (), ())


def _result(assay, title, experiments, series):
    return AssayResult(assay, title, experiments, series, (), (), (), ())


RESULTS = {
    "competition": competition,
    "saturation": saturation,
    "kinetics": kinetics,
    "recorded": recorded,
    "empty": empty,
}
