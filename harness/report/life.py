"""Whether the device was there all through a run: ``life.jsonl`` in words, line by line."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

__all__ = ["LifeLine", "life_lines"]

_QUIET: Final = frozenset({"start", "end"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeLine:
    """One fact about the device's presence."""

    at: str
    """Local time of the computer, to the second."""
    key: str
    """The result key, or the part of the run, in which it happened."""
    door: str
    text: str
    is_quiet: bool
    """Whether it tells of nothing but a device that answers as it should."""


def life_lines(path: Path) -> tuple[LifeLine, ...]:
    """Return what the file tells, in order; nothing where a run has kept none, nor a last line that was cut off."""
    if not path.exists():
        return ()
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    return tuple(_line(json.loads(line)) for line in lines)


def _line(fact: Mapping[str, Any]) -> LifeLine:
    return LifeLine(
        at=f"{datetime.fromtimestamp(fact['wall']).astimezone():%Y-%m-%d %H:%M:%S}",
        key=str(fact["key"]),
        door=str(fact.get("door", "")),
        text=_text(fact),
        is_quiet=fact["what"] in _QUIET and fact.get("alive", True),
    )


def _text(fact: Mapping[str, Any]) -> str:
    identity = ", ".join(f"{role} {value}" for role, value in fact.get("identity", {}).items())
    why = str(fact.get("why", ""))
    match fact["what"]:
        case "start" if fact["alive"]:
            return f"answers before the first scenario: {identity or 'it does not say who it is'}"
        case "start":
            return f"no good exchange before the first scenario: {why}"
        case "end":
            return f"answers at the end: {identity or 'it does not say who it is'}"
        case "rung":
            return f"{fact['rung']}: {'it answers' if fact['alive'] else f'no good exchange ({why})'}"
        case "power cycle":
            ended = f"ended with {fact['exit_code']}" if fact["problem"] is None else fact["problem"]
            said = fact["output"] or "no output"
            return f"power-cycle command {fact['program']} {ended} after {fact['seconds']:g} s: {said}"
        case "identity":
            return f"after recovery: {identity or f'it does not say who it is ({why})'}"
        case "back":
            return f"answers again, {why}"
        case "stop":
            return f"the run stops: {why}"
        case _:
            return why
