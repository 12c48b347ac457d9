"""What an IC50 read at the stated minutes is worth: simulated curves against equilibrium, for competitors of any koff.

The rate constants of a competitor are seldom known in a competition assay, and its Ki plays no part in how far its
IC50 lies from equilibrium (Motulsky-Mahan): one answer holds for all compounds of a day, for each koff they may have.
"""

from __future__ import annotations

import numpy as np

from ...simulation.equilibrium import slow_rate
from .._early_ic50 import early_over_late
from .day import Analysed

FOLDS = (10.0, 1.0, 0.1)  # koff of a competitor over that of the label


def early_facts(one: Analysed) -> dict[str, float]:
    """IC50 as read over IC50 at equilibrium for competitors that leave faster than, like and slower than the label.

    `slow_mode_per_s` is the slower of the two rates with the slow competitor at its IC50. Nothing where the label's
    koff, its Kd, its concentration or the incubation is not known.
    """
    koff, kd = one.experiment.radioligand.koff_per_s, one.experiment.radioligand.kd
    incubation, free = one.experiment.conditions.incubation_s, one.ligand.free.value
    if kd is None or not (koff > 0 and incubation > 0 and free > 0):
        return {}
    ratio = free / kd.value
    fast, alike, slow = early_over_late(koff, ratio, koff * np.array(FOLDS), np.array(incubation)).tolist()
    slowest = koff * FOLDS[-1]
    mode = slow_rate((koff / kd.value, slowest), (koff, slowest), (free, 1.0 + ratio))
    return {"early_fast": fast, "early_alike": alike, "early_slow": slow, "slow_mode_per_s": mode}
