"""Who stands at the bench: named on the command line, in the environment, in the declaration, or asked once."""

import os
from collections.abc import Callable

from harness.bench.manual import TERMINAL, at_terminal
from harness.declaration import Declaration
from harness.errors import UsageError

__all__ = ["VARIABLE", "given_name", "operator_name", "with_operator", "works_by_hand"]

VARIABLE = "CONFORMETER_OPERATOR"
_BY_HAND = "manual"
_LONGEST_NAME = 80

Ask = Callable[[str, str], str | None]


def works_by_hand(declaration: Declaration) -> bool:
    """Whether the bench ``manual`` provides anything."""
    bench = declaration.bench
    return _BY_HAND in (
        bench.time,
        bench.load,
        bench.power,
        bench.hands,
        bench.disturbance,
        bench.devices,
        bench.firmware,
    )


def given_name(named: str | None) -> str | None:
    """Return the name that was given with this command: option, else environment; ``UsageError`` for an odd one."""
    for source, name in (("--operator", named), (VARIABLE, os.environ.get(VARIABLE))):
        if name is None:
            continue
        if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
            raise UsageError(f"{source}: {name!r} is no name; allowed are up to {_LONGEST_NAME} printable characters")
        return name.strip()
    return None


def operator_name(declaration: Declaration, named: str | None) -> str | None:
    """Return the name as far as it is known: as given, else as declared."""
    return given_name(named) or declaration.lab.operator


def with_operator(declaration: Declaration, named: str | None, ask: Ask = at_terminal) -> Declaration:
    """Return the declaration with the operator in it; where hands are needed and nobody is named, one is asked."""
    TERMINAL.keep()
    name = operator_name(declaration, named)
    if name is None and works_by_hand(declaration):
        name = ask("Who works at the bench in this run?", "name, Enter for your login") or None
    return declaration.model_copy(update={"lab": declaration.lab.model_copy(update={"operator": name})})
