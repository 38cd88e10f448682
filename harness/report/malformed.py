"""The malformed frames of a scenario for people: octets, the command that makes them again, and scapy's reading."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

__all__ = ["frames_by_key", "malformed_text"]

_EVENT: Final = "malformed frame"
_IMPORT: Final = "from harness.wire.layers import *"
_MOST_TREES: Final = 3

Record = Mapping[str, Any]


def frames_by_key(trace: Path) -> dict[str, str]:
    """Return the text for every result key of a trace that has malformed frames; empty without a trace."""
    found: dict[str, list[Record]] = {}
    if trace.exists():
        with trace.open(encoding="utf-8") as lines:
            for line in lines:
                # Few records are of this kind, and reading all of them as JSON takes far longer.
                if _EVENT in line and line.endswith("\n"):
                    record = json.loads(line)
                    found.setdefault(record["key"], []).append(record)
    return {key: text for key, records in found.items() if (text := malformed_text(records))}


def malformed_text(records: Iterable[Record]) -> str:
    """Return one text for the malformed frames among trace records: those to blame first; empty for none."""
    frames = [record["value"] for record in records if record["kind"] == "note" and record.get("event") == _EVENT]
    if not frames:
        return ""
    blamed = [frame for frame in frames if frame["blamed"]]
    sent = [frame for frame in frames if not frame["blamed"]]
    parts = [f"{len(sent)} malformed frames were sent. In python, after {_IMPORT}, a command gives its octets again."]
    parts += [_shown(frame, "to blame", tree=True) for frame in blamed]
    parts += [_shown(frame, f"frame {frame['number']}", tree=at < _MOST_TREES) for at, frame in enumerate(sent)]
    return "\n\n".join(parts) + "\n"


def _shown(frame: Mapping[str, Any], name: str, *, tree: bool) -> str:
    lines = [f"{name}: {frame['recipe']}", f"octets:   {frame['octets']}"]
    if "command" in frame:
        lines.append(f"command:  {frame['command']}")
    lines.append(f"reaction: {frame['reaction']}")
    if tree and "tree" in frame:
        lines.append(frame["tree"].rstrip("\n"))
    return "\n".join(lines)
