"""A simulated competition bench for tests: one call makes the experiments of one or several days."""

import datetime as dt
import math
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from prusoff.assays import catalog
from prusoff.core.experiment import Added, Conditions, Constant, Counting, Experiment, Radioligand
from prusoff.core.plate import FORMATS, Role, Treatment, Well
from prusoff.simulation.bench import Bench, Pharmacology, count_aliquots, count_wells

SPECIFIC_ACTIVITY = 82.0 * 2.22e15
KD = 0.8e-9
ASSAY = catalog["radioligand_competition"]
HALF_LOG = tuple(10.0 ** (-10.0 + 0.5 * step) for step in range(10))


@dataclass(frozen=True)
class Plan:
    """What is true and what is pipetted; the defaults are a good assay of two compounds on one day."""

    ki: dict = field(default_factory=lambda: {"good": 1e-8})
    doses: tuple = HALF_LOG
    replicates: int = 3
    days: int = 1
    plates: int = 1
    wells: int = 96
    kd: float | None = KD
    kd_log10_se: float = 0.04
    receptor: float = 0.06e-9
    ligand: float = 1e-9
    day_sd: float = 0.0
    nonspecific: float = 0.004
    controls: int = 3
    cv: float = 0.02


def _plan(plan, ligand):
    """Compounds first, controls last; several plates hold the same."""
    treated = [
        Treatment(Role.COMPOUND, name, dose, ligand)
        for name in plan.ki
        for dose in plan.doses
        for _ in range(plan.replicates)
    ]
    controls = [Treatment(role, radioligand_molar=ligand) for role in (Role.TOTAL, Role.NSB)]
    return treated + [one for one in controls for _ in range(plan.controls)]


def _experiment(plan, name, rng, number):
    bench = Bench(SPECIFIC_ACTIVITY, pipetting_cv=plan.cv)
    ki = {name: one * 10.0 ** (plan.day_sd * float(rng.standard_normal())) for name, one in plan.ki.items()}
    truth = Pharmacology(KD, plan.receptor, plan.nonspecific, ki)
    wells = []
    for plate in range(1, plan.plates + 1):
        treatments = _plan(plan, plan.ligand)
        counts = count_wells(treatments, truth, bench, rng)
        places = FORMATS[plan.wells].positions()
        wells += [
            Well(name, f"plate {plate}", place, what, float(count), "counts", bench.count_time_s)
            for place, what, count in zip(places, treatments, counts, strict=False)
        ]
        assert len(wells) == plate * len(treatments), "the plate is too small"
    aliquots = tuple(count / 2.0 for count in count_aliquots(plan.ligand, 3, bench, rng))
    kd = None
    if plan.kd is not None:
        se = plan.kd * math.log(10) * plan.kd_log10_se
        kd = Constant(plan.kd, se, "M", "simulated", plan.kd_log10_se)
    date = dt.date(2026, 3, 2)
    return Experiment(
        name,
        tuple(wells),
        Radioligand("[3H]simulated", "3H", SPECIFIC_ACTIVITY, date, 3, koff_per_s=2e-3, kd=kd),
        Added(plan.ligand, math.nan, aliquots, bench.ligand_volume_l, bench.ligand_volume_l, 120.0),
        Conditions("NET", "human", "simulated membranes", 25.0, 7200.0, bench.volume_l, 30e-6),
        Counting(bench.efficiency, 0.0, (), 120.0, bench.background_cpm, 600.0, max(plan.cv, 0.01)),
        date + dt.timedelta(days=7 * number),
    )


@pytest.fixture(scope="session")
def simulated():
    """simulated(seed, **changes of the Plan) -> experiments."""

    def make(seed=1, **changes):
        plan, rng = Plan(**changes), np.random.default_rng(seed)
        return tuple(_experiment(plan, f"day {day}", rng, day) for day in range(1, plan.days + 1))

    return make


@pytest.fixture(scope="session")
def run():
    """run(experiments, settings) -> AssayResult of the competition assay."""
    return lambda experiments, **settings: ASSAY.run(tuple(experiments), ASSAY.settings(**settings))


@pytest.fixture(scope="session")
def analysed(simulated, run):
    """analysed(seed, change=..., settings=..., **changes of the Plan) -> AssayResult of the competition assay."""

    def make(seed=1, change=None, settings=None, **changes):
        experiments = simulated(seed, **changes)
        if change is not None:
            experiments = [replace(one, wells=tuple(map(change, one.wells))) for one in experiments]
        return run(experiments, **(settings or {}))

    return make
