"""The suite: where features and requirements lie, what is in them, and what a version of it is called."""

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from harness.catalogue import Catalogue, load_catalogue
from harness.declaration import NEEDS
from harness.features import ScenarioSource, read_features

__all__ = ["SUITE_VERSION", "Suite", "arguments_for_pytest", "load_suite", "suite_fingerprint", "suite_root"]

SUITE_VERSION = version("conformeter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """Catalogue and scenarios, read and checked."""

    root: Path
    catalogue: Catalogue
    scenarios: dict[str, ScenarioSource]


def suite_root() -> Path:
    """Return the folder that holds ``features/``, ``requirements/`` and ``conftest.py``.

    In a checkout that is the folder of the project, in an installed package one inside ``harness``.
    """
    package = Path(__file__).resolve().parent.parent
    checkout = package.parent
    return checkout if (checkout / "features").is_dir() else package / "_suite"


def suite_fingerprint() -> str:
    """Return a fingerprint of everything that makes a verdict: features, steps and checks."""
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for folder in (suite_root() / "features", package.parent / "steps", package / "checks"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".feature"):
                digest.update(path.relative_to(folder).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def load_suite(root: Path | None = None) -> Suite:
    """Read requirements and features; raises ``UsageError`` for anything wrong in them."""
    root = root or suite_root()
    catalogue = load_catalogue(root / "requirements")
    sources = read_features(root / "features", catalogue, needs=NEEDS)
    return Suite(root=root, catalogue=catalogue, scenarios={source.id: source for source in sources})


def arguments_for_pytest(root: Path) -> list[str]:
    """Return what every pytest run of the suite is started with."""
    features = root / "features"
    return [
        str(features),
        f"--config-file={features / 'pytest.ini'}",
        f"--rootdir={root}",
        f"--confcutdir={root}",
        "-p",
        "no:terminal",
    ]
