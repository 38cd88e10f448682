"""What a shell offers after a TAB: declarations, doors, ids for ``--only``, run folders.

A completion never fails: where nothing can be read, nothing is offered.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import typer

from harness.catalogue import load_catalogue
from harness.errors import ConformeterError
from harness.run.suite import suite_root

__all__ = ["clauses", "declarations", "doors", "faults", "run_folders"]

_SIGN_OF_A_RUN: Final = "plan.json"


def declarations(incomplete: str) -> list[str]:
    """TOML files, and folders on the way to them."""
    return [_spelled(path) for path in _paths(incomplete) if path.is_dir() or path.suffix == ".toml"]


def run_folders(incomplete: str) -> list[str]:
    """Run folders, and folders on the way to them."""
    folders = [path for path in _paths(incomplete) if path.is_dir()]
    return [str(path) if (path / _SIGN_OF_A_RUN).exists() else _spelled(path) for path in folders]


def doors(ctx: typer.Context, incomplete: str) -> list[str]:
    """Ids of the doors of the declarations that stand in the line already."""
    given = ctx.params.get("device") or ctx.params.get("declaration") or ()
    files = [Path(name) for name in (given if isinstance(given, list | tuple) else [given])]
    ids = [str(door["id"]) for file in files for door in _declared_doors(file)]
    return [id_ for id_ in ids if id_.startswith(incomplete)]


def clauses(incomplete: str) -> list[str]:
    """Ids of requirements and clauses; of several with commas the last one."""
    try:
        catalogue = load_catalogue(suite_root() / "requirements")
    except ConformeterError:
        return []
    return _last_of(incomplete, (*(requirement.id for requirement in catalogue.requirements), *catalogue.clauses))


def faults(incomplete: str) -> list[str]:
    """Names of deviations and variants, and ids of clauses."""
    # Imported on use: nothing else that a shell asks for needs the devices.
    from harness.prove.faults import installed_deviations, installed_variants

    names = [one.name for one in installed_deviations()] + [one.name for one in installed_variants()]
    return [*_last_of(incomplete, names), *clauses(incomplete)]


def _last_of(incomplete: str, names: Iterable[str]) -> list[str]:
    before, comma, last = incomplete.rpartition(",")
    return [before + comma + name for name in dict.fromkeys(names) if name.startswith(last)]


def _paths(incomplete: str) -> list[Path]:
    folder = Path(incomplete) if incomplete.endswith("/") else Path(incomplete).parent
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return []
    return [path for path in found if str(path).startswith(str(Path(incomplete)) if incomplete else "")]


def _spelled(path: Path) -> str:
    return f"{path}/" if path.is_dir() else str(path)


def _declared_doors(file: Path) -> list[dict[str, object]]:
    try:
        return [door for door in tomllib.loads(file.read_text(encoding="utf-8"))["doors"] if "id" in door]
    except (OSError, ValueError, KeyError, TypeError):
        return []
