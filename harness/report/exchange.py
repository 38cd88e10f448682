"""The frames around a finding, taken from ``trace.jsonl`` in one pass."""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.evidence.trace import read_trace
from harness.report.octets import Octets, octets_for_people, protocol_of
from harness.wire.capture import octets_of
from harness.wire.dissection import dissect

__all__ = ["Exchange", "Line", "exchanges", "tree_of"]

_BEFORE = 16
_AFTER = 4
_NEXT_BLOCK = "c002"
"""How a request for the next block begins: what was asked for stands in the request before."""
_NEAR_BEFORE = 5
_NEAR_AFTER = 2
Record = dict[str, Any]

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
    key: str
    """Result key of the scenario whose traffic it is."""
    door: str
    """Where it was."""
    number: int
    """That of the frame in the trace."""
    kind: str
    """Kind of the record to blame, as in the trace."""
    request: Octets | None
    """The last message to the device before it, or the one to blame."""
    answer: Octets | None
    """The message from the device that is to blame; None where none came or a request is to blame."""
    carrier: Octets | None
    """The last frame on the line that carried the answer, where the answer is a whole APDU."""

    @property
    def near(self) -> tuple[Line, ...]:
        """The lines next to the one to blame."""
        at = next(index for index, line in enumerate(self.lines) if line.blamed)
        return self.lines[max(at - _NEAR_BEFORE, 0) : at + _NEAR_AFTER + 1]


def exchanges(trace: Path, frames: Collection[int]) -> dict[int, Exchange]:
    """Return the neighbourhood of each wanted frame number that the trace holds; empty without a trace."""
    if not frames or not trace.exists():
        return {}
    wanted = set(frames)
    before: deque[Record] = deque(maxlen=_BEFORE)
    growing: dict[int, list[Record]] = {}
    found: dict[int, tuple[Record | None, list[Record]]] = {}
    requests: dict[str, Record] = {}
    for record in read_trace(trace):
        if before and before[-1]["key"] != record["key"]:
            before.clear()
            growing.clear()
            requests.clear()
        if record["kind"] in _HIDDEN_KINDS and record["n"] not in wanted:
            continue
        for number in list(growing):
            growing[number].append(record)
            if growing[number][-1]["n"] > number and _count_after(growing[number], number) >= _AFTER:
                del growing[number]
        if record["kind"] == "apdu_tx" and not record["data"].startswith(_NEXT_BLOCK):
            requests[_door(record)] = record
        if record["n"] in wanted:
            growing[record["n"]] = [*before, record]
            found[record["n"]] = (requests.get(_door(record)), growing[record["n"]])
        before.append(record)
    return {number: _exchange(number, request, records) for number, (request, records) in found.items()}


def tree_of(record: Record) -> str | None:
    """Return the dissection of a record's frame; None for a record that is none, or one of a door without DLMS."""
    if record["kind"] not in ("tx", "rx") or not record.get("data"):
        return None
    octets = octets_of(record["data"])
    protocol = protocol_of(octets)
    return dissect(octets, protocol) if protocol else None


def _count_after(records: list[Record], number: int) -> int:
    return sum(1 for record in records if record["n"] > number)


def _door(record: Record) -> str:
    return str(record.get("door") or "")


def _exchange(number: int, request: Record | None, around: list[Record]) -> Exchange:
    door = next(_door(record) for record in around if record["n"] == number)
    records = [record for record in around if _door(record) in (door, "")]
    at = next(index for index, record in enumerate(records) if record["n"] == number)
    blamed, before = records[at], records[:at]
    carrier = _carrier(records, at)
    received = blamed["kind"] in ("rx", "apdu_rx")
    sent = blamed if blamed["kind"] in ("tx", "apdu_tx") else request or _last(before, "tx")
    return Exchange(
        lines=tuple(_line(record, number) for record in records),
        tree=tree_of(carrier) if carrier else None,
        key=blamed["key"],
        door=door,
        number=number,
        kind=blamed["kind"],
        request=octets_for_people(sent) if sent else None,
        answer=octets_for_people(blamed) if received else None,
        carrier=octets_for_people(carrier) if carrier and received and carrier is not blamed else None,
    )


def _last(records: list[Record], kind: str) -> Record | None:
    return next((record for record in reversed(records) if record["kind"] == kind), None)


def _carrier(records: list[Record], at: int) -> Record | None:
    """Return the frame, or the frame that carries the APDU, that is to blame."""
    kind = records[at]["kind"]
    if kind == "apdu_rx":
        return _last(records[:at], "rx")
    wanted = "tx" if kind == "apdu_tx" else kind
    return next((record for record in records[at:] if record["kind"] == wanted), None)


def _line(record: Record, blamed: int) -> Line:
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
    }.get(kind, str(kind))
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
