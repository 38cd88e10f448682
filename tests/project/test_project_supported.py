"""docs/supported.md and docs/architecture.md agree with the code."""

import re
from importlib.metadata import entry_points
from pathlib import Path
from typing import get_args

import pytest

from harness.catalogue import Catalogue
from harness.checks.invariants import INVARIANTS
from harness.declaration.association import Mechanism
from harness.declaration.door import Protocol
from harness.run.suite import Suite, load_suite


@pytest.fixture(scope="module")
def supported(root: Path) -> str:
    return (root / "docs" / "supported.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def suite() -> Suite:
    return load_suite()


def _table(text: str, heading: str) -> dict[str, str]:
    """First column -> rest of each row of the table whose first column has that heading."""
    rows: dict[str, str] = {}
    inside = False
    for line in text.splitlines():
        first, _, rest = line.strip("|").partition("|")
        if line.startswith("|") and first.strip() == heading:
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not first.startswith("---"):
            rows[first.strip(" `")] = rest.strip(" |`")
    return rows


def _clauses(text: str, heading: str, catalogue: Catalogue) -> set[str]:
    """The clauses in the list of a section."""
    (section,) = re.findall(rf"^## {heading}\n(.*?)^## ", text, re.DOTALL | re.MULTILINE)
    listed = {word for line in section.splitlines() if line.startswith("- ") for word in line[2:].split()}
    assert listed <= set(catalogue.clauses)
    return listed


def test_clauses_with_scenarios(supported: str, suite: Suite) -> None:
    tested = {clause for source in suite.scenarios.values() for clause in source.clauses}
    assert _clauses(supported, "Clauses with scenarios", suite.catalogue) == tested


def test_clauses_with_invariants_only(supported: str, suite: Suite) -> None:
    tested = {clause for source in suite.scenarios.values() for clause in source.clauses}
    watched = {clause for invariant in INVARIANTS for clause in invariant.clauses}
    assert _clauses(supported, "Clauses with invariants only", suite.catalogue) == watched - tested


def test_clauses_that_messages_cannot_test(supported: str, suite: Suite) -> None:
    lasting = {clause.id for clause in suite.catalogue.clauses.values() if clause.not_tested is not None}
    assert _clauses(supported, "Clauses that messages cannot test", suite.catalogue) == lasting


@pytest.mark.parametrize(("heading", "group"), [("scheme", "conformeter.transports"), ("bench", "conformeter.benches")])
def test_what_entry_points_offer(heading: str, group: str, supported: str) -> None:
    assert set(_table(supported, heading)) == {entry.name for entry in entry_points(group=group)}


def test_protocols_and_mechanisms_of_declarations(supported: str) -> None:
    assert set(_table(supported, "protocol of a door")) == set(get_args(Protocol))
    assert set(_table(supported, "mechanism")) == set(get_args(Mechanism))


def test_commands_and_their_options(supported: str, commands: dict[str, set[str]]) -> None:
    named = {name: set(options.split()) - {"none"} for name, options in _table(supported, "command").items()}
    assert named == commands


def test_architecture_names_every_package(root: Path) -> None:
    text = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = {name for cell in _table(text, "package") for name in re.findall(r"[\w.]+", cell)}
    parts = [path for path in (root / "harness").iterdir() if not path.name.startswith("_")]
    packages = {f"harness.{path.stem}" for path in parts if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert named == packages | {"reference_meter", "steps"}
