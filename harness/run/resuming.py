"""A run that goes on where an earlier one broke off: what it takes over, and what it must share with it."""

import fcntl
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.checks.invariants import INVARIANTS
from harness.errors import NotRun, UsageError
from harness.evidence.trace import read_trace
from harness.report.run_folder import RunFolder, read_object
from harness.report.summary import SCHEMA
from harness.run.budget import FailureBudget
from harness.verdict import ScenarioResult

__all__ = ["SPENT", "Resumed", "chosen_in", "held", "resumed", "spend_again"]

SPENT = "failures spent"
"""Name of the notes in the trace that tell of failures taken from the budget."""

_INVARIANTS = frozenset(invariant.id for invariant in INVARIANTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """What the earlier part of a run has left."""

    folder: RunFolder
    started: str
    """When the first part began, ISO 8601."""
    times: tuple[str, ...]
    """When it was resumed before."""
    plan: Sequence[str]
    only: tuple[str, ...]
    doors: tuple[str, ...]
    shuffle: int | None
    identities: dict[str, dict[str, str]]
    """Who the device said it was, by door and role."""
    done: tuple[ScenarioResult, ...]
    """Verdicts that stay; invariants are judged anew, for they look at all the traffic, as is what could not run."""

    @property
    def keys(self) -> Collection[str]:
        """The result keys that need not run again."""
        return frozenset(result.key for result in self.done)


def resumed(path: Path, *, declaration: str, identity: dict[str, Any], fingerprint: str) -> Resumed:
    """Return what is to go on in the run folder at ``path``.

    ``declaration`` is the text as a run folder keeps it, ``identity`` of it what ``environment.json`` has under
    ``device``. Raises ``UsageError`` where the folder is of another device, declaration or suite, or holds nothing to
    go on with.
    """
    folder = RunFolder.open(path)
    if not folder.plan.exists():
        raise UsageError(f"--resume {path}: the run never came to its first scenario; begin a new one")
    for file, what in (
        (folder.environment, "what was tested"),
        (folder.declaration, "how the device was described"),
        (folder.trace, "the frames behind the verdicts"),
    ):
        if not file.is_file():
            raise UsageError(f"--resume {path}: {file.name} is missing, so nobody can tell {what}; begin a new run")
    plan, known = read_object(folder.plan), read_object(folder.environment)
    _check_shape(path, plan, known)
    _check_same(path, folder, known, declaration=declaration, identity=identity, fingerprint=fingerprint)
    done = tuple(
        result
        for result in folder.results()
        if result.id not in _INVARIANTS and not result.reason.startswith(NotRun.MARK)
    )
    if _is_whole(folder, plan["keys"], done):
        raise UsageError(
            f"--resume {path}: every planned scenario has its verdict and the run has ended; nothing to do "
            f"(conformeter report {path} builds its report again)"
        )
    return Resumed(
        folder=folder,
        started=known.get("started", ""),
        times=tuple(known.get("resumed", ())),
        plan=tuple(plan["keys"]),
        only=tuple(plan["only"]),
        doors=tuple(plan["doors"]),
        shuffle=plan.get("shuffle"),
        identities=known.get("identities", {}),
        done=done,
    )


def chosen_in(folder: RunFolder) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids and the doors that a run was begun with; none of a run that never came to its first scenario.

    Raises ``UsageError`` for a plan that is none.
    """
    if not folder.plan.exists():
        return (), ()
    plan = read_object(folder.plan)
    return _texts(plan, "only", str(folder.plan)), _texts(plan, "doors", str(folder.plan))


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Keep every other process from working on the run folder at ``path``; ``UsageError`` where one does."""
    log = RunFolder.open(path).log
    descriptor = os.open(log, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"{path}: another process still works on this run; wait for its end") from None
        yield
    finally:
        os.close(descriptor)


def spend_again(budget: FailureBudget, trace: Path) -> None:
    """Take from the budget what the earlier part of the run has spent: the device has not forgotten it."""
    for record in read_trace(trace):
        if record["kind"] == "note" and record["event"] == SPENT:
            budget.take(record["value"]["association"], record["value"]["count"])


def _check_shape(path: Path, plan: dict[str, Any], known: dict[str, Any]) -> None:
    for name, document in (("plan.json", plan), ("environment.json", known)):
        if document.get("schema") != SCHEMA:
            raise UsageError(f"--resume {path}: {name}: schema {document.get('schema')!r}; expected {SCHEMA}")
    for name in ("keys", "only", "doors"):
        _texts(plan, name, f"--resume {path}: plan.json")
    shuffle = plan.get("shuffle")
    if shuffle is not None and not isinstance(shuffle, int):
        raise UsageError(f"--resume {path}: plan.json: shuffle: expected a number or null")
    for name in ("device", "suite"):
        if not isinstance(known.get(name), dict):
            raise UsageError(f"--resume {path}: environment.json: {name}: expected an object")


def _texts(plan: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    given = plan.get(name)
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise UsageError(f"{where}: {name}: expected a list of texts")
    return tuple(given)


def _check_same(
    path: Path,
    folder: RunFolder,
    known: dict[str, Any],
    *,
    declaration: str,
    identity: dict[str, Any],
    fingerprint: str,
) -> None:
    for name in ("manufacturer", "serial", "name", "firmware"):
        was = known["device"].get(name)
        if was != identity[name]:
            raise UsageError(
                f"--resume {path}: another device: its {name} is {was!r}, that of the declaration is {identity[name]!r}"
            )
    try:
        is_same = folder.declaration.read_text(encoding="utf-8") == declaration
    except UnicodeDecodeError:
        is_same = False
    if not is_same:
        raise UsageError(
            f"--resume {path}: the declaration has changed since ({folder.declaration}); only the same one is allowed"
        )
    was = known["suite"].get("fingerprint")
    if was != fingerprint:
        raise UsageError(
            f"--resume {path}: made with suite {was}, this one is {fingerprint}; only the same one is allowed"
        )


def _is_whole(folder: RunFolder, planned: Sequence[str], done: Sequence[ScenarioResult]) -> bool:
    # Both tell of the end: the summary, and the last page that is made of it.
    if not folder.verdicts.exists() or not folder.traceability_html.exists():
        return False
    if read_object(folder.verdicts).get("interrupted"):
        return False
    judged = {result.key for result in folder.results() if result.id in _INVARIANTS}
    return set(planned) <= judged | {result.key for result in done}
