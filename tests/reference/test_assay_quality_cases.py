"""Worked numbers S30 (pooled Ki, plate quality) and S31 (replicate-experiment study)."""

import numpy as np
import pytest

from prusoff.affinity.agreement import minimum_significant_ratio, replicate_experiment
from prusoff.affinity.pooling import geometric_mean
from prusoff.counting.plate_quality import plate_quality


def agrees(case, **found):
    for name, value in found.items():
        assert value == pytest.approx(case["expected"][name], rel=case["rtol"]), name


def test_s30(science_cases):
    case = science_cases["S30"]
    given = case["inputs"]
    mean = geometric_mean(np.array(given["Ki_nM"]) * 1e-9)
    quality = plate_quality(given["max_wells"], given["min_wells"])
    agrees(
        case,
        n=mean.n,
        pKi_mean=-mean.log10_mean,
        pKi_sd=mean.log10_sd,
        geometric_mean_Ki_nM=mean.value * 1e9,
        Ki_ci95_low_nM=mean.low * 1e9,
        Ki_ci95_high_nM=mean.high * 1e9,
        geometric_sd_factor=mean.sd_factor,
        MSR=minimum_significant_ratio(np.array(given["Ki_nM"])),
        Z_prime=quality.z_prime,
        S_over_B=quality.signal_to_background,
        signal_window=quality.signal_window,
        cv_max_percent=100 * quality.cv_high,
        cv_min_percent=100 * quality.cv_low,
    )


def test_s31(science_cases):
    case = science_cases["S31"]
    study = replicate_experiment(case["inputs"]["potency_run1_nM"], case["inputs"]["potency_run2_nM"])
    agrees(
        case,
        n=study.n,
        mean_ratio=study.mean_ratio,
        MSR=study.msr,
        ratio_limit_low=study.ratio_limits[0],
        ratio_limit_high=study.ratio_limits[1],
        LsA_low=study.agreement_limits[0],
        LsA_high=study.agreement_limits[1],
        sd_log10_difference=study.log10_sd,
    )
    assert study.passes is case["expected"]["passes"]
