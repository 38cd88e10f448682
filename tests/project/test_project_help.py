"""What ``--help`` tells of each command."""

import re
import sys

import pytest
import typer

from harness.cli import app, main

_COMMANDS = typer.main.get_group(app).commands


@pytest.mark.parametrize("name", sorted(_COMMANDS))
def test_command_and_each_of_its_parameters_have_help(name: str) -> None:
    assert _COMMANDS[name].help
    for parameter in _COMMANDS[name].params:
        text = getattr(parameter, "help", None)
        assert text, parameter.name
        assert not re.search(r"\[[a-z]", text), f"{parameter.name}: brackets are taken for markup"


@pytest.mark.parametrize("name", sorted(_COMMANDS))
def test_command_shows_an_example_and_its_exit_codes(name: str) -> None:
    text = " ".join((_COMMANDS[name].help or "").split())
    assert "example" in text
    assert f"conformeter {name} " in text
    assert "Exit code: 0 " in text
    assert "3 " in text.partition("Exit code: ")[2]


@pytest.mark.parametrize("words", [["nonsense"], ["run"], ["run", "--devise", "x.toml"]])
def test_wrong_usage_says_where_help_is(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["conformeter", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("(what there is: conformeter --help, conformeter COMMAND --help)")
