"""Whether a packed run is whole and unchanged; nothing is ever unpacked onto the disk."""

import hashlib
import json
import re
import stat
import struct
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from harness.errors import UsageError
from harness.report.archive import SUMS, sum_of
from harness.report.soundness import Reader, problems_of

__all__ = ["Verification", "archive_reader", "verify"]

_SUM_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
_NEEDED = ("verdicts.json", "verdicts.jsonl", "plan.json", "trace.jsonl", "declaration.toml", "environment.json")
_MOST_OCTETS = 1 << 29
_DAMAGE = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, struct.error)
"""What reading a damaged, encrypted or strange archive may raise."""


class _Unreadable(Exception):
    """The archive cannot be read any further; the message is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found."""

    problems: tuple[str, ...]
    """A sentence each; none for an archive that is sound."""
    files: int = 0
    digest: str = ""
    """SHA-256 of the list of sums."""
    about: str = ""
    """What the run says, in a sentence."""


def verify(path: Path) -> Verification:
    """Look at a packed run; raises ``UsageError`` where there is no file."""
    if not path.is_file():
        raise UsageError(f"{path}: no such file; expected a zip that conformeter pack has made")
    try:
        with ZipFile(path) as archive:
            return _verify(archive)
    except _Unreadable as error:
        return Verification(problems=(str(error),))
    except _DAMAGE as error:
        return Verification(problems=(f"not a readable zip: {error}",))


def archive_reader(path: Path) -> Reader:
    """Return how the files of a packed run are read by their names in the run folder; for one that is sound."""

    def read(name: str) -> bytes | None:
        with ZipFile(path) as archive:
            root = archive.namelist()[0].partition("/")[0]
            return archive.read(f"{root}/{name}") if f"{root}/{name}" in archive.namelist() else None

    return read


def _verify(archive: ZipFile) -> Verification:
    entries = archive.infolist()
    unsafe = [problem for entry in entries if (problem := _unsafe(entry))]
    if unsafe:
        return Verification(problems=tuple(unsafe))
    twice = [name for name, count in Counter(entry.filename for entry in entries).items() if count > 1]
    if twice:
        return Verification(problems=tuple(f"{name}: stands in the zip twice" for name in twice))
    roots = {entry.filename.partition("/")[0] for entry in entries}
    if len(roots) != 1:
        return Verification(problems=("it holds no single run folder, so conformeter pack has not made it",))
    root = roots.pop()
    files = {entry.filename.removeprefix(f"{root}/"): entry for entry in entries}
    if SUMS not in files:
        return Verification(problems=(f"{SUMS}: missing, so nothing can be compared",))
    sums = _read(archive, files.pop(SUMS))
    problems = [*_compared(archive, files, sums)]
    problems += [f"{name}: missing; a run folder has one" for name in _NEEDED if name not in files]
    problems += [
        problem
        for problem in problems_of(lambda name: _read(archive, files[name]) if name in files else None)
        if not any(problem.startswith(f"{name}: missing") for name in _NEEDED)
    ]
    digest = hashlib.sha256(sums).hexdigest()
    about = "" if problems else _about(json.loads(_read(archive, files["verdicts.json"])))
    return Verification(problems=tuple(problems), files=len(files), digest=digest, about=about)


def _about(verdicts: Mapping[str, Any]) -> str:
    part = " (a partial run)" if verdicts["partial"] else ""
    return f"{len(verdicts['scenarios'])} scenarios, all that were planned{part}: {verdicts['headline']}"


def _unsafe(entry: ZipInfo) -> str | None:
    """Return why an entry must not be unpacked by anybody, None for one that is harmless."""
    name = entry.filename
    path = PurePosixPath(name)
    leaves = not path.parts or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in path.parts[0]
    if leaves:
        return f"{name}: its name leads out of the folder; do not unpack this zip"
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) or name.endswith("/"):
        return f"{name}: no plain file; do not unpack this zip"
    return None


def _compared(archive: ZipFile, files: Mapping[str, ZipInfo], sums: bytes) -> list[str]:
    listed: dict[str, str] = {}
    for number, line in enumerate(sums.decode("utf-8", "replace").splitlines(), start=1):
        match = _SUM_LINE.fullmatch(line)
        if match is None or match.group(2) in listed:
            return [f"{SUMS}: line {number} is none of its own: {line[:100]!r}"]
        listed[match.group(2)] = match.group(1)
    problems = [f"{name}: listed in {SUMS}, but not in the zip" for name in listed if name not in files]
    problems += [f"{name}: in the zip, but not listed in {SUMS}" for name in files if name not in listed]
    for name, entry in files.items():
        if name in listed and _sum(archive, entry) != listed[name]:
            problems.append(f"{name}: changed since it was packed")
    return problems


def _sum(archive: ZipFile, entry: ZipInfo) -> str:
    try:
        with archive.open(entry) as content:
            return sum_of(content)
    except _DAMAGE:
        return "damaged"


def _read(archive: ZipFile, entry: ZipInfo) -> bytes:
    if entry.file_size > _MOST_OCTETS:
        raise _Unreadable(f"{entry.filename}: {entry.file_size} octets are more than such a file ever has")
    try:
        return archive.read(entry)
    except _DAMAGE as error:
        raise _Unreadable(f"{entry.filename}: damaged: {error}") from error
