"""A recorded run: its connections and values, found in ``trace.jsonl`` and read when they are asked for."""

import json
from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from harness.errors import NotRun, ReplayDifference, UsageError

__all__ = ["LineRecord", "ReplayRun"]

_LINE_KINDS = frozenset({"open", "tx", "rx", "chunk", "quiet", "lost", "close"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRecord:
    """One record of a connection."""

    n: int
    t: float
    kind: str
    step: str
    event: str
    octets: bytes = b""
    """What went over the line; a masked octet is 0."""
    masked: bytes = b""
    """As long as ``octets``: 1 where the octet is masked."""

    def __str__(self) -> str:
        """Name the record in a message."""
        step = f", step {self.step!r}" if self.step else ""
        return f"frame {self.n} ({self.kind}{step})"


def _line_record(record: dict[str, Any]) -> LineRecord:
    pairs = record.get("data", "")
    masked = bytes(pairs[at : at + 2] == "**" for at in range(0, len(pairs), 2))
    return LineRecord(
        n=record["n"],
        t=record["t"],
        kind=record["kind"],
        step=record.get("step", ""),
        event=record.get("event", ""),
        octets=bytes.fromhex(pairs.replace("**", "00")),
        masked=masked,
    )


class ReplayRun:
    """The run in ``folder``; raises ``UsageError`` where no trace is. Memory holds offsets, not records."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "trace.jsonl"
        self._connections: dict[tuple[str, str, int], array[int]] = defaultdict(lambda: array("Q"))
        self._values: dict[tuple[str, str], array[int]] = defaultdict(lambda: array("Q"))
        self._judged: set[str] = set()
        self._taken: dict[tuple[str, str], int] = {}
        if not self._path.is_file():
            raise UsageError(
                f"replay://{folder}: no trace at {self._path}; expected the folder of a recorded run with trace.jsonl"
            )
        with self._path.open("rb") as trace:
            self._index(trace)

    def _index(self, trace: BinaryIO) -> None:
        start = 0
        for line in trace:
            if not line.endswith(b"\n"):
                return  # the record that a crash cut off
            try:
                record = json.loads(line)
                if record["kind"] == "note":
                    self._note(record["key"], record["event"], record.get("value"))
                elif record["kind"] == "value":
                    self._values[record["key"], record["event"]].append(start)
                # Parts of a chunk are shown for people; the chunk before them has their octets.
                elif record["kind"] in _LINE_KINDS and not record.get("part"):
                    self._connections[record["key"], record["door"], record["link"]].append(start)
            except (ValueError, KeyError, TypeError) as error:
                raise UsageError(f"{self._path}: no record of a trace at octet {start}: {error!r}") from error
            start += len(line)

    def _note(self, key: str, event: str, value: object) -> None:
        """Drop, where a run was resumed, what it then did again: all but the scenarios that had their verdict."""
        if event == "verdict":
            if not (isinstance(value, dict) and str(value.get("reason")).startswith(NotRun.MARK)):
                self._judged.add(key)
        elif event == "resumed":
            for each in [one for one in self._connections if one[0] not in self._judged]:
                del self._connections[each]
            for named in [one for one in self._values if one[0] not in self._judged]:
                del self._values[named]

    def _records(self, starts: Iterator[int]) -> Iterator[dict[str, Any]]:
        with self._path.open("rb") as trace:
            for start in starts:
                trace.seek(start)
                yield json.loads(trace.readline())

    def connection(self, key: str, door: str, link: int) -> Iterator[LineRecord]:
        """Yield the records of one connection in order; ``ReplayDifference`` where it was never opened."""
        starts = self._connections.get((key, door, link))
        if starts is None:
            raise ReplayDifference(
                f"{self._path}: connection {link} through door {door} in {key} was never opened in the recorded run"
            )
        return map(_line_record, self._records(iter(starts)))

    def values(self, key: str, name: str) -> Iterator[object]:
        """Yield all recorded values of that name within the result key, in order."""
        for record in self._records(iter(self._values.get((key, name), ()))):
            yield record["value"]

    def take_value(self, key: str, name: str) -> object:
        """Return the next recorded value of that name; ``ReplayDifference`` where none is left."""
        starts = self._values.get((key, name), ())
        taken = self._taken.get((key, name), 0)
        if taken >= len(starts):
            raise ReplayDifference(f"{self._path}: {key} asked for value {taken + 1} of {name!r}; recorded: {taken}")
        self._taken[key, name] = taken + 1
        return next(self._records(iter(starts[taken : taken + 1])))["value"]
