"""Undoing what an interrupted run has left changed in the device."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from harness.catalogue import load_catalogue
from harness.declaration import Declaration, load_declaration
from harness.errors import ConformeterError, LabError, UsageError
from harness.evidence.secret_search import search_for_secrets
from harness.headend.restoring.key_ring import device_of
from harness.headend.restoring.undo import Undoing
from harness.keys import Entry, Journal, state_folder
from harness.run.exit_code import ExitCode
from harness.run.run import Run
from harness.run.suite import suite_root

__all__ = ["RestoreSettings", "lasting_state", "restore", "restore_before_run", "undo_open_changes"]

_KEY = "restore"

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreSettings:
    """What ``conformeter restore`` was asked for."""

    device: Path
    out: Path
    forget: bool = False
    """Drop what cannot be undone any more, because somebody has seen to it."""


def lasting_state(declaration: Declaration) -> Path | None:
    """Return the folder of what outlives a run, None for a device that lives no longer than the run."""
    ends_with_run = bool(declaration.lab.device_command) or all(door.is_virtual for door in declaration.doors)
    return None if ends_with_run else state_folder()


def restore_before_run(run: Run, tell: Tell) -> None:
    """Finish what an earlier run left, before anything else is done; raises ``LabError`` where it cannot be."""
    if run.state is None:
        return
    failed = undo_open_changes(run, tell)
    if failed:
        raise LabError(
            f"an earlier run has left {len(failed)} change(s) in the device that cannot be undone now: "
            f"{'; '.join(failed)}. conformeter restore tries again; with --forget it takes them for seen to"
        )


def undo_open_changes(run: Run, tell: Tell, *, key: str = _KEY) -> list[str]:
    """Undo the open changes, the latest first; return what stands in the way of those that stay open.

    ``key`` is the result key in the trace.
    """
    failed: list[str] = []
    run.trace.begin(key)
    for entry in reversed(run.journal.open_changes()):
        run.trace.begin_step(f"undo {entry.about}")
        try:
            door = run.declaration.door(entry.door)
            head_end = run.head_end(door, clause=_KEY)
            try:
                Undoing(head_end, run.trace, _now).undo(entry)
            finally:
                head_end.close_all()
        except ConformeterError as error:
            failed.append(str(error))
            tell(f"not undone: {_told(entry)}: {error}")
        else:
            run.journal.close_change(entry.number)
            tell(f"undone: {_told(entry)}")
    return failed


def restore(settings: RestoreSettings, tell: Tell) -> ExitCode:
    """Undo what is open for a device, over its doors; exit code 2 where something stays open."""
    declaration = load_declaration(settings.device)
    state = lasting_state(declaration)
    if state is None:
        raise UsageError(f"{settings.device}: the device lives no longer than a run; nothing of it can stay changed")
    journal = Journal(state, device_of(declaration))
    changes = journal.open_changes()
    if not changes:
        tell(f"nothing to undo: no run has left a change in {device_of(declaration)}")
        return ExitCode.NOTHING_OPEN
    if settings.forget:
        for entry in changes:
            journal.close_change(entry.number)
            tell(f"forgotten: {_told(entry)}")
        return ExitCode.NOTHING_OPEN
    return _restore_at(declaration, state, settings.out, tell)


def _restore_at(declaration: Declaration, state: Path, out: Path, tell: Tell) -> ExitCode:
    folder = out / f"{datetime.now().astimezone():%Y%m%dT%H%M%S}-{declaration.identity.name}-restore"
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made: {error.strerror}; choose another folder with --out") from error
    run = Run(
        declaration=declaration,
        catalogue=load_catalogue(suite_root() / "requirements"),
        trace_path=folder / "trace.jsonl",
        keep=lambda result: None,
        state=state,
    )
    try:
        failed = undo_open_changes(run, tell)
    finally:
        run.close()
    tell(f"what was exchanged: {folder / 'trace.jsonl'}")
    octets = [secret.reveal() for _, secret in declaration.secrets()]
    leaks = search_for_secrets(folder, [*octets, *run.keys.secrets])
    for leak in leaks:
        tell(leak)
    return ExitCode.OPEN if failed or leaks else ExitCode.NOTHING_OPEN


def _told(entry: Entry) -> str:
    return f"{entry.about} (changed by {entry.scenario} as {entry.association})"


def _now() -> datetime:
    return datetime.now(UTC)
