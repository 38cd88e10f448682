"""One proof in a process of its own: the collected scenarios against one deviation or variant."""

import json
import os
import shutil
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from harness.catalogue import Catalogue
from harness.declaration import Declaration
from harness.headend.desk_faults import FAULTS_OF_DESK
from harness.plugin import ConformancePlugin
from harness.run.run import Run
from harness.verdict import ScenarioResult

__all__ = ["Task", "TaskProcess", "TaskResult"]


@dataclass(frozen=True, kw_only=True)
class Task:
    """What runs against what."""

    name: str
    draw: int | None
    """Number of the draw of a deviation's parameters; None for a variant or the default meter."""
    items: Sequence[pytest.Item]
    declaration: Declaration
    loop_overrides: Mapping[str, str] = field(default_factory=dict)
    desk_fault: str | None = None
    until_caught: frozenset[str] = frozenset()
    """Clauses of which a FAIL ends the task; empty: everything runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResult:
    """What came of it."""

    task: Task
    fired: int
    results: tuple[dict[str, Any], ...]
    """key, id, verdict, reason and the clauses that findings name, of each scenario."""
    failure: str | None = None
    """Why the process ended without results."""


class TaskProcess:
    """A forked process that runs one task; collection has happened before the fork."""

    def __init__(self, task: Task, plugin: ConformancePlugin, catalogue: Catalogue) -> None:
        self.task = task
        self._folder = Path(tempfile.mkdtemp(prefix="conformeter-prove-"))
        self._answer = self._folder / "results.json"
        self.pid = os.fork()
        if self.pid == 0:
            self._run_and_leave(plugin, catalogue)

    def _run_and_leave(self, plugin: ConformancePlugin, catalogue: Catalogue) -> None:
        status = 1
        # A proof leaves no trace among the counters and keys of real devices.
        os.environ["CONFORMETER_STATE"] = str(self._folder / "state")
        try:
            self._answer.write_text(json.dumps(self._outcome(plugin, catalogue)), encoding="utf-8")
            status = 0
        except BaseException:
            (self._folder / "failure").write_text(traceback.format_exc(limit=-6), encoding="utf-8")
        finally:
            # Not sys.exit: the parent's clean-up must not run twice.
            os._exit(status)

    def _outcome(self, plugin: ConformancePlugin, catalogue: Catalogue) -> dict[str, Any]:
        results: list[ScenarioResult] = []
        run = Run(
            declaration=self.task.declaration,
            catalogue=catalogue,
            trace_path=self._folder / "trace.jsonl",
            keep=results.append,
            loop_overrides=self.task.loop_overrides,
            desk_fault=self.task.desk_fault,
            state=self._folder / "state",
        )
        plugin.run = run
        items = list(self.task.items)
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._is_caught(results):
                break
        devices = {id(device): device for device in (run.world.device_for(door.url) for door in run.declaration.doors)}
        fired = FAULTS_OF_DESK.fired() if self.task.desk_fault else sum(device.fired() for device in devices.values())
        return {"fired": fired, "results": [_brief(result) for result in results]}

    def _is_caught(self, results: Sequence[ScenarioResult]) -> bool:
        last = results[-1] if results else None
        return last is not None and any(finding.clause in self.task.until_caught for finding in last.findings)

    def result(self) -> TaskResult:
        """Return what the ended process left, and clear it away."""
        try:
            if not self._answer.exists():
                failure = self._folder / "failure"
                why = failure.read_text(encoding="utf-8") if failure.exists() else "the process died"
                return TaskResult(task=self.task, fired=0, results=(), failure=why)
            outcome = json.loads(self._answer.read_text(encoding="utf-8"))
            return TaskResult(task=self.task, fired=outcome["fired"], results=tuple(outcome["results"]))
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)


def _brief(result: ScenarioResult) -> dict[str, Any]:
    return {
        "key": result.key,
        "id": result.id,
        "verdict": result.verdict,
        "reason": result.reason,
        "clauses": [finding.clause for finding in result.findings],
    }
