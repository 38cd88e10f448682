"""Which scenario runs at which door: at all that speak DLMS, at those that its tag names, or at functional ones."""

from pathlib import Path

import pytest

from harness.declaration import load_declaration
from harness.errors import DeclarationError
from harness.features import ScenarioSource
from harness.run.items import SELF_DOOR, doors_for
from harness.run.suite import load_suite, suite_root

DOOR = '\n[[doors]]\nid = "{0}"\nprotocol = "{1}"\nurl = "loop://reference"\nfunctional = {2}\n'


@pytest.fixture(scope="module")
def loop_text() -> str:
    return (suite_root() / "devices" / "reference-loop.toml").read_text(encoding="utf-8")


def doors_of(text: str, tmp_path: Path, scenario: str) -> tuple[str, ...]:
    path = tmp_path / "device.toml"
    path.write_text(text, encoding="utf-8")
    suite = load_suite()
    source: ScenarioSource = suite.scenarios[scenario]
    return doors_for(source, load_declaration(path), suite.catalogue)


@pytest.mark.parametrize(
    ("scenario", "doors"),
    [
        ("TR-Conf.07a-P01", ("loop-wrapper", "more")),
        ("TR-Conf.05a-N01", ("loop-wrapper", "loop-hdlc", "more", "less")),
        ("BI.01.step3-P01", (SELF_DOOR,)),
    ],
)
def test_doors_of_a_scenario(loop_text: str, tmp_path: Path, scenario: str, doors: tuple[str, ...]) -> None:
    others = DOOR.format("more", "wrapper", "true") + DOOR.format("less", "hdlc", "false")
    assert doors_of(loop_text + others, tmp_path, scenario) == doors


def test_a_scenario_that_names_its_doors_runs_at_all_of_these(loop_text: str, tmp_path: Path) -> None:
    text = loop_text + DOOR.format("less", "hdlc", "false")
    assert doors_of(text, tmp_path, "TR-Conf.05a-N31") == ("loop-hdlc", "less")


def test_functional_scenarios_need_a_door(loop_text: str, tmp_path: Path) -> None:
    text = loop_text.replace("associations = 4\n\n[[doors]]", "associations = 4\nfunctional = false\n\n[[doors]]", 1)
    with pytest.raises(DeclarationError, match=r"doors\[0\]\.functional: is false here and at every other DLMS door"):
        doors_of(text, tmp_path, "TR-Conf.07a-P01")
