"""Background and blank wells: they give the background of their plate, are told of, and stay in the count of wells."""

import math
from dataclasses import replace

import numpy as np
import pytest

from prusoff.core.plate import Role, Treatment, Well


@pytest.fixture(scope="module")
def with_wells(simulated, run):
    """with_wells(role, rate in cpm, n wells a plate, **changes of counting) -> result; the bench's own is 22 cpm."""

    def make(role=Role.BACKGROUND, cpm=(22.0, 22.0), n=3, plates=2, unit=None, extra=0.0, **counting):
        (day,) = simulated(plates=plates)
        wells = [replace(well, signal=well.signal + 2.0 * extra) for well in day.wells]
        for plate, rate in zip(dict.fromkeys(well.plate for well in wells), cpm, strict=False):
            wells += [
                Well(day.name, plate, f"H{10 + i:02d}", Treatment(role), 2.0 * rate + i - 1, "counts", 120.0)
                for i in range(n)
            ]
        if unit is not None:
            wells = [replace(well, unit=unit) for well in wells]
        return run((replace(day, wells=tuple(wells), counting=replace(day.counting, **counting)),))

    return make


def ki(result):
    return result.pool("good", "Ki").estimate.value


def net(result, role):
    wells = [well for well in result.experiments[0].wells if well.treatment.role is role]
    return [
        float(next(value for name, value in well.extra.items() if name.startswith("net"))) for well in wells
    ]


@pytest.mark.parametrize("role", [Role.BACKGROUND, Role.BLANK])
def test_they_replace_the_background_that_is_stated(with_wells, role):
    stated = with_wells(n=0)
    counted = with_wells(role=role, extra=400.0, cpm=(422.0, 422.0))
    assert ki(counted) == pytest.approx(ki(stated), rel=0.02)
    ignored = with_wells(n=0, extra=400.0)
    assert np.mean(net(ignored, Role.NSB)) == pytest.approx(
        np.mean(net(counted, Role.NSB)) + 400 / 0.42, rel=0.02
    )
    assert all(abs(one) < 10 for one in net(counted, role))
    assert any(
        "The wells without label on plate 1, plate 2 disagree with the background stated (22 cpm); the wells are used."
        in note
        for note in counted.notes
    )
    assert any("plate 1 422 cpm (n = 3), plate 2 422 cpm (n = 3)" in note for note in counted.notes)
    assert any("its own wells without label" in step.sentence for step in counted.steps)


def test_each_plate_has_its_own(with_wells):
    result = with_wells(cpm=(22.0, 60.0))
    assert [plate.numbers["background (cpm)"] for plate in result.plates] == pytest.approx([22.0, 60.0])
    assert result.rows == (len(result.experiments[0].wells), len(result.experiments[0].wells), 0)


def test_agreement_is_not_worth_a_note(with_wells):
    assert not any("disagree" in note for note in with_wells().notes)


def test_a_plate_without_keeps_what_is_stated(with_wells):
    result = with_wells(cpm=(60.0,))
    assert [plate.numbers.get("background (cpm)") for plate in result.plates] == [pytest.approx(60.0), None]
    nothing = with_wells(cpm=(60.0,), background_cpm=math.nan)
    assert any(
        "No background is stated and none was counted on plate 2; none is subtracted there." in note
        for note in nothing.notes
    )


def test_wells_in_other_units_are_less_the_blank(with_wells):
    plain, shifted = (with_wells(unit="signal", cpm=(shift, shift), extra=shift) for shift in (0.0, 400.0))
    assert net(shifted, Role.TOTAL) == pytest.approx(net(plain, Role.TOTAL), rel=1e-4)
    assert any("The mean of the blank and background wells is subtracted" in note for note in shifted.notes)


def test_what_is_not_stated_is_said(with_wells):
    result = with_wells(n=0, background_cpm=math.nan, pipetting_cv=math.nan)
    assert "day 1: No background is stated; none is subtracted." in result.notes
    assert "day 1: The pipetting CV is not stated; 3 % is assumed." in result.notes
    assert not any("not stated; 3 %" in note or "No background" in note for note in with_wells(n=0).notes)


def test_blank_wells_are_not_counted_as_wells_below_the_limit(with_wells):
    (flag,) = [one for one in with_wells().flags if one.code == "W-LC"]
    assert flag.number == 0
