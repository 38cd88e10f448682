"""Where the suite lies: features, requirements, example declarations; and what a version of it is called."""

import hashlib
from importlib.metadata import version
from pathlib import Path

__all__ = ["SUITE_VERSION", "suite_fingerprint", "suite_root"]

SUITE_VERSION = version("conformeter")


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
