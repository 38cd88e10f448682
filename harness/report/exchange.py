"""The frames around a finding, taken from ``trace.jsonl`` in one pass."""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.evidence.trace import read_trace
from harness.wire.capture import octets_of
from harness.wire.dissection import FrameProtocol, dissect

__all__ = ["Exchange", "Line", "exchanges", "tree_of"]

_BEFORE = 5
_AFTER = 2
_HIDDEN_KINDS = ("note", "chunk")
_MOST_OCTETS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One record of the trace, for people."""

    number: int
    time: str
    """Line time in seconds, empty where the record has none."""
    direction: str
    """``to device``, ``from device`` or the kind of record."""
    event: str
    octets: str
    """Hex in pairs, masked octets as ``**``, the end cut off where it is long."""
    step: str
    blamed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What went to and fro around one frame."""

    lines: tuple[Line, ...]
    tree: str | None
    """Dissection of the frame itself, where it is one."""


def exchanges(trace: Path, frames: Collection[int]) -> dict[int, Exchange]:
    """Return the neighbourhood of each wanted frame number that the trace holds; empty without a trace."""
    if not frames or not trace.exists():
        return {}
    wanted = set(frames)
    before: deque[dict[str, Any]] = deque(maxlen=_BEFORE)
    growing: dict[int, list[dict[str, Any]]] = {}
    found: dict[int, list[dict[str, Any]]] = {}
    for record in read_trace(trace):
        if before and before[-1]["key"] != record["key"]:
            before.clear()
            growing.clear()
        if record["kind"] in _HIDDEN_KINDS and record["n"] not in wanted:
            continue
        for number in list(growing):
            growing[number].append(record)
            if growing[number][-1]["n"] > number and _count_after(growing[number], number) >= _AFTER:
                del growing[number]
        if record["n"] in wanted:
            found[record["n"]] = growing[record["n"]] = [*before, record]
        before.append(record)
    return {number: _exchange(number, records) for number, records in found.items()}


def tree_of(record: dict[str, Any]) -> str | None:
    """Return the dissection of a record's frame; None for a record that is no frame."""
    if record["kind"] not in ("tx", "rx") or not record.get("data"):
        return None
    octets = octets_of(record["data"])
    protocol: FrameProtocol = "hdlc" if octets[:1] == b"\x7e" else "wrapper"
    return dissect(octets, protocol)


def _count_after(records: list[dict[str, Any]], number: int) -> int:
    return sum(1 for record in records if record["n"] > number)


def _exchange(number: int, records: list[dict[str, Any]]) -> Exchange:
    return Exchange(lines=tuple(_line(record, number) for record in records), tree=_tree(number, records))


def _tree(number: int, records: list[dict[str, Any]]) -> str | None:
    """Return the dissection of the frame, or of the frame that carries the APDU, that is to blame."""
    at = next(index for index, record in enumerate(records) if record["n"] == number)
    carriers = {"apdu_rx": ("rx", reversed(records[:at])), "apdu_tx": ("tx", iter(records[at:]))}
    kind, candidates = carriers.get(records[at]["kind"], (records[at]["kind"], iter(records[at:])))
    carrier = next((record for record in candidates if record["kind"] == kind), None)
    return tree_of(carrier) if carrier else None


def _line(record: dict[str, Any], blamed: int) -> Line:
    kind = record["kind"]
    direction = {
        "tx": "to device",
        "rx": "from device",
        "apdu_tx": "APDU to device",
        "apdu_rx": "APDU from device",
        "quiet": "no answer",
        "lost": "connection lost",
        "open": "connected",
        "close": "closed",
    }.get(kind, kind)
    event = record.get("event") or ""
    if kind == "value":
        event = f"{event} = {record.get('value')}"
    return Line(
        number=record["n"],
        time=f"{record['t']:.3f}" if "t" in record else "",
        direction=direction,
        event=event,
        octets=_pairs(record.get("data") or ""),
        step=record.get("step") or "",
        blamed=record["n"] == blamed,
    )


def _pairs(data: str) -> str:
    pairs = [data[at : at + 2] for at in range(0, len(data), 2)]
    cut = f" … {len(pairs)} octets in all" if len(pairs) > _MOST_OCTETS else ""
    return " ".join(pairs[:_MOST_OCTETS]) + cut
