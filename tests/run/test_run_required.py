"""A plan that leaves out scenarios of the suite is found out."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.declaration import load_declaration
from harness.plugin import ConformancePlugin
from harness.run.items import Choice
from harness.run.required import against_suite, required_keys
from harness.run.suite import Suite, arguments_for_pytest, load_suite, suite_fingerprint

LOOP = Path(__file__).parents[2] / "devices" / "reference-loop.toml"


@pytest.fixture(scope="module")
def suite() -> Suite:
    return load_suite()


def reader(keys: list[str], **verdicts: object) -> Callable[[str], bytes | None]:
    document = {"partial": False, "suite": {"fingerprint": suite_fingerprint()}, **verdicts}
    files = {
        "plan.json": json.dumps({"keys": keys}).encode(),
        "verdicts.json": json.dumps(document).encode(),
        "declaration.toml": LOOP.read_bytes(),
    }
    return files.get


@pytest.mark.slow
def test_required_is_what_pytest_collects(suite: Suite) -> None:
    declaration = load_declaration(LOOP)
    choice = Choice(ceiling=declaration.effects.allowed)
    plugin = ConformancePlugin(
        catalogue=suite.catalogue, scenarios=suite.scenarios, declaration=declaration, choice=choice
    )
    pytest.main([*arguments_for_pytest(suite.root), "--collect-only"], plugins=[plugin])
    required = required_keys(suite, declaration)
    assert len(required) == len(set(required)) > 1000
    assert set(required) == {meta.key for meta in plugin.collected}


def test_scenarios_that_were_never_planned_are_named(suite: Suite) -> None:
    keys = list(required_keys(suite, load_declaration(LOOP)))
    assert against_suite(reader(keys)).problems == ()
    assert against_suite(reader(keys[1:])).problems == (f"1 scenarios of the suite were never planned: {keys[0]}",)
    (many,) = against_suite(reader([])).problems
    assert many.startswith(f"{len(keys)} scenarios of the suite were never planned: ")


def test_what_cannot_be_compared_is_told() -> None:
    assert against_suite(reader([], partial=True)).problems == ()
    other = against_suite(reader([], suite={"fingerprint": "other"}))
    assert (other.problems, "another suite" in other.note) == ((), True)
    files = reader([])
    broken = against_suite(lambda name: b"x" if name == "declaration.toml" else files(name))
    assert broken.problems[0].startswith("declaration.toml: ")
    assert against_suite(lambda name: None).problems != ()
