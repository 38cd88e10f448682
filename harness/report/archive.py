"""A run folder as one zip with a list of SHA-256 sums, and whether such a zip is still what was packed.

The same folder gives the same zip: entries are sorted and carry one fixed date. The list has the form that
``sha256sum --check`` reads, so it serves without Conformeter too. It shows damage and slips, not forgery: who changes
a file on purpose can change the list. Therefore the sum of the list itself is printed, to be kept elsewhere.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from harness.errors import UsageError
from harness.report.run_folder import RunFolder

__all__ = ["CHUNK_OCTETS", "SUMS", "Packed", "pack", "sum_of"]

SUMS = "SHA256SUMS"
CHUNK_OCTETS = 1 << 20

_DATE = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644 << 16
_HALF_WRITTEN = ".part"
_LEVEL = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What was made."""

    path: Path
    files: int
    digest: str
    """SHA-256 of the list of sums."""


def pack(run: Path, out: Path | None = None) -> Packed:
    """Pack a run folder into ``out``, or beside it; raises ``UsageError`` where that would overwrite something."""
    folder = RunFolder.open(run).path.resolve()
    target = (out or folder.with_name(f"{folder.name}.zip")).resolve()
    if target.exists():
        raise UsageError(f"{target.name}: exists already; name another file with --out, or remove it")
    if target.is_relative_to(folder):
        raise UsageError(f"{target.name}: a run cannot be packed into itself; name a file elsewhere with --out")
    if not target.parent.is_dir():
        raise UsageError(f"--out {out}: its folder does not exist")
    half = target.with_name(target.name + _HALF_WRITTEN)
    try:
        with half.open("wb") as file:
            files, sums = _write(folder, file)
            file.flush()
            os.fsync(file.fileno())
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)
    return Packed(path=target, files=files, digest=hashlib.sha256(sums).hexdigest())


def sum_of(content: IO[bytes], copy: IO[bytes] | None = None) -> str:
    """Return the SHA-256 of what can be read; ``copy`` gets it too."""
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK_OCTETS):
        digest.update(chunk)
        if copy is not None:
            copy.write(chunk)
    return digest.hexdigest()


def _write(folder: Path, file: IO[bytes]) -> tuple[int, bytes]:
    """Return how many files there are, and the list of their sums."""
    lines = []
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name in _names(folder):
            path = folder / name
            entry = _entry(f"{folder.name}/{name}", path.stat().st_size)
            with path.open("rb") as content, archive.open(entry, "w") as packed:
                lines.append(f"{sum_of(content, packed)}  {name}\n")
        sums = "".join(lines).encode()
        with archive.open(_entry(f"{folder.name}/{SUMS}", len(sums)), "w") as packed:
            packed.write(sums)
    return len(lines), sums


def _names(folder: Path) -> Iterator[str]:
    """Give the files of a folder in the order of their names; a link could lead anywhere, so it is refused."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    for name, path in sorted(paths.items()):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise UsageError(f"{folder.name}/{name}: neither file nor folder; a run folder has no links")
        if "\n" in name or "\\" in name:
            raise UsageError(f"{folder.name}/{name!r}: a name that cannot be packed")
        if path.is_file() and name != SUMS and not name.endswith(_HALF_WRITTEN):
            yield name


def _entry(name: str, size: int) -> ZipInfo:
    entry = ZipInfo(name, date_time=_DATE)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 3  # the attributes below are those of Unix, whatever packs
    entry.external_attr = _MODE
    entry.file_size = size  # by which the zip is made ready for more than 4 GB
    return entry
