"""Doors into a recorded run: ``replay://run-folder``. No query keys.

What is sent must be what was recorded, outside masked octets; what is received is what was recorded. A masked
octet of the device comes back as 0. Line time is the time of the last record used.
"""

from collections import deque
from collections.abc import Iterator
from pathlib import Path

from harness.errors import ConnectionLost, PortGone, ReplayDifference, UsageError
from harness.transport.base import ControlLine, Transport
from harness.transport.door_url import DoorUrl, QueryReader
from harness.transport.limits import LONGEST_RECEIVE_OCTETS
from harness.transport.opener import OpenRequest
from harness.transport.replay_run import LineRecord

__all__ = ["REPLAY", "ReplayTransport"]

_ARRIVALS = frozenset({"rx", "chunk"})
_SHOWN_OCTETS = 8


class ReplayTransport:
    """Gives back the records of one connection; any other use than the recorded one is a difference."""

    def __init__(self, records: Iterator[LineRecord], *, name: str) -> None:
        self._records = records
        self._name = name
        self._next: LineRecord | None = next(records, None)
        self._sent_octets = 0
        """Octets of the next ``tx`` record that an earlier send has covered."""
        self._arrived: deque[LineRecord] = deque()
        self._rest = b""
        self._now = 0.0
        self._lost: str | None = None
        if self._next is not None and self._next.kind == "open":
            opened = self._use(self._next)
            if opened.event.startswith("failed"):
                raise PortGone(f"{name}: {opened.event} (recorded as frame {opened.n})")

    def _use(self, record: LineRecord) -> LineRecord:
        """Step over the next record and move line time there."""
        self._now = max(self._now, record.t)
        self._next = next(self._records, None)
        self._sent_octets = 0
        return record

    def send(self, data: bytes) -> None:
        """Compare with what was sent then; frames may be cut otherwise than they were recorded."""
        asked_at = 0
        while asked_at < len(data):
            # What had arrived before the recorded send may be read after it.
            while self._next is not None and self._next.kind in _ARRIVALS:
                self._arrived.append(self._use(self._next))
            if self._next is not None and self._next.kind == "lost":
                self._lose(self._use(self._next))
            record = self._next
            if record is None or record.kind != "tx":
                raise ReplayDifference(
                    f"{self._name}: asked to send {_shown(data, asked_at)} where the recorded run has {_named(record)}"
                )
            part = data[asked_at : asked_at + len(record.octets) - self._sent_octets]
            self._compare(record, part)
            asked_at += len(part)
            self._sent_octets += len(part)
            if self._sent_octets == len(record.octets):
                self._use(record)

    def _compare(self, record: LineRecord, part: bytes) -> None:
        for at, octet in enumerate(part, self._sent_octets):
            if octet != record.octets[at] and not record.masked[at]:
                recorded = _shown(record.octets, at, record.masked)
                asked = _shown(part, at - self._sent_octets)
                raise ReplayDifference(
                    f"{self._name}: {record}, offset {at}: recorded {recorded}, asked to send {asked}"
                )

    def receive(self, deadline: float) -> bytes:
        """Return what arrived then; a recorded wait for nothing ends at the later of its end and ``deadline``."""
        if not self._rest:
            if self._lost is not None and not self._arrived:
                raise ConnectionLost(self._lost)
            record = self._arrived.popleft() if self._arrived else self._awaited()
            if record.kind == "quiet":
                # Recorded times are rounded; nothing may come back before the deadline.
                self._now = max(self._now, deadline)
                return b""
            self._rest = record.octets
        data, self._rest = self._rest[:LONGEST_RECEIVE_OCTETS], self._rest[LONGEST_RECEIVE_OCTETS:]
        return data

    def _awaited(self) -> LineRecord:
        """Use the next record, which must be something that a receive gives."""
        record = self._next
        if record is None or record.kind not in _ARRIVALS | {"quiet", "lost"} or self._sent_octets:
            raise ReplayDifference(f"{self._name}: asked to receive where the recorded run has {_named(record)}")
        self._use(record)
        if record.kind == "lost":
            self._lose(record)
        return record

    def _lose(self, record: LineRecord) -> None:
        self._lost = record.event or "the device closed the connection"
        raise ConnectionLost(f"{self._lost} (recorded as frame {record.n})")

    def set_line(self, baud: int, framing: str) -> None:
        """Do nothing: the recorded octets have crossed the line already."""

    def set_control(self, line: ControlLine, *, on: bool) -> None:
        """Do nothing, as for rate and framing."""

    def now(self) -> float:
        """Line time of the last record used."""
        return self._now

    def close(self) -> None:
        """Do nothing: there is no line to give back."""


def _named(record: LineRecord | None) -> str:
    return "its end" if record is None else str(record)


def _shown(octets: bytes, at: int, masked: bytes = b"") -> str:
    """Return a few octets from ``at`` on as hex, masked ones as ``**``."""
    pairs = [
        "**" if masked and masked[place] else f"{octets[place]:02X}"
        for place in range(at, min(at + _SHOWN_OCTETS, len(octets)))
    ]
    return " ".join([*pairs, "..."] if at + _SHOWN_OCTETS < len(octets) else pairs)


class _ReplayOpener:
    def check(self, url: DoorUrl, protocol: str) -> None:
        QueryReader(url).finish()
        if not url.location:
            raise UsageError(f"{url.text}: expected replay://folder, the folder of a recorded run")

    def open(self, url: DoorUrl, request: OpenRequest) -> Transport:
        self.check(url, request.protocol)
        run = request.replay_run(Path(url.location))
        name = f"replay of {request.key}, door {request.door_id}, connection {request.link}"
        return ReplayTransport(run.connection(request.key, request.door_id, request.link), name=name)


REPLAY = _ReplayOpener()
"""Opener of scheme ``replay``."""
