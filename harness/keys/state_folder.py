"""The folder of what outlives a run, and files in it that a crash leaves whole."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from harness.errors import LabError

__all__ = ["StoreDamaged", "locked", "read_object", "state_folder", "write_object"]

STATE_VARIABLE = "CONFORMETER_STATE"
_OWNER_ONLY_FOLDER = 0o700
_OWNER_ONLY_FILE = 0o600
_LARGEST_FILE_OCTETS = 1 << 20


class StoreDamaged(LabError):
    """A file of the state folder cannot be used; a person must look at it, since to start anew would be wrong."""


def state_folder() -> Path:
    """Return the folder: ``$CONFORMETER_STATE``, else ``conformeter`` in the user's folder for state."""
    chosen = os.environ.get(STATE_VARIABLE)
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "conformeter"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock that goes with ``path``; other processes wait, and a process that dies gives it back."""
    try:
        path.parent.mkdir(mode=_OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        lock = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _OWNER_ONLY_FILE)
    except OSError as error:
        raise StoreDamaged(f"{path}: cannot be locked: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def read_object(path: Path) -> dict[str, Any] | None:
    """Return the JSON object in ``path``, or None where there is no such file; raises ``StoreDamaged``."""
    try:
        with path.open("rb") as file:
            octets = file.read(_LARGEST_FILE_OCTETS)
        found = json.loads(octets)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreDamaged(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError:
        raise StoreDamaged(f"{path}: is damaged; see what the device has before it is removed") from None
    if not isinstance(found, dict):
        raise StoreDamaged(f"{path}: is damaged; see what the device has before it is removed")
    return found


def write_object(path: Path, found: dict[str, Any]) -> None:
    """Replace ``path``; when this returns, the new content is on disk. Only the owner may read it."""
    beside = path.with_name(path.name + ".part")
    try:
        file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, _OWNER_ONLY_FILE)
        with os.fdopen(file, "wb") as stream:
            os.fchmod(stream.fileno(), _OWNER_ONLY_FILE)
            stream.write(json.dumps(found).encode())
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise StoreDamaged(f"{path}: cannot be written: {error.strerror}") from error


def _sync_folder(folder: Path) -> None:
    """Have the new name on disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
