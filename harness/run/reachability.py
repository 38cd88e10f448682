"""Whether the device answers at all, asked before the first scenario, and who it says it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

from harness.errors import ConformeterError, ProtocolViolation, ReplayDifference
from harness.headend.door_side import DoorSide
from harness.headend.head_end import HeadEnd
from harness.headend.identification import read_identity
from harness.run.run import Run
from harness.run.sides import SIDES

__all__ = ["KEY", "Reached", "nobody_answers", "reach_doors"]

KEY: Final = "run:reach"
_PASSIVE: Final = frozenset({"push"})
"""Doors at which the device speaks when it likes."""
_ADDED_PATIENCE: Final = 1.1


@dataclass(kw_only=True)
class Reached:
    """How far the device was reached at one door."""

    alive: bool = False
    """Whether a good exchange succeeded."""
    heard: bool = False
    """Whether an octet came; what answers badly is there to be judged."""
    shut: bool = False
    """Whether the door could not be opened."""
    why: str = ""
    """Why no good exchange succeeded."""
    identity: dict[str, str] = field(default_factory=dict)
    """What the device says of itself, by role."""

    @property
    def is_there(self) -> bool:
        """Whether there is something to judge."""
        return self.alive or self.heard


def reach_doors(run: Run, doors: Sequence[str], tell: Callable[[str], None]) -> dict[str, Reached]:
    """Try a good exchange at each of the doors by id; one that somebody may hold is waited for once.

    Doors without DLMS are tried where no other one answers. Nothing is found in a replay of a run that has not tried.
    """
    run.trace.begin(KEY)
    try:
        found = run.trace.recall(
            "reached", lambda: {door: asdict(one) for door, one in _reach(run, doors, tell).items()}
        )
    except ReplayDifference:
        return {}
    return {door: Reached(**one) for door, one in found.items()}


def _reach(run: Run, doors: Sequence[str], tell: Callable[[str], None]) -> dict[str, Reached]:
    declared = [run.door(door) for door in doors]
    sides = {door.id: run.head_end(door, clause=KEY) for door in declared if door.speaks_dlms}
    found = {door: _tried(run, door, side) for door, side in sides.items()}
    locked = [door for door, one in found.items() if not one.is_there and not one.shut]
    if locked and not any(one.is_there for one in found.values()):
        patience_s = max(run.door(door).timing.inactivity_timeout_s for door in locked) * _ADDED_PATIENCE
        tell(
            f"no answer at {', '.join(f'{door} ({found[door].why})' for door in locked)}: a device that still holds an "
            f"earlier connection lets it go after its inactivity time-out; waiting {patience_s:.0f} s for that"
        )
        sides[locked[0]].let_pass(patience_s)
        found |= {door: _tried(run, door, sides[door]) for door in locked}
    if not any(one.is_there for one in found.values()):
        others = [door for door in declared if not door.speaks_dlms and door.protocol not in _PASSIVE]
        found |= {door.id: _tried(run, door.id, SIDES[door.protocol](run.place(door, KEY))) for door in others}
    return found


def _tried(run: Run, door: str, side: DoorSide) -> Reached:
    """Try a good exchange, and again after a short rest; where it succeeds the device says who it is."""
    reached = Reached()
    try:
        reached.alive = side.answers() or side.answers_after_rest()
        reached.why = "" if reached.alive else side.last_failure
        if reached.alive and isinstance(side, HeadEnd):
            reached.identity = read_identity(side)
    except ProtocolViolation as error:
        reached.alive, reached.why = False, str(error)
    except ConformeterError as error:
        reached.why = str(error)
    finally:
        side.close_all()
    for record in run.trace.current_records():
        if record.get("door") == door:
            reached.heard = reached.heard or record["kind"] in ("rx", "chunk")
            if record["kind"] == "open":
                reached.shut = str(record.get("event", "")).startswith("failed: ")
    return reached


def nobody_answers(run: Run, found: Mapping[str, Reached]) -> str | None:
    """Return what is wrong and where to look, where the device answers at none of the doors that were tried."""
    if not found or any(one.is_there for one in found.values()):
        return None
    tried = "; ".join(f"{door} ({run.door(door).url}): {one.why}" for door, one in found.items())
    longest_s = max(run.door(door).timing.inactivity_timeout_s for door in found)
    return (
        f"the device does not answer, so no scenario was begun. {tried}. Look at: supply and cable; url and protocol "
        "of the door; the addresses (client_sap and server_sap of the associations, the HDLC address); and whether "
        "another program or an earlier connection still holds the device, which lets it go after its "
        f"inactivity_timeout_s = {longest_s:g}"
    )
