"""A label that has decayed since it was calibrated: what wells are planned to hold is worth what is left."""

import datetime as dt
from dataclasses import replace

import pytest

from prusoff.assays import catalog
from prusoff.counting.decay import decay_of

NAMES = (
    "radioligand_saturation",
    "binding_kinetics",
    "competition_kinetics",
    "homologous_competition_binding",
)


def iodinated(day, age_days, with_aliquots):
    """The same active label in the same wells, made from iodine-125 so many days old; planned as if it were fresh."""
    label = replace(
        day.radioligand,
        nuclide="125I",
        labelled_atoms=1,
        decay_mode="catastrophe",
        calibration_date=day.date - dt.timedelta(days=age_days),
    )
    left = decay_of(label, day.date).active
    wells = tuple(
        replace(
            well,
            treatment=replace(well.treatment, radioligand_molar=well.treatment.radioligand_molar / left),
        )
        for well in day.wells
    )
    added = replace(
        day.added,
        planned_molar=day.added.planned_molar / left,
        aliquot_rates_cpm=day.added.aliquot_rates_cpm if with_aliquots else (),
    )
    return replace(day, radioligand=label, wells=wells, added=added)


@pytest.mark.parametrize("with_aliquots", [True, False], ids=["counted", "as planned"])
@pytest.mark.parametrize("name", NAMES)
def test_what_decayed_is_not_there(name, with_aliquots):
    assay = catalog[name]
    day = replace(assay.simulate(assay.truth, 1)[0], date=dt.date(2026, 3, 9))
    fresh, old = (assay.run((iodinated(day, age, with_aliquots),), assay.example_settings) for age in (0, 60))
    assert fresh.pooled
    for here, there in zip(fresh.pooled, old.pooled, strict=True):
        assert (here.subject, here.estimate.name) == (there.subject, there.estimate.name)
        assert there.estimate.value == pytest.approx(here.estimate.value, rel=1e-6), here.estimate.name
