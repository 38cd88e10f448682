"""Allure results of a small pytest-bdd project, written through allure-pytest and our scribe."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harness.catalogue import Catalogue
from harness.report.rollup import ProofTable, roll_up
from harness.report.uncovered import write_uncovered

ROOT = Path(__file__).parents[2]
SECRET = "a5" * 16

FEATURE = """
Feature: Silence
  Scenario Outline: TR-Conf.05b-N10 A replay gets no answer
    Given a meter with a key
    When the request is sent <row>
    Then nothing comes

    Examples:
      | row   |
      | once  |
      | twice |
"""

CONFTEST = """
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.catalogue import load_catalogue
from harness.report.allure_scribe import AllureScribe
from harness.verdict import Finding, Verdict

ROOT = Path({root!r})


@dataclass
class Item:
    key: str
    id: str
    row: str
    door: str
    title: str
    requirements: tuple


class Plugin:
    def __init__(self):
        self.scribe = AllureScribe(load_catalogue(ROOT / "requirements"), device="meter-7")
        self.scribe.install()

    def pytest_unconfigure(self, config):
        self.scribe.remove(Path(config.option.allure_report_dir))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item):
        row = item.callspec.params["_pytest_bdd_example"]["row"]
        key = f"TR-Conf.05b-N10.{{row}}@tcp"
        self.scribe.labels_for(
            Item(key, "TR-Conf.05b-N10", row, "tcp", "A replay gets no answer", ("TR-Conf.05b", "SU3.step2"))
        )
        try:
            yield
        except AssertionError as error:
            finding = Finding(clause="TR-Conf.05b", expected="silence", observed="an answer", frame=12)
            self.scribe.set_verdict(Verdict.FAIL, f"TR-Conf.05b: {{error}}", [finding])
            raise
        self.scribe.set_verdict(Verdict.INCONCLUSIVE, "bench: no load")
        pytest.skip("bench: no load")

    def pytest_bdd_before_step(self, step):
        self.scribe.start_step(f"{{step.keyword}} {{step.name}}")

    def pytest_bdd_after_step(self, step):
        self.scribe.attach_text("exchange", "tx get-request")
        self.scribe.stop_step("passed")

    def pytest_bdd_step_error(self, step, exception):
        self.scribe.attach_json("frames", {{"n": 12}})
        self.scribe.stop_step("failed", str(exception))


def pytest_configure(config):
    config.pluginmanager.register(Plugin())
"""

STEPS = """
import pytest
from pytest_bdd import given, parsers, scenarios, then, when

scenarios("silence.feature")


@given("a meter with a key", target_fixture="meter")
def _meter():
    return {{"key": "{secret}"}}


@when(parsers.parse("the request is sent {{row}}"), target_fixture="row")
def _sent(meter, row):
    return row


@then("nothing comes")
def _nothing(meter, row):
    assert row == "once", "an answer came, see /home/someone/capture.pcapng"
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("project")
    (project / "silence.feature").write_text(FEATURE)
    (project / "conftest.py").write_text(CONFTEST.format(root=str(ROOT)))
    (project / "test_silence.py").write_text(STEPS.format(secret=SECRET))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--alluredir", "results", "."]
    done = subprocess.run(
        command, cwd=project, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120
    )
    assert "1 failed, 1 skipped" in done.stdout, done.stdout + done.stderr
    return project / "results"


@pytest.fixture(scope="module")
def by_row(results: Path) -> dict[str, dict[str, Any]]:
    documents = [json.loads(path.read_text()) for path in results.glob("*-result.json")]
    return {document["parameters"][1]["value"]: document for document in documents}


def labels(document: dict[str, Any], name: str) -> list[str]:
    return [label["value"] for label in document["labels"] if label["name"] == name]


def test_result_is_named_by_the_key(by_row: dict[str, dict[str, Any]]) -> None:
    failed = by_row["twice"]
    assert failed["name"] == "TR-Conf.05b-N10 A replay gets no answer @tcp"
    assert failed["fullName"] == "TR-Conf.05b-N10.twice@tcp"
    assert failed["parameters"] == [{"name": "door", "value": "tcp"}, {"name": "row", "value": "twice"}]
    assert len({document["historyId"] for document in by_row.values()}) == 2


def test_status_follows_the_verdict(by_row: dict[str, dict[str, Any]]) -> None:
    failed, open_ended = by_row["twice"], by_row["once"]
    assert (failed["status"], labels(failed, "verdict")) == ("failed", ["fail"])
    assert (open_ended["status"], labels(open_ended, "verdict")) == ("skipped", ["inconclusive"])
    assert open_ended["statusDetails"]["message"] == "INCONCLUSIVE: bench: no load"
    assert "expected: silence\nobserved: an answer\nframe:    12" in failed["statusDetails"]["trace"]


def test_gherkin_steps_stand_with_keyword_status_and_attachment(
    results: Path, by_row: dict[str, dict[str, Any]]
) -> None:
    steps = by_row["twice"]["steps"]
    assert [step["name"] for step in steps] == [
        "Given a meter with a key",
        "When the request is sent twice",
        "Then nothing comes",
    ]
    assert [step["status"] for step in steps] == ["passed", "passed", "failed"]
    attachment = steps[2]["attachments"][0]
    assert json.loads((results / attachment["source"]).read_text()) == {"n": 12}
    assert (results / steps[0]["attachments"][0]["source"]).read_text() == "tx get-request"


def test_labels_and_links_lead_to_requirement_and_step(by_row: dict[str, dict[str, Any]]) -> None:
    document = by_row["once"]
    assert [value.split()[0] for value in labels(document, "requirement")] == ["TR-Conf.05"]
    assert [value.split()[0] for value in labels(document, "use_case_step")] == ["SU3.step2"]
    assert (labels(document, "host"), labels(document, "thread")) == (["meter-7"], ["tcp"])
    assert document["links"][0] == {
        "type": "requirement",
        "url": "../index.html#clause-TR-Conf.05b",
        "name": "TR-Conf.05b",
    }


def test_nothing_tells_of_this_computer_or_of_secrets(results: Path) -> None:
    text = "".join(path.read_text() for path in results.iterdir() if path.suffix == ".json")
    for word in (SECRET, str(results.parent), "/home/someone", "_pytest_bdd_example", "site-packages"):
        assert word not in text
    assert f'"{socket.gethostname()}"' not in text
    assert "capture.pcapng" in text


def test_no_container_of_fixtures_is_left(results: Path) -> None:
    assert list(results.glob("*-container.json")) == []


def test_uncovered_clauses_get_a_result_each(tmp_path: Path, catalogue: Catalogue) -> None:
    clauses = roll_up(catalogue, [], proof=ProofTable())
    count = write_uncovered(tmp_path, catalogue, clauses)
    assert count == len(catalogue.clauses)
    assert write_uncovered(tmp_path, catalogue, clauses[:2]) == 2
    assert len(list(tmp_path.iterdir())) == 2
    document = json.loads((tmp_path / f"uncovered-{clauses[0].id}-result.json").read_text())
    assert document["status"] == "unknown"
    assert labels(document, "door") == []
    assert "uncovered" in labels(document, "tag")
    assert document["statusDetails"]["message"] == "not run: none of its scenarios ran"
