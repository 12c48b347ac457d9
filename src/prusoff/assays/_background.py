"""The counter background of every plate: from its own wells without label where it has some, else as stated."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..core.equation import Array
from ..core.estimate import figures
from ..core.experiment import Counting
from ..core.measured import Measured
from ..core.plate import Role, Well
from ..counting.rate import SECONDS_PER_MINUTE, mean_rate, rate_with_error

ROLES = (Role.BACKGROUND, Role.BLANK)
MOST_NAMED = 4


@dataclass(frozen=True)
class Background:
    """Background rates in the unit of the wells (cpm for counts).

    `stated` holds for every plate that is not in `of_plate`, whose rates are the means of so many `wells` without
    label. `typical`, `variance` (of the typical one) and `time_s` (how long it was counted) stand for all plates.
    """

    stated: Measured
    of_plate: Mapping[str, Measured]
    wells: Mapping[str, int]
    typical: float
    variance: float
    time_s: float
    notes: tuple[str, ...] = ()

    def of(self, plate: str) -> Measured:
        """The background of this plate."""
        return self.of_plate.get(plate, self.stated)


def measured_background(wells: Sequence[Well], gross: Sequence[Measured]) -> dict[str, list[Measured]]:
    """The rates of the background and blank wells in use, by plate."""
    found: dict[str, list[Measured]] = {}
    for well, rate in zip(wells, gross, strict=True):
        if well.used and well.treatment.role in ROLES:
            found.setdefault(well.plate, []).append(rate)
    return found


def background_of(
    counting: Counting, wells: Sequence[Well], gross: Sequence[Measured], seconds: Array
) -> Background:
    """The background of an experiment counted in counts or cpm; `seconds` is the counting time of each well."""
    rate = 0.0 if math.isnan(counting.background_cpm) else counting.background_cpm
    stated = rate_with_error(rate, counting.background_time_s)
    own = measured_background(wells, gross)
    means = {plate: mean_rate(rates) for plate, rates in own.items()}
    plates = tuple(dict.fromkeys(well.plate for well in wells))
    notes = tuple(_notes(counting, stated, means, own, plates))
    if not own:
        time = counting.background_time_s
        variance = rate / (time / SECONDS_PER_MINUTE) if time > 0 else 0.0
        return Background(stated, {}, {}, rate, variance, time, notes)
    used = [means.get(plate, stated) for plate in plates]
    errors = [one.se**2 for one in used if math.isfinite(one.se)]
    counted = [
        s for well, s in zip(wells, seconds, strict=True) if well.used and well.treatment.role in ROLES
    ]
    return Background(
        stated,
        means,
        {plate: len(rates) for plate, rates in own.items()},
        sum(one.value for one in used) / len(used),
        sum(errors) / len(errors) if errors else 0.0,
        float(sum(counted)) / len(own),
        notes,
    )


def _notes(
    counting: Counting,
    stated: Measured,
    means: Mapping[str, Measured],
    own: Mapping[str, list[Measured]],
    plates: Sequence[str],
) -> list[str]:
    given = not math.isnan(counting.background_cpm)
    notes = []
    if means:
        named = [
            f"{plate} {figures(means[plate].value, unit='cpm')} (n = {len(own[plate])})".strip()
            for plate in list(means)[:MOST_NAMED]
        ]
        more = ", and so on" if len(means) > MOST_NAMED else ""
        notes.append(f"The background is that of the wells without label: {', '.join(named)}{more}.")
    elif not given:
        notes.append("No background is stated; none is subtracted.")
    if given:
        apart = [
            plate
            for plate, mean in means.items()
            if abs(mean.value - stated.value) > 2 * math.hypot(*(_known(one.se) for one in (mean, stated)))
        ]
        if apart:
            notes.append(
                f"The wells without label{_on(apart)} disagree with the background stated "
                f"({figures(stated.value, unit='cpm')}); the wells are used."
            )
    elif means and len(means) < len(plates):
        left = [plate for plate in plates if plate not in means]
        notes.append(f"No background is stated and none was counted{_on(left)}; none is subtracted there.")
    return notes


def _on(plates: Sequence[str]) -> str:
    named = [plate for plate in plates if plate]
    more = ", and so on" if len(named) > MOST_NAMED else ""
    return f" on {', '.join(named[:MOST_NAMED])}{more}" if named else ""


def _known(error: float) -> float:
    return error if math.isfinite(error) else 0.0
