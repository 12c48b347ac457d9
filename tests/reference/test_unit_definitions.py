"""The few units that prusoff defines itself are worth what the whole registry of pint says."""

import pint
import pytest

from prusoff.core.kinds import KINDS
from prusoff.core.units import factor


@pytest.fixture(scope="module")
def whole():
    registry = pint.UnitRegistry(cache_folder=None)
    for line in ("cnt = [counting]", "cpm = cnt / minute", "dpm = 1 / minute", "dps = 1 / second"):
        registry.define(line)
    return registry


INSIDE = {"counts": "cnt", "cells": "dimensionless", "": "dimensionless", "degC": "dimensionless"}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_spelling_has_the_factor_of_the_whole_registry(whole, kind):
    inside = INSIDE.get(kind.inside, kind.inside.replace("mol", "mole"))
    for spelling, meaning in kind.spellings.items():
        expected = whole.Quantity(whole.parse_expression(meaning)).to(inside).magnitude
        assert factor(spelling, kind.name) == float(f"{expected:.15g}"), spelling
