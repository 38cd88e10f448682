"""Placeholders in URLs and commands: ``{python}``, ``{folder}``, ``{port.NAME}``.

``{port.NAME}`` is a free TCP port, the same for the same name; ``{folder}`` a temporary folder;
``{python}`` the Python that runs the harness.
"""

import re
from collections.abc import Iterable, Mapping

from harness.declaration.place import KeyPath
from harness.declaration.problem import Problem

__all__ = ["EXAMPLE_FOLDER", "EXAMPLE_PORT", "filled", "placeholder_problems", "port_names"]

EXAMPLE_PORT = 4059
EXAMPLE_FOLDER = "/folder"
"""Stand-ins for checking a URL before the run has chosen ports and folder."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_PORT = re.compile(r"port\.([a-z][a-z0-9_-]*)")


def port_names(texts: Iterable[str]) -> frozenset[str]:
    """The names of all ports in ``texts``."""
    names = (name for text in texts for name in _PLACEHOLDER.findall(text))
    return frozenset(match[1] for match in map(_PORT.fullmatch, names) if match is not None)


def filled(text: str, values: Mapping[str, str]) -> str:
    """Put values in the places of placeholders; ``ValueError`` when one has no value."""

    def value_of(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise ValueError(f"no value for the placeholder {match[0]}")
        return values[match[1]]

    return _PLACEHOLDER.sub(value_of, text)


def placeholder_problems(path: KeyPath, text: str, *, python: bool, more: Iterable[str] = ()) -> list[Problem]:
    """Unknown placeholders and stray braces in ``text``; ``python`` says whether ``{python}`` may stand there.

    ``more`` names those that may stand there besides.
    """
    known = ["{folder}", "{port.NAME}", *(["{python}"] if python else []), *(f"{{{name}}}" for name in more)]
    wrong = [
        f"has the unknown placeholder {{{name}}}"
        for name in _PLACEHOLDER.findall(text)
        if f"{{{name}}}" not in known and _PORT.fullmatch(name) is None
    ]
    if set(_PLACEHOLDER.sub("", text)) & set("{}"):
        wrong.append("has a brace that belongs to no placeholder")
    return [Problem(path=path, wrong=what, allowed=", ".join(known)) for what in wrong]
