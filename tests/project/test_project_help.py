"""What ``--help`` tells of each command."""

import re

import pytest
import typer

from harness.cli import app

_COMMANDS = typer.main.get_group(app).commands


@pytest.mark.parametrize("name", sorted(_COMMANDS))
def test_command_and_each_of_its_parameters_have_help(name: str) -> None:
    assert _COMMANDS[name].help
    for parameter in _COMMANDS[name].params:
        text = getattr(parameter, "help", None)
        assert text, parameter.name
        assert not re.search(r"\[[a-z]", text), f"{parameter.name}: brackets are taken for markup"
