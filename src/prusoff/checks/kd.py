"""Is the Kd that every Ki hangs on one of this assay, and how well is it known?"""

from __future__ import annotations

from ._constant import conditions_check, error_check

KD_CONDITIONS = conditions_check(
    "W-KD",
    "Kd",
    "Published Kd values of one radioligand spread more than tenfold; measure Kd here, or widen its error.",
)
KD_ERROR = error_check("W-KD-SE", "Kd", "the radioligand")
