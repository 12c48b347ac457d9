"""Cells gone wrong: no recovery, bad clamp, block read too early, one concentration, no controls, percentages."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.assays._channel_block.cells import Reading, blocked_cells
from prusoff.assays._channel_block.onset import onsets
from prusoff.assays.channel_block import Settings, channel_block
from prusoff.core.check import Severity
from prusoff.core.errors import InputError
from prusoff.core.estimate import Relation
from prusoff.core.experiment import Conditions, Experiment, Radioligand
from prusoff.core.plate import Role, Treatment, Well

DRUG = "terfenadine (peak)"


def cells(seed=3, **truth):
    return channel_block.simulate({**channel_block.truth, **truth}, seed)


def run(those, **settings):
    return channel_block.run(tuple(those), Settings(**settings))


def warned(result):
    return {flag.code for flag in result.flags if flag.severity in (Severity.WARN, Severity.FAIL)}


def changed(cell, change):
    return replace(cell, wells=tuple(map(change, cell.wells)))


def ic50(result, subject=DRUG):
    return result.pool(subject, "IC50").estimate


def rows(blocks, compound="drug", unit="%", end_point="peak", **more):
    """One experiment of percentages: (concentration in mol/L, block)."""
    wells = tuple(
        Well(
            "cells",
            "",
            f"line {k}",
            Treatment(Role.COMPOUND, compound, molar, end_point=end_point),
            value,
            unit,
        )
        for k, (molar, value) in enumerate(blocks, start=2)
    )
    return Experiment("cells", wells, Radioligand("", ""), conditions=Conditions("hERG"), **more)


def test_a_good_run_raises_nothing():
    assert warned(run(cells())) == set()


def test_no_recovery_gives_a_range_and_says_so():
    result = run(cells(recovered=0.5))
    assert warned(result) == {"W-WASH", "W-RUNDOWN"}
    found = ic50(result)
    assert found.relation is Relation.ABOUT
    assert found.low < 55e-9 < found.high
    assert any("no correction for run-down" in note for note in result.notes)


def test_recovery_of_four_fifths_is_enough():
    assert warned(run(cells(recovered=0.9))) == set()


def test_no_wash_is_no_correction():
    washed = [
        changed(
            cell, lambda well: replace(well, set_aside="lost") if well.treatment.role is Role.WASH else well
        )
        for cell in cells()
    ]
    result = run(washed)
    assert warned(result) == set()
    assert {flag.severity for flag in result.flags if flag.code == "W-WASH"} == {Severity.NOT_ASSESSED}
    (note,) = [note for note in result.notes if "run-down is not corrected" in note]
    assert "no control after the drug was washed out" in note
    assert ic50(result).value < ic50(run(cells())).value  # what ran down is taken for block
    assert ic50(result).relation is Relation.EQUAL


def test_a_bad_clamp_sets_sweeps_aside():
    first, *others = cells()
    bad = changed(first, lambda well: replace(well, quality={**well.quality, "series_resistance": 40e6}))
    result = run((bad, *others))
    assert warned(result) == {"W-RS"}
    assert result.rows[2] == len(first.wells)
    assert all("series resistance" in well.set_aside for well in result.experiments[0].wells)
    assert result.pool(DRUG, "IC50").n == 6


def test_nothing_but_bad_clamps_is_refused():
    with pytest.raises(InputError, match="no cell can be read with a drug, such as: series resistance"):
        run(cells(series_resistance=60e6))


def test_block_read_before_its_steady_state():
    result = run(cells(onset_s=120.0))
    assert warned(result) == {"W-BLK-LATE"}
    assert ic50(result).value > 55e-9 * 1.5  # the drug looks weaker than it is
    assert any("90 % of the block takes" in note for note in result.notes)


def test_cells_with_one_concentration_each():
    one_each = []
    for number, cell in enumerate(cells(cells=12.0, between_cells=0.05)):
        kept = sorted({well.treatment.concentration_molar for well in cell.wells if well.treatment.compound})
        mine = kept[number % 4]
        wells = [
            well
            for well in cell.wells
            if not well.treatment.compound or well.treatment.concentration_molar == mine
        ]
        one_each.append(replace(cell, wells=tuple(wells)))
    result = run(one_each)
    assert warned(result) == {"W-BLK-ONE"}
    pooled = result.pool(DRUG, "IC50")
    assert pooled.n == 12
    assert "cannot be told" in pooled.sentence
    assert abs(math.log10(pooled.estimate.value / 55e-9)) < 0.1
    assert all(one.is_bound for one in pooled.each)  # no cell alone tells its IC50


def test_one_concentration_gives_a_bound_and_what_slope_one_would_make_of_it():
    result = run(cells(concentrations=1.0, lowest=100e-9))
    assert warned(result) == {"W-BLK-ONE", "W-SPAN"}
    assert str(ic50(result)) == "IC50 < 100 nM"
    block = result.pool(DRUG, "block at 100 nM").estimate
    assert block.value == pytest.approx(62.0, abs=5.0)
    assert any("extrapolated, not measured" in note for note in result.notes)
    about = result.series[0].estimate("IC50 if nH = 1")
    assert about.relation is Relation.ABOUT


@pytest.mark.parametrize(("lowest", "said"), [(1e-10, "IC50 > 3.00 nM"), (3e-6, "IC50 < 3.00 µM")])
def test_what_was_not_reached_is_a_bound(lowest, said):
    result = run(cells(lowest=lowest))
    assert warned(result) == {"W-SPAN"}
    assert str(ic50(result)) == said
    assert {one.outcome.code for one in result.series} == {"censored"}


def test_cells_that_differ_much_and_few_cells():
    assert warned(run(cells(between_cells=0.6))) == {"W-BLK-SD"}
    assert warned(run(cells(cells=2.0))) == {"W-BLK-CELLS"}


def test_a_single_cell_has_the_interval_of_its_own_fit():
    result = run(cells(cells=1.0))
    assert warned(result) == {"W-BLK-CELLS"}
    assert result.pool(DRUG, "IC50").n == 1
    assert ic50(result).low < 93e-9 < ic50(result).high


def test_exponential_run_down_is_another_number():
    linear, other = (ic50(run(cells(), rundown=shape)).value for shape in ("linear", "exponential"))
    assert linear != other
    assert other == pytest.approx(linear, rel=0.02)


def test_peak_and_plateau_and_potentials_are_apart():
    first = cells()
    plateau = [
        changed(
            cell,
            lambda well: replace(
                well,
                treatment=replace(well.treatment, end_point="plateau", voltage_v=0.0),
                position=f"{well.position} plateau",
            ),
        )
        for cell in cells(4, **{"IC50 of terfenadine (peak)": 20e-9})
    ]
    both = [replace(one, wells=one.wells + two.wells) for one, two in zip(first, plateau, strict=True)]
    result = run(both)
    assert result.subjects == ("terfenadine (peak, −80 mV)", "terfenadine (plateau, 0 mV)")
    weak, strong = (ic50(result, subject).value for subject in result.subjects)
    assert weak / strong > 2


def test_an_end_point_without_a_name_is_noted():
    nameless = [
        changed(cell, lambda well: replace(well, treatment=replace(well.treatment, end_point="")))
        for cell in cells()
    ]
    result = run(nameless)
    assert result.subjects == ("terfenadine",)
    assert any("The end point is not named (terfenadine)" in note for note in result.notes)


def test_two_drugs_in_one_cell_have_their_own_controls():
    """The second drug follows the wash of the first; its controls are those of that wash."""
    second = []
    for cell in cells():
        end = max(well.treatment.time_s for well in cell.wells)
        again = tuple(
            replace(
                well,
                position=f"{well.position} again",
                signal=0.8 * well.signal,
                treatment=replace(
                    well.treatment,
                    time_s=well.treatment.time_s + end,
                    compound="other" if well.treatment.compound else "",
                ),
            )
            for well in cell.wells
        )
        second.append(replace(cell, wells=cell.wells + again))
    result = run(second)
    first, other = (ic50(result, f"{name} (peak)").value for name in ("terfenadine", "other"))
    assert other == pytest.approx(first, rel=1e-9)


def test_leak_is_taken_off_where_asked():
    leaking = [
        changed(cell, lambda well: replace(well, signal=well.signal + well.quality["leak"]))
        for cell in cells()
    ]
    clean = ic50(run(cells())).value
    assert ic50(run(leaking, subtract_leak=True)).value == pytest.approx(clean, rel=1e-9)
    assert ic50(run(leaking)).value != pytest.approx(clean, rel=1e-3)


def test_cells_without_controls_or_drug_are_set_aside():
    first, second, *others = cells()
    no_control = changed(
        first, lambda well: replace(well, set_aside="lost") if well.treatment.role is Role.TOTAL else well
    )
    no_drug = replace(second, wells=tuple(well for well in second.wells if not well.treatment.compound))
    result = run((no_control, no_drug, *others))
    reasons = [
        {well.set_aside for well in cell.wells if well.set_aside != "lost"} for cell in result.experiments[:2]
    ]
    assert reasons[0] == {"this cell has no control before the drug", "no drug could be read in this cell"}
    assert reasons[1] == {"no drug could be read in this cell"}
    assert result.pool(DRUG, "IC50").n == 5


def test_runs_without_any_control_are_refused():
    bare = [
        replace(cell, wells=tuple(well for well in cell.wells if well.treatment.compound)) for cell in cells()
    ]
    with pytest.raises(InputError, match="there are no controls"):
        run(bare)


def test_percent_and_currents_are_not_mixed_up():
    with pytest.raises(InputError, match='Write signal = "block"'):
        run([rows([(1e-7, 20.0), (1e-6, 70.0)])])
    with pytest.raises(InputError, match="percent of block is expected"):
        run(cells(), signal="block")


def test_rows_without_cells_are_cells():
    blocks = [(1e-8, 8.0), (1e-8, 12.0), (1e-7, 45.0), (1e-7, 52.0), (1e-6, 88.0), (1e-6, 92.0)]
    result = run([rows(blocks)], signal="block")
    assert result.pool("drug (peak)", "IC50").n == 6
    assert "every row is taken as one cell" in result.notes[0]
    left = run([rows([(molar, 100.0 - block) for molar, block in blocks])], signal="left")
    assert ic50(left, "drug (peak)").value == pytest.approx(ic50(result, "drug (peak)").value, rel=1e-12)


def test_concentrations_that_are_not_repeated_are_those_of_one_cell():
    result = run([rows([(1e-8, 8.0), (1e-7, 45.0), (1e-6, 88.0)])], signal="block")
    assert result.pool("drug (peak)", "IC50").n == 1


def test_a_flat_drug_is_a_bound_with_its_block():
    result = run(
        [rows([(molar, block) for molar in (1e-8, 1e-7, 1e-6) for block in (-1.0, 0.5, 1.0)])], signal="block"
    )
    assert str(ic50(result, "drug (peak)")) == "IC50 > 1.00 µM"
    assert "Read there: 0.17 % (−2.42 to 2.75) in 3 cells." in result.pool("drug (peak)", "IC50").sentence


def test_partial_block_with_a_fitted_top():
    rng = np.random.default_rng(2)
    blocks = [
        (molar, 70.0 * molar / (molar + 1e-7) + rng.normal(0, 1.5))
        for molar in np.logspace(-9, -5, 9)
        for _ in range(3)
    ]
    result = run([rows(blocks)], signal="block", imax="fitted")
    assert result.pool("drug (peak)", "Imax").estimate.value == pytest.approx(70.0, abs=2.0)
    assert ic50(result, "drug (peak)").value == pytest.approx(1e-7, rel=0.15)


def test_a_concentration_that_is_missing_is_set_aside():
    blocks = [(1e-8, 8.0), (1e-8, 12.0), (math.nan, 45.0), (1e-7, 52.0), (1e-6, 88.0), (1e-6, 92.0)]
    result = run([rows(blocks)], signal="block")
    assert result.rows == (6, 5, 1)
    (aside,) = [well for cell in result.experiments for well in cell.wells if not well.used]
    assert aside.set_aside.startswith("there is no concentration of the drug")


@pytest.mark.parametrize(
    ("settings", "said"), [({"level": 1.5}, "no confidence level"), ({"last_sweeps": 0}, "no sweep")]
)
def test_settings_that_make_no_sense(settings, said):
    with pytest.raises(InputError, match=said):
        run(cells(), **settings)


def test_onset_of_a_known_time_constant():
    """Sweeps without noise on the way to their steady block give its time constant and what was reached."""
    tau, every = 20.0, 5.0
    times = every * np.arange(1, 13)
    controls = [Well("a", "", f"c{k}", Treatment(Role.TOTAL, time_s=-every * k), 1.0, "A") for k in (1, 2)]
    drug = [
        Well(
            "a", "", f"d{k}",
            Treatment(Role.COMPOUND, "x", 1e-6, time_s=float(t)),
            1.0 - 0.6 * (1.0 - math.exp(-t / tau)), "A",
        )
        for k, t in enumerate(times)
    ]  # fmt: skip
    cell = Experiment("a", (*controls, *drug), Radioligand("", ""))
    (found,) = blocked_cells(cell, Reading(), several=False)[0]
    (onset,) = onsets([found])
    assert onset.time_constant == pytest.approx(tau, rel=1e-4)
    read = times[-3:]
    assert onset.reached == pytest.approx(1.0 - float(np.exp(-read / tau).mean()), rel=1e-4)
    assert onset.time_to_90 == pytest.approx(tau * math.log(10.0) - every, rel=1e-4)
    assert not onset.open
