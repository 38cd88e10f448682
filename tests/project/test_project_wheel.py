"""The wheel has all that a run needs, outside a checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

_COMMAND = "import sys; from harness.cli import main; sys.argv[0] = 'conformeter'; main()"
_SUITE = "harness/_suite"


@pytest.fixture(scope="module")
def unpacked(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content, as an installation would lay it out."""
    place = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(place)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (wheel,) = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place / "installed")
    return place / "installed"


def _conformeter(unpacked: Path, cwd: Path, *arguments: str) -> str:
    # The unpacked wheel comes first on the path, so modules, suite and entry points are those of the wheel.
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "npm_config_offline": "true", "COLUMNS": "200"}
    command = [sys.executable, "-c", _COMMAND, *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_suite_is_complete(unpacked: Path, root: Path) -> None:
    for folder in ("features", "requirements", "devices"):
        there = {path.relative_to(root) for path in (root / folder).rglob("*") if path.is_file()}
        wanted = {path for path in there if "__pycache__" not in path.parts}
        carried = {path.relative_to(unpacked / _SUITE) for path in (unpacked / _SUITE / folder).rglob("*.*")}
        assert carried == wanted
    assert (unpacked / _SUITE / "conftest.py").is_file()


def test_nothing_compiled_is_carried(unpacked: Path) -> None:
    assert list(unpacked.rglob("__pycache__")) == []


def test_only_our_packages_are_at_the_top(unpacked: Path) -> None:
    top = {path.name for path in unpacked.iterdir() if path.suffix != ".dist-info"}
    assert top == {"harness", "reference_meter", "steps"}


def test_files_beside_the_modules_are_carried(unpacked: Path, root: Path) -> None:
    for path in (root / "harness").rglob("*"):
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts:
            assert (unpacked / path.relative_to(root)).read_bytes() == path.read_bytes()


def test_wheel_traces(unpacked: Path, tmp_path: Path) -> None:
    assert "TR-Conf.08a" in _conformeter(unpacked, tmp_path, "trace", "--allow-gaps")


def test_wheel_runs_and_reports(unpacked: Path, tmp_path: Path) -> None:
    device = unpacked / _SUITE / "devices" / "reference-loop.toml"
    said = _conformeter(unpacked, tmp_path, "run", "--device", str(device), "--only", "TR-Conf.08b-P02")
    assert "1 of 1 passed" in said
    (report,) = (tmp_path / "runs").glob("*/report/index.html")
    assert "TR-Conf.08b-P02" in report.read_text(encoding="utf-8")
