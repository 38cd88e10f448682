"""What holds for the files of the project, whatever is in them."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from harness.proof import load_proof

_MOST_LINES = 300
_GPL = "# SPDX-License-Identifier: GPL-2.0-only"

# In pieces, so that this file is not its own finding.
_REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("npmmirror", "com"),
        ("anaconda", "org"),
        ("jfrog", "io"),
        ("pkg", "dev"),
    )
)
_MACHINE_PATH = re.compile(r"(?<![\w./}])/(?:" + "|".join(("opt", "work", "root", "home", "Users")) + r")/[\w.-]+")
_MADE_UP_PATHS = {"/" + "opt/secret", "/" + "home/someone"}
"""Data of tests that see to it that such paths are kept out of reports."""


def _texts(files: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    for path in files:
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # no text


def _imported(text: str) -> set[str]:
    """Top-level packages that a module imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def _importers(files: Iterable[Path], root: Path, prefixes: tuple[str, ...]) -> dict[str, str]:
    """Modules that import a package whose name begins so, and their texts, by path below the project."""
    modules = ((path, text) for path, text in _texts(files) if path.suffix == ".py")
    return {
        path.relative_to(root).as_posix(): text
        for path, text in modules
        if any(name.startswith(prefixes) for name in _imported(text))
    }


def test_no_file_names_a_package_registry(project_files: tuple[Path, ...]) -> None:
    found = [f"{path}: {host}" for path, text in _texts(project_files) for host in _REGISTRY_HOSTS if host in text]
    assert found == []


def test_no_file_names_a_path_of_somebodys_computer(project_files: tuple[Path, ...]) -> None:
    found = [
        f"{path}: {place}"
        for path, text in _texts(project_files)
        for place in _MACHINE_PATH.findall(text)
        if not place.startswith(tuple(_MADE_UP_PATHS))
    ]
    assert found == []


@pytest.mark.parametrize("package", ["harness", "reference_meter", "steps"])
def test_modules_are_short(package: str, root: Path) -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (root / package).rglob("*.py")}
    too_long = {path.relative_to(root).as_posix(): lines for path, lines in lengths.items() if lines > _MOST_LINES}
    assert lengths
    assert too_long == {}


def test_every_feature_is_bound_by_its_module(root: Path) -> None:
    features = sorted((root / "features").rglob("*.feature"))
    assert features
    for feature in features:
        module = feature.with_name(f"test_{feature.stem}.py")
        assert f'scenarios("{feature.name}")' in module.read_text(encoding="utf-8")


def test_licence_is_there(root: Path) -> None:
    assert (root / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")


@pytest.mark.parametrize(
    ("prefixes", "places"),
    [
        pytest.param(("scapy",), ("harness/wire/", "tests/wire/"), id="scapy"),
        pytest.param(("gurux",), ("tests/interop/", "benchmarks/"), id="gurux"),
    ],
)
def test_gpl_packages_stay_in_their_places(
    prefixes: tuple[str, ...], places: tuple[str, ...], project_files: tuple[Path, ...], root: Path
) -> None:
    importers = _importers(project_files, root, prefixes)
    assert importers
    assert [path for path in importers if not path.startswith(places)] == []
    assert [path for path, text in importers.items() if not text.startswith(_GPL + "\n")] == []


def test_modules_with_gurux_are_programs_of_their_own(project_files: tuple[Path, ...], root: Path) -> None:
    """A program, or a part that nothing but such a program imports."""
    found = _importers(project_files, root, ("gurux",))
    parts = [path for path, text in found.items() if 'if __name__ == "__main__":' not in text]
    for part in parts:
        uses = re.compile(rf"^(from|import) {Path(part).stem}\b", re.MULTILINE)
        users = {path.relative_to(root).as_posix() for path, text in _texts(project_files) if uses.search(text)}
        assert users, part
        assert users <= found.keys(), part


def test_allure_is_imported_by_reports_alone(project_files: tuple[Path, ...], root: Path) -> None:
    importers = _importers(project_files, root, ("allure",))
    assert importers
    places = ("harness/report/", "harness/plugin.py", "tests/report/")
    assert [path for path in importers if not path.startswith(places)] == []


def test_packaged_proof_is_fresh() -> None:
    """A change of features, steps or checks is complete only when it is proved again."""
    assert load_proof().fresh, "harness/report/proof.json is missing or stale: run tox -e prove"
