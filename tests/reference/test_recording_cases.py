"""S24: block corrected for leak and run-down, linear and exponential."""

import pytest

from prusoff.electrophysiology.rundown import inhibition, rundown_of


@pytest.mark.parametrize("shape", ["linear", "exponential"])
def test_run_down_s24(science_cases, shape):
    case = science_cases["S24"]
    told, wanted, rtol = case["inputs"], case["expected"], case["rtol"]
    before, after, drug = (
        told[f"I_{name}_pA"] - told["leak_pA"] for name in ("control_pre", "control_post", "drug")
    )
    rundown = rundown_of([before], [told["t_pre_s"]], [after], [told["t_post_s"]], shape)
    found = inhibition(drug, told["t_drug_s"], rundown)
    control = rundown.control_at(told["t_drug_s"])
    assert control == pytest.approx(wanted[f"control_at_drug_time_{shape}_pA"], rel=rtol)
    assert 100 * found.value == pytest.approx(wanted[f"inhibition_percent_{shape}"], rel=rtol)
    assert found.accepted
