"""A result as an assay would hand it over, made of the simulated bench of `sample_bench`."""

import math

import numpy as np

from prusoff.core.check import Flag, Severity
from prusoff.core.curves import Curve
from prusoff.core.estimate import Estimate, Relation
from prusoff.core.figure import FigureSpec, Line, Panel, Points, Rule, Scale
from prusoff.core.fit import Fit, FittedCurve, Interval, Outcome, Test
from prusoff.core.plate import Role
from prusoff.core.provenance import InputFile, Provenance
from prusoff.core.result import (
    AssayResult,
    Comparison,
    CurveBand,
    PlateSummary,
    Pooled,
    Profile,
    Series,
    Step,
)
from prusoff.core.result import Points as CurvePoints
from sample_bench import (
    BOTTOM,
    DAYS,
    EQUATION,
    KD,
    LOG_CONCENTRATIONS,
    SHIFT,
    TOP,
    TRUTH,
    logistic,
    simulated_day,
)


def _points(experiment, compound):
    wells = [
        well
        for well in experiment.wells
        if well.treatment.compound == compound or well.treatment.role in (Role.TOTAL, Role.NSB)
    ]
    at = {Role.TOTAL: -math.inf, Role.NSB: math.inf}
    x = [at.get(w.treatment.role, math.log10(w.treatment.concentration_molar or 1)) for w in wells]
    return CurvePoints(
        np.array(x),
        np.array([well.signal for well in wells]),
        tuple(f"{well.plate} {well.position}" for well in wells),
        tuple(well.used for well in wells),
    )


def _fit(points, location, outcome, reason):
    use = np.array(points.used)
    x, y = points.x[use], points.y[use]
    parameters = np.array([BOTTOM, TOP, location, 1.0])
    se = np.array([22.0, 41.0, 0.035, 0.06])
    fitted = logistic(x, parameters)
    intervals = {
        name: Interval(float(value - 2 * error), float(value + 2 * error), 0.95, "profile likelihood")
        for name, value, error in zip(EQUATION.names, parameters, se, strict=True)
    }
    return Fit(
        EQUATION,
        outcome,
        reason,
        EQUATION.names,
        parameters,
        se,
        np.diag(se**2),
        intervals,
        (FittedCurve(Curve(x, y), np.ones_like(y), fitted, parameters),),
        float(((y - fitted) ** 2).sum()),
        int(y.size - 4),
        "none",
        verdict="The curve describes the points.",
        tests=(
            Test("runs", 9.0, 0.41, "The residuals change sign as often as chance would have it.", (12.0,)),
        ),
        starts=5,
        evaluations=61,
    )


def _band(fit):
    grid = np.linspace(LOG_CONCENTRATIONS[0], LOG_CONCENTRATIONS[-1], 41)
    fitted = fit.predict(grid)
    return CurveBand(grid, fitted, 0.96 * fitted, 1.04 * fitted)


def _concentration(name, log_value, log_se, method):
    return Estimate(
        name,
        10.0**log_value,
        "M",
        10.0 ** (log_value - 2 * log_se),
        10.0 ** (log_value + 2 * log_se),
        method=method,
        log10_se=log_se,
    )


def _fitted_series(compound, experiment, location, outcome, reason):
    points = _points(experiment, compound)
    log_ki = location - math.log10(SHIFT)
    ki = _concentration("Ki", log_ki, 0.05, "Cheng-Prusoff")
    grid = location + np.linspace(-0.15, 0.15, 31)
    sums = 1.0e5 * (1 + ((grid - location) / 0.035) ** 2 / 30)
    fit = _fit(points, location, outcome, reason)
    return Series(
        compound,
        experiment.name,
        outcome,
        reason,
        (points,),
        (
            _concentration("IC50 (relative)", location, 0.035, "profile likelihood"),
            _concentration("IC50 (absolute)", location + 0.01, 0.04, "delta method"),
            Estimate("nH", 1.0, "", 0.88, 1.12, method="profile likelihood", se=0.06),
            ki,
            ki.negative_log10("pKi"),
            Estimate("top", TOP, "cpm", 3918.0, 4082.0, method="profile likelihood", se=41.0),
        ),
        fit,
        (Profile("log_ic50", "log IC50", grid, sums, 1.13e5, location),),
        (
            Comparison(
                "one site",
                "two sites",
                "one site",
                1.21,
                0.31,
                -2.4,
                "One site is enough: a second one does not improve the fit (F test, P = 0.31).",
                fit,
            ),
        ),
        (_band(fit),),
        {"IC50": 0.42, "[L]": 0.13, "Kd": 0.45},
        "log10 concentration, M",
        "bound, cpm",
    )


def _unfitted_series(compound, experiment, outcome, reason, estimates=()):
    return Series(
        compound,
        experiment.name,
        outcome,
        reason,
        (_points(experiment, compound),),
        estimates,
        x_label="log10 concentration, M",
        y_label="bound, cpm",
    )


def _series(experiment, index):
    found = []
    for compound, locations in TRUTH.items():
        if compound == "00123":
            found.append(
                _unfitted_series(
                    compound,
                    experiment,
                    Outcome.NO_RESPONSE,
                    "Inhibition at 316 nM is 1 % of the control range.",
                )
            )
        elif compound == "<b>x</b>":
            bound = Estimate(
                "IC50 (relative)", 10.0**-7, "M", relation=Relation.ABOVE, method="highest concentration"
            )
            found.append(
                _unfitted_series(
                    compound,
                    experiment,
                    Outcome.CENSORED,
                    "Less than half was displaced at the highest concentration.",
                    (
                        bound,
                        Estimate("Ki", bound.value / SHIFT, "M", relation=Relation.ABOVE, method="bound"),
                    ),
                )
            )
        elif compound == "Mar-1" and index == 2:
            found.append(
                _unfitted_series(
                    compound,
                    experiment,
                    Outcome.FAILED,
                    "The sum of squares has no minimum: the points contradict.",
                )
            )
        elif compound == "=cmd()" and index == 1:
            found.append(
                _fitted_series(
                    compound,
                    experiment,
                    locations[index],
                    Outcome.FLAGGED,
                    "The slope is below 1 (0.70); a second site was looked for and not found.",
                )
            )
        else:
            found.append(_fitted_series(compound, experiment, locations[index], Outcome.OK, ""))
    return found


def _pooled(series):
    pooled = []
    for compound in TRUTH:
        each = [
            (one.experiment, e)
            for one in series
            if one.subject == compound
            for e in one.estimates
            if e.name == "Ki"
        ]
        if not each:
            continue
        n = len(each)
        if each[0][1].is_bound:
            value = each[0][1]
            sentence = (
                f"All {n} experiments gave a bound; the weakest statement that holds for all is printed."
            )
        else:
            logs = np.log10([e.value for _, e in each])
            half = {2: 12.706, 3: 4.303}[n] * logs.std(ddof=1) / math.sqrt(n)
            value = _concentration("Ki", float(logs.mean()), float(half / 2), "geometric mean, t interval")
            sentence = f"Geometric mean of {n} independent experiments with the t interval of pKi."
        pooled.append(
            Pooled(
                compound,
                value,
                value.negative_log10("pKi"),
                tuple(day for day, _ in each),
                tuple(e for _, e in each),
                sentence,
            )
        )
    return tuple(pooled)


PASS, NOTE, WARN, FAIL = Severity.PASS, Severity.NOTE, Severity.WARN, Severity.FAIL
BOUND = "% of the added label was bound; free and added agree."
SLOPE = "The interval of the Hill slope (0.58 to 0.82) leaves out 1: Ki is an apparent one."
HALF = "The curve does not cross half of the control range within the concentrations tested."
LABEL = "[L] is a sixth of Kd, well suited to competition."
RATE = "Not assessed: it needs the dissociation rate constant of the radioligand."
FLAGS = (
    Flag("W-DEP", PASS, f"2.0 {BOUND}", "day 1", 2.0, 10.0, "%", "AGM", "Ligand depletion"),
    Flag("W-DEP", PASS, f"2.5 {BOUND}", "day 2", 2.5, 10.0, "%", "AGM", "Ligand depletion"),
    Flag("W-DEP", PASS, f"3.0 {BOUND}", "day 3", 3.0, 10.0, "%", "AGM", "Ligand depletion"),
    Flag("W-HILL", WARN, SLOPE, "=cmd(), day 2", 0.70, 1.0, "", "IUPHAR 2003", "Hill slope"),
    Flag("W-SPAN", FAIL, HALF, "<b>x</b>, day 1", 31.0, 50.0, "%", "AGM", "Half inhibition reached"),
    Flag("W-LKD", NOTE, LABEL, "", 0.167, 3.0, "", "AGM", "Radioligand concentration"),
    Flag("W-EQ", Severity.NOT_ASSESSED, RATE, "", title="Equilibrium reached"),
)


def _plates(experiments):
    summaries = []
    for experiment in experiments:
        used = experiment.used
        totals = np.array([w.signal for w in used if w.treatment.role is Role.TOTAL])
        nsb = np.array([w.signal for w in used if w.treatment.role is Role.NSB])
        span = totals.mean() - nsb.mean()
        summaries.append(
            PlateSummary(
                experiment.name,
                experiment.plates[0],
                float(totals.mean()),
                float(totals.std(ddof=1)),
                int(totals.size),
                float(nsb.mean()),
                float(nsb.std(ddof=1)),
                int(nsb.size),
                "cpm",
                {
                    "Z'": float(1 - 3 * (totals.std(ddof=1) + nsb.std(ddof=1)) / span),
                    "S/B": float(totals.mean() / nsb.mean()),
                    "CV of total, %": float(100 * totals.std(ddof=1) / totals.mean()),
                    "CV of NSB, %": float(100 * nsb.std(ddof=1) / nsb.mean()),
                    "signal window": math.nan,
                },
            )
        )
    return tuple(summaries)


STEPS = (
    Step(
        "The counts of every well were corrected for background and kept as counts per minute.",
        "r = G/t − B/tb",
        ("currie_1968",),
    ),
    Step(
        "A four-parameter logistic curve was fitted to the raw signal with the control wells among the data.",
        EQUATION.formula,
        ("delean_1978",),
    ),
    Step(
        "Intervals of fitted parameters are profile likelihood intervals at 95 %.",
        "SS(v) ≤ SSmin·(1 + F(1, n−k; 0.95)/(n−k))",
        ("bates_watts_1988", "venzon_moolgavkar_1988"),
    ),
    Step(
        "Ki was computed from the relative IC50 with the measured concentration of radioligand.",
        "Ki = IC50/(1 + [L]/Kd)",
        ("cheng_prusoff_1973", "currie_1968"),
    ),
)


def simple_figures(result):
    """One small figure for each compound, enough to see a report with pictures in it."""
    specs = []
    for number, subject in enumerate(result.subjects):
        marks = []
        for colour, one in enumerate(s for s in result.series if s.subject == subject):
            points = one.points[0]
            inside = np.isfinite(points.x)
            marks.append(Points(points.x[inside], points.y[inside], one.experiment, colour))
            if one.fit is not None:
                grid = np.linspace(-11.0, -6.5, 61)
                marks.append(Line(grid, one.fit.predict(grid), colour=colour))
        marks.append(Rule(y=TOP, label="total"))
        specs.append(
            FigureSpec(
                f"curve_{number + 1}",
                f"Displacement of [3H]nisoxetine by {subject}",
                f"Bound radioligand against log concentration of {subject} on three days.",
                (Panel(Scale("log10 concentration, M"), Scale("bound, cpm"), tuple(marks)),),
                "Points are wells, lines the fitted curves; n = 3 experiments in duplicate.",
            )
        )
    return tuple(specs)


def sample_result():
    """The whole result; equal in every call."""
    experiments = tuple(simulated_day(index, day) for index, day in enumerate(DAYS))
    series = tuple(one for index, e in enumerate(experiments) for one in _series(e, index))
    return AssayResult(
        "radioligand_competition",
        "Competition for [3H]nisoxetine at NET",
        experiments,
        series,
        _pooled(series),
        FLAGS,
        _plates(experiments),
        STEPS,
        ("Simulated data: no bench was used.", "Kd = 6.0 nM (SE 1.2) from a saturation experiment was used."),
        Provenance(
            tuple(InputFile(f"{day}.csv", f"{index}" * 64, 4096 + index) for index, day in enumerate(DAYS)),
            {
                "kd_molar": KD,
                "kd_se_molar": 1.2e-9,
                "model": "four_parameter_logistic",
                "temperature_c": math.nan,
            },
            7,
            {"prusoff": "0.1.0", "numpy": "2.0.0"},
            "Python 3.11.0, Linux x86_64",
        ),
    )
