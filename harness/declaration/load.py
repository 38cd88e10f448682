"""Declarations from files and from data; every error is one ``DeclarationError`` that tells all problems."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from harness.declaration.consistency import CheckUrl, consistency_problems
from harness.declaration.device import Declaration
from harness.declaration.place import scan
from harness.declaration.problem import Origin, Problem
from harness.declaration.secret import wrap_secrets
from harness.declaration.section import problems_of

__all__ = ["load_declaration", "merge_patch", "parse_declaration", "read_data"]

_LARGEST_FILE_OCTETS = 1 << 20
_SYNTAX_ERROR = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)


def load_declaration(path: Path, *, check_url: CheckUrl | None = None) -> Declaration:
    """Read the declaration in the TOML file ``path``.

    ``check_url`` judges the URLs of the doors; by default the transports do. References to secrets of
    scheme ``file`` start at the folder of ``path``.
    """
    origin, found = _declared(path, check_url)
    if isinstance(found, Declaration):
        return found
    # Raised here and not where the problems were found, so that no frame of the traceback holds the data.
    raise origin.error(found)


def parse_declaration(
    data: Mapping[str, Any], *, name: str, folder: Path | None = None, check_url: CheckUrl | None = None
) -> Declaration:
    """Make a declaration of data, e.g. of a file's data with a patch merged in; errors begin with ``name``."""
    origin = Origin(name=name)
    found = _validated(data, origin, folder if folder is not None else Path(), check_url)
    if isinstance(found, Declaration):
        return found
    del data
    raise origin.error(found)


def read_data(path: Path) -> dict[str, Any]:
    """The bare data of a declaration's file, for ``merge_patch``; only the TOML is checked."""
    origin, found = _read(path)
    if isinstance(found, list):
        raise origin.error(found)
    return found


def merge_patch(data: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``data`` with ``patch`` merged in as RFC 7396 says: None removes, tables merge, lists replace."""
    merged = dict(data)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, Mapping):
            below = merged.get(key)
            merged[key] = merge_patch(below if isinstance(below, Mapping) else {}, value)
        else:
            merged[key] = value
    return merged


def _declared(path: Path, check_url: CheckUrl | None) -> tuple[Origin, Declaration | list[Problem]]:
    origin, data = _read(path)
    if isinstance(data, list):
        return origin, data
    return origin, _validated(data, origin, path.parent, check_url)


def _validated(
    data: Mapping[str, Any], origin: Origin, folder: Path, check_url: CheckUrl | None
) -> Declaration | list[Problem]:
    if check_url is None:
        # Imported on use, because only the default needs the transports.
        from harness.transport.urls import check_url as check_of_transports

        check_url = check_of_transports
    wrapped = wrap_secrets(dict(data), name=origin.name, folder=folder)
    try:
        declaration = Declaration.model_validate(wrapped)
    except ValidationError as error:
        return problems_of(error, Declaration)
    declaration._origin = origin
    return consistency_problems(declaration, check_url) or declaration


def _read(path: Path) -> tuple[Origin, dict[str, Any] | list[Problem]]:
    """The file's data, or what keeps it from being read; the origin knows the lines."""
    origin = Origin(name=str(path))
    octets = _octets_of(path)
    if isinstance(octets, Problem):
        return origin, [octets]
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        return origin, [Problem(wrong="is not UTF-8 text", allowed="TOML in UTF-8", line=line)]
    try:
        data = tomllib.loads(text)
        return Origin(name=str(path), places=scan(text).places), data
    except RecursionError:
        return origin, [Problem(wrong="is nested too deeply")]
    except ValueError as error:  # mostly TOMLDecodeError; also a number with thousands of digits
        return origin, [_syntax_problem(str(error), text)]


def _octets_of(path: Path) -> bytes | Problem:
    expected = "a TOML file that declares a device"
    if path.is_dir():
        return Problem(wrong="is a folder", allowed=expected)
    if not path.exists():
        return Problem(wrong="does not exist", allowed=expected)
    if not path.is_file():
        return Problem(wrong="is not a regular file", allowed=expected)
    try:
        with path.open("rb") as file:
            octets = file.read(_LARGEST_FILE_OCTETS + 1)
    except OSError as error:
        return Problem(wrong=f"cannot be read: {error.strerror}")
    if len(octets) > _LARGEST_FILE_OCTETS:
        return Problem(wrong="is too long", allowed=f"at most {_LARGEST_FILE_OCTETS} octets")
    return octets


def _syntax_problem(message: str, text: str) -> Problem:
    match = _SYNTAX_ERROR.fullmatch(message)
    if match is None:
        return Problem(wrong=f"is not TOML: {message}")
    line = int(match[2]) if match[2] else text.rstrip("\n").count("\n") + 1
    return Problem(wrong=f"is not TOML: {match[1]}", line=line)
