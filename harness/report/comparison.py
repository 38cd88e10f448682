"""Two runs against each other, by result key: what fails now, what no longer does, what came and went."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from harness.catalogue import Catalogue
from harness.report.run_folder import RunFolder
from harness.report.summary import Summary
from harness.verdict import ScenarioResult, Verdict

__all__ = ["GROUPS", "Change", "ComparedRun", "Comparison", "compare", "compared_run"]

GROUPS: Mapping[str, str] = {
    "new_failures": "New failures",
    "fixed": "Fixed",
    "still_failing": "Still failing",
    "no_longer_judged": "No longer judged",
    "judged_now": "Judged now",
    "other": "Other changes",
    "new": "New scenarios",
    "gone": "Gone scenarios",
}
"""Group -> its title, in the order in which they are shown."""

_JUDGED = (Verdict.PASS, Verdict.FAIL)
_ABOUT_THE_DEVICE = ("name", "manufacturer", "type", "serial", "firmware")


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRun:
    """One side of a comparison."""

    name: str
    """Name of its folder."""
    summary: Summary
    declaration: str | None
    """Fingerprint of the declaration without its secrets; None where the folder has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One result key with its verdicts on both sides; None on the side where it did not run."""

    key: str
    title: str
    before: Verdict | None
    after: Verdict | None
    reason: str
    """That of the later run, or of the earlier one where the key is gone."""
    note: str = ""
    """``another finding`` where it fails on both sides in different ways."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What differs."""

    before: str
    after: str
    warnings: tuple[str, ...]
    changes: Mapping[str, tuple[Change, ...]]
    """Group -> its changes; a FAIL of a scenario that is new is among the new failures too."""
    unchanged: int
    """Keys with the same verdict on both sides that fail on neither."""

    @property
    def has_new_failures(self) -> bool:
        """Whether anything fails now that did not fail before."""
        return bool(self.changes["new_failures"])

    def to_json(self) -> dict[str, Any]:
        """Return the comparison for programs; names are added, never changed."""
        return {
            "schema": 1,
            "before": self.before,
            "after": self.after,
            "warnings": list(self.warnings),
            "unchanged": self.unchanged,
            **{group: [_to_json(change) for change in self.changes[group]] for group in GROUPS},
        }


def compared_run(folder: RunFolder, catalogue: Catalogue) -> ComparedRun:
    """Return a run folder as one side; one that never finished counts with what it has."""
    declaration = None
    if folder.declaration.is_file():
        declaration = hashlib.sha256(folder.declaration.read_bytes()).hexdigest()[:16]
    return ComparedRun(name=folder.path.resolve().name, summary=folder.summary(catalogue), declaration=declaration)


def compare(before: ComparedRun, after: ComparedRun) -> Comparison:
    """Compare an earlier run with a later one."""
    old = {result.key: result for result in before.summary.results}
    new = {result.key: result for result in after.summary.results}
    groups: dict[str, list[Change]] = {group: [] for group in GROUPS}
    unchanged = 0
    for key in dict.fromkeys((*new, *old)):
        change = _change(key, old.get(key), new.get(key))
        found = _groups_of(change)
        unchanged += not found
        for group in found:
            groups[group].append(change)
    return Comparison(
        before=before.name,
        after=after.name,
        warnings=tuple(_warnings(before, after)),
        changes={group: tuple(changes) for group, changes in groups.items()},
        unchanged=unchanged,
    )


def _change(key: str, old: ScenarioResult | None, new: ScenarioResult | None) -> Change:
    shown = new or old
    both_fail = old is not None and new is not None and old.verdict is new.verdict is Verdict.FAIL
    differs = both_fail and old is not None and new is not None and _blamed(old) != _blamed(new)
    return Change(
        key=key,
        title=shown.title if shown else "",
        before=old.verdict if old else None,
        after=new.verdict if new else None,
        reason=shown.reason if shown else "",
        note="another finding" if differs else "",
    )


def _blamed(result: ScenarioResult) -> list[tuple[str, str]]:
    """Return what a finding is about; values that are observed differ from run to run."""
    return [(finding.clause, finding.note or "") for finding in result.findings]


def _groups_of(change: Change) -> tuple[str, ...]:
    match change.before, change.after:
        case None, Verdict.FAIL:
            return ("new_failures", "new")
        case None, _:
            return ("new",)
        case _, None:
            return ("gone",)
        case Verdict.FAIL, Verdict.FAIL:
            return ("still_failing",)
        case _, Verdict.FAIL:
            return ("new_failures",)
        case Verdict.FAIL, Verdict.PASS:
            return ("fixed",)
        case before, after if before is after:
            return ()
        case before, after if before in _JUDGED:
            return ("no_longer_judged",)
        case _, Verdict.PASS:
            return ("judged_now",)
        case _:
            return ("other",)


def _warnings(before: ComparedRun, after: ComparedRun) -> Iterable[str]:
    """Yield what makes a difference between the runs other than the device's behaviour."""
    old, new = before.summary.facts, after.summary.facts
    for name in _ABOUT_THE_DEVICE:
        if old.device.get(name) != new.device.get(name):
            yield f"another {name} of the device: {_shown(old.device.get(name))}, then {_shown(new.device.get(name))}"
    for name in ("version", "fingerprint"):
        if old.suite.get(name) != new.suite.get(name):
            yield f"another {name} of the suite: {_shown(old.suite.get(name))}, then {_shown(new.suite.get(name))}"
    if before.declaration != after.declaration:
        yield "another declaration: the device was described in another way"
    for run in (before, after):
        if run.summary.facts.partial:
            yield f"{run.name} is partial: {run.summary.facts.partial}"
        if run.summary.facts.interrupted:
            yield f"{run.name} was interrupted: {run.summary.facts.interrupted}"


def _shown(value: object) -> str:
    return "unknown" if value in (None, "") else str(value)


def _to_json(change: Change) -> dict[str, Any]:
    return {
        "key": change.key,
        "title": change.title,
        "before": change.before and change.before.value,
        "after": change.after and change.after.value,
        "reason": change.reason,
        "note": change.note,
    }
