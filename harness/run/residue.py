"""The residue of a run: what the device holds after it that neither time nor the scenarios account for."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.checks.residue import Change, is_expected
from harness.declaration import Declaration
from harness.declaration.event import EVENT_ROLES
from harness.declaration.objects import Absent
from harness.errors import ConformeterError
from harness.headend.event_log import entries_since
from harness.headend.head_end import HeadEnd
from harness.headend.residue import Snapshot, plain, take_snapshot
from harness.run.items import ItemMeta
from harness.run.run import Run

__all__ = ["Residue", "ResidueWatch", "wants_residue"]

_AS_TIME_PASSES = frozenset({"dst_changed", "tariff_activated"})
"""Roles of events that come without anybody's doing."""
_AS_READ = frozenset(role for role in EVENT_ROLES if role.startswith(("readings_collected", "intervals_collected")))
_AS_PARAMETERS_CHANGE = frozenset({"parameters_changed", "passive_tariff_changed", "threshold_changed"})
_AS_SUPPLY_SWITCHES = frozenset(
    role for role in EVENT_ROLES if role.endswith(("connection", "disconnection")) or role.startswith("disconnector")
)
_ROLES_OF: Mapping[str, frozenset[str]] = {
    "reads": _AS_READ,
    "writes": _AS_READ | _AS_PARAMETERS_CHANGE,
    "sets_clock": _AS_PARAMETERS_CHANGE | {"clock_adjusted_old", "clock_adjusted_new", "child_clock_adjusted"},
    "clears": _AS_PARAMETERS_CHANGE | {"load_profile_cleared", "log_cleared"},
    "changes_keys": frozenset({"keys_changed", "child_key_changed", "child_undecipherable"}),
    "locks_out": frozenset({"authentication_failure"}),
    "switches_supply": _AS_PARAMETERS_CHANGE | _AS_SUPPLY_SWITCHES,
    "irreversible": _AS_PARAMETERS_CHANGE,
    "fills_logs": frozenset(EVENT_ROLES),
}
"""Effect of scenarios -> roles of the events that come of it."""
_LONGEST_S = 120.0
"""So long may each of the two readings take before it leaves out the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Residue:
    """What has changed from before the first scenario to after the last one."""

    client: str
    """Id of the client that read, empty where none could."""
    read: int
    """Number of attributes that were read both times."""
    expected: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    """What could not be compared, and why."""

    def to_json(self) -> dict[str, Any]:
        """Return what ``verdicts.json`` holds under ``residue``."""
        return {
            "client": self.client,
            "read": self.read,
            "expected": list(self.expected),
            "unexpected": list(self.unexpected),
            "left_out": list(self.left_out),
        }


def wants_residue(declaration: Declaration) -> bool:
    """Whether the device is read before and after: as declared, else where more than reading is allowed."""
    declared = declaration.lab.residue
    return bool(declaration.effects.allowed - {"reads"}) if declared is None else declared


class ResidueWatch:
    """Reads the device at the start and at the end of a run, at its first DLMS door."""

    def __init__(self, run: Run, *, partial: bool = False) -> None:
        """``partial`` where only a part of the scenarios runs.

        A recorded device was changed by all that ran when it was recorded: a part of a replay accounts for a part only.
        """
        self._run = run
        self._unaccountable = partial and run.replayed is not None
        self._before: Snapshot | None = None
        self._client = ""

    def begin(self) -> None:
        """Read the device before the first scenario, where that is wanted and there is a scenario to come."""
        declaration = self._run.declaration
        if declaration.dlms_doors and wants_residue(declaration) and not self._unaccountable:
            self._before = self._snapshot("before")

    def end(self, ran: Sequence[ItemMeta]) -> None:
        """Read it again after the scenarios that ran, and note what has changed in the run."""
        if self._before is not None and self._run.results:
            effects = frozenset(effect for meta in ran for effect in meta.effects)
            self._run.residue = self._compared(self._before, effects).to_json()

    def _compared(self, before: Snapshot, effects: Collection[str]) -> Residue:
        after = self._snapshot("after")
        expected: list[str] = []
        unexpected: list[str] = []
        for change in _changes(before, after):
            (expected if is_expected(change, effects) else unexpected).append(str(change))
        for role in sorted(before.logs.keys() & after.logs.keys()):
            come = entries_since(before.logs[role], after.logs[role])
            codes = sorted({entry.code for entry in come})
            known = _known_codes(self._run.declaration, effects)
            strange = [code for code in codes if code not in known]
            if set(codes) - set(strange):
                expected.append(f"{role} has entries of {', '.join(str(code) for code in codes if code in known)}")
            if strange:
                unexpected.append(f"{role} has entries of {', '.join(map(str, strange))} that no scenario declares")
        return Residue(
            client=self._client,
            read=len(before.attributes.keys() & after.attributes.keys()),
            expected=tuple(expected),
            unexpected=tuple(unexpected),
            left_out=tuple(dict.fromkeys((*before.left_out, *after.left_out))),
        )

    def _snapshot(self, when: str) -> Snapshot:
        run = self._run
        run.trace.begin(f"residue:{when}")
        run.trace.begin_step(f"read the device {when} the scenarios")
        head_end = run.head_end(run.declaration.dlms_doors[0], clause="residue")
        try:
            return self._read(head_end)
        except (ConformeterError, ValueError) as error:
            return Snapshot(left_out=[f"{when} the scenarios: {error}"])
        finally:
            head_end.close_all()

    def _read(self, head_end: HeadEnd) -> Snapshot:
        roles = {one.role for one in self._run.declaration.associations}
        client = head_end.associate("management" if "management" in roles else "reading")
        self._client = client.declared.id
        began = self._elapsed_s()
        return take_snapshot(client, self._run.declaration, may_go_on=lambda: self._elapsed_s() - began < _LONGEST_S)

    def _elapsed_s(self) -> float:
        return float(self._run.trace.recall("elapsed", time.monotonic))


def _changes(before: Snapshot, after: Snapshot) -> list[Change]:
    # Without a first reading nothing can be told about the second.
    if not before.attributes or not after.attributes:
        return []
    found = []
    for name in sorted(before.attributes.keys() | after.attributes.keys()):
        old, new = before.attributes.get(name), after.attributes.get(name)
        if old != new:
            class_id, obis, attribute = name
            found.append(
                Change(
                    class_id=class_id,
                    obis=obis,
                    attribute=attribute,
                    before=None if old is None else plain(old),
                    after=None if new is None else plain(new),
                )
            )
    return found


def _known_codes(declaration: Declaration, effects: Collection[str]) -> frozenset[int]:
    roles = _AS_TIME_PASSES.union(*(_ROLES_OF[effect] for effect in effects))
    return frozenset(
        code
        for role, event in declaration.events.declared.items()
        if not isinstance(event, Absent) and role in roles
        for code in (event.code, *event.accompanied_by)
    )
