"""The real suite: features, invariants and deviations agree with the real catalogue."""

import re
from pathlib import Path

import pytest

from harness.catalogue import Catalogue
from harness.declaration import NEEDS
from harness.features import ScenarioSource, read_features
from harness.traceability import installed_invariants

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def scenarios(catalogue: Catalogue) -> tuple[ScenarioSource, ...]:
    return read_features(ROOT / "features", catalogue, needs=NEEDS)


def test_scenarios_stand_in_files_of_their_requirement(
    catalogue: Catalogue, scenarios: tuple[ScenarioSource, ...]
) -> None:
    assert scenarios
    for scenario in scenarios:
        named = (catalogue.requirement_of(scenario.clause).id, scenario.clause)
        assert scenario.file.name.startswith(tuple(f"{re.sub('[-.]', '_', name.lower())}_" for name in named))


def test_invariants_name_clauses_of_the_catalogue(catalogue: Catalogue) -> None:
    invariants = installed_invariants()
    assert invariants
    for invariant in invariants:
        assert set(invariant.clauses) <= set(catalogue.clauses), invariant.id
        assert invariant.id.rpartition("-I")[0] in invariant.clauses
