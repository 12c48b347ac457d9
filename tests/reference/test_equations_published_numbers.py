"""Laws against numbers that were computed elsewhere: equilibrium points, and least-squares optima with their errors.

An optimum is certified without a fitting engine: at the published parameters the sum of squares is the published one
and the next Gauss-Newton step is small against the standard errors (drc and nls stop a little before the optimum). From
the law's own start a plain least-squares search must then end there.
"""

import csv
import json

import numpy as np
import pytest
from scipy.optimize import least_squares

from prusoff.equations import catalog

NM = 1e-9


def nm(value):
    return np.asarray(value, dtype=float) * NM


def log_nm(value):
    return float(np.log10(value * NM))


def gauss_newton(law, x, y, p, weights=1.0, free=None):
    """Sum of squares, the next step and the standard errors of the free parameters."""
    root = np.sqrt(np.broadcast_to(weights, y.shape))
    free = np.arange(p.size) if free is None else np.array([law.index(name) for name in free])
    residuals = root * (y - law.function(x, p))
    slopes = (root * law.jacobian(x, p))[free].T
    q, r = np.linalg.qr(slopes)
    inverse = np.linalg.inv(r)
    sum_of_squares = residuals @ residuals
    sigma = np.sqrt(sum_of_squares / (y.size - free.size))
    return sum_of_squares, inverse @ (q.T @ residuals), sigma * np.sqrt((inverse**2).sum(axis=1))


def search(law, x, y, weights=1.0, **fixed):
    """Least squares from the law's own start, some parameters fixed; all parameters at the end."""
    root = np.sqrt(np.broadcast_to(weights, y.shape))
    p, (lower, upper) = law.start(x, y), law.bounds(x, y)
    for name, value in fixed.items():
        p[law.index(name)] = value
    free = np.array([name not in fixed for name in law.names])

    def at(values):
        full = p.copy()
        full[free] = values
        return full

    scale = np.ptp(root * y)
    found = least_squares(
        lambda v: root * (law.function(x, at(v)) - y) / scale,
        p[free],
        jac=lambda v: (root * law.jacobian(x, at(v)))[free].T / scale,
        bounds=(lower[free], upper[free]),
        x_scale="jac",
        xtol=1e-14,
        ftol=1e-15,
        gtol=1e-15,
    )
    return at(found.x)


def table(path):
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_depletion_of_a_planned_well_s04(science_cases):
    given, expected = (science_cases["S04"][part] for part in ("inputs", "expected"))
    sites = given["Bmax_pmol_per_mg"] * given["protein_ug_per_well"] * 1e-3 / given["volume_uL"] * 1e3  # nM
    assert sites == pytest.approx(expected["receptor_nM"])
    p = np.array([sites * NM, log_nm(given["Kd_nM"]), 0.0])
    bound = catalog["one_site_depletion"].function(nm([given["radioligand_nM"]]), p)
    np.testing.assert_allclose(bound, nm(expected["bound_nM"]), rtol=1e-12)


def test_cheng_prusoff_inside_the_law_s05(science_cases):
    given, expected = (science_cases["S05"][part] for part in ("inputs", "expected"))
    p = np.array(
        [0.0, 1.0, log_nm(expected["Ki_nM"]), log_nm(given["radioligand_nM"]), log_nm(given["Kd_nM"])]
    )
    left = catalog["one_site_competition_ki"].function(np.array([log_nm(given["IC50_nM"])]), p)
    np.testing.assert_allclose(left, 0.5, rtol=1e-11)


def test_swillens_s09(science_cases):
    given, expected = (science_cases["S09"][part] for part in ("inputs", "expected"))
    p = [
        given["Bmax_nM"] * NM,
        log_nm(given["Kd_nM"]),
        given["NS"],
        log_nm(given["Ki_nM"]),
        log_nm(given["hot_total_nM"]),
    ]
    bound = catalog["swillens_competition"].function(np.array([log_nm(given["competitor_nM"])]), np.array(p))
    np.testing.assert_allclose(bound, nm(expected["total_bound_nM"]), rtol=1e-12)


def test_homologous_s10(science_cases):
    given, expected = (science_cases["S10"][part] for part in ("inputs", "expected"))
    with np.errstate(divide="ignore"):
        log_cold = np.log10(nm(given["cold_nM"]))
    p = [given["Bmax"], log_nm(given["Kd_nM"]), given["NSB"], log_nm(given["hot_nM"])]
    bound = catalog["homologous_competition"].function(log_cold, np.array(p))
    np.testing.assert_allclose(bound, expected["bound"], rtol=1e-12)


def test_four_parameters_s11(science_cases):
    given, expected = (science_cases["S11"][part] for part in ("inputs", "expected"))
    law = catalog["four_parameter_logistic"]
    x, y = np.array(given["log10_M"], dtype=float), np.array(given["bound"], dtype=float)
    p = np.array([expected[name] for name in ("bottom", "top", "logIC50", "nH")])
    sum_of_squares, step, se = gauss_newton(law, x, y, p)
    np.testing.assert_allclose(sum_of_squares, expected["weighted_SS"], rtol=1e-11)
    np.testing.assert_allclose(
        se, [expected[name] for name in ("se_bottom", "se_top", "se_logIC50", "se_nH")], rtol=1e-9
    )
    assert (np.abs(step) < 1e-9 * se).all()
    np.testing.assert_allclose(search(law, x, y), p, rtol=1e-7)
    np.testing.assert_allclose(search(law, x, 3000.0 - y), [3000.0 - p[0], 3000.0 - p[1], *p[2:]], rtol=1e-7)


def test_one_and_two_sites_s13(science_cases):
    given, expected = (science_cases["S13"][part] for part in ("inputs", "expected"))
    x, y = np.array(given["log10_M"], dtype=float), np.array(given["bound"], dtype=float)
    one = np.array([expected[name] for name in ("one_bottom", "one_top", "one_logIC50")])
    high, low = expected["two_logIC50_high"], expected["two_logIC50_low"]
    two = np.array([expected["two_bottom"], expected["two_top"], expected["fraction_high"], high, low - high])
    for name, p, published in (
        ("three_parameter_logistic", one, "SS_one"),
        ("two_site_competition", two, "SS_two"),
    ):
        sum_of_squares, step, se = gauss_newton(catalog[name], x, y, p)
        np.testing.assert_allclose(sum_of_squares, expected[published], rtol=1e-11)
        assert (np.abs(step) < 1e-9 * se).all()
        np.testing.assert_allclose(search(catalog[name], x, y), p, rtol=1e-6)


def test_total_and_nonspecific_together_s14(science_cases):
    given, expected = (science_cases["S14"][part] for part in ("inputs", "expected"))
    law = catalog["one_site_total_binding"]
    x, total, nsb = nm(given["free_nM"]), np.array(given["total"], float), np.array(given["nsb"], float)
    p = np.array([expected["Bmax"], log_nm(expected["Kd_nM"]), expected["NS"] / NM, expected["background"]])
    without_sites = np.array([0.0, *p[1:]])
    residuals = np.concatenate([total - law.function(x, p), nsb - law.function(x, without_sites)])
    slopes = np.concatenate(
        [law.jacobian(x, p), law.jacobian(x, without_sites) * [[0], [1], [1], [1]]], axis=1
    ).T
    np.testing.assert_allclose(residuals @ residuals, expected["SS"], rtol=1e-11)
    scaled = slopes * np.abs(p)
    covariance = np.linalg.inv(scaled.T @ scaled) * expected["SS"] / expected["df"]
    se = np.sqrt(np.diag(covariance)) * np.abs(p)
    se[1] *= np.log(10.0) * expected["Kd_nM"]
    se[2] *= NM
    published = [expected[name] for name in ("se_Bmax", "se_Kd", "se_NS", "se_background")]
    np.testing.assert_allclose(se, published, rtol=1e-9)
    step = np.linalg.lstsq(scaled, residuals)[0]
    assert (np.abs(step) < 1e-9 * np.sqrt(np.diag(covariance))).all()


def test_saturation_with_depletion_s15(science_cases):
    given, expected = (science_cases["S15"][part] for part in ("inputs", "expected"))
    law = catalog["one_site_depletion"]
    x, y = nm(given["added_nM"]), nm(given["total_bound_nM"])
    p = np.array([expected["Bmax_nM"] * NM, log_nm(expected["Kd_nM"]), given["NS"]])
    sum_of_squares, step, se = gauss_newton(law, x, y, p, 1.0 / y**2, free=("bmax", "log_kd"))
    np.testing.assert_allclose(sum_of_squares, expected["weighted_SS"], rtol=1e-9)
    assert (np.abs(step) < 1e-9 * se).all()
    np.testing.assert_allclose(search(law, x, y, 1.0 / y**2, ns=given["NS"]), p, rtol=1e-7)


def test_saturation_without_depletion_misses_it_s15(science_cases):
    given, expected = (science_cases["S15"][part] for part in ("inputs", "expected"))
    x, y = nm(given["added_nM"]), nm(given["total_bound_nM"])
    naive = search(catalog["one_site_total_binding"], x, y, 1.0 / y**2, ns=given["NS"], background=0.0)
    np.testing.assert_allclose(
        naive[:2], [expected["naive_Bmax_nM"] * NM, log_nm(expected["naive_Kd_nM"])], rtol=1e-6
    )


DRC = ("ryegrass", "lettuce", "secalonic", "terbuthylazin", "barley", "red.fescue")


def drc_fit(shared, dataset, model):
    folder = shared / "data" / "drc"
    published = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["datasets"][dataset]
    fit = next(one for one in published["fits"] if one["model"] == model)
    response, dose = published["formula"].split(" ~ ")
    rows = table(folder / f"{dataset}.csv")
    with np.errstate(divide="ignore"):
        x = np.log10(np.array([float(row[dose]) for row in rows]))
    coefficients = {one["name"][0]: one["estimate"] for one in fit["coefficients"]}
    half = next(one["estimate"] for one in fit["effective_doses"] if one["name"].endswith(":50"))
    return x, np.array([float(row[response]) for row in rows]), coefficients, fit["rss"], half


@pytest.mark.parametrize("dataset", DRC)
def test_logistic_optima_of_drc(shared, dataset):
    x, y, drc, rss, half = drc_fit(shared, dataset, "LL.4")
    law = catalog["four_parameter_logistic"]
    p = np.array([drc["c"], drc["d"], np.log10(drc["e"]), drc["b"]])
    sum_of_squares, step, se = gauss_newton(law, x, y, p)
    np.testing.assert_allclose(sum_of_squares, rss, rtol=1e-9)
    assert (np.abs(step) < 5e-3 * se).all()
    assert 10.0 ** p[2] == pytest.approx(half, rel=1e-9)


def test_asymmetric_optimum_of_drc_with_its_ed50(shared):
    x, y, drc, rss, half = drc_fit(shared, "ryegrass", "LL.5")
    law = catalog["five_parameter_logistic"]
    log_ic50 = np.log10(drc["e"]) + np.log10(2.0 ** (1.0 / drc["f"]) - 1.0) / drc["b"]
    assert 10.0**log_ic50 == pytest.approx(half, rel=1e-8)
    p = np.array([drc["c"], drc["d"], log_ic50, drc["b"], drc["f"]])
    sum_of_squares, step, se = gauss_newton(law, x, y, p)
    np.testing.assert_allclose(sum_of_squares, rss, rtol=1e-9)
    assert (np.abs(step) < 5e-3 * se).all()
    np.testing.assert_allclose(search(law, x, y)[2], log_ic50, atol=1e-4)


def test_radioimmunoassay_calibration_is_asymmetric(shared):
    folder = shared / "data" / "ria_cortisol"
    published = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    rows = table(folder / "Cortisol.csv")
    x = np.array(
        [float(row["lDose"]) for row in rows]
    )  # the zero standard stands at -3 there, and was fitted so
    y = np.array([float(row["Y"]) for row in rows])
    for model, name in (("LL.4", "four_parameter_logistic"), ("LL.5", "five_parameter_logistic")):
        drc = {one["name"][0]: one["estimate"] for one in published[model]["coefficients"]}
        asymmetry = drc.get("f", 1.0)
        log_ic50 = np.log10(drc["e"]) + np.log10(2.0 ** (1.0 / asymmetry) - 1.0) / drc["b"]
        law = catalog[name]
        p = np.array([drc["c"], drc["d"], log_ic50, drc["b"], asymmetry][: len(law.parameters)])
        sum_of_squares, step, se = gauss_newton(law, x, y, p)
        np.testing.assert_allclose(sum_of_squares, published[model]["rss"], rtol=1e-9)
        assert (np.abs(step) < 5e-3 * se).all()
        np.testing.assert_allclose(search(law, x, y)[2], log_ic50, atol=1e-4)


@pytest.mark.parametrize("state", ["treated", "untreated"])
def test_michaelis_menten_of_puromycin(shared, state):
    """Bates DM, Watts DG (1988), and R's nls on the same rows; concentrations in ppm."""
    folder = shared / "data" / "mm_kinetics"
    published = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["Puromycin"][state]
    rows = [row for row in table(folder / "Puromycin.csv") if row["state"] == state]
    x, y = (np.array([float(row[name]) for row in rows]) for name in ("conc", "rate"))
    vmax, km = published["coefficients"]
    law = catalog["michaelis_menten"]
    sum_of_squares, _, se = gauss_newton(law, x, y, np.array([vmax["estimate"], np.log10(km["estimate"])]))
    np.testing.assert_allclose(sum_of_squares, published["rss"], rtol=1e-9)
    np.testing.assert_allclose(se, [vmax["se"], km["se"] / km["estimate"] / np.log(10.0)], rtol=1e-5)
    found = search(law, x, y)
    np.testing.assert_allclose([found[0], 10.0 ** found[1]], [vmax["estimate"], km["estimate"]], rtol=1e-5)
