"""A simulated bench of competition kinetics whose wells, rates and counter a test may choose."""

import math
from dataclasses import replace

import numpy as np

from prusoff.assays import catalog
from prusoff.core.check import Severity
from prusoff.core.experiment import Added, Conditions, Constant, Counting, Experiment, Radioligand
from prusoff.core.plate import FORMATS, Role, Treatment, Well
from prusoff.simulation.bench import Bench
from prusoff.simulation.competition_kinetics import CompetingRates, count_competing_wells

ACTIVITY = 82.0 * 2.22e15
KON, KOFF = 5e5, 5e-4
MINUTES = (2.0, 5.0, 10.0, 20.0, 40.0, 70.0, 110.0, 180.0)
INCUBATION_S = 3 * 3600.0
ASSAY = catalog["competition_kinetics"]


def planned(compound="x", molar=(0.25e-9, 1e-9, 4e-9), minutes=MINUTES, ligand=2e-9, chased=True, first=()):
    """Label alone and chased, nonspecific wells, the compound at each concentration; `first` came after the label."""
    alone = [(Role.TOTAL, "", math.nan, "association")] * 2 + [(Role.NSB, "", math.nan, "association")]
    alone += [(Role.TOTAL, "", math.nan, "dissociation")] * 3 if chased else []
    alone += [(Role.COMPOUND, compound, one, "association") for one in molar]
    alone += [(Role.COMPOUND, compound, one, "dissociation") for one in first]
    return [
        Treatment(role, name, at, ligand, time_s=60.0 * time, phase=phase)
        for role, name, at, phase in alone
        for time in minutes
    ]


def day(plan, name="day 1", seed=1, bench=None, **true):
    """One simulated day; `true` replaces what is true at the bench."""
    usual = {
        "kon": KON,
        "koff": KOFF,
        "receptor_molar": 0.03e-9,
        "nonspecific": 0.0015,
        "competitors": {"x": (2e5, 1e-4)},
        "incubation_s": INCUBATION_S,
    }
    rates = CompetingRates(**(usual | true))
    bench = bench or Bench(ACTIVITY, count_time_s=300.0)
    counts = count_competing_wells(plan, rates, bench, np.random.default_rng(seed))
    places = list(FORMATS[384].positions())
    wells = tuple(
        Well(name, "plate 1", place, what, float(count), "counts", bench.count_time_s)
        for place, what, count in zip(places, plan, counts, strict=False)
    )
    return Experiment(
        name,
        wells,
        Radioligand("[3H]simulated", "3H", ACTIVITY, labelled_atoms=3),
        Added(2e-9, 0.0),
        Conditions("NET", incubation_s=INCUBATION_S, volume_l=bench.volume_l),
        Counting(
            bench.efficiency, 0.0, (), bench.count_time_s, bench.background_cpm, 600.0, bench.pipetting_cv
        ),
    )


def analysed(*days, **settings):
    return ASSAY.run(days, ASSAY.settings(**settings))


def stated(experiment, kd=KOFF / KON, koff=KOFF, log10_se=0.02):
    label = replace(
        experiment.radioligand,
        koff_per_s=koff,
        kd=Constant(kd, kd * log10_se * math.log(10), "M", "simulated", log10_se),
    )
    return replace(experiment, radioligand=label)


def warned(result):
    """The codes of all checks that warn or fail."""
    return {flag.code for flag in result.flags if flag.severity in (Severity.WARN, Severity.FAIL)}


def estimates(result):
    (series,) = result.series
    return {one.name: one for one in series.estimates}


def decades(estimate, truth):
    return abs(math.log10(estimate.value / truth))
