"""Where the project's files are."""

import os
from fnmatch import fnmatch
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from harness.cli import app

_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return _ROOT


@pytest.fixture(scope="session")
def project_files() -> tuple[Path, ...]:
    """All files that belong to the project, tracked or about to be; works without git, too."""
    lines = (_ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    ignored = [".git", *(line.strip("/") for line in lines if line and not line.startswith("#"))]

    def belongs(name: str) -> bool:
        return not any(fnmatch(name, pattern) for pattern in ignored)

    found: list[Path] = []
    for folder, folders, files in os.walk(_ROOT):
        folders[:] = sorted(filter(belongs, folders))
        found += [Path(folder, name) for name in sorted(files) if belongs(name)]
    return tuple(found)


@pytest.fixture(scope="session")
def commands() -> dict[str, set[str]]:
    """The subcommands of ``conformeter`` and their options."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return {
        name: {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
        for name, command in group.commands.items()
    }
