"""Makes this example: a seeded bench that does not exist writes the counter files, the plate map and the truth.

    python examples/net_imipramine/simulate.py

The data are simulated. Volumes (50 + 50 + 100 µL), triplicates, ten half-log concentrations of three compounds and
the 1 nM of [3H]nisoxetine follow published protocols of NET binding; the constants in `truth.json` are chosen, not
measured. Counts are Poisson; every addition varies by 2 %; sites, radioligand and Ki vary from day to day. The
saturation experiment has eight concentrations in duplicate, counted for half a minute: its Kd has an error worth
carrying.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

from prusoff.core.plate import FORMATS, Role, Treatment, well_name
from prusoff.simulation.bench import Bench, Pharmacology, count_aliquots, count_wells

HERE = Path(__file__).parent
SEED = 20260302
CI_PER_MMOL = 2.22e15  # dpm/mol
SPECIFIC_ACTIVITY = 82.0 * CI_PER_MMOL
TRUTH = {
    "Kd of [3H]nisoxetine (nM)": 0.80,
    "Bmax (fmol/mg)": 400.0,
    "nonspecific bound over free": 0.004,
    "Ki of imipramine (nM)": 20.0,
    "Ki of desipramine (nM)": 0.9,
    "Ki of atomoxetine (nM)": 3.5,
    "day-to-day SD of log10 Ki": 0.02,
}
PROTEIN_G = 30e-6
COMPOUNDS = {
    "imipramine": -9.0,
    "desipramine": -10.5,
    "atomoxetine": -10.0,
}  # log10 of the lowest concentration
RADIOLIGAND = 1.0e-9
DAYS = ("day 1", "day 2", "day 3")
SATURATION = [12.8e-9 / 2**step for step in range(7, -1, -1)]


def pharmacology(rng: np.random.Generator, day_sd: float) -> Pharmacology:
    """The truth of one day: sites vary by 10 %, every Ki by the day-to-day SD."""
    sites = TRUTH["Bmax (fmol/mg)"] * 1e-12 * PROTEIN_G / 200e-6 * float(rng.lognormal(0.0, 0.1))
    ki = {
        name: TRUTH[f"Ki of {name} (nM)"] * 1e-9 * 10.0 ** (day_sd * float(rng.standard_normal()))
        for name in COMPOUNDS
    }
    return Pharmacology(
        TRUTH["Kd of [3H]nisoxetine (nM)"] * 1e-9, sites, TRUTH["nonspecific bound over free"], ki
    )


def competition_plate() -> dict[str, Treatment]:
    """A full plate: 90 compound wells, 3 total, 3 nonspecific; triplicates stand side by side."""
    plan = [
        Treatment(Role.COMPOUND, name, 10.0 ** (lowest + 0.5 * step), RADIOLIGAND)
        for name, lowest in COMPOUNDS.items()
        for step in range(10)
        for _ in range(3)
    ]
    plan += [Treatment(Role.TOTAL, radioligand_molar=RADIOLIGAND)] * 3
    plan += [Treatment(Role.NSB, radioligand_molar=RADIOLIGAND)] * 3
    return dict(zip(FORMATS[96].positions(), plan, strict=True))


def saturation_plate() -> dict[str, Treatment]:
    """Columns 1 to 8 hold eight concentrations; rows A and B total, C and D nonspecific."""
    return {
        well_name(row, column): Treatment(
            Role.TOTAL if row < 2 else Role.NSB, radioligand_molar=concentration
        )
        for column, concentration in enumerate(SATURATION)
        for row in range(4)
    }


def write_grid(path: Path, title: str, cells: dict[str, str]) -> None:
    """One 8 x 12 block with its row letters and column numbers."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([title])
        writer.writerow(["", *range(1, 13)])
        for row in range(8):
            writer.writerow(
                ["ABCDEFGH"[row], *(cells.get(well_name(row, column), "") for column in range(12))]
            )


def concentration(molar: float) -> str:
    """A concentration as a person writes it: 3.162 nM."""
    for size, unit in ((1e-6, "uM"), (1e-9, "nM"), (1e-12, "pM")):
        if molar >= 0.9999 * size:
            return f"{molar / size:.4g} {unit}"
    return f"{molar / 1e-12:.4g} pM"


def label(treatment: Treatment) -> str:
    """What the plate map says of a well."""
    if treatment.role is Role.COMPOUND:
        return f"{treatment.compound} {concentration(treatment.concentration_molar)}"
    return treatment.role.value


def main() -> None:
    """Write everything."""
    rng = np.random.default_rng(SEED)
    bench = Bench(SPECIFIC_ACTIVITY, count_time_s=300.0)
    minutes = bench.count_time_s / 60.0
    aliquots: dict[str, list[float]] = {}

    wells, short = saturation_plate(), Bench(SPECIFIC_ACTIVITY, count_time_s=30.0)
    counts = count_wells(list(wells.values()), pharmacology(rng, 0.0), short, rng)
    rows = [
        (well, one.role.value, f"{one.radioligand_molar * 1e9:.4g}", count)
        for (well, one), count in zip(wells.items(), counts, strict=True)
    ]
    with (HERE / "saturation.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["well", "role", "radioligand (nM)", "signal (counts)"])
        writer.writerows(rows)
    aliquots["saturation"] = [count / minutes for count in count_aliquots(SATURATION[-1], 3, bench, rng)]

    plate = competition_plate()
    write_grid(HERE / "layout.csv", "plate map", {well: label(one) for well, one in plate.items()})
    for day in DAYS:
        actual = float(rng.lognormal(0.0, 0.04))
        treated = [
            Treatment(one.role, one.compound, one.concentration_molar, one.radioligand_molar * actual)
            for one in plate.values()
        ]
        truth = pharmacology(rng, TRUTH["day-to-day SD of log10 Ki"])
        counts = count_wells(treated, truth, bench, rng)
        filled = {well: str(count) for well, count in zip(plate, counts, strict=True)}
        write_grid(HERE / f"{day.replace(' ', '')}.csv", day, filled)
        aliquots[day] = [count / minutes for count in count_aliquots(RADIOLIGAND * actual, 3, bench, rng)]

    record = {"simulated": True, "seed": SEED, "truth": TRUTH, "aliquots (cpm per 50 uL)": aliquots}
    (HERE / "truth.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
