"""The commands of docs/lab_guide.md are ones that the command line takes."""

import re
import shlex
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import typer

from harness.cli import app

_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


def test_every_command_of_the_guide_is_parsed(root: Path) -> None:
    blocks = _CONSOLE.findall((root / "docs" / "lab_guide.md").read_text(encoding="utf-8"))
    lines = [line for block in blocks for line in block.splitlines()]
    assert len(lines) >= 10
    group = typer.main.get_group(app)
    for line in lines:
        program, name, *arguments = shlex.split(line)
        assert program == "conformeter", line
        command = group.commands[name]
        if arguments != ["--help"]:
            # Parsing stops before the command's own code: no device and no file is touched.
            command.make_context(name, arguments)


@pytest.mark.parametrize("name", sorted(entry.name for entry in entry_points(group="conformeter.benches")))
def test_every_bench_is_in_the_guide(root: Path, name: str) -> None:
    assert f"| `{name}` |" in (root / "docs" / "lab_guide.md").read_text(encoding="utf-8")
