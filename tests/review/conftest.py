"""The review of the bundled reference meter, in this process."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from harness import cli
from harness.declaration import Declaration, merge_patch, parse_declaration, read_data
from harness.run.suite import Suite, load_suite

ROOT = Path(__file__).parents[2]
LOOP = ROOT / "devices" / "reference-loop.toml"

Command = Callable[..., int]
Patched = Callable[[Mapping[str, Any]], Declaration]


@pytest.fixture(scope="session")
def suite() -> Suite:
    """The suite as it is."""
    return load_suite()


@pytest.fixture
def patched() -> Patched:
    """Return a function that gives the declaration of the reference meter with a patch merged in."""

    def patch(changes: Mapping[str, Any]) -> Declaration:
        return parse_declaration(merge_patch(read_data(LOOP), changes), name="patched")

    return patch


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Return a function that runs the command in this process and gives its exit code."""

    def run(*arguments: str | Path) -> int:
        monkeypatch.setattr(sys, "argv", ["conformeter", *map(str, arguments)])
        monkeypatch.chdir(tmp_path)
        with pytest.raises(SystemExit) as left:
            cli.main()
        return int(left.value.code or 0)

    return run
